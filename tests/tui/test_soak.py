"""Ten minutes of a big, busy hub, passed quickly: the dashboard does not grow."""

import gc
import resource
from datetime import timedelta
from pathlib import Path

import pytest

from adapters.hub.operating import ClientSeen, NetworkSeen
from adapters.hub.operator_events import operator_event
from adapters.hub.reading import read
from benchmarks.dashboard import crowd
from benchmarks.dashboard.crowd import Crowd
from tests.tui.standing_hub import StandingLink
from tests.tui.standstill import NOW, standing_picture
from tui.app import Dashboard
from tui.picture import FLOW_KEPT, OVER_KEPT, TROUBLES_KEPT

MINUTES, EVENTS_A_SECOND = 10, 500
WARM_MINUTES = 2
MOST_GROWTH = 6.0
"""Megabytes; 8 minutes of events that were kept would be more than 200."""


def resident() -> float:
    """Megabytes that this process holds."""
    gc.collect()
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize() / 1e6


@pytest.mark.slow
async def test_ten_minutes_of_500_events_a_second_leave_memory_flat(monkeypatch: pytest.MonkeyPatch) -> None:
    busy, second = Crowd(networks=100, clients=1000, events_per_second=EVENTS_A_SECOND), 0

    def simulated() -> str:
        return (NOW + timedelta(seconds=second)).isoformat()

    monkeypatch.setattr(crowd, "now", simulated)
    picture = standing_picture()
    picture.put_networks([read(busy.network(i), NetworkSeen) for i in range(busy.networks)], all_of_them=True)
    picture.put_clients([read(busy.client(i), ClientSeen) for i in range(busy.clients)], all_of_them=True)
    dashboard, held = Dashboard(StandingLink(picture), page="health"), 0.0
    async with dashboard.run_test(size=(120, 40)) as pilot:
        for second in range(MINUTES * 60):
            for _ in range(EVENTS_A_SECOND):
                picture.take(operator_event(busy.event()))
            told = {"type": "figures", **crowd.figures(), "networks": busy.activity()}
            picture.take(operator_event(told))
            if second % 10 == 0:
                await pilot.press(str(second // 10 % 3 + 1))
            if second == WARM_MINUTES * 60:
                held = resident()
        assert resident() - held < MOST_GROWTH
    assert (len(picture.flow), len(picture.over)) == (FLOW_KEPT, OVER_KEPT)
    assert len(picture.troubles) == TROUBLES_KEPT
    assert (len(picture.networks), len(picture.clients)) == (busy.networks, busy.clients)
