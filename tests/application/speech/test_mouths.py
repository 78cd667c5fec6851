"""Voice here, mouth there: the answer is said once, by another client of the room, and who asked knows it."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from application.devices.commanding import AckBoard, AcknowledgeCommand
from application.ports.dialogue import Prompt, ReplyDone, ReplyPart, Sentence, Toolbox
from domain.events import AnswerCompleted, AnswerSpokenElsewhere, InteractionAnswered
from domain.ids import ClientId, NetworkId
from domain.networks import SpokenBy
from tests.application.household import HALL, KITCHEN, Household
from tests.application.turns.turning import heard, spoken, until
from tests.fakes.dialogue import USAGE, Scripted

SHELF = ClientId("shelf")


async def room_of(hub: Household, **settings: Any) -> NetworkId:
    """A kitchen with a panel that only listens, and a connected loudspeaker on the shelf."""
    home = await hub.open_network(**settings)
    await hub.register(home, KITCHEN, capabilities=("audio_input",), room="Kitchen")
    await hub.register(home, SHELF, capabilities=("audio_output",), room="kitchen")
    await hub.connect(home, SHELF)
    return home


async def told(hub: Household, home: NetworkId) -> list[tuple[str, str]]:
    """Which client was told what of answers."""
    kinds = (InteractionAnswered, AnswerSpokenElsewhere, AnswerCompleted)
    return [
        (type(fact.event).__name__, str(fact.recipient))
        for fact in await hub.facts(home)
        if isinstance(fact.event, kinds)
    ]


@pytest.mark.parametrize("by_voice", [True, False])
async def test_the_loudspeaker_of_the_room_says_the_answer_once(hub: Household, by_voice: bool) -> None:
    home = await room_of(hub)
    if by_voice:
        await hub.hold(spoken(hub, home, heard("hello")))
    else:
        ended = await hub.say(home, "hello")
        assert (ended.spoken_by, ended.speech is not None) == (SHELF, True)
    (answered,) = await hub.events(home, InteractionAnswered)
    (elsewhere,) = await hub.events(home, AnswerSpokenElsewhere)
    assert (answered.client_id, answered.text) == (SHELF, "You said: hello.")
    assert answered.speech is not None
    assert (elsewhere.client_id, elsewhere.spoken_by) == (KITCHEN, SHELF)
    assert elsewhere.text == answered.text
    assert await told(hub, home) == [("InteractionAnswered", SHELF), ("AnswerSpokenElsewhere", KITCHEN)]


async def test_without_a_loudspeaker_in_the_room_who_asked_reads_the_answer(hub: Household) -> None:
    home = await hub.open_network()
    await hub.register(home, KITCHEN, capabilities=("audio_input",), room="Kitchen")
    await hub.register(home, HALL, capabilities=("audio_output",), room="Hall")
    await hub.connect(home, HALL)
    ended = await hub.say(home, "hello")
    assert (ended.speech, ended.spoken_by) == (None, None)
    assert await told(hub, home) == [("InteractionAnswered", KITCHEN)]


async def test_a_network_may_leave_every_answer_to_its_room(hub: Household) -> None:
    home = await room_of(hub, answers_spoken_by=SpokenBy.ROOM, preferred_mouths=(SHELF,))
    await hub.change_client(home, KITCHEN, capabilities=("audio",))
    assert (await hub.say(home, "hello")).spoken_by == SHELF


async def test_a_mouth_that_has_left_is_replaced_by_who_can(hub: Household) -> None:
    home = await room_of(hub, answers_spoken_by=SpokenBy.ROOM, preferred_mouths=(SHELF,))
    await hub.change_client(home, KITCHEN, capabilities=("audio",))
    await hub.sweep()
    assert (await hub.say(home, "hello")).spoken_by is None
    assert await told(hub, home) == [("InteractionAnswered", KITCHEN)]


async def test_a_long_answer_begins_at_the_mouth_and_both_get_the_rest_of_its_words(hub: Household) -> None:
    home = await room_of(hub)
    go_on = asyncio.Event()

    async def script(prompt: Prompt, tools: Toolbox) -> AsyncIterator[ReplyPart]:
        yield Sentence(text="One.")
        await go_on.wait()
        yield Sentence(text="Two.")
        yield ReplyDone(usage=USAGE)

    hub.interlocutor = Scripted(script)
    waiting = asyncio.create_task(hub.say(home, "hello"))

    async def announced() -> bool:
        return bool(await hub.events(home, AnswerSpokenElsewhere))

    await until(announced)
    (elsewhere,) = await hub.events(home, AnswerSpokenElsewhere)
    assert (elsewhere.text, elsewhere.complete) == ("One.", False)
    go_on.set()
    await waiting
    assert await told(hub, home) == [
        ("InteractionAnswered", SHELF),
        ("AnswerSpokenElsewhere", KITCHEN),
        ("AnswerCompleted", SHELF),
        ("AnswerCompleted", KITCHEN),
    ]
    assert {whole.text for whole in await hub.events(home, AnswerCompleted)} == {"One. Two."}


async def test_the_ears_know_the_answer_as_what_the_mouth_plays_for_who_asked(hub: Household) -> None:
    home = await room_of(hub)
    ended = await hub.say(home, "hello")
    (playback,) = hub.aloud.take(home)
    assert (playback.id, playback.client_id) == (ended.interaction.id, SHELF)
    about = hub.aloud.about(playback.id)
    assert about is not None
    assert (about.asked_by, about.interaction_id) == (KITCHEN, ended.interaction.id)


async def test_only_the_mouth_can_say_that_it_has_finished(hub: Household) -> None:
    home = await room_of(hub)
    ended = await hub.say(home, "hello")
    acknowledge = AcknowledgeCommand(hub.transactions, hub.audience, AckBoard(), hub.clock)
    done = {"interaction_id": ended.interaction.id, "finished": True}

    async def reply_of_the_session() -> Any:
        assert ended.interaction.session_id is not None
        async with hub.store.snapshot() as tx:
            return (await tx.sessions.get(home, ended.interaction.session_id)).reply

    for client_id, silent in ((KITCHEN, False), (SHELF, True)):
        await acknowledge(home, client_id, done)
        assert (await reply_of_the_session() is None) is silent
    await acknowledge(home, SHELF, {"interaction_id": "int_nobody", "finished": True})
