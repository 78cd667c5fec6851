"""A hub for devices."""

from collections.abc import AsyncIterator

import pytest

from tests.adapters.websocket.house import House, open_house
from tests.patience import PATIENCE


@pytest.fixture(autouse=True)
def _patient_ears(monkeypatch: pytest.MonkeyPatch) -> None:
    """No ear gives its microphone up because a test is slow to let it hear something."""
    monkeypatch.setattr("entrypoints.device.hearing.LONGEST_PAUSE", PATIENCE)


@pytest.fixture
async def house() -> AsyncIterator[House]:
    """A running hub with nothing in it."""
    async with open_house() as opened:
        yield opened
