"""The sockets of the client library, against a real hub, over a cable that can be cut."""

import asyncio
import random
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import numpy as np
import pytest

from adapters.hub import Hub, HubError, NetworkSocket, SocketEnded
from adapters.hub.commands import AudioResponse, DeviceError, SyncEvent
from adapters.hub.events import (
    ActionExecuted,
    ClientJoined,
    ClientLeft,
    ContextUpdated,
    ErrorReported,
    InteractionCreated,
    NetworkEvent,
    Reconnected,
    StreamsMeasured,
    TokenRotated,
    UnknownEvent,
    network_event,
)
from adapters.soundfiles import files
from adapters.websocket.endings import SERVER_STOPS
from domain import events as facts
from domain.audio.pcm import Recording
from domain.ids import ClientId, ConversationId, InteractionId, NetworkId
from tests.adapters.hub.cable import Cable, cable_to
from tests.adapters.websocket.house import House
from tests.patience import PATIENCE, eventually
from tests.samples import reminder

AT = datetime(2026, 3, 1, 12, tzinfo=UTC)


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


def moved_on(number: int) -> facts.ContextUpdated:
    """A fact with a number."""
    return facts.ContextUpdated(
        conversation_id=ConversationId(f"conv_{number}"), summary="x", participants=(), at=AT
    )


async def numbers(socket: NetworkSocket, last: int) -> tuple[list[int], list[bool]]:
    """The numbers of the facts that come, up to the last one; and how each reconnection went."""
    heard: list[int] = []
    resumed: list[bool] = []
    async with asyncio.timeout(PATIENCE):
        async for event in socket:
            match event:
                case ContextUpdated():
                    heard.append(int(event.conversation_id.removeprefix("conv_")))
                    if heard[-1] == last:
                        break
                case Reconnected():
                    resumed.append(event.resumed)
                case _:
                    continue
    return heard, resumed


async def test_sound_status_and_events_pass(house: House, hub: Hub) -> None:
    network = await house.network()
    phone = await house.client(network)
    tone = (np.sin(np.arange(1600) / 5) / 2).astype(np.float32)
    async with hub.socket(network.id, "phone", phone.token, capabilities=["audio"]) as socket:
        for _ in range(3):
            assert await socket.send_audio(tone)
        await socket.finish()
        await socket.send_file(files.encode(Recording(samples=tone), "wav"), {"snr": 20.0})
        await socket.status("muted")
        await house.happen(network, moved_on(1))
        assert (await socket.expect(ContextUpdated)).conversation_id == "conv_1"
        await eventually(lambda: len(house.ears.sound.get((network.id, phone.client.id), [])) == 4)
        await eventually(lambda: socket.clock.offset is not None)
    assert house.ears.calls("phone")[:6] == ["join", "hear", "hear", "hear", "finish", "hear"]
    (one, first), (two, _), (three, _), _ = house.ears.sound[network.id, phone.client.id]
    assert (two - one, three - two) == (100_000, 100_000)
    assert np.allclose(first, tone, atol=1 / 32768)
    assert abs(socket.clock.offset or 0) < 1_000_000
    assert socket.clock.round_trip is not None


async def test_bytes_are_as_good_as_samples(house: House, hub: Hub) -> None:
    network = await house.network()
    phone = await house.client(network)
    async with hub.socket(network.id, "phone", phone.token) as socket:
        captured_at = house.clock.micros() - 500_000
        await eventually(lambda: socket.clock.offset is not None)
        await socket.send_audio(bytes(3200), captured_at)
        await eventually(lambda: house.ears.sound)
    ((placed, samples),) = house.ears.sound[network.id, phone.client.id]
    assert len(samples) == 1600
    assert abs(placed - captured_at) < 200_000


async def test_what_is_wrong_is_an_event(house: House, hub: Hub) -> None:
    network = await house.network()
    phone = await house.client(network)
    async with hub.socket(network.id, "phone", phone.token) as socket:
        await socket.send_audio(b"odd")
        error = await socket.expect(ErrorReported)
    assert (error.error_code, error.client_id) == ("VALIDATION_ERROR", "phone")


async def test_a_hub_that_refuses_says_why(house: House, hub: Hub) -> None:
    network = await house.network()
    phone = await house.client(network)
    for name, token, status in (
        (network.id, "nonsense", 401),
        (network.id, house.tokens.network(network), 403),
        ("net_other", phone.token, 404),
    ):
        with pytest.raises(HubError) as caught:
            async with hub.socket(name, "phone", token):
                pass
        assert caught.value.status == status
    with pytest.raises(HubError) as caught:
        async with hub.socket(network.id, "tablet", phone.token):
            pass
    assert caught.value.code == "INVALID_CLIENT_ID"


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
        await asyncio.sleep(0.05)
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


