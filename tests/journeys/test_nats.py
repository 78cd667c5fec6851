"""A hub among other systems: events out, commands in, and NATS going away in between."""

import asyncio
import base64
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import nats
import pytest
from nats.aio.client import Client
from nats.aio.msg import Msg

from adapters.hub.client import Hub
from tests.journeys.conftest import Home, StartHub, home_on
from tests.patience import PATIENCE
from tests.servers import free_port, nats_server

pytestmark = pytest.mark.slow


@asynccontextmanager
async def listening_to(url: str) -> AsyncIterator[tuple[Client, list[Msg]]]:
    """A consumer of all events, and what it was told."""
    client = await nats.connect(url)
    told: list[Msg] = []

    async def note(message: Msg) -> None:
        told.append(message)

    await client.subscribe("mira.v1.*.event.>", cb=note)
    try:
        yield client, told
    finally:
        await client.close()


async def ask(client: Client, home: Home, command: str, token: str | None = None, **parts: Any) -> Msg:
    """A command in the home's network, with the owner's token or another."""
    headers = {"Authorization": f"Bearer {token or home.network.network_token}"}
    subject = f"mira.v1.{home.network.network_id}.command.{command}"
    return await client.request(subject, json.dumps(parts).encode(), timeout=PATIENCE, headers=headers)


def refusal(answer: Msg) -> str | None:
    """The code of a refusal."""
    return (answer.headers or {}).get("Nats-Service-Error-Code")


async def until_told(told: list[Msg], kind: str) -> dict[str, Any]:
    """The event of a kind, once it was told."""
    async with asyncio.timeout(PATIENCE):
        while True:
            for message in told:
                if message.subject.endswith(f".event.{kind}"):
                    event: dict[str, Any] = json.loads(message.data)
                    return event
            await asyncio.sleep(0.05)


async def test_commands_come_in_and_events_go_out(start_hub: StartHub, nats_url: str) -> None:
    async with (
        start_hub("--nats-url", nats_url) as hub,
        home_on(hub.url) as home,
        listening_to(nats_url) as (client, told),
    ):
        wish = "remind me tomorrow at 9 to water the ferns"
        await _until_it_serves(client)
        said = {"device_id": home.device.device_id, "message": wish}
        answer = await ask(client, home, "companion.dialog.send", body=said)
        assert refusal(answer) is None
        assert "ferns" in json.loads(answer.data)["response_text"]

        done = await until_told(told, "action_executed")
        assert done["specversion"] == "1.0"
        assert done["source"] == f"mira/networks/{home.network.network_id}"
        assert done["data"]["action"]["type"] == "create_reminder"
        reminders = await ask(client, home, "mira.reminder.list", query={"limit": 5})
        assert json.loads(reminders.data)["total"] == 1
        async with Hub(hub.url) as stranger:
            other = await stranger.create_network("Other")
        await _changes_a_client(client, home, other.network_id)
        await _refuses_what_it_should(client, home, other.network_token)
        await _tells_of_itself(client)


async def _until_it_serves(client: Client) -> None:
    """Wait for the service: a hub opens its port first."""
    async with asyncio.timeout(PATIENCE):
        while True:
            try:
                info = json.loads((await client.request("$SRV.INFO.mira", b"", timeout=0.5)).data)
            except nats.errors.Error:
                info = {"endpoints": ()}
            if {"companion-dialog-send", "mira-audio-best"} <= {one["name"] for one in info["endpoints"]}:
                return
            await asyncio.sleep(0.1)


