"""The sockets of the client library, against a real hub."""

import asyncio

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
    StreamsMeasured,
    TokenRotated,
    UnknownEvent,
    network_event,
)
from adapters.soundfiles import files
from domain import events as facts
from domain.audio.pcm import Recording
from tests.adapters.hub.numbering import AT, moved_on
from tests.adapters.websocket.house import House
from tests.patience import PATIENCE, eventually
from tests.samples import reminder


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
    assert socket.clock.round_trip is not None
    assert abs(socket.clock.offset or 0) <= socket.clock.round_trip


async def test_bytes_are_as_good_as_samples(house: House, hub: Hub) -> None:
    network = await house.network()
    phone = await house.client(network)
    async with hub.socket(network.id, "phone", phone.token) as socket:
        captured_at = house.clock.micros() - 5_000_000
        await eventually(lambda: socket.clock.offset is not None)
        await socket.send_audio(bytes(3200), captured_at)
        await eventually(lambda: house.ears.sound)
    ((placed, samples),) = house.ears.sound[network.id, phone.client.id]
    assert len(samples) == 1600
    assert abs(placed - captured_at) < 2_000_000


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


def test_what_a_newer_hub_says_is_passed_on() -> None:
    body = {"type": "dance", "event_id": "evt_1", "steps": 3}
    assert network_event(body) == UnknownEvent(type="dance", event_id="evt_1", body=body)
    measured = {"type": "streams_measured", "streams": [], "timestamp": "2026-03-01T12:00:00Z", "more": 1}
    assert network_event(measured) == StreamsMeasured(streams=(), timestamp=AT)


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
