"""Watching a hub through the client library, over a cable that can be cut."""

import asyncio
from typing import TypeVar

import pytest

from adapters.hub import Hub, HubError
from adapters.hub.events import Reconnected
from adapters.hub.operator_events import FactTold, StreamsNow
from adapters.hub.operator_socket import OperatorSocket
from tests.adapters.hub.cable import cable_to
from tests.adapters.websocket.house import House
from tests.patience import PATIENCE
from tests.samples import renamed

Event = TypeVar("Event")


async def next_of(socket: OperatorSocket, sort: type[Event]) -> Event:
    """Read until an event of a sort comes."""
    async with asyncio.timeout(PATIENCE):
        async for event in socket:
            if isinstance(event, sort):
                return event
    raise AssertionError("the socket ended")


async def test_nothing_falls_between_the_subscription_and_the_snapshot(house: House, hub: Hub) -> None:
    network = await house.network()
    async with (
        Hub(house.url, house.tokens.operator()) as operator,
        operator.operator_socket() as socket,
    ):
        event_id = await house.happen(network, renamed("Castle"))
        snapshot = await operator.find_networks()
        assert [one.network_id for one in snapshot.items] == [network.id]
        fact = await next_of(socket, FactTold)
        assert (fact.event_id, fact.network_id) == (event_id, network.id)


async def test_a_lost_socket_comes_back_and_watches_what_was_watched(house: House) -> None:
    network = await house.network()
    async with (
        cable_to(house.url) as cable,
        Hub(cable.url, house.tokens.operator()) as operator,
        operator.operator_socket() as socket,
    ):
        await socket.watch(networks=[network.id])
        await next_of(socket, StreamsNow)
        cable.cut()
        cable.mend()
        back = await next_of(socket, Reconnected)
        assert not back.resumed
        told = await next_of(socket, StreamsNow)
        assert told.network_id == network.id


async def test_nobody_else_is_let_in(house: House) -> None:
    network = await house.network()
    async with Hub(house.url, house.tokens.network(network)) as owner:
        with pytest.raises(HubError) as refused:
            async with owner.operator_socket():
                pass
    assert (refused.value.status, refused.value.code) == (403, "FORBIDDEN")
