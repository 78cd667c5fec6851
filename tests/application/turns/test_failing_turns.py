"""Turns that fail: what is kept of them, and who is told."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest

from application.ports.dialogue import Prompt, ReplyDone, ReplyPart, Sentence, Toolbox
from application.turns.turns import (
    TurnHeard,
)
from domain.errors import (
    AudioProcessingFailed,
    InvalidValue,
    MiraError,
    ModelInferenceFailed,
    Overloaded,
)
from domain.events import (
    ContextUpdated,
    ErrorOccurred,
    InteractionAnswered,
    InteractionCreated,
    LiveNews,
)
from domain.interactions import ProcessingStatus
from tests.application.household import (
    HALL,
    KITCHEN,
    Household,
    typed,
    waiting_in,
)
from tests.application.turns.turning import (
    HEARING,
    failed_as,
    failing,
    no_turn_is_left_open,
    saying,
    spoken,
    the_only,
)
from tests.fakes.dialogue import USAGE, Scripted
from tests.samples import NOON


@pytest.mark.parametrize(
    ("error", "code", "message"),
    [
        (AudioProcessingFailed("The recogniser broke."), "AUDIO_PROCESSING_FAILED", "The recogniser broke."),
        (Overloaded("Too much is said at once."), "OVERLOADED", "Too much is said at once."),
        (
            ZeroDivisionError("a secret detail"),
            "AUDIO_PROCESSING_FAILED",
            "The hub could not make out what was said.",
        ),
    ],
)
async def test_speech_that_the_hub_could_not_work_on_is_kept_as_failed_and_its_client_told(
    hub: Household, error: Exception, code: str, message: str
) -> None:
    home = await hub.home()
    await hub.register(home, HALL)
    events: list[Any] = []
    with hub.audience.join(home, KITCHEN) as kitchen, hub.audience.join(home, HALL) as hall:
        with pytest.raises(MiraError) as raised:
            await hub.hold(spoken(hub, home, failing(error)), events)
        (news,) = await waiting_in(kitchen)
        assert await waiting_in(hall) == []

    assert raised.value.code == code
    interaction = await failed_as(hub, home, code)
    assert interaction.text == ""
    assert interaction.hearing == HEARING
    assert set(interaction.timings) == {"end_of_turn", "arbitration", "transcription", "total"}
    assert [type(event) for event in events] == [TurnHeard]
    assert isinstance(news, LiveNews)
    assert news.event == ErrorOccurred(code=code, message=message, client_id=KITCHEN, at=NOON)


@pytest.mark.parametrize(
    ("error", "code", "message"),
    [
        (ModelInferenceFailed("Nobody answers."), "MODEL_INFERENCE_FAILED", "Nobody answers."),
        (ZeroDivisionError("a secret detail"), "INTERNAL_ERROR", "The hub could not answer."),
    ],
)
async def test_a_turn_that_finds_no_answer_keeps_what_was_done_and_its_client_is_told(
    hub: Household, error: Exception, code: str, message: str
) -> None:
    home = await hub.home()

    async def script(prompt: Prompt, tools: Toolbox) -> AsyncIterator[ReplyPart]:
        await tools.create_reminder(title="tea", due_time=prompt.now + timedelta(hours=1))
        yield Sentence(text="Well,")
        raise error

    hub.interlocutor = Scripted(script)
    with hub.audience.join(home, KITCHEN) as inbox:
        with pytest.raises(type(error)):
            await hub.say(home, "tea")
        (news,) = await waiting_in(inbox)

    interaction = await failed_as(hub, home, code)
    assert (interaction.text, interaction.response) == ("tea", "")
    assert [action.type for action in interaction.actions] == ["create_reminder"]
    assert len(await hub.reminders(home)) == 1
    assert isinstance(news, LiveNews)
    assert news.event == ErrorOccurred(code=code, message=message, client_id=KITCHEN, at=NOON)


async def test_an_empty_answer_is_none(hub: Household) -> None:
    home = await hub.home()
    hub.interlocutor = saying()
    with pytest.raises(ModelInferenceFailed):
        await hub.say(home, "hello")
    await failed_as(hub, home, "MODEL_INFERENCE_FAILED")


async def test_an_answer_that_no_store_can_hold_fails_the_turn(hub: Household) -> None:
    home = await hub.home()
    hub.interlocutor = saying("a\x00b")
    with pytest.raises(InvalidValue):
        await hub.say(home, "hello")
    await failed_as(hub, home, "VALIDATION_ERROR")


@pytest.mark.parametrize("kind", [InteractionAnswered, InteractionCreated, ContextUpdated])
async def test_an_answer_that_cannot_be_announced_whole_is_not_kept_at_all(
    hub: Household, kind: type[Any]
) -> None:
    home = await hub.home()
    broken = [True]
    hub.transactions.break_at = lambda event: isinstance(event, kind) and bool(broken and broken.pop())
    with pytest.raises(MiraError, match="outbox"):
        await hub.say(home, "hello")
    assert (await failed_as(hub, home, "INTERNAL_ERROR")).response == ""
    (conversation,) = await hub.conversations(home)
    assert conversation.summary == ""


async def test_when_even_the_failure_cannot_be_kept_the_client_is_told_and_a_sweep_puts_it_right(
    hub: Household,
) -> None:
    home = await hub.home()

    async def script(prompt: Prompt, tools: Toolbox) -> AsyncIterator[ReplyPart]:
        hub.transactions.closed = True
        yield Sentence(text="Hello.")
        yield ReplyDone(usage=USAGE)

    hub.interlocutor = Scripted(script)
    with hub.audience.join(home, KITCHEN) as inbox:
        with pytest.raises(Overloaded):
            await hub.say(home, "hello")
        (news,) = await waiting_in(inbox)
    assert isinstance(news, LiveNews)
    assert isinstance(news.event, ErrorOccurred)
    assert news.event.code == "OVERLOADED"
    assert not await no_turn_is_left_open(hub)

    hub.transactions.closed = False
    await hub.sweep()
    await hub.sweep()
    await failed_as(hub, home, "INTERNAL_ERROR")


async def test_a_sweep_gives_up_what_was_left_and_nothing_that_ended(hub: Household) -> None:
    home, shop = await hub.home(), await hub.home()
    done = await hub.say(home, "hello")
    for network_id in (home, shop):
        events = hub.converse()(typed(network_id, "cut short"))
        assert isinstance(await anext(events), TurnHeard)
        hub.transactions.closed = True
        await events.aclose()
        hub.transactions.closed = False
    await hub.sweep()

    assert await hub.interaction(home, done.interaction.id) == done.interaction
    for network_id in (home, shop):
        (left,) = [one for one in await hub.interactions(network_id) if one.text == "cut short"]
        assert left.status is ProcessingStatus.FAILED
        created = await hub.events(network_id, InteractionCreated)
        assert [event.interaction.id for event in created].count(left.id) == 1


async def test_an_answer_that_was_kept_after_all_is_not_taken_back(hub: Household) -> None:
    home = await hub.home()
    hub.transactions.doubt_at = lambda event: isinstance(event, ContextUpdated)
    with pytest.raises(Overloaded):
        await hub.say(home, "hello")
    interaction = await the_only(hub, home)
    assert (interaction.status, interaction.error_code) == (ProcessingStatus.COMPLETED, None)
    created = await hub.events(home, InteractionCreated)
    assert [event.interaction for event in created] == [interaction]
