"""A hub, and a client library that speaks to it."""

from collections.abc import AsyncIterator

import pytest

from adapters.hub import Hub
from tests.adapters.websocket.house import House, open_house


@pytest.fixture
async def house() -> AsyncIterator[House]:
    """A running hub with nothing in it."""
    async with open_house() as opened:
        yield opened


@pytest.fixture
async def hub(house: House) -> AsyncIterator[Hub]:
    """The same hub, from outside, with nobody's token."""
    async with Hub(house.url) as opened:
        yield opened
