"""How the hub is, over HTTP."""

import pytest

from adapters.http.meter import RequestMeter


@pytest.mark.parametrize("path", ["/api/v1/health", "/internal/health"])
async def test_health_is_told_to_everybody(house, path):
    await house.network()
    answer = await house.app.test_client().get(path, headers={"Authorization": "Bearer rubbish"})

    assert answer.status_code == 200
    assert await answer.get_json() == {
        "status": "healthy",
        "timestamp": "2026-03-01T12:00:00Z",
        "services": {"database": "healthy"},
        "metrics": {"active_networks": 1, "active_clients": 0, "requests_per_minute": 2},
    }


def test_a_meter_forgets_what_is_a_minute_old():
    now = [1000.0]
    meter = RequestMeter(clock=lambda: now[0])

    told = []
    for second, requests in [(1000.0, 3), (1000.9, 2), (1030.0, 1), (1059.9, 1), (1060.0, 0), (1089.0, 0)]:
        now[0] = second
        for _ in range(requests):
            meter.count()
        told.append(meter.per_minute)
    now[0] = 1e9
    told.append(meter.per_minute)

    assert told == [3, 5, 6, 7, 2, 2, 0]
