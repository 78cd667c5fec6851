"""The mira protocol over a real socket."""

import base64
import json
import struct

import numpy as np
import pytest

from adapters.soundfiles import files
from domain.audio.pcm import Recording
from domain.events import AudioStreamSelected, ReminderDue
from tests.adapters.websocket.house import House, event_of
from tests.patience import PATIENCE, eventually
from tests.samples import NOON, reminder


async def test_a_handshake_is_answered_before_anything_else(house: House) -> None:
    phone = await house.client(await house.network())
    async with house.open("net_home", phone.token) as socket:
        await socket.send_json(
            {"type": "handshake", "client_id": "phone", "capabilities": ["audio"], "version": "1.0.0"}
        )
        answer = await socket.receive_json(timeout=PATIENCE)
    assert answer.pop("server_time") == answer.pop("timestamp")
    assert answer.pop("last_event_id").startswith("evt_")
    assert answer == {
        "type": "handshake_ack",
        "status": "connected",
        "features": ["real_time_audio", "notifications", "context_sync", "binary_audio"],
        "client_id": "phone",
        "network_id": "net_home",
        "resumed": False,
    }


async def test_sound_comes_to_the_hubs_ears(house: House) -> None:
    network = await house.network()
    phone = await house.client(network)
    values = np.arange(-800, 800, dtype="<i2")
    async with house.talk(phone) as socket:
        now = house.clock.micros()
        await socket.send_json({"type": "heartbeat", "timestamp": now})
        beat = await event_of(socket, "heartbeat_ack")
        await socket.send_bytes(struct.pack("<Q", now) + values.tobytes())
        await socket.send_json(
            {"type": "audio_data", "audio_buffer": base64.b64encode(values.tobytes()).decode()}
        )
        await socket.send_json({"type": "audio_end"})
        await socket.send_json({"type": "heartbeat"})
        await event_of(socket, "heartbeat_ack")
    assert beat["echo"] == now
    assert now <= beat["received_at"] <= beat["sent_at"] <= house.clock.micros()
    assert house.ears.calls("phone")[:4] == ["join", "hear", "hear", "finish"]
    (first, one), (second, other) = house.ears.sound[network.id, phone.client.id]
    assert (one * 32768).astype(int).tolist() == (other * 32768).astype(int).tolist() == values.tolist()
    assert first is not None
    assert now <= first < now + 500_000
    assert second is None


async def test_a_sound_file_in_base64_is_decoded(house: House) -> None:
    network = await house.network()
    phone = await house.client(network)
    tone = np.sin(np.arange(8_000) / 8).astype(np.float32) / 2
    file = files.encode(Recording(samples=tone, sample_rate=8_000), "flac")
    async with house.talk(phone) as socket:
        await socket.send_json({"type": "audio_data", "audio_buffer": base64.b64encode(file).decode()})
        await eventually(lambda: house.ears.sound)
    ((_, samples),) = house.ears.sound[network.id, phone.client.id]
    assert len(samples) == 16_000


async def test_what_a_client_measured_itself_is_handed_on_with_its_sound(house: House) -> None:
    network = await house.network()
    phone = await house.client(network)
    sound = base64.b64encode(bytes(320)).decode()
    async with house.talk(phone) as socket:
        hint = {"snr": 25.5, "volume_level": 0.7}
        await socket.send_json({"type": "audio_data", "audio_buffer": sound, "quality_metrics": hint})
        await socket.send_json({"type": "audio_data", "audio_buffer": sound})
        await eventually(lambda: house.ears.calls("phone").count("hear") == 2)
    assert house.ears.hints[network.id, phone.client.id] == hint


async def test_the_status_of_a_client_is_kept(house: House) -> None:
    network = await house.network()
    phone = await house.client(network)
    async with house.talk(phone, capabilities=["audio"]) as socket:
        await socket.send_json(
            {
                "type": "client_status",
                "client_id": "phone",
                "status": "muted",
                "capabilities": ["audio", "notifications"],
                "location": {"latitude": 37.7749, "longitude": -122.4194, "accuracy": 10.0},
            }
        )
        await socket.send_json({"type": "heartbeat"})
        await event_of(socket, "heartbeat_ack")
        async with house.store.snapshot() as tx:
            client = await tx.clients.get(network.id, phone.client.id)
    assert client.connected
    assert client.shown_status == "muted"
    assert client.capabilities == ("audio", "notifications")
    assert client.location is not None
    assert client.location.latitude == 37.7749


