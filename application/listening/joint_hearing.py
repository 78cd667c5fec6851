"""What this instance's ears decide, held until the instances that hear the same sentence agree."""

import asyncio
from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import Final

import structlog
from attrs import define, evolve, field

from application.ports.arbitrating import Bench
from application.ports.world import Clock
from domain.audio.arbitration import Arbiter
from domain.audio.decisions import (
    Decision,
    Reason,
    SpeechStarted,
    StreamSelected,
    UtteranceEnded,
    UtteranceId,
    UtterancePaused,
    UtteranceRejected,
)
from domain.audio.testimony import Place, Ruling, Stage, Testimony, TestimonyId
from domain.ids import InstanceId, NetworkId

log = structlog.get_logger(__name__)

PACE_SECONDS: Final = 0.25
"""How often it is told how an utterance is heard, while it goes on."""
WAITING_SECONDS: Final = 0.05
"""How often it is asked, once it is over, whether it is used."""
REMINDERS: Final = 16
"""So often it is told that an utterance was used, should others take over what was decided."""
MOST_SECONDS: Final = 45.0
"""No utterance is held for longer."""

HELD: Final = (StreamSelected, UtterancePaused, UtteranceEnded, UtteranceRejected)
"""What is not acted on before the instances agree."""

Act = Callable[[Decision], None]


@define(eq=False, kw_only=True)
class Held:
    """One utterance of these ears, and what is known of how others hear it."""

    network_id: NetworkId
    id: TestimonyId
    ears: InstanceId
    utterance: UtteranceId
    arbiter: Arbiter
    clock: Clock
    act: Act
    stage: Stage = Stage.SPOKEN
    place: Place | None = None
    settled: bool = False
    selected: StreamSelected | None = None
    """A choice of these ears that is not told yet."""
    final: UtteranceEnded | UtteranceRejected | None = None
    changed: asyncio.Event = field(factory=asyncio.Event, init=False)
    done: asyncio.Event = field(factory=asyncio.Event, init=False)
    """Set once nothing of it is held any more."""
    _last: Testimony | None = field(default=None, init=False)
    _known: int = field(default=0, init=False)

    def note(self, decision: Decision) -> None:
        """These ears have decided something of it."""
        match decision:
            case StreamSelected(provisional=True):
                self.selected = decision
            case UtterancePaused() if self.place in {None, Place.LEADING}:
                self.act(decision)
            case UtteranceEnded():
                self.stage, self.final = Stage.ENDED, decision
            case UtteranceRejected():
                poor = decision.reason is Reason.BELOW_THRESHOLD
                self.stage, self.final = Stage.TOO_POOR if poor else Stage.DROPPED, decision
                if not poor:
                    self.settle(decision)
            case _:
                return
        self.changed.set()

    def testify(self) -> Testimony | None:
        """What is to be told now; None if these ears do not know of it any more."""
        told = self.arbiter.testify(self.utterance, self.id, self.ears, self.stage)
        if told is None:
            return None
        last, self._last = self._last, told
        return told if last is None else told.beyond(last, self._known)

    def heed(self, ruling: Ruling) -> None:
        """Act on what was answered."""
        self._known = ruling.known
        if ruling.place is Place.UNHEARD:
            self.changed.set()
            return
        before, self.place = self.place, ruling.place
        if self.settled or self._last is None:
            return
        match ruling.place:
            case Place.LEADING if before is not Place.LEADING or self.selected is not None:
                self.act(self._selection(self._last, ruling))
                self.selected = None
            case Place.USED:
                self._use(ruling)
            case Place.PASSED_OVER if self.final is not None:
                self.settle(self._passed_over(self.final))

    def alone(self) -> None:
        """Go by these ears only: nobody else can be asked."""
        if self.settled:
            return
        if self.selected is not None and self.place is not Place.LEADING:
            self.act(self.selected)
        self.selected = None
        if self.final is not None:
            self.settle(self.final)

    def settle(self, decision: Decision) -> None:
        """Act for good."""
        self.settled = True
        self.act(decision)

    def _selection(self, told: Testimony, ruling: Ruling) -> StreamSelected:
        """The choice of the stream that stands for these ears, in sight of all others."""
        reason = ruling.reason
        if self.selected is not None and reason is Reason.ONLY_STREAM:
            reason = self.selected.reason
        return StreamSelected(
            utterance=self.utterance,
            client_id=told.client_id,
            quality=told.quality,
            reason=reason,
            provisional=True,
            at=self.clock.micros(),
            competitors=ruling.competitors,
        )

    def _use(self, ruling: Ruling) -> None:
        match self.final:
            case UtteranceEnded() as ended:
                several = len(ruling.competitors) > 1
                self.stage = Stage.USED
                self.settle(
                    evolve(
                        ended,
                        competitors=ruling.competitors,
                        reason=Reason.FINAL_QUALITY if several else Reason.ONLY_STREAM,
                        ended_at=self.clock.micros(),
                    )
                )
            case UtteranceRejected() as rejected:
                self.settle(evolve(rejected, competitors=ruling.competitors))
            case None:
                pass

    def _passed_over(self, final: UtteranceEnded | UtteranceRejected) -> UtteranceRejected:
        return UtteranceRejected(
            utterance=final.utterance,
            client_id=final.client_id,
            reference=final.reference,
            quality=final.quality,
            reason=Reason.HEARD_ALREADY,
            at=self.clock.micros(),
            competitors=final.competitors,
        )


