"""Where activities go on: each step of theirs commits with the commands that tell the devices of it."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Final

from attrs import evolve, field, frozen

from application.coordination.storytelling import Part, Storyteller
from application.devices.commanding import CommandDesk
from application.facts.wakeup import Wakeup
from application.personas.personas import KnownPersonas
from application.ports.personas import PersonaLibrary
from application.ports.storage import Transaction, Transactions
from application.ports.world import Clock
from application.speech.saying import AnswerSounds
from domain.activities.activity import Activity, ActivityStatus
from domain.activities.playback import Playback
from domain.activities.scripts import Line, lines_of
from domain.activities.story import StoryNews, StoryOver, Telling
from domain.activities.trivia import GameOver, Trivia, TriviaNews
from domain.commands import TIMELY, Perform, PlayTogether
from domain.errors import Overloaded, PersonaNotFound
from domain.events import ActivityChanged
from domain.ids import ActivityId, BlobId, ClientId, NetworkId
from domain.personas import DEFAULT_PERSONA, Persona, Voice

News = TriviaNews | StoryNews
Change = Callable[[Activity, frozenset[ClientId], datetime], tuple[Activity, tuple[News, ...]]]
TRIES: Final = 5
STORY_WAITS: Final = timedelta(seconds=90)
"""So long a story waits for a choice, and then takes the first."""
LOOKS_AGAIN: Final = timedelta(seconds=5)
"""An activity without anybody there waits, and looks again after so long."""
BEGINNINGS: Final = frozenset({"trivia_question", "story_part"})
LINES_LAST: Final = timedelta(minutes=2)


@frozen
class ActivityStage:
    """Moves activities on, and lets devices say and show what happens in them.

    What is to be said is thought of and spoken before the step is taken, outside of its transaction; a step
    that somebody else has overtaken is thought over again.
    """

    transactions: Transactions
    personas: PersonaLibrary
    desk: CommandDesk
    sounds: AnswerSounds
    storyteller: Storyteller
    clock: Clock
    wakeup: Wakeup = field(factory=Wakeup)

    async def move(
        self, network_id: NetworkId, activity_id: ActivityId, change: Change
    ) -> tuple[Activity, tuple[News, ...]]:
        """Take a step in an activity, and answer it as it is then and what has happened.

        Raises:
            ActivityNotFound: there is no such activity.
            Overloaded: others were faster all the time.
        """
        thought_of: dict[tuple[str, ...], Part] = {}
        for _ in range(TRIES):
            async with self.transactions.snapshot() as tx:
                before = await tx.activities.get(network_id, activity_id)
                present = await present_of(tx, before)
                persona = await self._persona(tx, before)
                network = await tx.networks.get(network_id)
            after, news = change(before, present, self.clock.now()) if before.running else (before, ())
            if after == before:
                return before, news
            if isinstance(after.state, Telling) and after.state.unwritten:
                telling = after.state
                if telling.path not in thought_of:
                    thought_of[telling.path] = await self.storyteller.next_part(telling, persona, network)
                part = thought_of[telling.path]
                telling, more = telling.written(part.text, part.ways_on)
                after, news = stepped(after, telling, (*news, *more), self.clock.now())
            after = _due(after, present, self.clock.now())
            speech = await self.speak(network_id, lines_of(after, news), persona.voice)
            async with self.transactions.begin() as tx:
                if await tx.activities.get(network_id, activity_id) != before:
                    continue
                await tx.activities.update(after)
                await self.tell(tx, after, lines_of(after, news), speech)
            self.wakeup.nudge()
            return after, news
        raise Overloaded("Too much happens in this activity at once; try again.")

    async def speak(self, network_id: NetworkId, lines: Iterable[Line], voice: Voice) -> dict[str, BlobId]:
        """The sound of each text that is to be heard, made once for all devices."""
        texts = {line.aloud for line in lines if line.aloud is not None}
        made = {text: await self.sounds.keep(network_id, text, voice) for text in sorted(texts)}
        return {text: blob for text, blob in made.items() if blob is not None}

    async def tell(
        self, tx: Transaction, activity: Activity, lines: Sequence[Line], speech: dict[str, BlobId]
    ) -> None:
        """Give every device its lines; what begins anew makes useless what was told before."""
        if not activity.running or any(line.event in BEGINNINGS for line in lines):
            await tx.commands.withdraw(activity.network_id, activity.id, self.clock.now())
        for line in lines:
            for client_id in sorted(line.audience):
                if await tx.clients.find(activity.network_id, client_id) is None:
                    continue
                heard = line.aloud if line.aloud is not None and client_id in line.speakers else None
                order = Perform(
                    event=line.event,
                    payload={"activity_id": activity.id, **line.payload},
                    speech=speech.get(heard) if heard is not None else None,
                )
                await self.desk.issue(
                    tx,
                    activity.network_id,
                    client_id,
                    order,
                    priority=TIMELY,
                    origin=activity.id,
                    lasts=LINES_LAST,
                )
        if not activity.running:
            await self.announce(tx, activity)

    async def play(self, tx: Transaction, activity: Activity, playback: Playback) -> None:
        """Let all devices of an activity begin to play at one moment."""
        order = PlayTogether(
            activity_id=activity.id,
            media=playback.media,
            starts_at=playback.starts_at,
            volume=playback.volume,
        )
        for client_id in sorted(activity.client_ids):
            await self.desk.issue(tx, activity.network_id, client_id, order, origin=activity.id)

    async def announce(self, tx: Transaction, activity: Activity) -> None:
        """Tell whoever watches that an activity has begun, or is over."""
        changed = ActivityChanged(
            activity_id=activity.id,
            sort=activity.type,
            status=activity.status,
            client_ids=activity.client_ids,
            at=self.clock.now(),
        )
        await tx.outbox.append(activity.network_id, changed)

    async def _persona(self, tx: Transaction, activity: Activity) -> Persona:
        try:
            return await KnownPersonas(self.personas).get(tx, activity.network_id, activity.persona_id)
        except PersonaNotFound:
            return self.personas.get(DEFAULT_PERSONA)


async def present_of(tx: Transaction, activity: Activity) -> frozenset[ClientId]:
    """Those who take part in an activity and are connected."""
    found = [await tx.clients.find(activity.network_id, client_id) for client_id in activity.client_ids]
    return frozenset(one.id for one in found if one is not None and one.connected)


def attended(
    activity: Activity, present: frozenset[ClientId], now: datetime
) -> tuple[Activity, tuple[News, ...]]:
    """The activity when those who left are out of it for now, and those who came back are in again.

    Where nobody is there at all it waits as it is: a hub that starts again has nobody at first.
    """
    if not present:
        return activity, ()
    state, news = activity.state, list[News]()
    match state:
        case Trivia():
            for client_id in sorted(present - state.playing):
                state = state.join(client_id)
            for client_id in sorted(state.playing - present):
                state, told = state.leave(client_id, now)
                news.extend(told)
        case Telling():
            for client_id in sorted(present - set(state.tellers)):
                state = state.join(client_id)
            for client_id in sorted(set(state.tellers) - present):
                state, heard = state.leave(client_id)
                news.extend(heard)
        case Playback():
            pass
    return stepped(activity, state, news, now)


def stepped(
    activity: Activity, state: Trivia | Telling | Playback, news: Iterable[News], now: datetime
) -> tuple[Activity, tuple[News, ...]]:
    """The activity with another state, over when the news say so."""
    told = tuple(news)
    if state == activity.state:
        return activity, told
    after = evolve(activity, state=state, updated_at=now)
    if any(isinstance(one, GameOver | StoryOver) for one in told):
        after = after.over(ActivityStatus.FINISHED, now)
    return after, told


def _due(activity: Activity, present: frozenset[ClientId], now: datetime) -> Activity:
    """The activity with the moment at which it goes on by itself."""
    if not activity.running:
        return activity
    match activity.state:
        case Trivia(deadline=datetime() as deadline):
            return evolve(activity, due_at=deadline if present else max(deadline, now + LOOKS_AGAIN))
        case Telling():
            return evolve(activity, due_at=now + STORY_WAITS)
        case _:
            return activity