@pytest.mark.parametrize(
    ("capabilities", "features"),
    [
        (["audio", "notifications"], ["real_time_audio", "notifications", "context_sync", "binary_audio"]),
        ([], ["real_time_audio", "notifications", "context_sync", "binary_audio"]),
        (["microphone"], ["real_time_audio", "context_sync", "binary_audio"]),
        (["speaker"], ["notifications", "context_sync"]),
        (["notifications"], ["notifications", "context_sync"]),
        (["display", "location"], ["context_sync"]),
    ],
)
async def test_a_client_is_offered_and_told_what_it_can_use(house: House, capabilities, features) -> None:
    network = await house.network()
    phone = await house.client(network)
    chosen = AudioStreamSelected(
        client_id=phone.client.id, score=7.0, reason="first", provisional=True, streams=(), at=NOON
    )
    async with house.open("net_home", phone.token) as socket:
        await socket.send_json({"type": "handshake", "capabilities": capabilities})
        offered = await socket.receive_json(timeout=PATIENCE)
        house.tell(network, chosen)
        await house.happen(network, ReminderDue(reminder=reminder("rem_1", network.id), at=NOON))
        told = [await socket.receive_json(timeout=PATIENCE) for _ in range(len({*features} & {*WITHHELD}))]
        await socket.send_json({"type": "heartbeat"})
        last = await socket.receive_json(timeout=PATIENCE)
    assert offered["features"] == features
    assert {event["type"] for event in told} == {WITHHELD[name] for name in features if name in WITHHELD}
    assert last["type"] == "heartbeat_ack"


async def test_sound_of_a_client_without_a_microphone_is_refused_until_it_has_one(house: House) -> None:
    network = await house.network()
    phone = await house.client(network)
    sound = {"type": "audio_data", "audio_buffer": base64.b64encode(bytes(320)).decode()}
    async with house.talk(phone, capabilities=["display"]) as socket:
        await socket.send_json(sound)
        error = await event_of(socket, "error")
        await socket.send_bytes(struct.pack("<Q", house.clock.micros()) + bytes(320))
        await socket.send_json({"type": "client_status", "capabilities": ["display", "microphone"]})
        await socket.send_json(sound)
        await socket.send_json({"type": "heartbeat"})
        assert (await socket.receive_json(timeout=PATIENCE))["type"] == "heartbeat_ack"
    assert error["error_code"] == "CAPABILITY_MISSING"
    assert error["details"] == {"capability": "audio", "capabilities": ["display"]}
    assert house.ears.calls("phone")[:3] == ["join", "join", "hear"]


WITHHELD = {"real_time_audio": "audio_stream_selected", "notifications": "reminder_due"}

REFUSED: list[tuple[str | bytes, str]] = [
    ("", "VALIDATION_ERROR"),
    ("hello", "VALIDATION_ERROR"),
    ("[]", "VALIDATION_ERROR"),
    ('{"type": "dance"}', "VALIDATION_ERROR"),
    ('{"type": "handshake"}', "CONFLICT"),
    ('{"type": "heartbeat", "client_id": "tablet"}', "INVALID_CLIENT_ID"),
    ('{"type": "audio_data", "audio_buffer": "AAAA", "client_id": "tablet"}', "INVALID_CLIENT_ID"),
    ('{"type": "audio_data"}', "VALIDATION_ERROR"),
    ('{"type": "audio_data", "audio_buffer": ""}', "VALIDATION_ERROR"),
    ('{"type": "audio_data", "audio_buffer": "not base64"}', "VALIDATION_ERROR"),
    ('{"type": "audio_data", "audio_buffer": "AAAA"}', "VALIDATION_ERROR"),
    ('{"type": "audio_data", "audio_buffer": "UklGRgAAAABXQVZFZm10IA=="}', "VALIDATION_ERROR"),
    (
        '{"type": "client_status", "location": {"latitude": 91.0, "longitude": 0.0}}',
        "VALIDATION_ERROR",
    ),
    ('{"type": "client_status", "status": ""}', "VALIDATION_ERROR"),
    (b"", "VALIDATION_ERROR"),
    (b"1234567", "VALIDATION_ERROR"),
    (b"12345678", "VALIDATION_ERROR"),
    (b"12345678901", "VALIDATION_ERROR"),
    (json.dumps({"type": "heartbeat", "more": "x" * 2_100_000}), "PAYLOAD_TOO_LARGE"),
]


