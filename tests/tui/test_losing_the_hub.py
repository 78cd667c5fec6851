"""A hub that goes away and comes back."""

import os
import signal
import socket
from pathlib import Path

import pytest

from adapters.hub import Hub
from entrypoints.configuration import read_settings
from entrypoints.demo.hub_process import HubProcess, hub_process
from tests.tui.conftest import RealHub, opened
from tests.tui.seeing import shown, until
from tui.picture import LinkState

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("dashboard")]


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


async def test_a_lost_hub_is_said_plainly_and_healed_by_itself(tmp_path: Path) -> None:
    options = ["--port", str(free_port()), "--cache-dir", str(read_settings([]).settings.cache_folder)]
    async with hub_process(tmp_path / "data", *options, "--transcribers", "1") as first:
        token = (tmp_path / "data" / "operator.token").read_text()
        async with Hub(first.url, token) as hub:
            await hub.create_network("Before")
        async with opened(RealHub(url=first.url, token=token), "networks") as pilot:
            await until(pilot, lambda: "Before" in shown(pilot))
            picture = pilot.app.picture
            await _ended(first)
            await until(pilot, lambda: picture.link is LinkState.LOST)
            await until(pilot, lambda: "CONNECTION LOST" in shown(pilot))
            assert "Before" in shown(pilot), "what is known stays to be seen"
            async with hub_process(tmp_path / "data", *options, "--transcribers", "1") as second:
                async with Hub(second.url, token) as hub:
                    await hub.create_network("After")
                await until(pilot, lambda: picture.link is LinkState.CONNECTED)
                await until(pilot, lambda: "After" in shown(pilot))
                await until(pilot, lambda: "CONNECTION LOST" not in shown(pilot))


async def _ended(hub: HubProcess) -> None:
    os.kill(hub.pid, signal.SIGINT)
    await hub.ended()
