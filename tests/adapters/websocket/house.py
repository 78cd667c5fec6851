"""A hub to test over real sockets: the real use cases on a real server, with somebody simple to answer."""

import asyncio
import socket
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import aiohttp
from attrs import frozen
from hypercorn.asyncio import serve
from hypercorn.config import Config
from quart import Quart

from adapters.files.library import FilePersonas
from adapters.http.app import create_app
from adapters.http.options import HttpOptions
from adapters.http.use_cases import UseCases
from adapters.memory.audience import InProcessAudience
from adapters.memory.watchtower import InProcessWatchtower
from adapters.prometheus.meters import PrometheusMeters
from adapters.soundfiles.codec import SndfileCodec
from adapters.websocket.blueprint import SocketOptions, Sockets, SocketUseCases, sockets
from application.facts.wakeup import Wakeup
from application.networks.clients import (
    ClientDetails,
    RegisteredClient,
)
from application.networks.limiting import Throttle
from application.networks.tokens import TokenDesk
from application.operating.metering import MeteredAudience, see
from application.ports.storage import Transactions
from domain.audio.warming import warm
from domain.events import Fact, FactEvent, LiveEvent, LiveNews
from domain.ids import ClientId
from domain.networks import Network
from entrypoints.container import HubContainer, filled
from entrypoints.world import SystemClock
from tests.adapters.websocket.residents import Echo, Notebook
from tests.adapters.wiring import wired
from tests.fakes.speech import Dictated
from tests.hub_stores import open_store
from tests.patience import PATIENCE
from tests.samples import network as sample_network

SECRET = b"a secret of thirty-two bytes, or so"


@frozen(kw_only=True)
class House:
    """A running hub of its own, and what a test needs of its inside."""

    url: str
    store: Transactions
    audience: MeteredAudience
    ears: Notebook
    sockets: Sockets
    clock: SystemClock
    hub: HubContainer
    web: aiohttp.ClientSession

    @property
    def tokens(self) -> TokenDesk:
        """Where tokens are made."""
        desk: TokenDesk = self.hub.tokens()
        return desk

    async def network(self, network_id: str = "net_home") -> Network:
        """Open a network under an id of the test's choice."""
        network = sample_network(network_id, at=self.clock.now())
        async with self.store.begin() as tx:
            await tx.networks.add(network)
        return network

    async def client(self, network: Network, client_id: str = "phone", **others: Any) -> RegisteredClient:
        """Register a client."""
        principal = await self.owner(network)
        details = ClientDetails(
            client_id=ClientId(client_id), **{"device_type": "mobile", "capabilities": ("audio",), **others}
        )
        return await self.hub.register_client()(principal, network.id, details)

    async def owner(self, network: Network) -> Any:
        """Who owns a network."""
        return await self.hub.authenticate()(self.hub.tokens().network(network))

    async def happen(self, network: Network, event: FactEvent, recipient: ClientId | None = None) -> str:
        """Let a fact be committed, and answer its id."""
        async with self.store.begin() as tx:
            fact = await tx.outbox.append(network.id, event, recipient=recipient)
        return fact.id

    def tell(self, network: Network, event: LiveEvent, recipient: ClientId | None = None) -> None:
        """Let live news be told."""
        self.audience.tell(LiveNews(network_id=network.id, event=event, recipient=recipient))

    @asynccontextmanager
    async def open(
        self, name: str, token: str | None, **query: str
    ) -> AsyncIterator[aiohttp.ClientWebSocketResponse]:
        """Open a socket, without a word."""
        params = query if token is None else {"token": token, **query}
        async with self.web.ws_connect(
            f"{self.url}/ws/{name}", params=params, max_msg_size=0, autoping=True
        ) as connection:
            yield connection

    @asynccontextmanager
    async def talk(
        self, registered: RegisteredClient, **hello: Any
    ) -> AsyncIterator[aiohttp.ClientWebSocketResponse]:
        """Open a socket of a client of a network, with the handshake made."""
        async with self.open(registered.network.id, registered.token) as connection:
            await connection.send_json({"type": "handshake", **hello})
            answer = await connection.receive_json(timeout=PATIENCE)
            assert answer["type"] == "handshake_ack", answer
            yield connection


async def event_of(connection: aiohttp.ClientWebSocketResponse, sort: str, **wanted: Any) -> dict[str, Any]:
    """Read until an event of a sort comes, with these values."""
    async with asyncio.timeout(PATIENCE):
        while True:
            event: dict[str, Any] = await connection.receive_json()
            if event["type"] == sort and all(event.get(key) == value for key, value in wanted.items()):
                return event


async def closing(connection: aiohttp.ClientWebSocketResponse) -> int | None:
    """Read until the hub closes, and say with which code."""
    async with asyncio.timeout(PATIENCE):
        async for _ in connection:
            pass
    return connection.close_code


@asynccontextmanager
async def open_house(
    *, most_facts: int = 1024, most_news: int = 64, throttle: Throttle | None = None, **options: Any
) -> AsyncIterator[House]:
    """Run a hub on a port of its own."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        async with _open_house(listener, most_facts, most_news, throttle, options) as house:
            yield house


@asynccontextmanager
async def _open_house(
    listener: socket.socket,
    most_facts: int,
    most_news: int,
    throttle: Throttle | None,
    options: dict[str, Any],
) -> AsyncIterator[House]:
    warm()
    port = listener.getsockname()[1]
    clock, ears, wakeup = SystemClock(), Notebook(), Wakeup()
    meters, tower = PrometheusMeters(), InProcessWatchtower()

    def committed(facts: Sequence[Fact]) -> None:
        see(facts, meters, tower)
        wakeup.nudge()

    inside = InProcessAudience(most_facts=most_facts, most_news=most_news, on_begin=lambda _: wakeup.nudge())
    audience = MeteredAudience(inside, meters, tower)
    http = HttpOptions(port=port, version="1.2.3")
    async with (
        open_store(committed) as store,
        SndfileCodec.open() as sounds,
        aiohttp.ClientSession() as web,
    ):
        container = wired(
            store,
            clock=clock,
            listening=ears,
            throttle=throttle,
            base_url=http.base_url,
            meters=meters,
            tower=tower,
            audience=audience,
            delivery_wakeup=wakeup,
            personas=FilePersonas.read(),
            interlocutor=Echo(),
            transcriber=Dictated(),
            sounds=sounds,
        )
        patient = {"heartbeat_timeout": timedelta(seconds=PATIENCE), **options}
        side = sockets(
            filled(SocketUseCases, container), SocketOptions(public_url=f"ws://127.0.0.1:{port}", **patient)
        )
        app = create_app(filled(UseCases, container), http)
        app.register_blueprint(side.blueprint)
        tasks = [
            asyncio.create_task(one.run())
            for one in (container.pulse(), container.run_activities(), container.deliver_facts())
        ]
        stop = asyncio.Event()
        serving = asyncio.create_task(_served(app, listener, stop))
        try:
            yield House(
                url=http.base_url,
                store=store,
                audience=audience,
                ears=ears,
                sockets=side,
                clock=clock,
                hub=container,
                web=web,
            )
        finally:
            await side.close(turns=1.0, goodbyes=10.0)
            stop.set()
            await serving
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)


async def _served(app: Quart, listener: socket.socket, stop: asyncio.Event) -> None:
    config = Config()
    config.bind = [f"fd://{listener.detach()}"]
    config.errorlog = None
    config.graceful_timeout = 1.0
    await serve(app, config, shutdown_trigger=stop.wait, mode="asgi")  # type: ignore[arg-type]
