"""What connects an instance with the others and with other systems: the bell, and NATS if there is one."""

from collections.abc import Callable, Coroutine, Sequence
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

from attrs import define, field

from adapters.memory.audience import InProcessAudience
from adapters.memory.bench import InProcessBench
from adapters.memory.nowhere import Nobody, Nowhere
from adapters.memory.watchtower import InProcessWatchtower
from adapters.nats.audio import Hold, NatsAudio
from adapters.nats.bench import NatsBench
from adapters.nats.commands import Command, NatsCommands, Perform
from adapters.nats.connection import NatsConnection, NatsOptions
from adapters.nats.live import NatsLive
from adapters.nats.neighbours import NatsNeighbours
from adapters.nats.publisher import NatsPublisher
from adapters.nats.sights import NatsSights
from adapters.sql.bell import PostgresBell
from application.operating.health import Probe, ProbeRelay
from application.ports.announcing import Publisher
from application.ports.arbitrating import Bench
from application.ports.neighbours import LiveStreams, Neighbours
from application.ports.storage import Transactions
from application.ports.world import Clock
from domain.events import LiveNews
from domain.ids import InstanceId, NetworkId
from entrypoints.configuration import WrongSetting
from entrypoints.news import News
from entrypoints.settings import Settings

Run = Callable[[], Coroutine[Any, Any, None]]


@define(eq=False)
class Fabric:
    """The ways out of this process, as the settings have them."""

    settings: Settings
    news: News
    instance_id: InstanceId
    clock: Clock
    tower: InProcessWatchtower = field(factory=InProcessWatchtower, init=False)
    audience: InProcessAudience = field(init=False)
    connection: NatsConnection | None = field(default=None, init=False)
    publisher: Publisher = field(factory=Nowhere, init=False)
    live: NatsLive | None = field(default=None, init=False)
    bench: Bench = field(init=False)
    neighbours: Neighbours = field(factory=Nobody, init=False)
    _asked: NatsNeighbours | None = field(default=None, init=False)
    _shared_bench: NatsBench | None = field(default=None, init=False)
    _sights: NatsSights | None = field(default=None, init=False)

    def __attrs_post_init__(self) -> None:
        self.audience = InProcessAudience(on_begin=self._begun, on_news=self._tell)
        if self.settings.store_is_shared:
            self.news.bell = PostgresBell(self.settings.store_url, self.news.heard)
        self.bench = InProcessBench(self.clock)
        if self.settings.nats_url:
            self.connection = NatsConnection(nats_options(self.settings))
            self.publisher = NatsPublisher(self.connection)
            self.live = NatsLive(self.connection, self.audience.pass_on, self.audience.followed)
            self._sights = NatsSights(self.connection, self.tower)
            self.tower.on_show = self._sights.tell
            self.neighbours = self._asked = NatsNeighbours(self.connection, self.instance_id)
            self.bench = self._shared_bench = NatsBench(self.connection, self.instance_id, self.clock)

    @property
    def relays(self) -> bool:
        """Whether facts leave the hub."""
        return self.connection is not None

    async def open(self, stack: AsyncExitStack) -> None:
        """Be connected while the stack lasts."""
        if self.connection is not None:
            await stack.enter_async_context(self.connection.running())

    def let_be_asked(self, ears: LiveStreams) -> None:
        """Let other instances know what is heard here."""
        if self._asked is not None:
            self._asked.ears = ears

    def serve(self, version: str, commands: Sequence[Command], perform: Perform) -> NatsCommands | None:
        """Take commands in, where there is a way in."""
        if self.connection is None:
            return None
        return NatsCommands(self.connection, version, commands, perform)

    def hold_streams(self, hold: Hold) -> NatsAudio | None:
        """Take streams of sound in, where there is a way in."""
        return None if self.connection is None else NatsAudio(self.connection, hold)

    def probes(self, transactions: Transactions, clock: Clock) -> dict[str, Probe]:
        """What is to be asked how it is."""
        return {"nats": ProbeRelay(transactions, clock)} if self.relays else {}

    def tasks(self) -> dict[str, Run]:
        """What is to run for it."""
        tasks: dict[str, Run] = {}
        if self.news.bell is not None:
            tasks["bell"] = self.news.bell.run
        if self.live is not None:
            tasks["live"] = self.live.run
        if self._sights is not None:
            tasks["sights"] = self._sights.run
        if self._shared_bench is not None:
            tasks["arbitration"] = self._shared_bench.run
        return tasks

    def _begun(self, network_id: NetworkId) -> None:
        self.news.followed(network_id)
        if self.live is not None:
            self.live.look()

    def _tell(self, news: LiveNews) -> None:
        if self.live is not None:
            self.live.tell(news)


def nats_options(settings: Settings) -> NatsOptions:
    """Where NATS is and how to prove oneself.

    Raises:
        WrongSetting: a file is not there.
    """
    return NatsOptions(
        url=settings.nats_url,
        credentials=_file("nats_credentials", settings.nats_credentials),
        ca_file=_file("nats_ca", settings.nats_ca),
        certificate=_file("nats_certificate", settings.nats_certificate),
        key=_file("nats_key", settings.nats_key),
    )


def _file(name: str, value: str) -> Path | None:
    if not value:
        return None
    path = Path(value).expanduser()
    if not path.is_file():
        raise WrongSetting(f"{name}: the file {path} is not there")
    return path
