"""An app written from the specification alone, on a real hub: every example of it, with other values."""

import asyncio
import base64
import json
import re
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Self

import aiohttp
import pytest
import pytest_asyncio
from attrs import define

from entrypoints.configuration import read_settings
from entrypoints.demo.hub_process import hub_process
from tests.journeys.conftest import NewStore
from tests.patience import PATIENCE

pytestmark = [
    pytest.mark.slow,
    pytest.mark.asyncio(loop_scope="module"),
    pytest.mark.xdist_group("documented"),
]
SPEECH = Path(__file__).parents[1] / "sounds" / "speech_pills.flac"
TABLET = {
    "client_id": "client_tablet_41",
    "device_type": "tablet",
    "device_info": {"os": "Android 16", "model": "Pad 9", "version": "3.2.1"},
    "capabilities": ["audio", "notifications", "location"],
    "location": {"latitude": 52.5163, "longitude": 13.3777, "accuracy": 4.5},
}
PHONE = {**TABLET, "client_id": "client_phone_7", "device_type": "mobile", "capabilities": ["notifications"]}


@define
class App:
    """An app: the web, and the token that it bears."""

    web: aiohttp.ClientSession
    token: str | None = None

    def bearing(self, token: str) -> Self:
        return type(self)(self.web, token)

    async def __call__(self, method: str, path: str, status: int = 200, **others: Any) -> Any:
        headers = {"API-Version": "v1", **({"Authorization": f"Bearer {self.token}"} if self.token else {})}
        async with self.web.request(method, f"/api/v1{path}", headers=headers, **others) as answer:
            assert answer.status == status, await answer.text()
            assert answer.headers["API-Version"] == "v1"
            return await answer.json() if status != 204 else None


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def app(tmp_path_factory: pytest.TempPathFactory, new_store: NewStore) -> AsyncIterator[App]:
    """A hub for all of these."""
    cache = str(read_settings([]).settings.cache_folder)
    options = ("--cache-dir", cache, "--transcribers", "1", *new_store())
    started = hub_process(tmp_path_factory.mktemp("data"), *options)
    async with started as process, aiohttp.ClientSession(process.url) as web:
        yield App(web)


def recent(text: str) -> bool:
    """Whether a text is a moment of today, in UTC with a Z."""
    assert text.endswith("Z")
    return abs(datetime.now(UTC) - datetime.fromisoformat(text)) < timedelta(minutes=10)


async def household(app: App) -> tuple[App, Mapping[str, Any]]:
    """A network, and the app of its owner."""
    made = await app(
        "POST",
        "/networks",
        201,
        json={
            "name": "Marta's flat",
            "description": "Two rooms and a kitchen",
            "settings": {"audio_quality_threshold": 0.4, "max_clients": 4, "language": "en"},
        },
    )
    return app.bearing(made["network_token"]), made


async def test_networks_are_opened_read_changed_and_closed(app: App) -> None:
    owner, made = await household(app)
    base = f"/networks/{made['network_id']}"

    assert re.fullmatch(r"net_[0-9a-f]{32}", made["network_id"])
    assert (made["name"], made["status"]) == ("Marta's flat", "active")
    assert recent(made["created_at"])
    assert made["websocket_url"].startswith("ws://")
    assert made["websocket_url"].endswith(f"/ws/{made['network_id']}")
    assert made["client_registration_token"]

    details = await owner("GET", base)
    assert (
        details["settings"].items()
        >= {
            "audio_quality_threshold": 0.4,
            "max_clients": 4,
            "language": "en",
        }.items()
    )
    assert details["client_count"] == 0

    body = {"name": "Marta's loft", "settings": {"audio_quality_threshold": 0.65}}
    changed = await owner("PUT", base, json=body)
    assert changed["name"] == "Marta's loft"
    assert (changed["settings"]["audio_quality_threshold"], changed["settings"]["max_clients"]) == (0.65, 4)
    assert changed["description"] == "Two rooms and a kitchen"

    await owner("DELETE", base, 204)
    assert (await owner("GET", base, 401))["error"]["code"] == "UNAUTHORIZED"


async def test_clients_are_registered_listed_changed_and_deregistered(app: App) -> None:
    owner, network = await household(app)
    clients = f"/networks/{network['network_id']}/clients"
    made = await owner("POST", clients, 201, json=TABLET)
    token = made.pop("client_token")

    assert made == {
        "client_id": "client_tablet_41",
        "status": "registered",
        "websocket_url": network["websocket_url"],
        "audio_quality_threshold": 0.4,
        "capabilities": ["audio", "notifications", "location"],
    }
    (listed,) = (await owner("GET", clients))["clients"]
    assert {name: listed[name] for name in TABLET} == TABLET

    said = {
        "connection_status": "connected",
        "audio_quality_score": 6.5,
        "location": {"latitude": 52.52, "longitude": 13.4, "accuracy": 2.0},
    }
    tablet = app.bearing(token)
    changed = await tablet("PUT", "/clients/client_tablet_41", json=said)
    assert {name: changed[name] for name in said} == said
    await tablet("DELETE", "/clients/client_tablet_41", 204)
    assert (await owner("GET", clients))["clients"] == []


