"""The link to the hub: it subscribes first and reads the state second, and heals by itself."""

import asyncio
import gc
from typing import Final

from attrs import define, field

from adapters.hub import Hub, HubError, HubUnreachable, SocketEnded
from adapters.hub.events import Reconnected
from adapters.hub.operating import ClientSeen, NetworkSeen
from adapters.hub.operator_events import Missed
from adapters.hub.operator_socket import OperatorSocket
from tui.picture import LinkState, Picture

PAGE: Final = 200
MOST_CLIENTS: Final = 20_000
EVENTS_AT_ONCE: Final = 32
RETRY_SECONDS: Final = 1.0
LOOK_SECONDS: Final = 0.5
READ_AGAIN_SECONDS: Final = 60.0
GARBAGE_AT_ONCE: Final = 20_000
"""So many new objects are drawn with before the collector looks for cycles among them: a page or so."""
WRONG_TOKEN: Final = frozenset({401, 403})


@define(eq=False)
class Link:
    """Keeps the picture true as long as it runs, whatever becomes of the hub meanwhile."""

    url: str
    token: str
    picture: Picture
    hub: Hub | None = field(default=None, init=False)
    _socket: OperatorSocket | None = field(default=None, init=False)
    _networks: tuple[str, ...] = field(default=(), init=False)
    _log: bool = field(default=False, init=False)
    _fresh: bool = field(default=True, init=False)
    _transcripts: bool = field(default=False, init=False)
    _stale: asyncio.Event = field(factory=asyncio.Event, init=False)

    async def run(self) -> None:
        """Connect, and connect again, for ever."""
        async with Hub(self.url, self.token) as hub:
            self.hub = hub
            while True:
                try:
                    await self._hold(hub)
                except* HubUnreachable as errors:
                    self.picture.stand(LinkState.LOST, str(errors.exceptions[0]))
                except* SocketEnded as errors:
                    self.picture.stand(LinkState.LOST, str(errors.exceptions[0]))
                except* HubError as errors:
                    self._note_refusal(errors)
                await asyncio.sleep(RETRY_SECONDS)

    @property
    def connected_hub(self) -> Hub:
        """The hub, or raise HubUnreachable where there was none yet."""
        if self.hub is None:
            raise HubUnreachable("there is no link to the hub yet")
        return self.hub

    async def watch(self, *, networks: tuple[str, ...], log: bool, transcripts: bool) -> None:
        """Say what is to be watched closely from now on."""
        wish = (networks, log, transcripts)
        if wish != (self._networks, self._log, self._transcripts):
            self._networks, self._log, self._transcripts = wish
            await self._wish()

    def read_again(self) -> None:
        """Have the networks and clients read anew soon."""
        self._stale.set()

    async def _hold(self, hub: Hub) -> None:
        async with hub.operator_socket() as socket:
            self._socket, self._fresh = socket, True
            await self._wish()
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self._events(hub, socket))
                tasks.create_task(self._look(socket))
                tasks.create_task(self._snapshots(hub))

    async def _events(self, hub: Hub, socket: OperatorSocket) -> None:
        """Take events in, with a breath now and then for whoever else has something to do."""
        taken = 0
        async for event in socket:
            if isinstance(event, Reconnected):
                await self._wish()
                self._fresh = True
                self._stale.set()
            elif isinstance(event, Missed):
                self.picture.missed = event.count
                self._stale.set()
            else:
                self.picture.take(event)
            taken += 1
            if taken % EVENTS_AT_ONCE == 0:
                await asyncio.sleep(0)
        raise HubUnreachable("the hub has closed the socket")

    async def _look(self, socket: OperatorSocket) -> None:
        """Notice when the socket is lost, which opens itself again."""
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            if not socket.connected:
                self.picture.stand(LinkState.LOST, f"{self.url} does not answer")

    async def _snapshots(self, hub: Hub) -> None:
        """Read the state, and again when something says that it is not as we know it, or after a while."""
        while True:
            self._stale.clear()
            try:
                await self._read(hub)
            except HubUnreachable as error:
                self.picture.stand(LinkState.LOST, str(error))
            try:
                async with asyncio.timeout(READ_AGAIN_SECONDS):
                    await self._stale.wait()
                await asyncio.sleep(LOOK_SECONDS)
            except TimeoutError:
                continue

    async def _read(self, hub: Hub) -> None:
        """Read the whole state; what was read first stays, and the collector need not look at it again."""
        if self._fresh:
            self.picture.start(await hub.overview())
            self.picture.stand(LinkState.CONNECTED)
            self._fresh = False
        networks: list[NetworkSeen] = []
        clients: list[ClientSeen] = []
        offset, total = 0, 1
        while offset < total:
            page = await hub.find_networks(limit=PAGE, offset=offset)
            networks += page.items
            offset, total = offset + PAGE, page.total
        self.picture.put_networks(networks, all_of_them=True)
        offset, total = 0, 1
        while offset < min(total, MOST_CLIENTS):
            found = await hub.find_clients(limit=PAGE, offset=offset)
            clients += found.items
            if not self.picture.loaded:
                self.picture.put_clients(found.items)
            offset, total = offset + PAGE, found.total
        self.picture.put_clients(clients, all_of_them=True)
        if not self.picture.loaded:
            gc.freeze()
            gc.set_threshold(GARBAGE_AT_ONCE)
        self.picture.loaded = True

    async def _wish(self) -> None:
        if self._socket is not None:
            await self._socket.watch(networks=self._networks, log=self._log, transcripts=self._transcripts)

    def _note_refusal(self, errors: "BaseExceptionGroup[HubError]") -> None:
        error = errors.exceptions[0]
        if isinstance(error, HubError) and error.status in WRONG_TOKEN:
            self.picture.stand(LinkState.REFUSED, error.message)
        else:
            self.picture.stand(LinkState.LOST, str(error))