@define(eq=False)
class JointHearing:
    """Lets decisions of one network's ears through, or holds them until all instances agree."""

    bench: Bench
    clock: Clock
    ears: InstanceId
    pace: float = PACE_SECONDS
    _held: dict[tuple[Arbiter, UtteranceId], Held] = field(factory=dict, init=False)
    _tasks: set["asyncio.Task[None]"] = field(factory=set, init=False)
    _count: int = field(default=0, init=False)

    @property
    def held(self) -> int:
        """How many utterances are not agreed on yet."""
        return len(self._held)

    def consider(
        self, network_id: NetworkId, arbiter: Arbiter, decisions: Iterable[Decision], act: Act
    ) -> None:
        """Act on decisions: at once where nobody else has a say, else as soon as that is known."""
        for decision in decisions:
            held = self._held.get((arbiter, decision.utterance))
            if isinstance(decision, SpeechStarted) and not self.bench.alone:
                act(decision)
                self._hold(network_id, arbiter, decision, act)
            elif held is None or not isinstance(decision, HELD):
                act(decision)
            else:
                held.note(decision)

    async def finish(self, seconds: float) -> None:
        """Give what is over, and not settled, so long to be so."""
        waiting = [held.done.wait() for held in self._held.values() if held.final is not None]
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await asyncio.gather(*waiting)

    async def stop(self) -> None:
        """Hold nothing any more, and act on nothing."""
        for held in self._held.values():
            held.settled = True
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _hold(self, network_id: NetworkId, arbiter: Arbiter, started: SpeechStarted, act: Act) -> None:
        self._count += 1
        held = Held(
            network_id=network_id,
            id=TestimonyId(f"{self.ears}.{self._count}"),
            ears=self.ears,
            utterance=started.utterance,
            arbiter=arbiter,
            clock=self.clock,
            act=act,
        )
        self._held[arbiter, started.utterance] = held
        task = asyncio.create_task(self._follow(held))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _follow(self, held: Held) -> None:
        """Tell of an utterance and heed what is answered, until that is settled and was remembered."""
        try:
            async with asyncio.timeout(MOST_SECONDS):
                while not held.settled:
                    if not await self._ask(held):
                        break
                    await self._wait(held)
        except TimeoutError:
            log.warning("an utterance was held for too long", network=held.network_id)
        except Exception:
            log.exception("agreeing on an utterance broke", network=held.network_id)
        finally:
            del self._held[held.arbiter, held.utterance]
            held.alone()
            held.done.set()
        await self._remind(held)

    async def _ask(self, held: Held) -> bool:
        """Tell once; whether there was an answer."""
        held.changed.clear()
        told = held.testify()
        ruling = None if told is None else await self.bench.ask(held.network_id, told)
        if ruling is None:
            return False
        held.heed(ruling)
        return True

    async def _wait(self, held: Held) -> None:
        """Let a moment pass, or less if these ears decide something."""
        pace = self.pace if held.final is None else min(self.pace, WAITING_SECONDS)
        with suppress(TimeoutError):
            async with asyncio.timeout(pace):
                await held.changed.wait()

    async def _remind(self, held: Held) -> None:
        """Go on telling what was used, or dropped, so that whoever takes over knows it."""
        for _ in range(REMINDERS if held.stage is Stage.USED else 1):
            if held.stage not in {Stage.USED, Stage.DROPPED} or not await self._ask(held):
                return
            await asyncio.sleep(self.pace)
