"""A hub to test over real sockets: the real use cases on a real server, with somebody simple to answer."""

import asyncio
import socket
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import aiohttp
from attrs import frozen
from hypercorn.asyncio import serve
from hypercorn.config import Config

from adapters.files.library import FilePersonas
from adapters.http.app import create_app
from adapters.http.options import HttpOptions
from adapters.http.use_cases import UseCases
from adapters.icalendar.writer import IcalendarWriter
from adapters.jwt.links import HmacLinkSigner
from adapters.jwt.mint import JwtTokenMint
from adapters.memory.audience import InProcessAudience
from adapters.memory.transactions import MemoryTransactions
from adapters.soundfiles.codec import SndfileCodec
from adapters.websocket.blueprint import SocketOptions, Sockets, SocketUseCases, sockets
from application.access import Authenticate
from application.agenda import ListCalendarEvents, ListReminders
from application.answers_aloud import AnswersAloud
from application.best_stream import GetBestStream
from application.clients import (
    ClientDetails,
    DeregisterClient,
    ListClients,
    RegisterClient,
    RegisteredClient,
    UpdateClient,
)
from application.commanding import AckBoard
from application.connecting import Connect, Disconnect
from application.conversing import Converse
from application.delivering import DeliverFacts
from application.devices import GetDeviceState, RegisterDevice
from application.dialog import HearMessage, SendMessage
from application.feeds import CloseFeed, OpenFeed, ReadFeed
from application.interactions import GetInteraction, ListConversations, ListInteractions
from application.limiting import AdmitTurn, GetLimits, SetLimits, Throttle
from application.metering import MeteredAudience, see
from application.networks import CreateNetwork, DeleteNetwork, GetNetwork, UpdateNetwork
from application.personas import (
    AuditionPersona,
    ChangePersona,
    CreatePersona,
    DeletePersona,
    GetPersona,
    ListPersonaRevisions,
    ListPersonas,
    RestorePersona,
)
from application.planning import (
    CreateCalendarEvent,
    DeleteCalendarEvent,
    GetCalendarEvent,
    UpdateCalendarEvent,
)
from application.recordings import FetchRecording, KeepSound
from application.reminding import CreateReminder, DeleteReminder, GetReminder, UpdateReminder
from application.reprocessing import ListEarlierResults, ProcessInteraction
from application.rotating import (
    HandOverToken,
    RevokeClientToken,
    RevokeNetworkToken,
    RevokeRegistrationToken,
    RotateClientToken,
    RotateNetworkToken,
    RotateRegistrationToken,
)
from application.sessions import TakeSeat
from application.speech_links import FetchSpeech, LinkToSpeech
from application.tokens import TokenDesk, TokenLifetimes
from application.uploading import GetAudioStatus, SubmitAudio
from application.wakeup import Wakeup
from domain.events import Fact, FactEvent, LiveEvent, LiveNews
from domain.ids import ClientId
from domain.networks import Network
from entrypoints.logs import LOG_TAIL
from entrypoints.world import RandomIds, SystemClock
from tests.adapters.devices import Devices
from tests.adapters.http.house import unhurried
from tests.adapters.http.residents import INSTANCE, Deaf, Hummer, Shelf, Watched
from tests.adapters.websocket.residents import Echo, Notebook
from tests.fakes.speech import Dictated
from tests.samples import network as sample_network

SECRET = b"a secret of thirty-two bytes, or so"


@frozen(kw_only=True)
class House:
    """A running hub of its own, and what a test needs of its inside."""

    url: str
    store: MemoryTransactions
    audience: MeteredAudience
    ears: Notebook
    sockets: Sockets
    tokens: TokenDesk
    clock: SystemClock
    register_client: RegisterClient
    deregister_client: DeregisterClient
    rotate_client_token: RotateClientToken
    revoke_client_token: RevokeClientToken
    delete_network: DeleteNetwork
    web: aiohttp.ClientSession

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
        return await self.register_client(principal, network.id, details)

    async def owner(self, network: Network) -> Any:
        """Who owns a network."""
        return await Authenticate(self.tokens.mint, self.store)(self.tokens.network(network))

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
            answer = await connection.receive_json(timeout=5)
            assert answer["type"] == "handshake_ack", answer
            yield connection


