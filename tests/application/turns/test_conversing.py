"""A turn of conversation, from words to an answer that is kept and announced."""

from collections.abc import AsyncIterator, Callable
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from application.ports.dialogue import Exchange, Prompt, ReplyDone, ReplyPart, Sentence, Toolbox
from application.ports.speech import Transcript
from application.turns.conversing import LONGEST_TEXT
from application.turns.outcomes import NOTHING_YET
from application.turns.turns import (
    ActionTaken,
    SentenceSaid,
    Turn,
    TurnEnded,
    TurnHeard,
)
from domain.errors import (
    AudioProcessingFailed,
    ClientNotFound,
    InvalidValue,
    MiraError,
    ModelInferenceFailed,
    NetworkNotFound,
    SessionExpired,
    SessionNotFound,
)
from domain.events import (
    ActionExecuted,
    ClientRegistered,
    ContextUpdated,
    InteractionAnswered,
    InteractionCreated,
    NetworkCreated,
)
from domain.ids import ClientId, NetworkId, SessionId
from domain.interactions import ProcessingStatus
from tests.application.household import (
    HALL,
    KITCHEN,
    Household,
    typed,
    waiting_in,
)
from tests.application.turns.turning import WORDS, heard, saying, spoken, the_only
from tests.fakes.dialogue import USAGE, Parrot, Scripted
from tests.fakes.speech import Beeping
from tests.fakes.storage import KeptBlobs
from tests.samples import NOON


async def test_a_turn_tells_what_happens_in_the_order_in_which_it_does(hub: Household) -> None:
    home = await hub.home()
    events = await hub.hold(typed(home, " remind me to water the ferns  "))

    begun, acted, said, ended = events
    assert isinstance(begun, TurnHeard)
    assert begun.interaction.status is ProcessingStatus.PROCESSING
    assert begun.interaction.text == "remind me to water the ferns"
    assert isinstance(acted, ActionTaken)
    assert said == SentenceSaid(text="I will.")
    assert isinstance(ended, TurnEnded)
    assert ended.interaction == await the_only(hub, home)
    assert ended.interaction.actions == (acted.action,)
    assert ended.interaction.response == "I will."
    assert ended.interaction.status is ProcessingStatus.COMPLETED
    assert ended.usage == ended.interaction.usage == USAGE
    assert (ended.interaction.created_at, ended.interaction.completed_at) == (NOON, NOON)


async def test_its_facts_are_committed_in_the_order_that_clients_are_promised(hub: Household) -> None:
    home = await hub.home()
    ended = await hub.say(home, "remind me to water the ferns")
    facts = [
        fact
        for fact in await hub.facts(home)
        if not isinstance(fact.event, NetworkCreated | ClientRegistered)
    ]

    turn = ended.interaction
    assert [fact.event for fact in facts] == [
        ActionExecuted(interaction_id=turn.id, client_id=KITCHEN, action=turn.actions[0], at=NOON),
        InteractionAnswered(
            interaction_id=turn.id, client_id=KITCHEN, text="I will.", speech=ended.speech, at=NOON
        ),
        InteractionCreated(interaction=turn, at=NOON),
        ContextUpdated(
            conversation_id=turn.conversation_id,
            summary="remind me to water the ferns",
            participants=(),
            at=NOON,
        ),
    ]
    assert [fact.recipient for fact in facts] == [None, KITCHEN, None, None]


async def test_everyone_hears_of_a_turn_and_the_one_that_spoke_gets_the_answer(hub: Household) -> None:
    home, shop = await hub.home(), await hub.home()
    await hub.register(home, HALL)
    await hub.relay()
    with (
        hub.audience.join(home, KITCHEN) as kitchen,
        hub.audience.join(home, HALL) as hall,
        hub.audience.join(shop, KITCHEN) as elsewhere,
    ):
        await hub.say(home, "hello")
        await hub.relay()
        assert [type(fact.event) for fact in await waiting_in(kitchen)] == [
            InteractionAnswered,
            InteractionCreated,
            ContextUpdated,
        ]
        assert [type(fact.event) for fact in await waiting_in(hall)] == [InteractionCreated, ContextUpdated]
        assert await waiting_in(elsewhere) == []


async def test_what_was_said_is_kept_before_anyone_thinks_of_an_answer(hub: Household) -> None:
    home = await hub.home()

    async def script(prompt: Prompt, tools: Toolbox) -> AsyncIterator[ReplyPart]:
        kept = await the_only(hub, home)
        assert (kept.text, kept.status) == ("hello", ProcessingStatus.PROCESSING)
        yield Sentence(text="Hello.")
        yield ReplyDone(usage=USAGE)

    hub.interlocutor = Scripted(script)
    assert (await hub.say(home, "hello")).interaction.response == "Hello."


