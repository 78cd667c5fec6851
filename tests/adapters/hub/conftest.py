"""A hub, and a client library that speaks to it."""

from collections.abc import AsyncIterator

import pytest

from adapters.hub import Hub
from tests.adapters.hub.cable import Cable, cable_to
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


@pytest.fixture
async def cable(house: House) -> AsyncIterator[Cable]:
    """A cable to the hub."""
    async with cable_to(house.url) as laid:
        yield laid


@pytest.fixture
async def far(cable: Cable) -> AsyncIterator[Hub]:
    """The hub at the other end of the cable."""
    async with Hub(cable.url) as opened:
        yield opened
