"""A household on a real hub: its own process, its own folder, real sockets."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

import pytest
from attrs import frozen

from adapters.hub.answers import NewNetwork, RegisteredDevice
from adapters.hub.client import Hub
from entrypoints.configuration import read_settings
from entrypoints.demo.hub_process import HubProcess, hub_process

StartHub = Callable[..., AbstractAsyncContextManager[HubProcess]]


@pytest.fixture
def start_hub(tmp_path: Path) -> StartHub:
    """Starts a hub; every one of a test keeps its data in the same folder."""
    cache = str(read_settings([]).settings.cache_folder)

    def start(*options: str) -> AbstractAsyncContextManager[HubProcess]:
        return hub_process(tmp_path / "data", "--cache-dir", cache, "--transcribers", "1", *options)

    return start


@frozen(kw_only=True)
class Home:
    """A network with one device."""

    network: NewNetwork
    device: RegisteredDevice
    owner: Hub


@asynccontextmanager
async def home_on(url: str) -> AsyncIterator[Home]:
    """Open a network with a device on a hub."""
    async with Hub(url) as hub:
        network = await hub.create_network("Home")
        owner = hub.bearing(network.network_token)
        device = await owner.register_device("kitchen", "tablet")
        yield Home(network=network, device=device, owner=owner)
