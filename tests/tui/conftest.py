"""A real hub in a process of its own, shared by all journeys, and the dashboard on it."""

import asyncio
import os
import re
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from attrs import frozen
from textual.pilot import Pilot

from adapters.hub import Hub
from entrypoints.configuration import PREFIX, read_settings
from tests.patience import PATIENCE
from tests.tui.seeing import Rememberer, until
from tui.link import Link
from tui.picture import Picture

OpenDashboard = Callable[..., "AsyncIterator[Pilot[None]]"]


@frozen(kw_only=True)
class RealHub:
    """A running hub: its address, and the token of its operator."""

    url: str
    token: str


@pytest.fixture(scope="session")
def real_hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RealHub]:
    """A hub that keeps the sound of turns; whoever uses it makes networks of their own."""
    folder = tmp_path_factory.mktemp("hub")
    cache = str(read_settings([]).settings.cache_folder)
    options = ["--port", "0", "--data-dir", str(folder), "--cache-dir", cache, "--transcribers", "1"]
    options += ["--keep-audio"]
    process = subprocess.Popen(
        [sys.executable, "-m", "entrypoints.main", "serve", *options],
        stdout=subprocess.PIPE,
        text=True,
        env={name: value for name, value in os.environ.items() if not name.startswith(PREFIX)},
        start_new_session=True,
    )
    try:
        running = RealHub(url=_address(process), token=Path(folder / "operator.token").read_text())
        asyncio.run(_well(running))
        yield running
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(PATIENCE)
        assert process.stdout is not None
        process.stdout.close()


async def _well(hub: RealHub) -> None:
    """Wait until a hub has loaded what it hears and speaks with."""
    async with Hub(hub.url) as asking, asyncio.timeout(PATIENCE):
        while (await asking.health()).status != "healthy":  # noqa: ASYNC110 - the hub is another process
            await asyncio.sleep(0.1)


def _address(process: "subprocess.Popen[str]") -> str:
    assert process.stdout is not None
    for line in process.stdout:
        if found := re.search(r"listens on (\S+)", line):
            return found[1]
    raise AssertionError("the hub did not start")


@asynccontextmanager
async def opened(
    hub: RealHub, page: str = "live", *, size: tuple[int, int] = (140, 44), network_id: str | None = None
) -> AsyncIterator[Pilot[None]]:
    """The dashboard on a hub, when it has read the hub's state."""
    dashboard = Rememberer(Link(hub.url, hub.token, Picture()), page=page, network_id=network_id)
    async with dashboard.run_test(size=size, notifications=True) as pilot:
        await until(pilot, lambda: dashboard.picture.loaded and dashboard.current_page.ready)
        yield pilot
