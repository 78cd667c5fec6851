"""A hub from start to stop: everything that must be opened, in order, and closed in the end."""

import asyncio
import os
import socket
import threading
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

import structlog
from attrs import field, frozen

from adapters.espeak.speaker import WORKER as ESPEAK_WORKER
from adapters.espeak.speaker import EspeakSpeaker
from adapters.files.blobs import FileBlobs
from adapters.files.games import FileGames
from adapters.files.library import FilePersonas
from adapters.memory.audience import InProcessAudience
from adapters.memory.limits import MemoryLimits
from adapters.pocketsphinx.transcriber import PocketsphinxTranscriber
from adapters.prometheus.meters import PrometheusMeters
from adapters.soundfiles.codec import SndfileCodec
from adapters.sql.blobs import SqlBlobs
from adapters.sql.engine import open_engine
from adapters.sql.limits import SqlLimits
from adapters.sql.migrating import migrate
from adapters.sql.transactions import SqlTransactions
from adapters.workers.pool import WorkerPool
from adapters.workers.process import Work
from application.networks.tokens import TokenLifetimes
from application.operating.health import ProbeCrews, ProbeDatabase, ProbeDelivery, ProbeSounds
from application.operating.metering import MeteredAudience, MeteredLimits, see
from application.operating.operating import Instance
from application.ports.meters import Meters
from application.ports.speech import Speaker, Transcriber
from domain.audio.arbitration import ArbitrationRules
from domain.audio.endpointing import TurnRules
from domain.audio.warming import warm
from domain.errors import MiraError
from domain.events import Fact
from domain.language.understanding import understand
from entrypoints.configuration import Start, WrongSetting
from entrypoints.container import HubContainer
from entrypoints.fabric import Fabric, Run
from entrypoints.keys import OPERATOR_FILE, OperatorSeal, keep_secret, private_folder, signing_key
from entrypoints.logs import LOG_TAIL
from entrypoints.minds import Ready, open_minds
from entrypoints.news import News
from entrypoints.settings import Settings
from entrypoints.tasks import ended, keep_running
from entrypoints.version import VERSION
from entrypoints.world import SystemClock, new_instance

log = structlog.get_logger(__name__)


@frozen
class Warmth:
    """Whether something that takes a while is loaded; it is warmed in a thread after the start."""

    name: str
    load: Callable[[], object]
    _warm: threading.Event = field(factory=threading.Event, init=False)

    def begin(self) -> None:
        """Warm it in the background."""
        threading.Thread(target=self._load, name=self.name, daemon=True).start()

    def _load(self) -> None:
        self.load()
        self._warm.set()

    def done(self) -> bool:
        """Whether it is loaded."""
        return self._warm.is_set()


@frozen(kw_only=True)
class RunningHub:
    """A hub whose parts are open and whose tasks run."""

    container: HubContainer
    transactions: SqlTransactions
    operator_token: str
    fabric: Fabric

    async def settle(self, seconds: float) -> None:
        """Let what is under way end, and tell what was committed."""
        await asyncio.gather(
            self.container.listening().finish_turns(seconds), self.container.answer_uploads().finish(seconds)
        )
        await self.container.deliver_facts()()
        await self.container.relay_facts()()


@asynccontextmanager
async def running_hub(start: Start, base_url: str) -> AsyncIterator[RunningHub]:
    """Open a hub, run its tasks while the block lasts, and close it.

    Raises:
        WrongSetting: a shared store was given without a shared key.
    """
    settings = start.settings
    folder = settings.data_folder
    if settings.store_is_shared and start.secret is None:
        raise WrongSetting("a shared database needs a shared JWT_SECRET_KEY, or tokens differ by instance")
    private_folder(folder)
    news, clock, meters = News(), SystemClock(), PrometheusMeters()
    kernels = Warmth("kernels", warm)
    instance_id = new_instance()
    fabric = Fabric(settings, news, instance_id, clock)
    audience, tower = fabric.audience, fabric.tower

    def facts_committed(facts: Sequence[Fact]) -> None:
        see(facts, meters, tower)
        news.committed(facts)

    async with AsyncExitStack() as stack:
        engine = await stack.enter_async_context(open_engine(settings.store_url))
        await migrate(engine)
        transactions = SqlTransactions(engine, facts_committed, relayed=fabric.relays)
        limits = SqlLimits(engine, instance_id) if settings.store_is_shared else MemoryLimits()
        crews: dict[str, WorkerPool] = {}
        minds = await open_minds(
            stack,
            settings,
            partial(_open_transcriber, stack, settings, crews),
            partial(_open_speaker, stack, crews),
        )
        sounds = await stack.enter_async_context(SndfileCodec.open())
        getting_ready = asyncio.create_task(minds.ready())
        stack.push_async_callback(ended, getting_ready)
        container = HubContainer(
            secret=signing_key(folder, start.secret),
            base_url=base_url,
            open_registration=settings.registration_is_open,
            lifetimes=_lifetimes(settings),
            operator_version=OperatorSeal(folder),
            rules=_rules(settings),
            limits=MeteredLimits(limits, meters, tower, clock),
            meters=meters,
            tower=tower,
            log_tail=LOG_TAIL,
            instance=Instance(name=_instance_name(), version=VERSION, started_at=clock.now()),
            quotas=settings.quotas,
            openings=settings.networks_per_minute,
            window=timedelta(milliseconds=settings.arbitration_window_ms),
            most_uploads=settings.upload_queue,
            keep_audio_for=settings.keep_audio_for,
            transactions=transactions,
            audience=MeteredAudience(audience, meters, tower),
            blobs=SqlBlobs(engine) if settings.store_is_shared else FileBlobs(folder / "blobs"),
            personas=FilePersonas.read(),
            games=FileGames.read(),
            models=minds.models,
            transcriber=minds.transcriber,
            interlocutor=minds.interlocutor,
            speaker=minds.speaker,
            sounds=sounds,
            probes=fabric.probes(transactions, clock)
            | {
                "database": ProbeDatabase(transactions),
                "audio_processing": ProbeSounds(kernels.done, sounds),
                "ai_models": ProbeCrews(getting_ready.done, tuple(crews.values())),
                "websocket": ProbeDelivery(transactions, audience, clock),
            },
            instance_id=instance_id,
            given_up=audience.send_back,
            bench=fabric.bench,
            neighbours=fabric.neighbours,
            publisher=fabric.publisher,
            delivery_wakeup=news.delivery_wakeup,
            relay_wakeup=news.relay_wakeup,
            ring_wakeup=news.ring_wakeup,
        )
        operator_token = container.tokens().operator()
        keep_secret(folder / OPERATOR_FILE, operator_token.encode(), replace=True)
        _watch(meters, container, audience, crews)
        news.noticed = container.deliver_facts().notice
        await _join_the_others(stack, container, alone=not settings.store_is_shared)
        await stack.enter_async_context(container.listening().running())
        fabric.let_be_asked(container.listening())
        await fabric.open(stack)
        await _run(stack, container, fabric)
        kernels.begin()
        Warmth("language", _understand_something).begin()
        yield RunningHub(
            container=container, transactions=transactions, operator_token=operator_token, fabric=fabric
        )


