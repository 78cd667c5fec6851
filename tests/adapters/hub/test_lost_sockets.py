"""Sockets of the client library over a cable that can be cut: what is lost is come back to."""

import asyncio
import random

import pytest

from adapters.hub import Hub, HubError
from adapters.hub.commands import AudioResponse
from adapters.hub.events import (
    Reconnected,
    TokenRotated,
    UnknownEvent,
)
from adapters.websocket.endings import SERVER_STOPS
from domain import events as facts
from domain.ids import ClientId, InteractionId, NetworkId
from tests.adapters.hub.cable import Cable
from tests.adapters.hub.numbering import AT, moved_on, numbers
from tests.adapters.websocket.house import House
from tests.patience import PATIENCE, eventually, settled


@pytest.mark.usefixtures("each_store")
async def test_facts_come_once_and_in_order_over_a_cable_that_is_cut(
    house: House, far: Hub, cable: Cable
) -> None:
    network = await house.network()
    phone = await house.client(network)
    chance = random.Random(7)
    async with far.socket(network.id, "phone", phone.token) as socket:
        reading = asyncio.create_task(numbers(socket, 199))
        for number in range(200):
            await house.happen(network, moved_on(number))
            if number in {3, 40, 41, 90, 150, 198}:
                cable.cut()
                await asyncio.sleep(chance.uniform(0, 0.05))
                cable.mend()
            await asyncio.sleep(0.002)
        heard, resumed = await reading
    assert heard == list(range(200))
    assert resumed
    assert all(resumed)
    assert cable.times_connected > 1


async def test_a_client_that_heard_nothing_yet_misses_nothing_either(
    house: House, far: Hub, cable: Cable
) -> None:
    network = await house.network()
    phone = await house.client(network)
    async with far.socket(network.id, "phone", phone.token) as socket:
        cable.cut()
        await eventually(lambda: not socket.connected)
        await house.happen(network, moved_on(1))
        cable.mend()
        assert await numbers(socket, 1) == ([1], [True])


async def test_a_hub_that_stops_is_come_back_to(house: House, hub: Hub) -> None:
    network = await house.network()
    phone = await house.client(network)
    async with hub.socket(network.id, "phone", phone.token) as socket:
        for line in tuple(house.sockets.open_sockets._open):
            line.end(SERVER_STOPS)
        assert (await socket.expect(Reconnected)).resumed


async def test_sound_is_dropped_and_counted_while_the_cable_is_cut(
    house: House, far: Hub, cable: Cable
) -> None:
    phone = await house.client(await house.network())
    async with far.socket("net_home", "phone", phone.token) as socket:
        cable.cut()
        await eventually(lambda: not socket.connected)
        assert not await socket.send_audio(bytes(640))
        assert socket.unsent == 1
        cable.mend()
        await socket.expect(Reconnected)
        assert await socket.send_audio(bytes(640))


async def test_what_is_said_while_the_cable_is_cut_waits(house: House, far: Hub, cable: Cable) -> None:
    network = await house.network()
    phone = await house.client(network)
    async with far.socket(network.id, "phone", phone.token) as socket:
        cable.cut()
        await eventually(lambda: not socket.connected)
        saying = asyncio.create_task(socket.status("muted"))
        await settled()
        assert not saying.done()
        cable.mend()
        await saying
        async with asyncio.timeout(PATIENCE):
            while await shown_status(house, network.id, phone.client.id) != "muted":  # noqa: ASYNC110 - the store tells nobody
                await asyncio.sleep(0.01)


async def shown_status(house: House, network_id: NetworkId, client_id: ClientId) -> str:
    """How a client stands, by the store."""
    async with house.store.snapshot() as tx:
        return (await tx.clients.get(network_id, client_id)).shown_status


async def test_a_token_that_was_replaced_meanwhile_ends_it(house: House, far: Hub, cable: Cable) -> None:
    network = await house.network()
    phone = await house.client(network)
    async with far.socket(network.id, "phone", phone.token) as socket:
        cable.cut()
        await house.client(network)
        cable.mend()
        with pytest.raises(HubError) as caught:
            await socket.expect(UnknownEvent)
        assert caught.value.status == 401


async def test_a_reader_that_is_slow_misses_live_news_and_no_fact(house: House, hub: Hub) -> None:
    network = await house.network()
    phone = await house.client(network)
    async with hub.socket(network.id, "phone", phone.token) as socket:
        for number in range(300):
            await house.happen(network, moved_on(number))
        await asyncio.sleep(0.2)
        for _ in range(10):
            house.tell(network, facts.StreamsMeasured(streams=(), at=AT))
        heard, _ = await numbers(socket, 299)
    assert heard == list(range(300))


async def test_a_device_catches_up_on_its_answers(house: House, far: Hub, cable: Cable) -> None:
    network = await house.network()
    kitchen = await house.client(network, "kitchen")
    async with far.device_socket("kitchen", kitchen.token) as device:
        await eventually(lambda: device.clock.offset is not None)
        for number in range(3):
            cable.cut()
            await eventually(lambda: not device.connected)
            await house.happen(network, answered(number), ClientId("kitchen"))
            cable.mend()
            assert (await device.expect(AudioResponse)).text == str(number)


def answered(number: int) -> facts.InteractionAnswered:
    """An answer with a number, for kitchen."""
    return facts.InteractionAnswered(
        interaction_id=InteractionId(f"int_{number}"),
        client_id=ClientId("kitchen"),
        text=str(number),
        speech=None,
        at=AT,
    )


async def test_a_socket_comes_back_with_the_token_that_it_was_handed(
    house: House, hub: Hub, cable: Cable, far: Hub
) -> None:
    network = await house.network()
    phone = await house.client(network)
    owner = hub.bearing(house.tokens.network(network))
    async with far.socket(network.id, "phone", phone.token) as socket:
        issued = await owner.rotate_token(network.id, "client", client_id="phone")
        rotated = await socket.expect(TokenRotated)
        assert house.tokens.mint.read(rotated.client_token) == house.tokens.mint.read(issued.token)
        cable.cut()
        cable.mend()
        assert (await socket.expect(Reconnected)).resumed
