"""Everything that the use cases need, in memory, and short ways to fill it."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from datetime import timedelta
from typing import Any

from attrs import define, evolve, field, frozen

from adapters.jwt.mint import JwtTokenMint
from adapters.memory.audience import InProcessAudience
from adapters.memory.inboxes import BoundedInbox
from adapters.memory.transactions import MemoryTransactions
from application.facts.delivering import DeliverFacts
from application.facts.relaying import RelayFacts
from application.facts.wakeup import Wakeup
from application.networks.access import SCOPES, Principal
from application.networks.clients import ClientDetails, RegisterClient, RegisteredClient
from application.networks.connecting import Connect
from application.networks.networks import CreateNetwork, NewNetwork
from application.networks.tokens import TokenDesk, TokenLifetimes
from application.operating.instances import KeepAlive
from application.personas.sessions import TakeSeat
from application.ports.dialogue import Interlocutor
from application.ports.storage import InteractionFilter, Page, ReminderFilter
from application.ports.tokens import TokenKind
from application.speech.answers_aloud import AnswersAloud
from application.speech.recordings import KeepSound
from application.turns.conversing import Converse, everybody
from application.turns.turns import Turn, TurnEnded, TurnEvent, TypedWords
from domain.agenda import Reminder
from domain.clients import Client
from domain.events import AttentionChanged, ErrorOccurred, Fact, FactEvent, LiveNews
from domain.ids import ClientId, InteractionId, NetworkId, SessionId
from domain.interactions import Conversation, Interaction
from domain.networks import NetworkSettings
from tests.fakes.dialogue import Parrot
from tests.fakes.personas import FewPersonas
from tests.fakes.speech import Beeping, Dictated, PlainWave
from tests.fakes.storage import Brittle, KeptBlobs
from tests.fakes.world import CountingIds, SettableClock
from tests.samples import NOON

KITCHEN = ClientId("kitchen")
HALL = ClientId("hall")
_LAST = LiveNews(
    network_id=NetworkId("net_none"), event=ErrorOccurred(code="LAST", message="That was all.", at=NOON)
)
OPERATOR = Principal(kind=TokenKind.OPERATOR, subject="operator", scopes=SCOPES[TokenKind.OPERATOR])
EVERYTHING = Page(limit=200)


def owner(network_id: NetworkId) -> Principal:
    """Whoever has a network's own token."""
    return _holder(TokenKind.NETWORK, network_id, network_id)


def newcomer(network_id: NetworkId) -> Principal:
    """Whoever has a network's registration token."""
    return _holder(TokenKind.REGISTRATION, network_id, network_id)


def as_client(network_id: NetworkId, client_id: ClientId = KITCHEN) -> Principal:
    """A client with its own token."""
    return _holder(TokenKind.CLIENT, client_id, network_id)


def _holder(kind: TokenKind, subject: str, network_id: NetworkId) -> Principal:
    return Principal(kind=kind, subject=subject, network_id=network_id, scopes=SCOPES[kind])


@frozen
class ToAll:
    """A publisher whose other side is an audience."""

    audience: InProcessAudience
    ready: bool = True

    async def publish(self, facts: Sequence[Fact]) -> AsyncIterator[Fact]:
        for fact in facts:
            await self.audience.publish(fact)
            yield fact


