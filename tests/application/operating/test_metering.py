"""Observers hand everything on, and count it."""

from collections.abc import Callable, Mapping

from attrs import define, field

from adapters.memory.audience import InProcessAudience
from adapters.memory.limits import MemoryLimits
from adapters.memory.watchtower import InProcessWatchtower
from application.operating.metering import MeteredAudience, MeteredLimits, see
from application.ports.limits import Charge, Rate
from application.ports.meters import Readings, Sample
from domain.clients import LeaveReason
from domain.events import AudioStreamSelected, Fact, InteractionCreated, LiveNews
from domain.ids import EventId
from domain.interactions import ProcessingStatus
from tests.adapters.residents import MovableClock
from tests.application.household import HALL, KITCHEN
from tests.samples import HOME, NOON, interaction


@define
class Notes:
    """Meters that write down what they are told."""

    told: list[object] = field(factory=list)

    def request(self, *, dialect: str, route: str, method: str, status: int, seconds: float) -> None:
        self.told.append((dialect, route, method, status))

    def socket(self, protocol: str, change: int) -> None:
        self.told.append((protocol, change))

    def sound_taken(self, seconds: float) -> None:
        self.told.append(seconds)

    def sound_dropped(self) -> None:
        self.told.append("dropped")

    def selection(self, reason: str, *, changed: bool) -> None:
        self.told.append((reason, changed))

    def turn(self, status: str, stages: Mapping[str, float]) -> None:
        self.told.append((status, dict(stages)))

    def refusal(self, limit: str) -> None:
        self.told.append(limit)

    def watch(self, name: str, depth: Callable[[], float]) -> None:
        self.told.append((name, depth()))

    def read(self) -> Readings:
        return Readings(content=b"", media_type="text/plain")

    def sample(self) -> Sample:
        return Sample(taken_at=0.0, numbers={}, spreads={})


def selected(reason: str) -> LiveNews:
    event = AudioStreamSelected(
        client_id=KITCHEN, score=5.0, reason=reason, provisional=True, streams=(), at=NOON
    )
    return LiveNews(network_id=HOME, event=event)


async def test_choices_and_turns_are_counted_and_handed_on() -> None:
    notes = Notes()
    inside = InProcessAudience()
    audience = MeteredAudience(inside, notes, InProcessWatchtower())
    turn = interaction("int_1", status=ProcessingStatus.FAILED, timings={"total": 9.0})
    created = InteractionCreated(interaction=turn, at=NOON)
    fact = Fact(id=EventId("evt_1"), network_id=HOME, position=1, event=created)
    with audience.join(HOME, KITCHEN) as inbox:
        audience.tell(selected("only_stream"))
        audience.tell(selected("better_stream"))
        assert inside.unread == 2
        await audience.publish(fact)
        see([fact], notes, InProcessWatchtower())
        assert [await inbox.next() for _ in range(3)][2] is fact
        assert (audience.count(), audience.present(HOME)) == (1, {KITCHEN})
        audience.dismiss(HOME, KITCHEN, LeaveReason.DEREGISTERED)
        assert inbox.leave_reason is LeaveReason.DEREGISTERED
    assert notes.told == [
        ("only_stream", False),
        ("better_stream", True),
        ("failed", {"total": 9.0}),
    ]


async def test_refusals_are_counted_and_handed_on() -> None:
    notes, tower = Notes(), InProcessWatchtower()
    limits = MeteredLimits(MemoryLimits(lambda: 0.0), notes, tower, MovableClock())
    charge = Charge(subject="home", what="requests", rate=Rate(most=1, seconds=60))
    assert (await limits.charge([charge])).allowed
    assert not (await limits.charge([charge])).allowed
    async with limits.seat(HOME, KITCHEN, 1) as first, limits.seat(HOME, HALL, 1) as second:
        assert (first, second) == (True, False)
    assert notes.told == ["requests", "websocket_connections"]
    assert tower.lately().limits == {("requests", "home"): 1, ("websocket_connections", HOME): 1}
