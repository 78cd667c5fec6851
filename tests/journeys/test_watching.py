"""Watching a real hub: its figures, and how it is when a part of it is lost."""

import asyncio
import os
import re
import signal
from collections.abc import Mapping
from pathlib import Path

import aiohttp
import numpy as np
import pytest

from adapters.hub.client import Hub
from tests.journeys.conftest import StartHub
from tests.patience import PATIENCE

FIGURES = {
    "mira_requests_total": {"dialect", "route", "method", "status"},
    "mira_request_seconds_bucket": {"dialect", "route", "le"},
    "mira_sockets": {"protocol"},
    "mira_sockets_opened_total": {"protocol"},
    "mira_audio_seconds_total": set(),
    "mira_audio_frames_dropped_total": set(),
    "mira_arbitration_changes_total": set(),
    "mira_queue_depth": {"queue"},
    "mira_turns_total": {"status"},
    "mira_turn_stage_seconds_bucket": {"stage", "le"},
}
QUEUES = {
    "streams",
    "spoken_turns",
    "typed_turns",
    "transcriptions",
    "speeches",
    "sound_files",
    "unread_announcements",
    "uploads",
    "unpublished_facts",
}
LINE = re.compile(r"(\w+)(?:{(.*)})? (\S+)")
LABEL = re.compile(r'(\w+)="([^"]*)"')


def read_figures(text: str) -> Mapping[str, list[tuple[Mapping[str, str], float]]]:
    """Every figure by its name: its labels, and its value."""
    told: dict[str, list[tuple[Mapping[str, str], float]]] = {}
    for line in text.splitlines():
        if found := LINE.fullmatch(line):
            name, labels, value = found.groups()
            told.setdefault(name, []).append((dict(LABEL.findall(labels or "")), float(value)))
    return told


def workers_of(pid: int, target: str) -> list[int]:
    """The processes that a hub has started for some work."""
    found = []
    for folder in Path("/proc").iterdir():
        try:
            parent = folder.joinpath("stat").read_text().rpartition(")")[2].split()[1]
            command = folder.joinpath("cmdline").read_text()
        except (OSError, IndexError):
            continue
        if parent == str(pid) and target in command:
            found.append(int(folder.name))
    return found


async def services(hub: Hub, **wanted: str) -> Mapping[str, str]:
    """How the services are, once they are as is wanted."""
    async with asyncio.timeout(PATIENCE):
        while True:
            health = await hub.health()
            if all(health.services[name] == how for name, how in wanted.items()):
                return health.services
            await asyncio.sleep(0.1)


@pytest.mark.slow
async def test_figures_tell_what_happens_and_health_what_is_lost(start_hub: StartHub) -> None:
    async with start_hub() as process, Hub(process.url) as hub, aiohttp.ClientSession(process.url) as web:
        home = await hub.create_network("Home")
        owner = hub.bearing(home.network_token)
        phone = await owner.register_client(home.network_id, "phone", "mobile", capabilities=["audio"])
        device = await owner.register_device("kitchen", "tablet")
        await owner.send_message(device.device_id, "what time is it")
        async with hub.socket(home.network_id, "phone", phone.client_token) as socket:
            await socket.send_audio(np.zeros(1600, dtype=np.float32))
            await services(hub, ai_models="healthy", audio_processing="healthy")
            async with web.get("/internal/metrics") as answer:
                told = read_figures(await answer.text())
        for name, labels in FIGURES.items():
            assert {frozenset(given) for given, _ in told[name]} == {frozenset(labels)}, name
        assert {labels["queue"] for labels, _ in told["mira_queue_depth"]} >= QUEUES
        assert told["mira_audio_seconds_total"][0][1] == pytest.approx(0.1)
        assert not [line for lines in told.values() for line in lines if home.network_id in str(line)]

        assert set((await hub.health()).services) == {
            "database",
            "audio_processing",
            "ai_models",
            "websocket",
        }
        (speaker,) = workers_of(process.pid, "adapters.espeak")
        os.kill(speaker, signal.SIGKILL)
        await services(hub, ai_models="healthy")
        assert workers_of(process.pid, "adapters.espeak") not in ([], [speaker])