async def test_refusals_have_the_documented_form(app: App) -> None:
    owner, network = await household(app)
    error = (await owner("GET", "/networks/net_of_nobody", 404))["error"]

    assert error["code"] == "INVALID_NETWORK_ID"
    assert error["message"]
    assert error["details"]["network_id"] == "net_of_nobody"
    assert recent(error["details"]["timestamp"])
    assert error["request_id"].startswith("req_")
    refused = await app("GET", f"/networks/{network['network_id']}", 401)
    assert refused["error"]["code"] == "UNAUTHORIZED"


async def test_health_has_the_documented_form(app: App) -> None:
    await household(app)
    health = await app("GET", "/health")

    assert set(health) == {"status", "timestamp", "services", "metrics"}
    assert health["status"] in {"healthy", "degraded"}
    assert recent(health["timestamp"])
    assert set(health["services"]) == {"database", "audio_processing", "ai_models", "websocket"}
    assert health["metrics"]["active_networks"] >= 1
    assert health["metrics"]["active_clients"] == 0
    assert health["metrics"]["requests_per_minute"] >= 2


SIGN_OF_LIFE_SECONDS = 15.0


@asynccontextmanager
async def talk(
    app: App, network: Mapping[str, Any], client: Mapping[str, Any]
) -> AsyncIterator[aiohttp.ClientWebSocketResponse]:
    """Register a client, open its socket, and shake hands."""
    path = f"/networks/{network['network_id']}/clients"
    made = await app.bearing(network["network_token"])("POST", path, 201, json=client)
    async with app.web.ws_connect(f"{made['websocket_url']}?token={made['client_token']}") as socket:
        hello = {"client_id": client["client_id"], "capabilities": client["capabilities"], "version": "1.0.0"}
        await socket.send_json({"type": "handshake", **hello})
        answer = await socket.receive_json(timeout=PATIENCE)
        assert (answer["type"], answer["status"]) == ("handshake_ack", "connected")
        assert recent(answer["server_time"])
        assert {"notifications", "context_sync"} <= set(answer["features"])
        assert ("real_time_audio" in answer["features"]) == ("audio" in client["capabilities"])
        yield socket


async def told(socket: aiohttp.ClientWebSocketResponse, *sorts: str) -> Mapping[str, Mapping[str, Any]]:
    """Read until there was an event of each sort, with signs of life, as the hub wants one a minute."""
    events: dict[str, Mapping[str, Any]] = {}
    loop = asyncio.get_running_loop()
    shown = loop.time()
    async with asyncio.timeout(PATIENCE):
        while not events.keys() >= set(sorts):
            if loop.time() - shown > SIGN_OF_LIFE_SECONDS:
                shown = loop.time()
                await socket.send_json({"type": "heartbeat"})
            try:
                event = await socket.receive_json(timeout=SIGN_OF_LIFE_SECONDS)
            except TimeoutError:
                continue
            assert recent(event["timestamp"])
            events.setdefault(event["type"], event)
    return events


async def test_a_sentence_is_heard_answered_and_told_to_everybody(app: App) -> None:
    owner, network = await household(app)
    now = datetime.now(UTC)
    async with talk(app, network, PHONE) as phone:
        async with talk(app, network, TABLET) as tablet:
            joined = (await told(phone, "client_joined"))["client_joined"]
            assert joined["client_id"] == "client_tablet_41"
            assert (joined["device_type"], joined["capabilities"]) == ("tablet", TABLET["capabilities"])

            mine = {"client_id": "client_tablet_41"}
            await tablet.send_json({"type": "heartbeat", **mine, "timestamp": now.isoformat()})
            assert (await told(tablet, "heartbeat_ack"))["heartbeat_ack"]["echo"] == now.isoformat()
            place = {"latitude": 48.1, "longitude": 11.5, "accuracy": 20.0}
            status = {"status": "busy", "capabilities": TABLET["capabilities"], "location": place}
            await tablet.send_json({"type": "client_status", **mine, **status})
            await tablet.send_json(
                {
                    "type": "audio_data",
                    **mine,
                    "audio_buffer": base64.b64encode(SPEECH.read_bytes()).decode(),
                    "quality_metrics": {"snr": 21.0, "speech_clarity": 77.5, "volume_level": 0.6},
                    "timestamp": now.isoformat(),
                }
            )
            await tablet.send_json({"type": "audio_end", **mine})
            turn = ("action_executed", "interaction_created", "context_updated")
            heard, seen = await asyncio.gather(
                told(tablet, "audio_stream_selected", *turn), told(phone, *turn)
            )
            chosen = heard["audio_stream_selected"]
            assert chosen["selected_client_id"] == "client_tablet_41"
            assert 4.0 <= chosen["quality_score"] <= 10.0
            assert chosen["reason"]
            assert "audio_stream_selected" not in seen
            await tablet.send_json({"type": "audio_data", **mine, "audio_buffer": "no sound"})
            error = (await told(tablet, "error"))["error"]
            assert (error["error_code"], error["client_id"]) == ("VALIDATION_ERROR", "client_tablet_41")
            assert error["message"]
        left = (await told(phone, "client_left"))["client_left"]
        assert (left["client_id"], left["reason"]) == ("client_tablet_41", "disconnected")

    for name in turn:
        assert {**seen[name]} == {**heard[name]}
    created, action = heard["interaction_created"], heard["action_executed"]
    assert "pills" in created["text"]
    assert created["processing_status"] == "completed"
    assert (created["client_id"], created["speaker_id"]) == ("client_tablet_41", None)
    assert (action["action_type"], "pills" in action["result"]["title"]) == ("create_reminder", True)
    due = datetime.fromisoformat(action["result"]["due_time"])
    assert (due.hour, (due.date() - now.date()).days) == (8, 1)
    context = heard["context_updated"]
    assert context["context_summary"]
    assert context["participants"] == []
    await what_was_said_can_be_read(owner, network, created, action, context)


