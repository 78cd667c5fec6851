"""The mira protocol over a real socket."""

import base64
import struct

import numpy as np

from tests.adapters.websocket.house import House, event_of


async def test_a_handshake_is_answered_before_anything_else(house: House) -> None:
    phone = await house.client(await house.network())
    async with house.open("net_home", phone.token) as socket:
        await socket.send_json(
            {"type": "handshake", "client_id": "phone", "capabilities": ["audio"], "version": "1.0.0"}
        )
        answer = await socket.receive_json(timeout=5)
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
    assert second - first == 100_000
