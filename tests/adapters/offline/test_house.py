"""What the offline assistant does in a house: told to everyone, played together, gone on elsewhere."""

from typing import Any

import pytest
from attrs import evolve, frozen

from adapters.files.library import FilePersonas
from adapters.memory.audience import InProcessAudience
from adapters.memory.transactions import MemoryTransactions
from adapters.offline.assistant import OfflineAssistant
from application.ports.storage import CalendarFilter
from application.turns.turns import Turn, TurnEnded, TypedWords
from domain.activities.activity import ActivityStatus
from domain.agenda import CalendarEventStatus
from domain.clients import ConnectionStatus
from domain.commands import Say
from domain.ids import ClientId
from domain.interactions import Interaction
from entrypoints.container import HubContainer
from tests import samples
from tests.adapters.residents import MovableClock, Silence, Writer
from tests.adapters.wiring import wired
from tests.application.household import EVERYTHING
from tests.fakes.speech import Dictated
from tests.samples import HOME

KITCHEN, TABLE, HALL = (ClientId(name) for name in ("dev_kitchen", "dev_table", "dev_hall"))


@frozen
class Place:
    """A real hub's inside, with two devices in the kitchen and one in the hall."""

    container: HubContainer
    store: MemoryTransactions

    async def say(self, text: str, at: ClientId = KITCHEN) -> Interaction:
        turn = Turn(network_id=HOME, client_id=at, words=TypedWords(text=text))
        async for event in self.container.converse()(turn):
            if isinstance(event, TurnEnded):
                return event.interaction
        raise AssertionError("the turn has no end")

    async def told(self, client_id: ClientId) -> list[str]:
        """What a device was told to say."""
        async with self.store.snapshot() as tx:
            pending = await tx.commands.pending(HOME, client_id, self.container.clock().now())
        return [one.order.text for one in pending if isinstance(one.order, Say)]

    async def activities(self) -> list[Any]:
        async with self.store.snapshot() as tx:
            return list((await tx.activities.list(HOME, None, EVERYTHING)).items)


@pytest.fixture
async def place() -> Place:
    store, clock = MemoryTransactions(), MovableClock()
    async with store.begin() as tx:
        await tx.networks.add(samples.network(HOME, at=clock.now()))
        for id_, room in ((KITCHEN, "Kitchen"), (TABLE, "kitchen"), (HALL, "Hall")):
            client = evolve(samples.client(id_), room=room, takes_commands=True)
            await tx.clients.add(evolve(client, connection_status=ConnectionStatus.CONNECTED))
    container = wired(
        store,
        clock=clock,
        listening=Silence(),
        throttle=None,
        base_url="http://hub",
        audience=InProcessAudience(),
        personas=FilePersonas.read(),
        interlocutor=OfflineAssistant(),
        transcriber=Dictated("what was said"),
        sounds=Writer(),
    )
    return Place(container, store)


async def test_everyone_hears_what_is_announced_but_who_said_it(place: Place) -> None:
    turn = await place.say("tell everyone that dinner is ready")
    assert turn.response == "I've told everyone: dinner is ready"
    assert [await place.told(one) for one in (KITCHEN, TABLE, HALL)] == [
        [],
        ["dinner is ready"],
        ["dinner is ready"],
    ]
    assert [action.type for action in turn.actions] == ["announce"]


async def test_a_quiz_begins_in_the_room_and_is_stopped(place: Place) -> None:
    turn = await place.say("let's play trivia")
    assert [action.type for action in turn.actions] == ["start_activity"]
    (game,) = await place.activities()
    assert set(game.client_ids) == {KITCHEN, TABLE}
    again = await place.say("start a quiz")
    assert again.response.startswith("I can't do that: A device takes part in another activity")
    assert (await place.say("stop the game")).response == "All right, that's over."
    (game,) = await place.activities()
    assert game.status is ActivityStatus.STOPPED
    assert (await place.say("stop the game")).response == "I can't do that: Nothing is going on here."


async def test_a_story_begins_about_what_was_wished(place: Place) -> None:
    await place.say("tell us a story about mystery", at=HALL)
    (tale,) = await place.activities()
    assert tale.client_ids == (HALL,)
    assert tale.state.story.title == "The robot in the greenhouse"


async def test_an_event_is_moved_to_another_day_and_then_cancelled(place: Place) -> None:
    await place.say("schedule a meeting with Anna tomorrow at 10 am")
    moved = await place.say("move the meeting with Anna to tomorrow at 4 pm")
    assert moved.response.startswith("I've moved it: meeting with Anna, tomorrow at 4 PM")
    cancelled = await place.say("cancel the meeting with Anna")
    assert cancelled.response.startswith("I've cancelled it: meeting with Anna")
    async with place.store.snapshot() as tx:
        (event,) = (await tx.agenda.events(HOME, CalendarFilter(), EVERYTHING)).items
    assert event.status is CalendarEventStatus.CANCELLED
    assert (await place.say("cancel the meeting with Anna")).response.startswith("I found nothing like that")


async def test_cancelling_finds_a_reminder_too(place: Place) -> None:
    await place.say("remind me to take the pills tomorrow at 8 am")
    moved = await place.say("move the reminder to take the pills to tomorrow at 9 am")
    assert moved.response == "I'll remind you tomorrow at 9 AM: take the pills."
    assert (await place.say("cancel the pills")).response == "I've cancelled the reminder: take the pills."
