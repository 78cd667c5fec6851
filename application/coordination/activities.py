"""What devices do together: begun, listed, answered in, stopped, and going on by itself."""

import asyncio
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Final

import structlog
from attrs import evolve, field, frozen

from application.coordination.openings import Openings, Setting
from application.coordination.stage import ActivityStage, News, attended, stepped
from application.facts.wakeup import Wakeup
from application.networks.access import Principal, within
from application.personas.personas import KnownPersonas
from application.personas.switching import device_of
from application.ports.paging import Listing, Page
from application.ports.personas import PersonaLibrary
from application.ports.storage import Transaction, Transactions
from application.ports.world import Clock, IdSource
from domain.activities.activity import Activity, ActivityStatus, ActivityType
from domain.activities.choosing import chosen
from domain.activities.playback import Playback
from domain.activities.scripts import Line, lines_of
from domain.activities.story import Telling
from domain.activities.trivia import Answered, Trivia
from domain.clients import Client
from domain.errors import Conflict, DeviceNotFound, DeviceOffline, InvalidValue, MiraError
from domain.ids import ActivityId, ClientId, NetworkId, PersonaId

log = structlog.get_logger(__name__)

MOST_DEVICES: Final = 64
AT_ONCE: Final = 50
LONGEST_NAP: Final = timedelta(seconds=30)
SHORTEST_NAP: Final = timedelta(milliseconds=20)
LOOKS_AGAIN: Final = timedelta(milliseconds=250)
"""While something that is due is still on its way, what else is due is found within this time."""
WAITS_FOR_SOMEBODY: Final = timedelta(minutes=10)
"""An activity without anybody there is stopped after so long."""


@frozen(kw_only=True)
class NewActivity:
    """What is to be done together, by which devices, with whom, and how."""

    type: ActivityType
    device_ids: tuple[ClientId, ...]
    persona_id: PersonaId
    config: Mapping[str, object] = field(factory=dict)


@frozen
class StartActivity:
    """Begin an activity with those of the devices that are there; the others are listed."""

    transactions: Transactions
    personas: PersonaLibrary
    stage: ActivityStage
    openings: Openings
    ids: IdSource
    clock: Clock

    async def __call__(self, principal: Principal, network_id: NetworkId, wanted: NewActivity) -> Activity:
        """Raises DeviceNotFound, PersonaNotFound, DeviceOffline where nobody is there, or Conflict."""
        within(principal, network_id)
        if not 1 <= len(wanted.device_ids) <= MOST_DEVICES:
            raise InvalidValue("device_ids", f"must be 1 to {MOST_DEVICES} devices")
        async with self.transactions.snapshot() as tx:
            there, offline = await _gathered(tx, network_id, wanted.device_ids)
            persona = await KnownPersonas(self.personas).get(tx, network_id, wanted.persona_id)
            network = await tx.networks.get(network_id)
        setting = Setting(network=network, persona=persona, there=there)
        activity_id = self.ids.activity()
        state, news = await self.openings(wanted.type, wanted.config, setting, activity_id, self.clock.now())
        now = self.clock.now()
        activity = Activity(
            id=activity_id,
            network_id=network_id,
            type=wanted.type,
            persona_id=persona.id,
            client_ids=there,
            offline_client_ids=offline,
            config=dict(wanted.config),
            state=state,
            due_at=self.openings.due(state, wanted.config, now),
            started_at=now,
            updated_at=now,
        )
        lines = lines_of(activity, news)
        speech = await self.stage.speak(network_id, lines, persona.voice)
        async with self.transactions.begin() as tx:
            await tx.networks.get(network_id)
            await _gathered(tx, network_id, there)
            await tx.activities.add(activity)
            await self.stage.announce(tx, activity)
            await self.stage.tell(tx, activity, lines, speech)
            if isinstance(activity.state, Playback):
                await self.stage.play(tx, activity, activity.state)
        self.stage.wakeup.nudge()
        return activity