async def _refuses_what_it_should(client: Client, home: Home, foreign_token: str) -> None:
    """Strangers, other networks, and nonsense are refused by code, and nothing of the inside is told."""
    foreign = await ask(client, home, "mira.reminder.list", token=foreign_token)
    assert refusal(foreign) == "INVALID_NETWORK_ID"
    assert refusal(await ask(client, home, "mira.reminder.list", token="nonsense")) == "UNAUTHORIZED"
    body = {"scopes": ["reminder:read"]}
    narrow = json.loads((await ask(client, home, "mira.token.network.narrow", body=body)).data)["token"]
    assert refusal(await ask(client, home, "mira.reminder.list", token=narrow)) is None
    assert refusal(await ask(client, home, "mira.calendar.list", token=narrow)) == "INSUFFICIENT_SCOPE"
    nothing = await ask(client, home, "mira.reminder.get", path={"reminder_id": "nothing"})
    assert refusal(nothing) == "NOT_FOUND"
    subject = f"mira.v1.{home.network.network_id}.command.mira.reminder.list"
    for nonsense in (b"[", b"[]", b'{"body": 5}', b"[" * 5000):
        answer = await client.request(subject, nonsense, timeout=PATIENCE)
        assert refusal(answer) == "VALIDATION_ERROR"
        assert b"Traceback" not in answer.data
    upload = {"audio_data": base64.b64encode(b"RIFF nonsense").decode(), "audio_data_type": "audio/wav"}
    answer = await ask(client, home, "mira.audio.submit", token=home.device.auth_token, body=upload)
    assert refusal(answer) in {"VALIDATION_ERROR", "AUDIO_PROCESSING_FAILED", "UNSUPPORTED_MEDIA_TYPE"}


async def _changes_a_client(client: Client, home: Home, elsewhere: str) -> None:
    """A client says what has changed of itself, and takes its leave, in its own network only."""
    register = {"client_id": "tablet", "device_type": "tablet"}
    made = json.loads((await ask(client, home, "mira.client.register", body=register)).data)
    itself: dict[str, Any] = {"token": made["client_token"], "path": {"client_id": "tablet"}}
    changed = await ask(client, home, "mira.client.update", **itself, body={"connection_status": "muted"})
    assert json.loads(changed.data)["connection_status"] == "muted"
    subject = f"mira.v1.{elsewhere}.command.mira.client.delete"
    headers = {"Authorization": f"Bearer {made['client_token']}"}
    asked = json.dumps({"path": {"client_id": "tablet"}}).encode()
    assert refusal(await client.request(subject, asked, timeout=20, headers=headers)) == "INVALID_NETWORK_ID"
    assert refusal(await ask(client, home, "mira.client.delete", **itself)) is None
    assert refusal(await ask(client, home, "mira.client.update", **itself, body={})) == "UNAUTHORIZED"


async def _tells_of_itself(client: Client) -> None:
    """The service is found, with a schema of each endpoint, and counts what it does."""
    info = json.loads((await client.request("$SRV.INFO.mira", b"", timeout=PATIENCE)).data)
    endpoints = {one["name"]: one for one in info["endpoints"]}
    schema = json.loads(endpoints["companion-dialog-send"]["metadata"]["schema"])
    assert "$defs" in schema["request"]
    assert schema["response"]
    stats = json.loads((await client.request("$SRV.STATS.mira", b"", timeout=PATIENCE)).data)
    counted = {one["name"]: one for one in stats["endpoints"]}
    assert counted["companion-dialog-send"]["num_requests"] == 1
    assert counted["mira-reminder-list"]["data"]["errors"] >= 4


async def test_while_nats_is_away_the_hub_goes_on_and_everything_is_told_afterwards(
    start_hub: StartHub, tmp_path: Path
) -> None:
    port = free_port()
    url, store = f"nats://127.0.0.1:{port}", tmp_path / "nats"
    async with start_hub("--nats-url", url) as hub, home_on(hub.url) as home:
        send = home.owner.send_message
        with nats_server(store, port=port):
            async with listening_to(url) as (_, told):
                await send(home.device.device_id, "what time is it")
                await until_told(told, "context_updated")
        for _ in range(3):
            assert (await send(home.device.device_id, "what time is it")).response_text
        with nats_server(store, port=port):
            events = await _all_events(url, home)
    positions = [int(event["sequence"]) for event in events]
    assert positions == list(range(1, len(positions) + 1))
    assert len({event["id"] for event in events}) == len(events)


async def _all_events(url: str, home: Home) -> list[dict[str, Any]]:
    """All events that the stream has kept of a network, once four turns are among them."""
    client = await nats.connect(url)
    try:
        stream = client.jetstream()
        subject = f"mira.v1.{home.network.network_id}.event.>"
        async with asyncio.timeout(PATIENCE):
            while True:
                reader = await stream.subscribe(subject, ordered_consumer=True)
                events: list[dict[str, Any]] = []
                try:
                    while True:
                        events.append(json.loads((await reader.next_msg(timeout=1)).data))
                except nats.errors.TimeoutError:
                    await reader.unsubscribe()
                if sum(event["type"].endswith("context_updated") for event in events) == 4:
                    return events
    finally:
        await client.close()
