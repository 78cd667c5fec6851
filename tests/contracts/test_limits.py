"""What everything that counts against limits does."""

import asyncio
from collections.abc import Callable

import pytest
from attrs import define
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adapters.memory.limits import MemoryLimits
from application.ports.limits import Charge, Limits, Rate
from domain.ids import ClientId
from tests.samples import HOME, SHOP

KITCHEN, HALL = ClientId("kitchen"), ClientId("hall")


@define
class Hand:
    """The hand of a clock, in seconds."""

    at: float = 1000.0

    def __call__(self) -> float:
        return self.at


OpenLimits = Callable[[Hand], Limits]


@pytest.fixture(params=[MemoryLimits], ids=["memory"])
def open_limits(request: pytest.FixtureRequest) -> OpenLimits:
    """Something that counts, by a clock of the test's."""
    made: OpenLimits = request.param
    return made


def deed(subject: str = "home", what: str = "requests", most: int = 3, seconds: int = 10) -> Charge:
    return Charge(subject=subject, what=what, rate=Rate(most=most, seconds=seconds))


steps = st.lists(st.tuples(st.floats(0, 8), st.sampled_from(["home", "shop"])), max_size=60)


@given(steps=steps, most=st.integers(1, 5), seconds=st.integers(1, 20))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_in_no_stretch_of_time_is_there_more_than_may_be_and_nobody_is_refused_before(
    open_limits: OpenLimits, steps: list[tuple[float, str]], most: int, seconds: int
) -> None:
    """The oracle keeps every moment at which something was allowed."""
    hand = Hand()
    limits = open_limits(hand)
    allowed: dict[str, list[float]] = {"home": [], "shop": []}
    for lapse, subject in steps:
        hand.at += lapse
        standing = await limits.charge([deed(subject, most=most, seconds=seconds)])
        recent = [at for at in allowed[subject] if at > hand.at - seconds]
        assert standing.allowed == (len(recent) < most)
        if standing.allowed:
            allowed[subject].append(hand.at)
        counted = len(recent) + standing.allowed
        assert (standing.limit, standing.remaining) == (most, most - counted)
        assert standing.resets_in == pytest.approx(([*recent, hand.at][0] + seconds) - hand.at)


async def test_a_deed_counts_against_all_of_its_limits_or_against_none(open_limits: OpenLimits) -> None:
    limits = open_limits(Hand())
    wide, narrow = deed(most=5), deed("home/kitchen", most=2)
    for left in (1, 0):
        assert (await limits.charge([wide, narrow])).remaining == left
    refused = await limits.charge([wide, narrow])
    assert (refused.allowed, refused.what, refused.limit) == (False, "requests", 2)
    assert (await limits.charge([wide])).remaining == 2


async def test_one_who_is_refused_may_come_again_when_it_was_said(open_limits: OpenLimits) -> None:
    hand = Hand()
    limits = open_limits(hand)
    for _ in range(3):
        await limits.charge([deed()])
        hand.at += 1
    refused = await limits.charge([deed()])
    assert not refused.allowed
    hand.at += refused.resets_in - 0.001
    assert not (await limits.charge([deed()])).allowed
    hand.at += 0.002
    assert (await limits.charge([deed()])).allowed


async def test_a_limit_that_was_lowered_or_raised_counts_at_once(open_limits: OpenLimits) -> None:
    limits = open_limits(Hand())
    for _ in range(3):
        assert (await limits.charge([deed()])).allowed
    assert not (await limits.charge([deed(most=2)])).allowed
    raised = await limits.charge([deed(most=5)])
    assert (raised.allowed, raised.remaining) == (True, 1)


async def test_many_at_once_are_counted_exactly(open_limits: OpenLimits) -> None:
    limits = open_limits(Hand())
    standings = await asyncio.gather(*(limits.charge([deed(most=20)]) for _ in range(100)))
    assert sum(standing.allowed for standing in standings) == 20


async def test_seats_are_given_back_and_each_network_has_its_own(open_limits: OpenLimits) -> None:
    limits = open_limits(Hand())
    async with limits.seat(HOME, KITCHEN, 1) as first:
        async with limits.seat(HOME, HALL, 1) as second, limits.seat(SHOP, HALL, 1) as other:
            assert (first, second, other) == (True, False, True)
        async with limits.seat(HOME, HALL, 2) as raised:
            assert raised
    async with limits.seat(HOME, HALL, 1) as again:
        assert again


async def test_a_client_that_comes_back_needs_no_second_seat_but_has_no_third(
    open_limits: OpenLimits,
) -> None:
    limits = open_limits(Hand())
    async with limits.seat(HOME, KITCHEN, 1), limits.seat(HOME, KITCHEN, 1) as back:
        assert back
        async with limits.seat(HOME, KITCHEN, 1) as third, limits.seat(HOME, HALL, 1) as other:
            assert not third
            assert not other


async def test_memory_forgets_those_who_were_idle_for_longest() -> None:
    limits = MemoryLimits(Hand(), most_keys=10)
    for number in range(1000):
        await limits.charge([deed("steady")])
        await limits.charge([deed(f"passer-by {number}")])
    assert len(limits) == 10
    assert not (await limits.charge([deed("steady")])).allowed