async def _open_transcriber(
    stack: AsyncExitStack, settings: Settings, crews: dict[str, WorkerPool]
) -> tuple[Transcriber, Ready]:
    """Open the transcriber of this machine, with those who work for it, and say how it gets ready."""
    transcriber = await stack.enter_async_context(
        PocketsphinxTranscriber.open(settings.cache_folder, workers=settings.transcribers)
    )
    crews["transcriptions"] = transcriber.workers
    return transcriber, transcriber.ready


async def _open_speaker(stack: AsyncExitStack, crews: dict[str, WorkerPool]) -> Speaker:
    """Open the speaker of this machine, with who works for it."""
    pool = await stack.enter_async_context(WorkerPool.open(Work(target=ESPEAK_WORKER), count=1))
    crews["speeches"] = pool
    return EspeakSpeaker(pool)


def _instance_name() -> str:
    """What operators call this process of the hub."""
    return f"{socket.gethostname()}:{os.getpid()}"


def _lifetimes(settings: Settings) -> TokenLifetimes:
    return TokenLifetimes(
        network=timedelta(days=settings.network_token_days),
        client=timedelta(days=settings.client_token_days),
        registration=timedelta(hours=settings.registration_token_hours),
        registration_uses=settings.registration_token_uses,
    )


def _rules(settings: Settings) -> ArbitrationRules:
    return ArbitrationRules(
        window_ms=settings.arbitration_window_ms, turns=TurnRules(end_silence_ms=settings.end_silence_ms)
    )


def _understand_something() -> None:
    """Have the grammar built before somebody waits for it."""
    understand("what time is it", datetime.now(UTC), ZoneInfo("UTC"))


def _watch(
    meters: Meters, container: HubContainer, audience: InProcessAudience, crews: Mapping[str, WorkerPool]
) -> None:
    """Have it told how much waits, and how much is heard."""
    listening, sounds = container.listening(), container.sounds()
    meters.watch("sound_files", lambda: sounds.under_way)
    for name, crew in crews.items():
        meters.watch(name, partial(getattr, crew, "waiting"))
    meters.watch("spoken_turns", lambda: listening.turns_under_way)
    answering = container.answer_uploads()
    meters.watch("upload_turns", lambda: answering.turns_under_way)
    meters.watch("streams", lambda: listening.streams_heard)
    meters.watch("unread_announcements", lambda: audience.unread)


async def _join_the_others(stack: AsyncExitStack, container: HubContainer, *, alone: bool) -> None:
    """Become one of the store's instances; one that is alone puts right what earlier runs left behind."""
    keep_alive = container.keep_alive()
    await keep_alive()
    if alone:
        await keep_alive.alone()
    stack.push_async_callback(_last, keep_alive.leave)


async def _last(leave: Run) -> None:
    """Leave nothing behind; without a store others will find it so."""
    try:
        await leave()
    except MiraError as error:
        log.warning("this instance could not take its leave", code=error.code)


async def _run(stack: AsyncExitStack, container: HubContainer, fabric: Fabric) -> None:
    """Run the hub's own tasks."""
    works: list[tuple[str, Run]] = [("relay", container.relay_facts().run)] if fabric.relays else []
    works += [
        ("life", container.keep_alive().run),
        ("delivery", container.deliver_facts().run),
        ("own voice", container.hear_ourselves().run),
        ("reminders", container.ring_due_reminders().run),
        ("tidying", container.tidy_up().run),
        ("activities", container.run_activities().run),
        ("uploads to hear", container.hear_uploads().run),
        ("uploads to answer", container.answer_uploads().run),
        ("pulse", container.pulse().run),
    ]
    keep_running(stack, [*works, *fabric.tasks().items()])