@define
class Household:
    """The parts of a hub, and what can be done with them in a line."""

    clock: SettableClock = field(factory=SettableClock)
    ids: CountingIds = field(factory=CountingIds)
    store: MemoryTransactions = field(factory=MemoryTransactions)
    audience: InProcessAudience = field(factory=InProcessAudience)
    blobs: KeptBlobs = field(factory=KeptBlobs)
    personas: FewPersonas = field(factory=FewPersonas)
    interlocutor: Interlocutor = field(factory=Parrot)
    speaker: Beeping = field(factory=Beeping)
    transcriber: Dictated = field(factory=Dictated)
    admit: Callable[[NetworkId], Awaitable[None]] = everybody
    keep_audio_for: timedelta | None = None
    aloud: AnswersAloud = field(init=False)
    transactions: Brittle = field(init=False)
    mint: JwtTokenMint = field(init=False)
    tokens: TokenDesk = field(init=False)

    def __attrs_post_init__(self) -> None:
        self.transactions = Brittle(self.store)
        self.aloud = AnswersAloud(self.clock)
        self.mint = JwtTokenMint(secret=b"k" * 48, clock=self.clock, ids=self.ids)
        self.tokens = TokenDesk(self.mint, self.clock, TokenLifetimes())

    async def open_network(self, name: str = "Home", **settings: Any) -> NetworkId:
        """A network, opened without a token."""
        return (await self.new_network(name, **settings)).network.id

    async def new_network(self, name: str = "Home", **settings: Any) -> NewNetwork:
        """A network, and its tokens."""
        create = CreateNetwork(self.transactions, self.tokens, self.ids, self.clock, open_registration=True)
        return await create(None, name, "", NetworkSettings(**settings))

    async def register(
        self, network_id: NetworkId, client_id: ClientId = KITCHEN, **details: Any
    ) -> RegisteredClient:
        """A client, registered by the owner of its network."""
        register = RegisterClient(self.transactions, self.tokens, self.clock)
        said = ClientDetails(client_id=client_id, device_type="phone", **details)
        return await register(owner(network_id), network_id, said)

    async def home(self, **details: Any) -> NetworkId:
        """A network with the client kitchen in it."""
        network_id = await self.open_network()
        await self.register(network_id, KITCHEN, **details)
        return network_id

    async def connect(
        self, network_id: NetworkId, client_id: ClientId = KITCHEN, inbox: BoundedInbox | None = None
    ) -> Client:
        """A client whose socket has just opened, and which begins to read an inbox."""
        connect = Connect(self.transactions, self.clock)
        connection = await connect(as_client(network_id, client_id), network_id, client_id)
        if inbox is not None:
            inbox.begin(connection.position)
        return connection.client

    async def sweep(self) -> None:
        """Nothing left of the only instance."""
        await KeepAlive(transactions=self.transactions, clock=self.clock).leave()

    def converse(self) -> Converse:
        """The use case of turns, with the parts that the hub has now."""
        return Converse(
            transactions=self.transactions,
            interlocutor=self.interlocutor,
            speaker=self.speaker,
            sounds=PlainWave(),
            blobs=self.blobs,
            announcer=self.audience,
            take_seat=TakeSeat(self.personas, self.ids, self.clock),
            keep_sound=KeepSound(PlainWave(), self.blobs, self.ids, self.clock, self.keep_audio_for),
            aloud=self.aloud,
            ids=self.ids,
            clock=self.clock,
            admit=self.admit,
        )

    async def say(self, network_id: NetworkId, text: str, client_id: ClientId = KITCHEN) -> TurnEnded:
        """A typed turn, to its end."""
        events = await self.hold(typed(network_id, text, client_id))
        ended = events[-1]
        assert isinstance(ended, TurnEnded)
        return ended

    async def hold(self, turn: Turn, events: list[TurnEvent] | None = None) -> list[TurnEvent]:
        """A turn, to its end; all that it yielded, which is put into a list of the caller's if it has one."""
        yielded = [] if events is None else events
        async for event in self.converse()(turn):
            yielded.append(event)
        return yielded

    async def relay(self) -> int:
        """What was committed, published to those who listen."""
        return await RelayFacts(self.transactions, ToAll(self.audience), self.clock, Wakeup())()

    async def deliver(self) -> int:
        """What was committed, told to those who have begun to listen."""
        return await DeliverFacts(self.transactions, self.audience, self.audience, Wakeup())()

    async def facts(self, network_id: NetworkId) -> list[Fact]:
        """All facts of a network, in order."""
        async with self.store.snapshot() as tx:
            facts = await tx.outbox.unpublished(100_000)
        return [fact for fact in facts if fact.network_id == network_id]

    async def events(self, network_id: NetworkId, kind: type[FactEvent] | None = None) -> list[Any]:
        """All events of a network that were committed and not published yet, or those of one kind."""
        return [
            fact.event
            for fact in await self.facts(network_id)
            if kind is None or isinstance(fact.event, kind)
        ]

    async def client(self, network_id: NetworkId, client_id: ClientId = KITCHEN) -> Client:
        """A client as it is kept."""
        async with self.store.snapshot() as tx:
            return await tx.clients.get(network_id, client_id)

    async def change_client(self, network_id: NetworkId, client_id: ClientId = KITCHEN, **to: Any) -> None:
        """A client, changed in the store."""
        async with self.store.begin() as tx:
            await tx.clients.update(evolve(await tx.clients.get(network_id, client_id), **to))

    async def interaction(self, network_id: NetworkId, interaction_id: InteractionId) -> Interaction:
        """An interaction as it is kept."""
        async with self.store.snapshot() as tx:
            return await tx.interactions.get(network_id, interaction_id)

    async def interactions(self, network_id: NetworkId) -> list[Interaction]:
        """The interactions of a network, oldest first."""
        async with self.store.snapshot() as tx:
            listing = await tx.interactions.list(network_id, InteractionFilter(), EVERYTHING)
        return list(reversed(listing.items))

    async def conversations(self, network_id: NetworkId) -> list[Conversation]:
        """The conversations of a network, the most recently used first."""
        async with self.store.snapshot() as tx:
            return list((await tx.conversations.list(network_id, EVERYTHING)).items)

    async def reminders(self, network_id: NetworkId) -> list[Reminder]:
        """The reminders of a network, soonest first."""
        async with self.store.snapshot() as tx:
            listing = await tx.agenda.reminders(network_id, ReminderFilter(), EVERYTHING)
        return sorted(listing.items, key=lambda reminder: reminder.due_time)


def typed(
    network_id: NetworkId,
    text: str,
    client_id: ClientId = KITCHEN,
    session_id: SessionId | None = None,
) -> Turn:
    """A typed turn."""
    words = TypedWords(text=text)
    return Turn(network_id=network_id, client_id=client_id, session_id=session_id, words=words)


async def waiting_in(inbox: BoundedInbox) -> list[Fact | LiveNews]:
    """All that waits in an inbox."""
    inbox.put_news(_LAST)
    read: list[Fact | LiveNews] = []
    while (announcement := await inbox.next()) is not _LAST:
        assert announcement is not None
        if not isinstance(announcement.event, AttentionChanged):
            read.append(announcement)
    return read