async def test_what_is_wrong_is_told_and_the_socket_lives(house: House) -> None:
    network = await house.network()
    phone = await house.client(network)
    async with house.talk(phone) as socket:
        for frame, code in REFUSED:
            await (socket.send_bytes(frame) if isinstance(frame, bytes) else socket.send_str(frame))
            error = await event_of(socket, "error")
            assert (error["error_code"], error["client_id"]) == (code, "phone"), frame
            assert error["message"]
            assert isinstance(error["details"], dict)
            assert error["timestamp"].endswith("Z")
        await socket.send_json({"type": "heartbeat", "timestamp": 5})
        assert (await event_of(socket, "heartbeat_ack"))["echo"] == 5
    assert house.ears.calls("phone") == ["join"]


@pytest.mark.parametrize(
    ("frame", "code"),
    [
        ('{"type": "heartbeat"}', "VALIDATION_ERROR"),
        ('{"type": "audio_data", "audio_buffer": "AAAA"}', "VALIDATION_ERROR"),
        ("hello", "VALIDATION_ERROR"),
        (b"12345678" + bytes(320), "VALIDATION_ERROR"),
        ('{"type": "handshake", "client_id": "tablet"}', "INVALID_CLIENT_ID"),
        ('{"type": "handshake", "version": "2.0.0"}', "UNSUPPORTED_API_VERSION"),
        ('{"type": "handshake", "capabilities": [""]}', "VALIDATION_ERROR"),
    ],
)
async def test_nothing_is_taken_before_a_good_handshake(house: House, frame: str | bytes, code: str) -> None:
    phone = await house.client(await house.network())
    async with house.open("net_home", phone.token) as socket:
        await (socket.send_bytes(frame) if isinstance(frame, bytes) else socket.send_str(frame))
        assert (await socket.receive_json(timeout=PATIENCE))["error_code"] == code
        assert house.ears.heard == []
        await socket.send_json({"type": "handshake"})
        assert (await socket.receive_json(timeout=PATIENCE))["type"] == "handshake_ack"


async def test_sound_beyond_the_budget_is_dropped_and_told_once_a_second(house: House) -> None:
    network = await house.network()
    phone = await house.client(network)
    second = bytes(32_000)
    async with house.talk(phone) as socket:
        for _ in range(14):
            await socket.send_bytes(struct.pack("<Q", house.clock.micros()) + second)
        await socket.send_json({"type": "heartbeat"})
        errors = []
        while (event := await socket.receive_json(timeout=PATIENCE))["type"] != "heartbeat_ack":
            errors.append(event)
    assert [event["error_code"] for event in errors] == ["RATE_LIMIT_EXCEEDED"]
    assert errors[0]["details"]["retry_after"] > 0
    assert len(house.ears.sound[network.id, phone.client.id]) == 10


async def test_absurd_times_are_not_believed(house: House) -> None:
    network = await house.network()
    phone = await house.client(network)
    async with house.talk(phone) as socket:
        await socket.send_bytes(struct.pack("<Q", 2**64 - 1) + bytes(3_200))
        await eventually(lambda: house.ears.sound)
    ((captured_at, _),) = house.ears.sound[network.id, phone.client.id]
    assert captured_at is None


async def test_a_client_with_a_wrong_clock_is_put_into_the_hubs_time(house: House) -> None:
    network = await house.network()
    phone = await house.client(network)
    behind = 37 * 60 * 1_000_000
    async with house.talk(phone) as socket:
        await socket.send_json({"type": "heartbeat", "timestamp": house.clock.micros() - behind})
        captured_at = house.clock.micros() - 100_000
        await socket.send_bytes(struct.pack("<Q", captured_at - behind) + bytes(3_200))
        await eventually(lambda: house.ears.sound)
    ((placed, _),) = house.ears.sound[network.id, phone.client.id]
    assert placed is not None
    assert 0 <= placed - captured_at < 500_000


async def test_the_others_hear_of_those_who_come_and_go(house: House) -> None:
    network = await house.network()
    phone, tablet = await house.client(network), await house.client(network, "tablet")
    async with house.talk(phone) as first:
        async with house.talk(tablet, capabilities=["audio", "notifications"]):
            joined = await event_of(first, "client_joined")
        left = await event_of(first, "client_left")
    assert joined.pop("event_id") != left.pop("event_id")
    assert joined.pop("timestamp") <= left.pop("timestamp")
    assert joined == {
        "type": "client_joined",
        "client_id": "tablet",
        "device_type": "mobile",
        "capabilities": ["audio", "notifications"],
    }
    assert left == {"type": "client_left", "client_id": "tablet", "reason": "disconnected"}


async def test_a_client_does_not_hear_of_itself(house: House) -> None:
    network = await house.network()
    phone, tablet = await house.client(network), await house.client(network, "tablet")
    async with house.talk(phone) as socket, house.talk(tablet):
        assert (await event_of(socket, "client_joined"))["client_id"] == "tablet"
