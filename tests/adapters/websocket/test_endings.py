"""How sockets end, and what the others hear of it."""

import asyncio
from datetime import timedelta

import aiohttp
import pytest

from adapters.websocket.options import SocketOptions
from application.ports.announcing import Inbox
from domain.clients import LeaveReason
from domain.errors import NotFound
from domain.events import ClientLeft
from domain.ids import ClientId
from tests.adapters.websocket.house import House, closing, event_of, open_house
from tests.patience import PATIENCE, eventually


async def status_of(house: House, client_id: str) -> str | None:
    """Whether a client of the network is connected; None when there is no such client."""
    async with house.store.snapshot() as tx:
        try:
            return (await tx.clients.get("net_home", client_id)).connection_status.value
        except NotFound:
            return None


@pytest.mark.usefixtures("each_store")
async def test_a_second_socket_of_a_client_replaces_the_first(house: House) -> None:
    network = await house.network()
    phone, tablet = await house.client(network), await house.client(network, "tablet")
    async with house.talk(tablet) as witness, house.talk(phone) as first:
        await event_of(witness, "client_joined", client_id="phone")
        async with house.talk(phone) as second:
            assert await closing(first) == 4000
            assert (await event_of(witness, "client_left"))["reason"] == "replaced"
            await event_of(witness, "client_joined", client_id="phone")
            await second.send_json({"type": "heartbeat"})
            await event_of(second, "heartbeat_ack")
            assert await status_of(house, "phone") == "connected"
            assert [call for call in house.ears.calls("phone") if call == "join"] == ["join", "join"]
            assert house.ears.calls("phone")[-1] == "join"
            assert house.audience.present("net_home") == {"phone", "tablet"}
        assert (await event_of(witness, "client_left"))["reason"] == "disconnected"
    assert house.ears.calls("phone")[-2:] == ["join", "leave"]


async def test_the_socket_of_a_client_that_is_deregistered_is_closed(house: House) -> None:
    network = await house.network()
    phone, tablet = await house.client(network), await house.client(network, "tablet")
    async with house.talk(tablet) as witness, house.talk(phone) as socket:
        await house.hub.deregister_client()(await house.owner(network), phone.client.id)
        assert await closing(socket) == 4001
        assert (await event_of(witness, "client_left"))["reason"] == "deregistered"
    await eventually(lambda: house.ears.calls("phone") == ["join", "leave"])
    assert await status_of(house, "phone") is None


async def test_the_sockets_of_a_network_that_is_deleted_are_closed(house: House) -> None:
    network = await house.network()
    phone, tablet = await house.client(network), await house.client(network, "tablet")
    async with house.talk(phone) as first, house.open("tablet", tablet.token) as second:
        await eventually(lambda: len(house.audience.present("net_home")) == 2)
        await house.hub.delete_network()(await house.owner(network), network.id)
        assert await closing(first) == 4002
        assert await closing(second) == 4002


@pytest.mark.parametrize("mira", [True, False])
async def test_a_client_that_falls_silent_times_out(mira: bool) -> None:
    async with open_house(heartbeat_timeout=timedelta(seconds=0.4)) as house:
        network = await house.network()
        phone = await house.client(network)
        with house.audience.join(network.id, ClientId("witness")) as inbox:
            silent = house.talk(phone) if mira else house.open("phone", phone.token)
            async with silent as socket:
                assert await closing(socket) == 4003
            async with asyncio.timeout(PATIENCE):
                while not isinstance(left := await told(inbox), ClientLeft):
                    pass
        assert left.reason is LeaveReason.TIMEOUT
        assert await status_of(house, "phone") == "disconnected"


async def told(inbox: Inbox) -> object:
    """What happened, as the next in an inbox tells it."""
    announcement = await inbox.next()
    assert announcement is not None
    return announcement.event


async def test_a_handshake_must_come_in_time() -> None:
    async with open_house(handshake_timeout=timedelta(seconds=0.2)) as house:
        phone = await house.client(await house.network())
        async with house.open("net_home", phone.token) as socket:
            assert await closing(socket) == 4004
        assert await status_of(house, "phone") == "disconnected"
        assert house.ears.heard == []


@pytest.mark.parametrize("greeted", [True, False])
async def test_nothing_but_rubbish_ends_a_socket(greeted: bool) -> None:
    async with open_house(most_malformed=5) as house:
        phone = await house.client(await house.network())
        opened = house.talk(phone) if greeted else house.open("net_home", phone.token)
        async with opened as socket:
            for _ in range(6):
                await socket.send_str("rubbish")
            assert await closing(socket) == 1008


async def test_rubbish_now_and_then_does_not() -> None:
    async with open_house(most_malformed=2) as house:
        phone = await house.client(await house.network())
        async with house.talk(phone) as socket:
            for _ in range(5):
                await socket.send_str("rubbish")
                await socket.send_json({"type": "heartbeat"})
                await event_of(socket, "heartbeat_ack")