@frozen
class FindActivities:
    """The activities of a network, those that go on or all, newest first."""

    transactions: Transactions

    async def __call__(
        self, principal: Principal, network_id: NetworkId, status: ActivityStatus | None, page: Page
    ) -> Listing[Activity]:
        within(principal, network_id)
        async with self.transactions.snapshot() as tx:
            await tx.networks.get(network_id)
            return await tx.activities.list(network_id, status, page)


@frozen
class GetActivity:
    """Look an activity up, as it stands."""

    transactions: Transactions

    async def __call__(
        self, principal: Principal, network_id: NetworkId, activity_id: ActivityId
    ) -> Activity:
        within(principal, network_id)
        async with self.transactions.snapshot() as tx:
            return await tx.activities.get(network_id, activity_id)


@frozen
class StopActivity:
    """Stop an activity, and tell its devices; one that is over stays as it is."""

    transactions: Transactions
    stage: ActivityStage
    clock: Clock

    async def __call__(
        self, principal: Principal, network_id: NetworkId, activity_id: ActivityId
    ) -> Activity:
        within(principal, network_id)
        async with self.transactions.begin() as tx:
            activity = await tx.activities.get(network_id, activity_id)
            if not activity.running:
                return activity
            stopped = activity.over(ActivityStatus.STOPPED, self.clock.now())
            await tx.activities.update(stopped)
            everybody = frozenset(stopped.client_ids)
            line = Line(event="activity_stopped", audience=everybody, payload={"type": stopped.type.value})
            await self.stage.tell(tx, stopped, (line,), {})
        return stopped


@frozen(kw_only=True)
class GivenAnswer:
    """What an answer in an activity came to: the activity as it is then, and what has happened."""

    activity: Activity
    news: tuple[News, ...]

    @property
    def words(self) -> str:
        """What is said to whoever answered."""
        for one in self.news:
            if isinstance(one, Answered):
                return f"Right, {one.points} points!" if one.right else "Sorry, that's not it."
        return "All right."


@frozen
class AnswerActivity:
    """Take what somebody said, typed or pressed at a device as an answer in an activity that waits for it."""

    transactions: Transactions
    stage: ActivityStage

    async def __call__(
        self,
        principal: Principal,
        network_id: NetworkId,
        activity_id: ActivityId,
        device_id: ClientId,
        said: str,
    ) -> GivenAnswer:
        """Raises Conflict where nothing is asked of this device just now."""
        within(principal, network_id)
        if principal.client_id not in {None, device_id}:
            raise DeviceNotFound(device_id)
        async with self.transactions.snapshot() as tx:
            await device_of(tx, network_id, device_id)
            activity = await tx.activities.get(network_id, activity_id)
        if not activity.running or not asks(activity, device_id):
            raise Conflict("Nothing is asked of this device just now.", activity_id=activity_id)
        return await self._given(network_id, activity_id, device_id, said)

    async def at_device(self, network_id: NetworkId, device_id: ClientId, said: str) -> GivenAnswer | None:
        """Take an answer at a device; None where nothing is asked of it, or the words are no answer."""
        async with self.transactions.snapshot() as tx:
            running = await tx.activities.running(network_id)
        for activity in running:
            if asks(activity, device_id) and _meant(activity, said) is not None:
                return await self._given(network_id, activity.id, device_id, said)
        return None

    async def _given(
        self, network_id: NetworkId, activity_id: ActivityId, device_id: ClientId, said: str
    ) -> GivenAnswer:
        def change(
            activity: Activity, present: frozenset[ClientId], now: datetime
        ) -> tuple[Activity, tuple[News, ...]]:
            here, before = attended(activity, present | {device_id}, now)
            match here.state:
                case Trivia() as game:
                    after, news = stepped(here, *game.answer(device_id, said, now), now)
                case Telling() as tale:
                    after, news = stepped(here, *tale.choose(device_id, said), now)
                case _:
                    after, news = here, ()
            return after, (*before, *news)

        activity, news = await self.stage.move(network_id, activity_id, change)
        return GivenAnswer(activity=activity, news=news)