async def test_the_interlocutor_knows_the_setting_and_what_went_before(hub: Household) -> None:
    parrot = Parrot()
    hub.interlocutor = parrot
    home = await hub.open_network(timezone="Asia/Kolkata", language="de")
    await hub.register(home)
    for text in ("one", "two", "three"):
        hub.clock.pass_by(minutes=1)
        await hub.say(home, text)

    prompt = parrot.prompts[-1]
    assert (prompt.text, prompt.understood, prompt.now) == ("three", True, hub.clock.now())
    assert (prompt.zone.key, prompt.language, prompt.persona.id) == ("Asia/Kolkata", "de", "mira")
    assert prompt.history == (
        Exchange(said="one", answered="You said: one."),
        Exchange(said="two", answered="You said: two."),
    )


async def test_a_turn_without_an_answer_is_no_part_of_what_went_before(hub: Household) -> None:
    home = await hub.home()
    hub.interlocutor = saying()
    with pytest.raises(ModelInferenceFailed):
        await hub.say(home, "lost")
    parrot = Parrot()
    hub.interlocutor = parrot
    await hub.say(home, "hello")
    assert parrot.prompts[-1].history == ()


async def test_the_hub_remembers_forty_turns(hub: Household) -> None:
    parrot = Parrot()
    hub.interlocutor = parrot
    home = await hub.home()
    for number in range(43):
        hub.clock.pass_by(seconds=1)
        await hub.say(home, f"number {number}")
    assert [exchange.said for exchange in parrot.prompts[-1].history] == [
        f"number {number}" for number in range(2, 42)
    ]


async def test_every_stage_of_a_spoken_turn_is_timed(hub: Household) -> None:
    home = await hub.home()

    async def slow_transcript() -> Transcript:
        hub.clock.pass_by(milliseconds=40)
        return Transcript(text="hello", confidence=0.8, understood=True, words=WORDS)

    async def slow_script(prompt: Prompt, tools: Toolbox) -> AsyncIterator[ReplyPart]:
        hub.clock.pass_by(milliseconds=30)
        yield Sentence(text="Hello.")
        hub.clock.pass_by(milliseconds=20)
        yield ReplyDone(usage=USAGE)

    hub.interlocutor = Scripted(slow_script)
    turn = spoken(hub, home, slow_transcript, silence=timedelta(milliseconds=500))
    hub.clock.pass_by(milliseconds=7)
    ended = (await hub.hold(turn))[-1]

    assert isinstance(ended, TurnEnded)
    assert ended.interaction.timings == {
        "end_of_turn": 500.0,
        "arbitration": 7.0,
        "transcription": 40.0,
        "first_token": 30.0,
        "first_sound": 50.0,
        "reply": 50.0,
        "speech": 0.0,
        "total": 597.0,
    }
    assert ended.interaction.hearing is not None
    assert ended.interaction.hearing.words == WORDS
    assert ended.interaction.hearing.reason == "only_stream"


async def test_a_typed_turn_has_the_stages_that_it_has(hub: Household) -> None:
    home = await hub.home()
    ended = await hub.say(home, "hello")
    assert set(ended.interaction.timings) == {"first_token", "first_sound", "reply", "speech", "total"}
    assert ended.interaction.hearing is None


async def test_a_clock_that_is_set_back_makes_no_stage_shorter_than_nothing(hub: Household) -> None:
    home = await hub.home()

    async def script(prompt: Prompt, tools: Toolbox) -> AsyncIterator[ReplyPart]:
        hub.clock.pass_by(hours=-1)
        yield Sentence(text="Hello.")
        yield ReplyDone(usage=USAGE)

    hub.interlocutor = Scripted(script)
    ended = (await hub.hold(spoken(hub, home, heard("hello"))))[-1]
    assert isinstance(ended, TurnEnded)
    assert min(ended.interaction.timings.values()) >= 0


async def test_speech_that_was_not_understood_is_a_turn_in_which_the_persona_asks_again(
    hub: Household,
) -> None:
    home = await hub.home()
    ended = (await hub.hold(spoken(hub, home, heard("wart the friend", understood=False))))[-1]

    assert isinstance(ended, TurnEnded)
    assert ended.interaction.status is ProcessingStatus.NOT_UNDERSTOOD
    assert (ended.interaction.text, ended.interaction.response) == ("wart the friend", "Please say it again.")
    assert len(await hub.events(home, InteractionAnswered)) == 1


async def test_a_request_that_makes_no_sense_to_the_interlocutor_is_not_understood(hub: Household) -> None:
    home = await hub.home()

    async def script(prompt: Prompt, tools: Toolbox) -> AsyncIterator[ReplyPart]:
        yield Sentence(text="Pardon?")
        yield ReplyDone(usage=USAGE, understood=False)

    hub.interlocutor = Scripted(script)
    assert (await hub.say(home, "blah")).interaction.status is ProcessingStatus.NOT_UNDERSTOOD


