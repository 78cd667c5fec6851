"""A household on a real hub: its own process, its own folder, real sockets."""

import secrets
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

import pytest
from attrs import frozen

from adapters.hub.answers import NewNetwork, RegisteredDevice
from adapters.hub.client import Hub
from entrypoints.configuration import read_settings
from entrypoints.demo.hub_process import HubProcess, hub_process
from tests.hub_stores import new_postgresql_database

StartHub = Callable[..., AbstractAsyncContextManager[HubProcess]]
NewStore = Callable[[], tuple[str, ...]]


@pytest.fixture(scope="session")
def new_store(request: pytest.FixtureRequest) -> Iterator[NewStore]:
    """Makes options that tell a hub of a store of its own, of the kind that pytest was told by --store."""
    if request.config.getoption("--store") != "postgresql":
        yield tuple
        return
    socket = request.getfixturevalue("postgresql_socket")

    def made() -> tuple[str, ...]:
        name = f"journey_{secrets.token_hex(4)}"
        return ("--database-url", new_postgresql_database(socket, name))

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("JWT_SECRET_KEY", secrets.token_hex(32))
        yield made


@pytest.fixture
def start_hub(tmp_path: Path, new_store: NewStore) -> StartHub:
    """Starts a hub; every one of a test keeps its data in the same folder, and in the same store."""
    cache = str(read_settings([]).settings.cache_folder)
    fixed = ("--cache-dir", cache, "--transcribers", "1", *new_store())

    def start(*options: str) -> AbstractAsyncContextManager[HubProcess]:
        return hub_process(tmp_path / "data", *fixed, *options)

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