async def test_a_hub_that_stops_says_so() -> None:
    async with open_house() as house:
        network = await house.network()
        phone, tablet = await house.client(network), await house.client(network, "tablet")
        late = await house.client(network, "late")
        async with (
            house.talk(phone) as one,
            house.open("tablet", tablet.token) as two,
            house.open("net_home", late.token) as three,
        ):
            await eventually(lambda: len(house.sockets.open_sockets) == 3)
            await asyncio.gather(
                house.sockets.close(turns=1, goodbyes=PATIENCE), closing(one), closing(two), closing(three)
            )
            assert [one.close_code, two.close_code, three.close_code] == [1001, 1001, 1001]
        assert len(house.sockets.open_sockets) == 0
        assert await status_of(house, "phone") == "disconnected"


async def test_a_hub_that_stops_lets_a_typed_turn_end_first() -> None:
    async with open_house() as house:
        device = await house.client(await house.network(), "kitchen")
        async with house.open("kitchen", device.token) as socket:
            await socket.send_json({"type": "text_input", "payload": {"text": "wait 0.5"}})
            await eventually(lambda: house.sockets.typed_turns._workers)
            await house.sockets.finish_turns(PATIENCE)
            answer = await event_of(socket, "audio_response")
            assert answer["payload"]["text"] == "You said wait 0.5."
            await house.sockets.close()


async def test_a_client_that_vanishes_is_disconnected(house: House) -> None:
    phone = await house.client(await house.network())
    async with house.talk(phone) as socket:
        assert socket._response.connection is not None
        assert socket._response.connection.transport is not None
        socket._response.connection.transport.abort()
        await eventually(lambda: not house.audience.present("net_home"))
    await eventually(lambda: len(house.sockets.open_sockets) == 0)
    assert await status_of(house, "phone") == "disconnected"
    assert house.ears.calls("phone") == ["join", "leave"]


async def test_a_flood_leaves_nothing_behind() -> None:
    async with open_house(most_malformed=5) as house:
        phone = await house.client(await house.network())
        for _ in range(3):
            async with house.open("net_home", phone.token) as socket:
                for _ in range(5_000):
                    await socket.send_bytes(bytes(100))
                assert await closing(socket) == 1008
        await eventually(lambda: connections() == 0)
        assert len(house.sockets.open_sockets) == 0


def connections() -> int:
    """How many connections the server holds."""
    names = [task.get_coro().__qualname__ for task in asyncio.all_tasks()]
    return sum("_server_callback" in name for name in names)


def test_the_patience_of_the_document_is_the_default() -> None:
    assert SocketOptions().handshake_timeout == timedelta(seconds=10)
    assert SocketOptions().heartbeat_timeout == timedelta(seconds=60)


async def test_a_revoked_token_ends_the_socket_that_it_opened(house: House) -> None:
    network = await house.network()
    phone, tablet = await house.client(network), await house.client(network, "tablet")
    async with house.talk(tablet) as witness, house.talk(phone) as socket:
        await event_of(witness, "client_joined", client_id="phone")
        await house.hub.revoke_client_token()(await house.owner(network), network.id, phone.client.id)
        assert await closing(socket) == 4005
        assert (await event_of(witness, "client_left"))["reason"] == "disconnected"


async def test_a_rotated_token_is_handed_over_and_the_socket_stays(house: House) -> None:
    network = await house.network()
    phone, tablet = await house.client(network), await house.client(network, "tablet")
    async with house.talk(tablet) as witness, house.talk(phone) as socket:
        issued = await house.hub.rotate_client_token()(
            await house.owner(network), network.id, phone.client.id
        )
        event = await event_of(socket, "token_rotated")
        new = event["client_token"]
        assert house.tokens.mint.read(new) == house.tokens.mint.read(issued.token)
        await socket.send_json({"type": "heartbeat"})
        await event_of(socket, "heartbeat_ack")
        with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
            async with house.open("net_home", phone.token):
                pass
        assert refused.value.status == 401
        async with house.open("net_home", new) as second:
            await second.send_json({"type": "handshake", "last_event_id": event["event_id"]})
            assert (await event_of(second, "handshake_ack"))["resumed"]
        await witness.send_json({"type": "heartbeat"})
        async with asyncio.timeout(PATIENCE):
            while (told := await witness.receive_json())["type"] != "heartbeat_ack":
                assert told["type"] != "token_rotated"


async def test_a_device_is_handed_its_token_too(house: House) -> None:
    network = await house.network()
    phone = await house.client(network)
    async with house.open("phone", phone.token) as socket:
        await eventually(lambda: house.audience.present("net_home"))
        await eventually(lambda: house.ears.calls("phone"))
        issued = await house.hub.rotate_client_token()(
            await house.owner(network), network.id, phone.client.id
        )
        command = await event_of(socket, "token_rotated")
        handed = command["payload"]["auth_token"]
        assert house.tokens.mint.read(handed) == house.tokens.mint.read(issued.token)
