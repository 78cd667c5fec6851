"""A hub for devices."""

from collections.abc import AsyncIterator

import pytest

from tests.adapters.websocket.house import House, open_house


@pytest.fixture
async def house() -> AsyncIterator[House]:
    """A running hub with nothing in it."""
    async with open_house() as opened:
        yield opened