@pytest.mark.parametrize(("how", "code"), [("replaced", 4000), ("deregistered", 4001), ("deleted", 4002)])
async def test_it_ends_where_the_hub_wants_it_no_more(house: House, hub: Hub, how: str, code: int) -> None:
    network = await house.network()
    phone = await house.client(network)
    async with hub.socket(network.id, "phone", phone.token) as socket:
        match how:
            case "replaced":
                async with house.talk(phone):
                    await ends(socket, code)
            case "deregistered":
                await house.hub.deregister_client()(await house.owner(network), phone.client.id)
                await ends(socket, code)
            case _:
                await house.hub.delete_network()(await house.owner(network), network.id)
                await ends(socket, code)
        with pytest.raises(SocketEnded):
            await socket.status("muted")


async def ends(socket: NetworkSocket, code: int) -> None:
    """See a socket end, for its reader and for whoever reads on."""
    for _ in range(2):
        with pytest.raises(SocketEnded) as caught:
            await socket.expect(UnknownEvent)
        assert caught.value.code == code


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


async def test_clients_see_each_other_come_and_go(house: House, hub: Hub) -> None:
    network = await house.network()
    phone, tablet = await house.client(network), await house.client(network, "tablet")
    async with hub.socket(network.id, "phone", phone.token) as socket:
        async with hub.socket(network.id, "tablet", tablet.token, capabilities=["audio"]):
            assert (await socket.expect(ClientJoined)).capabilities == ("audio",)
        assert (await socket.expect(ClientLeft)).reason == "disconnected"


async def test_closing_ends_those_who_read(house: House, hub: Hub) -> None:
    phone = await house.client(await house.network())
    socket = hub.socket("net_home", "phone", phone.token)
    async with socket:
        reading = asyncio.create_task(everything(socket))
        await asyncio.sleep(0.01)
    assert await asyncio.wait_for(reading, PATIENCE) == []


async def everything(socket: NetworkSocket) -> list[NetworkEvent]:
    """Every event until the socket is closed."""
    return [event async for event in socket]


async def test_a_device_types_and_is_answered(house: House, hub: Hub) -> None:
    network = await house.network()
    kitchen, phone = await house.client(network, "kitchen"), await house.client(network)
    async with (
        hub.device_socket("kitchen", kitchen.token) as device,
        hub.socket(network.id, "phone", phone.token) as witness,
    ):
        await device.send_text("tea")
        answer = await device.expect(AudioResponse)
        assert answer.text == "You said tea."
        assert (await hub.fetch_audio(answer.audio_url)).startswith(b"RIFF")
        assert (await witness.expect(ActionExecuted)).result["title"] == "tea"
        created = await witness.expect(InteractionCreated)
        assert (created.interaction_id, created.client_id) == (answer.interaction_id, "kitchen")
        await device.press("talk", "double")
        await device.acknowledge({"switch_complete": True})
        await device.send_text(" ")
        assert (await device.expect(DeviceError)).error_code == "VALIDATION_ERROR"
        due = reminder("rem_1", title="tea", due_time=AT)
        await house.happen(network, facts.ReminderDue(reminder=due, at=AT))
        event = await device.expect(SyncEvent)
        assert (event.event, event.body["title"]) == ("reminder_due", "tea")


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


def test_what_a_newer_hub_says_is_passed_on() -> None:
    body = {"type": "dance", "event_id": "evt_1", "steps": 3}
    assert network_event(body) == UnknownEvent(type="dance", event_id="evt_1", body=body)
    measured = {"type": "streams_measured", "streams": [], "timestamp": "2026-03-01T12:00:00Z", "more": 1}
    assert network_event(measured) == StreamsMeasured(streams=(), timestamp=AT)


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


async def test_a_socket_whose_token_was_revoked_has_ended(house: House, hub: Hub) -> None:
    network = await house.network()
    phone = await house.client(network)
    owner = hub.bearing(house.tokens.network(network))
    async with hub.socket(network.id, "phone", phone.token) as socket:
        narrow = await owner.narrow_token(network.id, {"reminder:read"})
        assert house.tokens.mint.read(narrow.token).scopes == {"reminder:read"}
        registering = await owner.rotate_token(network.id, "registration", uses=2)
        assert registering.uses == 2
        await owner.revoke_token(network.id, "client", client_id="phone")
        with pytest.raises(SocketEnded) as ended:
            await socket.expect(TokenRotated)
        assert ended.value.code == 4005


async def test_a_socket_says_what_it_is_offered_and_resumes_where_another_ended(
    house: House, hub: Hub
) -> None:
    network = await house.network()
    phone, tablet = await house.client(network), await house.client(network, "tablet")
    async with hub.socket(network.id, "tablet", tablet.token, capabilities=["speaker"]) as socket:
        assert socket.features == {"notifications", "context_sync"}
        seen = socket.last_event_id
    async with hub.socket(network.id, "phone", phone.token):
        pass
    async with hub.socket(network.id, "tablet", tablet.token, last_event_id=seen) as socket:
        assert (await socket.expect(ClientJoined)).client_id == "phone"
        assert (await socket.expect(ClientLeft)).reason == "disconnected"
        assert socket.last_event_id != seen
