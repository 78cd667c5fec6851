"""The watchtower hands everything on, and keeps a little of it, within bounds."""

import pytest
from attrs import evolve

from adapters.memory import watchtower
from adapters.memory.watchtower import BoundedLookout, InProcessWatchtower
from application.ports.watching import LimitHit, Tally, TroubleSeen, TurnSeen
from domain.events import Fact, LiveNews, NetworkDeleted, NetworkUpdated, StreamsMeasured
from domain.ids import ClientId, EventId, InteractionId
from tests.samples import HOME, NOON, SHOP

TURN = TurnSeen(
    network_id=HOME,
    client_id=ClientId("kitchen"),
    interaction_id=InteractionId("int_1"),
    stage="reply",
    spoken=True,
    started_at=NOON,
    at=NOON,
)
TROUBLE = TroubleSeen(code="CONFLICT", message="no", status=409, place="mira.network.get", at=NOON)
MEASURED = LiveNews(network_id=HOME, event=StreamsMeasured(streams=(), at=NOON))


def fact(event: object) -> Fact:
    return Fact(id=EventId("evt_1"), network_id=HOME, position=1, event=event)


async def test_everyone_who_watches_sees_everything_in_order() -> None:
    tower = InProcessWatchtower()
    tower.show(TROUBLE)
    with tower.watch() as first, tower.watch() as second:
        for sight in (TURN, TROUBLE, MEASURED):
            tower.show(sight)
        for lookout in (first, second):
            assert [await lookout.next() for _ in range(3)] == [TURN, TROUBLE, MEASURED]
    tower.show(TURN)
    assert first.missed == 0


async def test_a_slow_lookout_loses_the_oldest_and_is_told() -> None:
    lookout = BoundedLookout(2)
    for sight in (MEASURED, TURN, MEASURED):
        lookout.put(sight)
    assert lookout.missed == 0, "measures are not missed by anybody"
    lookout.put(TROUBLE)
    lookout.put(TROUBLE)
    assert lookout.missed == 1
    assert [await lookout.next(), await lookout.next()] == [TROUBLE, TROUBLE]


def test_networks_are_counted_until_they_are_gone() -> None:
    tower = InProcessWatchtower()
    tower.request(HOME, 0.5, failed=False)
    tower.request(HOME, 1.5, failed=True)
    tower.sound(SHOP, 2.0)
    tower.show(fact(NetworkUpdated(name="Home", at=NOON)))
    seen = Tally(requests=2, failed_requests=1, request_seconds=2.0, facts={"NetworkUpdated": 1})
    assert tower.tally(HOME) == seen
    assert tower.tallies() == {HOME: seen, SHOP: Tally(audio_seconds=2.0)}
    assert seen.since(Tally(requests=1)).requests == 1
    tower.show(fact(NetworkDeleted(at=NOON)))
    assert tower.tally(HOME) == Tally()
    assert HOME not in tower.tallies()


def test_turns_are_kept_while_they_are_under_way() -> None:
    tower = InProcessWatchtower()
    tower.show(TURN)
    tower.show(evolve(TURN, stage="speech"))
    assert [turn.stage for turn in tower.lately().turns] == ["speech"]
    tower.show(evolve(TURN, stage="over"))
    assert tower.lately().turns == ()


def test_what_is_kept_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watchtower, "MOST_SUBJECTS", 2)
    monkeypatch.setattr(watchtower, "MOST_TURNS", 2)
    tower = InProcessWatchtower()
    for number in range(300):
        tower.show(TROUBLE)
        tower.show(evolve(TURN, interaction_id=InteractionId(f"int_{number}")))
        tower.show(LimitHit(limit="requests", subject=f"net_{number % 3}", at=NOON))
    lately = tower.lately()
    assert (len(lately.troubles), len(lately.turns), len(lately.limits)) == (200, 2, 2)
    assert lately.codes == {"CONFLICT": 300}