async def test_silence_that_was_taken_for_speech_still_has_a_summary(hub: Household) -> None:
    home = await hub.home()
    await hub.hold(spoken(hub, home, heard("", understood=False)))
    (context,) = await hub.events(home, ContextUpdated)
    assert context.summary == NOTHING_YET


@pytest.mark.parametrize("text", ["", " \n\t ", "x" * (LONGEST_TEXT + 1), "a\x00b", "\ud800"])
async def test_text_that_cannot_be_is_refused_and_nothing_is_kept(hub: Household, text: str) -> None:
    home = await hub.home()
    with hub.audience.join(home, KITCHEN) as inbox:
        with pytest.raises(InvalidValue) as refused:
            await hub.say(home, text)
        assert await waiting_in(inbox) == []
    assert refused.value.details["field"] == "text"
    assert await hub.interactions(home) == []
    assert await hub.conversations(home) == []


async def test_the_longest_text_is_taken(hub: Household) -> None:
    home = await hub.home()
    text = "x" * LONGEST_TEXT
    assert (await hub.say(home, f" {text} ")).interaction.text == text


@given(
    st.lists(
        st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=150), max_size=5
    )
)
async def test_a_summary_is_a_line_of_the_last_requests_and_never_empty(texts: list[str]) -> None:
    hub = Household()
    home = await hub.home()
    said = []
    for text in texts:
        hub.clock.pass_by(seconds=1)
        await hub.hold(spoken(hub, home, heard(text)))
        said.append(text)
        (conversation,) = await hub.conversations(home)
        assert 1 <= len(conversation.summary) <= 200
        full = "; ".join(one for one in said[-3:] if one) or NOTHING_YET
        assert full.startswith(conversation.summary.removesuffix("…"))
        assert conversation.summary == full or len(full) > 200
    assert [event.summary for event in await hub.events(home, ContextUpdated)][-1:] == [
        conversation.summary for conversation in await hub.conversations(home)
    ]


@pytest.mark.parametrize(
    ("turn", "refusal"),
    [
        (lambda home: typed(NetworkId("net_none"), "hello"), NetworkNotFound),
        (lambda home: typed(home, "hello", ClientId("nobody")), ClientNotFound),
        (lambda home: typed(home, "hello", session_id=SessionId("sess_none")), SessionNotFound),
    ],
)
async def test_a_turn_without_a_place_is_refused_and_nothing_is_kept(
    hub: Household, turn: Callable[[NetworkId], Turn], refusal: type[MiraError]
) -> None:
    home = await hub.home()
    with hub.audience.join(home, KITCHEN) as inbox:
        with pytest.raises(refusal):
            await hub.hold(turn(home))
        assert await waiting_in(inbox) == []
    assert await hub.interactions(home) == []


async def test_a_session_that_is_over_takes_no_turn(hub: Household) -> None:
    home = await hub.home()
    session_id = (await hub.say(home, "hello")).interaction.session_id
    hub.clock.pass_by(minutes=31)
    with pytest.raises(SessionExpired):
        await hub.hold(typed(home, "hello again", session_id=session_id))
    assert len(await hub.interactions(home)) == 1


async def test_the_answer_is_said_and_its_sound_kept_for_an_hour(hub: Household) -> None:
    home = await hub.home()
    ended = await hub.say(home, "hello")
    assert ended.speech is not None
    blob, expires_at = hub.blobs.kept[home, ended.speech]
    assert (blob.media_type, blob.content[:4]) == ("audio/wav", b"RIFF")
    assert expires_at == NOON + timedelta(hours=1)
    assert hub.speaker.said == ["You said:", "hello."]


async def test_a_client_without_a_loudspeaker_gets_no_sound(hub: Household) -> None:
    home = await hub.home(capabilities=("display",))
    ended = await hub.say(home, "hello")
    assert (ended.speech, ended.interaction.response) == (None, "You said: hello.")
    assert hub.speaker.said == []
    assert hub.blobs.kept == {}


@pytest.mark.parametrize(
    "break_sound",
    [
        lambda hub: setattr(hub, "speaker", Beeping(AudioProcessingFailed("The voice broke."))),
        lambda hub: setattr(hub, "speaker", Beeping(InvalidValue("voice.language", "is not one"))),
        lambda hub: setattr(hub, "blobs", KeptBlobs(full=True)),
    ],
)
async def test_an_answer_is_never_lost_for_want_of_its_sound(
    hub: Household, break_sound: Callable[[Household], None]
) -> None:
    home = await hub.home()
    break_sound(hub)
    ended = await hub.say(home, "remind me to water the ferns")
    assert ended.speech is None
    assert ended.interaction.status is ProcessingStatus.COMPLETED
    (answered,) = await hub.events(home, InteractionAnswered)
    assert (answered.text, answered.speech) == ("I will.", None)