async def test_a_sentence_is_sent_as_a_whole_and_processed_again(app: App) -> None:
    owner, network = await household(app)
    base = f"/networks/{network['network_id']}"
    tablet = app.bearing((await owner("POST", f"{base}/clients", 201, json=TABLET))["client_token"])
    form = aiohttp.FormData()
    form.add_field("audio_data", SPEECH.read_bytes(), filename="said.flac", content_type="audio/flac")
    form.add_field("client_id", "client_tablet_41")
    metrics = {"snr": 19.5, "speech_clarity": 70.0, "volume_level": 0.4}
    form.add_field("quality_metrics", json.dumps(metrics), content_type="application/json")
    metadata = {"duration": 2.9, "sample_rate": 16000, "channels": 1}
    form.add_field("metadata", json.dumps(metadata), content_type="application/json")
    taken = await tablet("POST", f"{base}/audio", 202, data=form)

    assert taken["processing_id"].startswith("proc_")
    assert taken["status"] == "processing"
    assert recent(taken["estimated_completion"])
    assert 4.0 <= taken["audio_quality_score"] <= 10.0
    assert taken["selected_for_processing"] is True

    wanted = {"processing_id": taken["processing_id"]}
    async with asyncio.timeout(PATIENCE):
        while True:
            (upload,) = (await owner("GET", f"{base}/audio/status", params=wanted))["recent"]
            if upload["status"] not in {"queued", "processing"}:
                break
            await asyncio.sleep(0.1)
    assert (upload["client_id"], upload["status"]) == ("client_tablet_41", "completed")
    best = await owner("GET", f"{base}/audio/best-stream")
    assert (best["network_id"], best["threshold"]) == (network["network_id"], 0.4)

    turn = f"{base}/interactions/{upload['interaction_id']}"
    before = await owner("GET", turn)
    assert "pills" in before["text"]
    again = {"context": "The pills are in the kitchen", "force_reprocess": True}
    after = await owner("POST", f"{turn}/process", json=again)
    assert (after["interaction_id"], after["text"]) == (before["interaction_id"], before["text"])


async def what_was_said_can_be_read(
    owner: App,
    network: Mapping[str, Any],
    created: Mapping[str, Any],
    action: Mapping[str, Any],
    context: Mapping[str, Any],
) -> None:
    """Ask for what the events told of, by every documented filter."""
    base, now = f"/networks/{network['network_id']}", datetime.now(UTC)
    before, after = (now - timedelta(hours=1)).isoformat(), (now + timedelta(days=3)).isoformat()
    wide = {"limit": 5, "offset": 0, "client_id": "client_tablet_41", "start_date": before, "end_date": after}
    (kept,) = (await owner("GET", f"{base}/interactions", params=wide))["interactions"]
    assert kept["interaction_id"] == created["interaction_id"]
    for nothing in ({"speaker_id": "person_5"}, {"client_id": "other"}, {"end_date": before}, {"offset": 1}):
        assert (await owner("GET", f"{base}/interactions", params=nothing))["interactions"] == []
    details = await owner("GET", f"{base}/interactions/{created['interaction_id']}")
    assert (details["text"], details["actions"][0]["action_id"]) == (created["text"], action["action_id"])

    due = {"status": "pending", "due_before": after, "limit": 3}
    (reminder,) = (await owner("GET", f"{base}/reminders", params=due))["reminders"]
    assert reminder["reminder_id"] == action["result"]["reminder_id"]
    for status in ("completed", "cancelled"):
        assert (await owner("GET", f"{base}/reminders", params={"status": status}))["reminders"] == []
    ahead = {"start_date": before, "end_date": after, "limit": 10}
    assert (await owner("GET", f"{base}/calendar", params=ahead))["events"] == []

    whole = await owner("GET", f"{base}/conversations", params={"limit": 2, "include_interactions": "true"})
    (conversation,) = whole["conversations"]
    assert conversation["conversation_id"] == context["conversation_id"]
    assert [one["interaction_id"] for one in conversation["interactions"]] == [created["interaction_id"]]
    bare = await owner("GET", f"{base}/conversations", params={"include_interactions": "false"})
    assert not bare["conversations"][0]["interactions"]