@frozen
class RunActivities:
    """Let activities go on when their time has come, whichever hub began them."""

    transactions: Transactions
    stage: ActivityStage
    clock: Clock
    wakeup: Wakeup
    _moving: set[ActivityId] = field(factory=set, init=False)

    async def run(self) -> None:
        """Move on what is due, sleep until the next is, and look again when something has changed.

        Nobody waits for a story that is being thought of.
        """
        async with asyncio.TaskGroup() as group:
            while True:
                for activity in await self._due():
                    self._moving.add(activity.id)
                    group.create_task(self._move(activity))
                await self.wakeup.wait(await self._nap())

    async def __call__(self) -> int:
        """Move on what is due now, and say how many those were."""
        due = await self._due()
        for activity in due:
            self._moving.add(activity.id)
            await self._move(activity)
        return len(due)

    async def _due(self) -> list[Activity]:
        """What is due now, and not on its way already."""
        async with self.transactions.snapshot() as tx:
            due = await tx.activities.due(self.clock.now(), AT_ONCE)
        return [activity for activity in due if activity.id not in self._moving]

    async def _move(self, activity: Activity) -> None:
        try:
            await self.stage.move(activity.network_id, activity.id, _moved_on)
        except MiraError as error:
            log.warning("an activity could not go on", code=error.code, activity=activity.id)
        finally:
            self._moving.discard(activity.id)

    async def _nap(self) -> timedelta:
        """How long there is nothing to do; while something is on its way, its time is past."""
        async with self.transactions.snapshot() as tx:
            due = await tx.activities.next_due()
        if due is None:
            return LONGEST_NAP
        shortest = LOOKS_AGAIN if self._moving else SHORTEST_NAP
        return min(max(due - self.clock.now(), shortest), LONGEST_NAP)


def asks(activity: Activity, device_id: ClientId) -> bool:
    """Whether an activity waits for an answer from a device."""
    match activity.state:
        case Trivia() as game:
            return game.open_from is not None and device_id in activity.client_ids
        case Telling() as tale:
            return tale.teller == device_id and not tale.over
        case Playback():
            return False


def _meant(activity: Activity, said: str) -> int | None:
    """Which of the choices some words mean."""
    match activity.state:
        case Trivia() as game if game.round:
            return game.questions[game.round - 1].place(said)
        case Telling(scene=scene) if scene is not None:
            return chosen(said, [(choice.text, *choice.also) for choice in scene.choices])
        case _:
            return None


def _moved_on(
    activity: Activity, present: frozenset[ClientId], now: datetime
) -> tuple[Activity, tuple[News, ...]]:
    if activity.due_at is None or now < activity.due_at:
        return activity, ()
    if isinstance(activity.state, Playback):
        return activity.over(ActivityStatus.FINISHED, now), ()
    if not present:
        if now - activity.updated_at > WAITS_FOR_SOMEBODY:
            return activity.over(ActivityStatus.STOPPED, now), ()
        return evolve(activity, due_at=None), ()
    here, before = attended(activity, present, now)
    match here.state:
        case Trivia() as game:
            after, news = stepped(here, *game.advance(now), now)
        case Telling(teller=teller, scene=scene) as tale if teller and scene and scene.choices:
            after, news = stepped(here, *tale.choose(teller, scene.choices[0].text), now)
        case _:
            after, news = here, ()
    return after, (*before, *news)


async def _gathered(
    tx: Transaction, network_id: NetworkId, device_ids: Iterable[ClientId]
) -> tuple[tuple[ClientId, ...], tuple[ClientId, ...]]:
    """Those who are there and those who are not; nobody of them may be busy with something else."""
    named: list[Client] = [await device_of(tx, network_id, one) for one in sorted(set(device_ids))]
    there = tuple(one.id for one in named if one.connected and one.takes_commands)
    if not there:
        raise DeviceOffline(named[0].id)
    for activity in await tx.activities.running(network_id):
        busy = sorted(set(there) & set(activity.client_ids))
        if busy:
            raise Conflict(
                "A device takes part in another activity; stop that first.",
                device_id=busy[0],
                activity_id=activity.id,
            )
    return there, tuple(one.id for one in named if one.id not in there)