async def event_of(
    connection: aiohttp.ClientWebSocketResponse, sort: str, seconds: float = 5, **wanted: Any
) -> dict[str, Any]:
    """Read until an event of a sort comes, with these values."""
    async with asyncio.timeout(seconds):
        while True:
            event: dict[str, Any] = await connection.receive_json()
            if event["type"] == sort and all(event.get(key) == value for key, value in wanted.items()):
                return event


async def closing(connection: aiohttp.ClientWebSocketResponse, seconds: float = 10) -> int | None:
    """Read until the hub closes, and say with which code."""
    async with asyncio.timeout(seconds):
        async for _ in connection:
            pass
    return connection.close_code


async def eventually(true: Callable[[], object], seconds: float = 5) -> None:
    """Wait until something is so."""
    async with asyncio.timeout(seconds):
        while not true():  # noqa: ASYNC110 - anything may be waited for
            await asyncio.sleep(0.005)


@asynccontextmanager
async def open_house(
    *, most_facts: int = 1024, most_news: int = 64, throttle: Throttle | None = None, **options: Any
) -> AsyncIterator[House]:
    """Run a hub on a port of its own."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        async with _open_house(listener, most_facts, most_news, throttle or unhurried(), options) as house:
            yield house


@asynccontextmanager
async def _open_house(
    listener: socket.socket, most_facts: int, most_news: int, throttle: Throttle, options: dict[str, Any]
) -> AsyncIterator[House]:
    port = listener.getsockname()[1]
    clock, ids, blobs, personas = SystemClock(), RandomIds(), Shelf(), FilePersonas.read()
    wakeup = Wakeup()

    def committed(facts: Sequence[Fact]) -> None:
        see(facts, watched.meters, watched.tower)
        wakeup.nudge()

    store = MemoryTransactions(committed)
    watched = Watched(clock=clock, store=store)
    throttle, pulse = watched.limits(throttle), watched.pulse
    inside = InProcessAudience(most_facts=most_facts, most_news=most_news, on_begin=lambda _: wakeup.nudge())
    audience = MeteredAudience(inside, watched.meters, watched.tower)
    delivery = DeliverFacts(store, audience, audience, wakeup)
    http = HttpOptions(port=port, version="1.2.3")
    mint = JwtTokenMint(secret=SECRET, clock=clock, ids=ids)
    signer = HmacLinkSigner(secret=SECRET, base_url=http.base_url, clock=clock)
    tokens = TokenDesk(mint, clock, TokenLifetimes())
    register = RegisterClient(store, tokens, clock)
    deregister, ears = DeregisterClient(store, clock), Notebook()
    delete_network = DeleteNetwork(store, blobs, clock)
    authenticate, update = Authenticate(mint, store), UpdateClient(store, clock)
    link = LinkToSpeech(signer, clock)
    async with SndfileCodec.open() as sounds, aiohttp.ClientSession() as web:
        devices = Devices(
            store=store,
            personas=personas,
            speaker=Hummer(),
            sounds=sounds,
            blobs=blobs,
            announcer=audience,
            ids=ids,
            clock=clock,
            register=RegisterDevice(register, ids),
            board=AckBoard(),
        )
        converse = Converse(
            transactions=store,
            interlocutor=Echo(),
            speaker=Hummer(),
            sounds=sounds,
            blobs=blobs,
            announcer=audience,
            take_seat=TakeSeat(personas, ids, clock),
            keep_sound=KeepSound(sounds, blobs, ids, clock),
            aloud=AnswersAloud(clock),
            ids=ids,
            clock=clock,
            admit=AdmitTurn(throttle, store),
            hear_house_wish=devices.house_wishes,
        )
        audition = AuditionPersona(Hummer(), frozenset({"offline"}))
        use_cases = UseCases(
            authenticate=authenticate,
            throttle=throttle,
            get_limits=GetLimits(store, throttle),
            set_limits=SetLimits(store, throttle),
            create_network=CreateNetwork(store, tokens, ids, clock, True),
            get_network=GetNetwork(store),
            update_network=UpdateNetwork(store, clock),
            delete_network=delete_network,
            rotate_network_token=RotateNetworkToken(store, tokens),
            rotate_registration_token=RotateRegistrationToken(store, tokens),
            rotate_client_token=RotateClientToken(store, tokens, clock),
            revoke_network_token=RevokeNetworkToken(store),
            revoke_registration_token=RevokeRegistrationToken(store),
            revoke_client_token=RevokeClientToken(store, clock),
            register_client=register,
            list_clients=ListClients(store),
            update_client=update,
            deregister_client=deregister,
            submit_audio=SubmitAudio(
                transactions=store,
                sounds=sounds,
                blobs=blobs,
                ids=ids,
                clock=clock,
                wakeup=Wakeup(),
                window=timedelta(milliseconds=300),
                most_waiting=8,
            ),
            get_audio_status=GetAudioStatus(store, clock),
            get_best_stream=GetBestStream(store, ears, clock),
            list_interactions=ListInteractions(store),
            get_interaction=GetInteraction(store),
            process_interaction=ProcessInteraction(store, converse, Deaf(), sounds, blobs, clock),
            list_earlier_results=ListEarlierResults(store),
            fetch_recording=FetchRecording(store, blobs, clock),
            list_conversations=ListConversations(store),
            list_reminders=ListReminders(store),
            list_calendar_events=ListCalendarEvents(store),
            create_reminder=CreateReminder(store, ids, clock, Wakeup()),
            get_reminder=GetReminder(store),
            update_reminder=UpdateReminder(store, clock, Wakeup()),
            delete_reminder=DeleteReminder(store),
            create_calendar_event=CreateCalendarEvent(store, ids, clock),
            get_calendar_event=GetCalendarEvent(store),
            update_calendar_event=UpdateCalendarEvent(store),
            delete_calendar_event=DeleteCalendarEvent(store),
            open_feed=OpenFeed(store, ids, clock),
            close_feed=CloseFeed(store),
            read_feed=ReadFeed(store, IcalendarWriter(), clock),
            register_device=RegisterDevice(register, ids),
            get_device_state=GetDeviceState(store, clock),
            list_personas=ListPersonas(store, personas),
            get_persona=GetPersona(store, personas),
            create_persona=CreatePersona(store, personas, audition, ids, clock),
            change_persona=ChangePersona(store, personas, audition, clock),
            list_persona_revisions=ListPersonaRevisions(store, personas),
            restore_persona=RestorePersona(store, personas, clock),
            delete_persona=DeletePersona(store, personas),
            send_message=SendMessage(converse, HearMessage(store, Dictated(), sounds, clock)),
            link_to_speech=link,
            fetch_speech=FetchSpeech(signer, blobs),
            **devices.over_http(),
            **watched.use_cases(audience, ears),
        )
        side = sockets(
            SocketUseCases(
                authenticate=authenticate,
                throttle=throttle,
                meters=watched.meters,
                tower=watched.tower,
                pulse=pulse,
                log_tail=LOG_TAIL,
                check_health=watched.health,
                instance=INSTANCE,
                connect=Connect(store, clock),
                disconnect=Disconnect(store, clock),
                update_client=update,
                converse=converse,
                link_to_speech=link,
                hand_over_token=HandOverToken(tokens),
                audience=audience,
                listening=ears,
                sounds=sounds,
                clock=clock,
                **devices.over_sockets(),
            ),
            SocketOptions(public_url=f"ws://127.0.0.1:{port}", **options),
        )
        app = create_app(use_cases, http)
        app.register_blueprint(side.blueprint)
        beating = asyncio.create_task(pulse.run())
        playing = asyncio.create_task(devices.running.run())
        relaying = asyncio.create_task(delivery.run())
        config = Config()
        config.bind = [f"fd://{listener.detach()}"]
        config.errorlog = None
        config.graceful_timeout = 1.0
        stop = asyncio.Event()
        serving = asyncio.create_task(serve(app, config, shutdown_trigger=stop.wait, mode="asgi"))  # type: ignore[arg-type]
        try:
            yield House(
                url=http.base_url,
                store=store,
                audience=audience,
                ears=ears,
                sockets=side,
                tokens=tokens,
                clock=clock,
                register_client=register,
                deregister_client=deregister,
                rotate_client_token=use_cases.rotate_client_token,
                revoke_client_token=use_cases.revoke_client_token,
                delete_network=delete_network,
                web=web,
            )
        finally:
            await side.close(turns=1.0, goodbyes=3.0)
            stop.set()
            await serving
            relaying.cancel()
            playing.cancel()
            beating.cancel()
            await asyncio.gather(relaying, playing, beating, return_exceptions=True)
