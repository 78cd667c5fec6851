"""The pulse: rates, levels and percentiles, a second at a time."""

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.memory.transactions import MemoryTransactions
from adapters.memory.watchtower import InProcessWatchtower
from adapters.prometheus.meters import PrometheusMeters
from application.operating.pulse import Pulse
from application.ports.meters import Spread
from domain.events import NetworkUpdated
from tests import samples
from tests.adapters.residents import MovableClock
from tests.patience import PATIENCE
from tests.samples import HOME, NOON

BOUNDS = (0.1, 0.2, 0.5, float("inf"))


def test_quantiles_are_interpolated_within_bounds() -> None:
    spread = Spread(bounds=BOUNDS, counts=(10, 20, 20, 20))
    assert spread.quantile(0.25) == pytest.approx(0.05)
    assert spread.quantile(0.5) == pytest.approx(0.1)
    assert spread.quantile(0.75) == pytest.approx(0.15)
    assert Spread(bounds=BOUNDS, counts=(0, 0, 0, 4)).quantile(0.9) == 0.5


@given(st.lists(st.integers(0, 50), min_size=4, max_size=4), st.floats(0, 1), st.floats(0, 1))
def test_a_higher_share_takes_no_less(added: list[int], one: float, other: float) -> None:
    counts = tuple(float(sum(added[: i + 1])) for i in range(4))
    spread = Spread(bounds=BOUNDS, counts=counts)
    low, high = sorted((one, other))
    assert spread.quantile(low) <= spread.quantile(high) + 1e-9


@pytest.fixture
def pulse() -> Pulse:
    return Pulse(PrometheusMeters(), InProcessWatchtower(), MemoryTransactions(), MovableClock())


async def test_a_beat_tells_what_came_since_the_one_before(pulse: Pulse) -> None:
    async with pulse.transactions.begin() as tx:
        await tx.networks.add(samples.network())
        await tx.outbox.append(HOME, NetworkUpdated(name="Home", at=NOON))
    await pulse.beat()
    for status in (200, 200, 404, 500):
        pulse.meters.request(dialect="mira", route="/", method="GET", status=status, seconds=0.15)
    pulse.meters.turn("completed", {"reply": 30.0})
    pulse.tower.request(HOME, 0.1, failed=False)
    await asyncio.sleep(0.01)
    await pulse.beat()
    figures = pulse.past[-1]
    rates = figures.rates
    assert rates["requests"] == pytest.approx(4 * rates["failed"])
    assert rates["refused"] == pytest.approx(rates["failed"])
    assert figures.latencies["requests"].count == 4
    assert 100 <= figures.latencies["requests"].p50 <= 250
    assert figures.latencies["turn.reply"].count == 1
    assert figures.levels["networks"] == 1
    assert figures.levels["outbox"] == 1
    assert figures.levels["queue.uploads"] == 0
    assert pulse.activity[HOME].requests == 1
    await pulse.beat()
    assert pulse.past[-1].rates["requests"] == 0
    assert pulse.activity == {}


async def test_whoever_waits_gets_the_next_beat(pulse: Pulse) -> None:
    running = asyncio.create_task(pulse.run())
    async with asyncio.timeout(PATIENCE):
        first = await pulse.next()
        second = await pulse.next()
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    assert first is not second
