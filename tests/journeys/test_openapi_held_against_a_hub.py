"""A stranger reads the OpenAPI document and tries everything in it on a real hub, with real tokens.

With FUZZ=thorough in the environment (`make fuzz`) also every edge of every schema, which takes minutes.
"""

import asyncio
import json
import os
import sys
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import aiohttp
import pytest
from attrs import frozen

from adapters.hub.client import Hub
from entrypoints.demo.hub_process import HubProcess
from tests.journeys.conftest import StartHub

LIMITS = ",".join(
    f"{name}=1000000"
    for name in (
        "interactions_per_minute",
        "audio_uploads_per_minute",
        "api_requests_per_hour",
        "client_audio_uploads_per_minute",
        "client_status_updates_per_minute",
    )
)
CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
    "unsupported_method",
    "allow_header_conformance",
    "missing_required_header",
)
PHASES = {"": "examples,fuzzing", "thorough": "examples,coverage,fuzzing"}
CASES = 300
"""About how many requests are sent of each kind, those that fit the document and those that do not."""
DAY = timedelta(days=1)


@frozen(kw_only=True)
class House:
    """A network with something of everything in it, and one more that may be spoilt."""

    named: Mapping[str, str]
    spoilt: Mapping[str, str]
    link: Mapping[str, str]
    tokens: Mapping[str, str]


async def furnished(process: HubProcess) -> House:
    """Put something of everything into a hub."""
    tomorrow = datetime.now(UTC) + DAY
    async with Hub(process.url) as hub:
        home, spoilt = await hub.create_network("Home"), await hub.create_network("Spoilt")
        owner = hub.bearing(home.network_token)
        client = await owner.register_client(home.network_id, "phone", "mobile")
        going = await hub.bearing(spoilt.network_token).register_client(spoilt.network_id, "going", "mobile")
        device = await owner.register_device("kitchen", "tablet")
        said = await owner.send_message(device.device_id, "remind me to water the plants tomorrow at six")
        reminder = await owner.create_reminder(home.network_id, "tea", tomorrow, recurrence="FREQ=DAILY")
        event = await owner.create_event(home.network_id, "choir", tomorrow)
        feed = await owner.open_feed(home.network_id)
        turns = await owner.interactions(home.network_id)
    link = urlsplit(said.response_audio_url or "")
    return House(
        named={
            "network_id": home.network_id,
            "client_id": "phone",
            "device_id": device.device_id,
            "interaction_id": turns.items[0].interaction_id,
            "reminder_id": reminder.reminder_id,
            "event_id": event.event_id,
            "secret": urlsplit(feed.feed_url).path.rpartition("/")[2].removesuffix(".ics"),
            "session_id": said.session_id,
            "persona_id": said.persona_id,
            "X-Network-Id": home.network_id,
        },
        spoilt={"network_id": spoilt.network_id, "client_id": "going"},
        link={**dict(parse_qsl(link.query)), "blob_id": link.path.rpartition("/")[2]},
        tokens={
            "operator": (process.data_dir / "operator.token").read_text().strip(),
            "client": client.client_token,
            "going": going.client_token,
        },
    )


def configuration(house: House, document: Mapping[str, Any]) -> str:
    """Which ids and which token the stranger uses where, as TOML, of which JSON texts are a part."""
    lines = [
        "[phases.coverage]",
        'unexpected-methods = ["PATCH"]',
        "[checks.not_a_server_error]",
        'expected-statuses = ["2xx", "3xx", "4xx", 502, 503]',
        "[parameters]",
        *settings(house.named),
    ]
    for methods in document["paths"].values():
        for one in methods.values():
            token, ids = choice(one["operationId"], house)
            told = [f"parameters.{setting}" for setting in settings(ids)]
            if one["security"] != [{}]:
                told.append(f'headers = {{ Authorization = "Bearer {token}" }}')
            if told:
                lines += ["[[operations]]", f"include-operation-id = {json.dumps(one['operationId'])}", *told]
    return "\n".join(lines)


def settings(values: Mapping[str, str]) -> list[str]:
    """Names and their values."""
    return [f"{json.dumps(name)} = {json.dumps(value)}" for name, value in values.items()]


def choice(operation: str, house: House) -> tuple[str, Mapping[str, str]]:
    """Whoever may do something, does it; what destroys is done where it does no harm."""
    match operation:
        case "mira.network.delete":
            return house.tokens["operator"], house.spoilt
        case "mira.client.delete":
            return house.tokens["going"], house.spoilt
        case "operator.client.delete":
            return house.tokens["operator"], house.spoilt
        case "mira.client.update" | "mira.audio.submit":
            return house.tokens["client"], {}
        case "blob.get":
            return "", house.link
        case _:
            return house.tokens["operator"], {}


@pytest.mark.slow
@pytest.mark.timeout(3600 if os.environ.get("FUZZ") else 600)
async def test_nothing_breaks_the_hub_and_all_that_it_answers_is_documented(
    start_hub: StartHub, tmp_path: Path
):
    async with start_hub("--limits", LIMITS, "--networks-per-minute", "1000000") as process:
        house = await furnished(process)
        address = f"{process.url}/openapi.json"
        async with aiohttp.ClientSession() as web, web.get(address) as answer:
            document = await answer.json()
        config = tmp_path / "schemathesis.toml"
        config.write_text(configuration(house, document))
        examples = max(3, CASES // sum(len(methods) for methods in document["paths"].values()))
        found = await asyncio.create_subprocess_exec(
            sys.executable,
            *("-m", "schemathesis.cli", "--config-file", str(config), "--no-color", "run", address),
            *("--checks", ",".join(CHECKS), "--phases", PHASES[os.environ.get("FUZZ", "")]),
            *("--max-examples", str(examples), "--seed", "7", "--generation-database", ":memory:"),
            "--continue-on-failure",
            cwd=tmp_path,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        told, _ = await found.communicate()

    assert found.returncode == 0, told.decode()
