"""The watchtower of one hub process: everyone who watches it, and a little of its past."""

import asyncio
from collections import Counter, OrderedDict, deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Final

from attrs import define, field

from application.ports.watching import Lately, LimitHit, Sight, Tally, TroubleSeen, TurnSeen
from domain.events import ErrorOccurred, Fact, InteractionCreated, LiveNews, NetworkDeleted, StreamsMeasured
from domain.ids import InteractionId, NetworkId

MOST_SIGHTS: Final = 4096
MOST_TROUBLES: Final = 200
MOST_TURNS: Final = 512
MOST_SUBJECTS: Final = 1000
MOST_CODES: Final = 200
OVER: Final = "over"


def _no_one(_: Sight) -> None:
    """Tell no one."""


@define(eq=False)
class BoundedLookout:
    """Keeps sights for one operator; the oldest makes room, measures of streams before anything else."""

    _most: int = MOST_SIGHTS
    _sights: deque[Sight] = field(factory=deque, init=False)
    _changed: asyncio.Event = field(factory=asyncio.Event, init=False)
    _missed: int = field(default=0, init=False)

    @property
    def missed(self) -> int:
        """How many sights the operator was too slow for; measures of streams do not count."""
        return self._missed

    async def next(self) -> Sight:
        """The next sight; waits until there is one."""
        while not self._sights:
            self._changed.clear()
            await self._changed.wait()
        return self._sights.popleft()

    def put(self, sight: Sight) -> None:
        """Take a sight in."""
        if len(self._sights) == self._most:
            if _fleeting(sight):
                return
            self._missed += not _fleeting(self._sights.popleft())
        self._sights.append(sight)
        self._changed.set()


def _fleeting(sight: Sight) -> bool:
    return isinstance(sight, LiveNews) and isinstance(sight.event, StreamsMeasured)


@define
class _Count:
    """How busy one network has been, while it is counted."""

    requests: int = 0
    failed_requests: int = 0
    request_seconds: float = 0.0
    audio_seconds: float = 0.0
    turns: int = 0
    facts: Counter[str] = field(factory=Counter)

    def tally(self) -> Tally:
        """What was counted so far."""
        return Tally(
            requests=self.requests,
            failed_requests=self.failed_requests,
            request_seconds=self.request_seconds,
            audio_seconds=self.audio_seconds,
            turns=self.turns,
            facts=dict(self.facts),
        )


@define(eq=False)
class InProcessWatchtower:
    """Belongs to one event loop; on_show is told of what other instances may want to show."""

    on_show: Callable[[Sight], None] = _no_one
    _lookouts: list[BoundedLookout] = field(factory=list, init=False)
    _counts: dict[NetworkId, _Count] = field(factory=dict, init=False)
    _turns: OrderedDict[InteractionId, TurnSeen] = field(factory=OrderedDict, init=False)
    _troubles: deque[TroubleSeen] = field(factory=lambda: deque(maxlen=MOST_TROUBLES), init=False)
    _limits: OrderedDict[tuple[str, str], int] = field(factory=OrderedDict, init=False)
    _codes: Counter[str] = field(factory=Counter, init=False)

    def show(self, sight: Sight) -> None:
        """Something happens: note it, and hand it to everyone who watches."""
        self._note(sight)
        self.pass_on(sight)
        self.on_show(sight)

    def pass_on(self, sight: Sight) -> None:
        """Hand what happened, here or in another instance, to those who watch here."""
        for lookout in self._lookouts:
            lookout.put(sight)

    @property
    def is_watched(self) -> bool:
        """Whether anybody watches here."""
        return bool(self._lookouts)

    def request(self, network_id: NetworkId, seconds: float, *, failed: bool) -> None:
        """A request about a network was answered."""
        count = self._count(network_id)
        count.requests += 1
        count.failed_requests += failed
        count.request_seconds += seconds

    def sound(self, network_id: NetworkId, seconds: float) -> None:
        """So much sound of a network was taken in."""
        self._count(network_id).audio_seconds += seconds

    def tally(self, network_id: NetworkId) -> Tally:
        """How busy a network has been."""
        count = self._counts.get(network_id)
        return Tally() if count is None else count.tally()

    def tallies(self) -> Mapping[NetworkId, Tally]:
        """How busy every network has been of which anything was seen."""
        return {network_id: count.tally() for network_id, count in self._counts.items()}

    @contextmanager
    def watch(self) -> Iterator[BoundedLookout]:
        """See everything that happens while the block lasts."""
        lookout = BoundedLookout()
        self._lookouts.append(lookout)
        try:
            yield lookout
        finally:
            self._lookouts.remove(lookout)

    def lately(self) -> Lately:
        """What was seen last."""
        return Lately(
            turns=tuple(self._turns.values()),
            troubles=tuple(self._troubles),
            limits=dict(self._limits),
            codes=dict(self._codes),
        )

    def _count(self, network_id: NetworkId) -> _Count:
        return self._counts.setdefault(network_id, _Count())

    def _note(self, sight: Sight) -> None:
        match sight:
            case Fact():
                self._note_fact(sight)
            case TurnSeen():
                self._note_turn(sight)
            case TroubleSeen():
                self._note_trouble(sight)
            case LimitHit():
                self._note_limit(sight)
            case LiveNews(event=ErrorOccurred() as error):
                self._codes[error.code] += 1
            case LiveNews():
                pass

    def _note_fact(self, fact: Fact) -> None:
        if isinstance(fact.event, NetworkDeleted):
            self._counts.pop(fact.network_id, None)
            return
        count = self._count(fact.network_id)
        count.facts[type(fact.event).__name__] += 1
        count.turns += isinstance(fact.event, InteractionCreated)

    def _note_turn(self, turn: TurnSeen) -> None:
        self._turns.pop(turn.interaction_id, None)
        if turn.stage != OVER:
            self._turns[turn.interaction_id] = turn
            while len(self._turns) > MOST_TURNS:
                self._turns.popitem(last=False)

    def _note_trouble(self, trouble: TroubleSeen) -> None:
        self._troubles.append(trouble)
        if trouble.code in self._codes or len(self._codes) < MOST_CODES:
            self._codes[trouble.code] += 1

    def _note_limit(self, hit: LimitHit) -> None:
        key = (hit.limit, hit.subject)
        self._limits[key] = self._limits.pop(key, 0) + 1
        while len(self._limits) > MOST_SUBJECTS:
            self._limits.popitem(last=False)
