"""The demo's household: a network, and three clients connected to it by real sockets."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager

from attrs import define, field

from adapters.hub.client import Hub
from adapters.hub.events import NetworkEvent
from adapters.hub.network_socket import NetworkSocket
from entrypoints.demo.rooms import MICROPHONES
from entrypoints.demo.timeline import Timeline

Watcher = Callable[[str, NetworkEvent, float], None]


@define(eq=False)
class Household:
    """A network's owner and its connected clients; whoever watches is told of every event at its moment."""

    owner: Hub
    network_id: str
    sockets: dict[str, NetworkSocket]
    watcher: Watcher | None = field(default=None)

    async def listen(self, client_id: str) -> None:
        """Read what one client is told."""
        async for event in self.sockets[client_id]:
            if self.watcher is not None:
                self.watcher(client_id, event, time.time())


@asynccontextmanager
async def open_household(hub: Hub, show: Timeline) -> AsyncIterator[Household]:
    """Make a network, register three clients and connect them."""
    made = await hub.create_network("Demo household")
    owner = hub.bearing(made.network_token)
    show.fact("network", f"{made.name}, {made.network_id}")
    async with AsyncExitStack() as stack:
        sockets = {}
        for microphone in MICROPHONES:
            client = await owner.register_client(
                made.network_id, microphone.client_id, microphone.device_type, capabilities=["audio"]
            )
            socket = hub.socket(made.network_id, microphone.client_id, client.client_token)
            sockets[microphone.client_id] = await stack.enter_async_context(socket)
            show.fact("client", f"{microphone.client_id:<15} {microphone.place}")
        household = Household(owner, made.network_id, sockets)
        listeners = [asyncio.create_task(household.listen(client_id)) for client_id in sockets]
        stack.push_async_callback(_ended, listeners)
        yield household


async def _ended(listeners: "list[asyncio.Task[None]]") -> None:
    for listener in listeners:
        listener.cancel()
    await asyncio.gather(*listeners, return_exceptions=True)
