"""One instance arbitrates a network for all: it has the lease, and the others tell it what they hear."""

import asyncio
import time
from typing import Final

import structlog
from attrs import define, field
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.errors import Error, NoRespondersError

from adapters.nats.connection import NatsConnection
from adapters.nats.decisions import NatsDecisions, Record
from adapters.nats.leases import NatsLeases
from adapters.nats.subjects import bench_subject, network_in
from adapters.nats.testimonies import read_ruling, read_testimony, write_ruling, write_testimony
from application.ports.world import Clock
from domain.audio.joint import JointArbiter
from domain.audio.testimony import Ruling, Testimony
from domain.errors import InvalidValue
from domain.ids import InstanceId, NetworkId

log = structlog.get_logger(__name__)

RENEWED_EVERY: Final = 0.4
ANSWERED_WITHIN: Final = 0.5
TRIED_EVERY: Final = 0.1
TRIED_FOR: Final = 3.5
"""Seconds; within them an owner that died has lost its lease, and another has it."""
A_TRY_TAKES: Final = 1.0
"""Seconds at most, and no try counts for more: this instance may have stood still itself."""
MOST_SERVED: Final = 256
"""What other instances ask at the same time; more is not answered, and asked again."""
ELSEWHERE: Final = b""
"""What is answered by an instance that does not own the network, or cannot read what it is told."""


@define(eq=False)
class Seat:
    """A network that this instance arbitrates, and what it knows to be written down of it."""

    arbiter: JointArbiter
    record: Record
    turn: asyncio.Lock = field(factory=asyncio.Lock, init=False)


@define(eq=False)
class NatsBench:
    """Decides for the networks that this instance owns, and asks the owner of any other.

    Whoever first tells of a sentence in a network that nobody owns comes to own it, until a few seconds
    after the last sentence. What it decides counts once that is written down by compare-and-swap; so two
    that both take themselves for the owner cannot both decide.
    """

    connection: NatsConnection
    instance_id: InstanceId
    clock: Clock
    leases: NatsLeases = field(init=False)
    decisions: NatsDecisions = field(init=False)
    _seats: dict[NetworkId, Seat] = field(factory=dict, init=False)
    _owners: dict[NetworkId, InstanceId] = field(factory=dict, init=False)
    _serving: set["asyncio.Task[None]"] = field(factory=set, init=False)

    def __attrs_post_init__(self) -> None:
        self.leases = NatsLeases(self.connection, self.instance_id)
        self.decisions = NatsDecisions(self.connection)
        self.connection.when_open(self._set_up)

    @property
    def alone(self) -> bool:
        """Whether NATS is away."""
        return not self.connection.ready

    async def ask(self, network_id: NetworkId, told: Testimony) -> Ruling | None:
        """Ask whoever owns the network; should it have died, whoever takes over, which may be this one."""
        left, trouble = TRIED_FOR, ""
        while left > 0 and self.connection.ready:
            began = time.monotonic()
            try:
                async with asyncio.timeout(A_TRY_TAKES):
                    if (ruling := await self._ask_once(network_id, told)) is not None:
                        return ruling
            except (Error, OSError, TimeoutError, InvalidValue) as error:
                trouble = type(error).__name__
            await asyncio.sleep(TRIED_EVERY)
            left -= min(time.monotonic() - began, A_TRY_TAKES + TRIED_EVERY)
        log.warning("nobody arbitrates a network for all instances", error=trouble)
        return None

    async def run(self) -> None:
        """Keep what is in use, and let go of the rest."""
        try:
            while True:
                await asyncio.sleep(RENEWED_EVERY)
                if self.connection.ready:
                    await self._look_after()
        finally:
            for task in self._serving:
                task.cancel()
            await asyncio.gather(*self._serving, return_exceptions=True)
            await self.leases.release(self.leases.keys)

    async def _look_after(self) -> None:
        now = self.clock.micros()
        for network_id in [key for key, seat in self._seats.items() if seat.arbiter.is_idle(now)]:
            del self._seats[network_id]
        try:
            await self.leases.release(self.leases.keys - self._seats.keys())
            await self.leases.renew(self._seats.keys())
        except (Error, OSError, TimeoutError) as error:
            log.warning("leases could not be renewed", error=type(error).__name__)

    async def _ask_once(self, network_id: NetworkId, told: Testimony) -> Ruling | None:
        """Ask the owner once; None if that one does not answer, or is none."""
        owner = await self._owner(network_id)
        if owner == self.instance_id:
            return await self._decide(network_id, self._seats[network_id], told)
        try:
            answer = await self.connection.client.request(
                bench_subject(network_id, owner), write_testimony(told), timeout=ANSWERED_WITHIN
            )
        except (NoRespondersError, TimeoutError):
            answer = Msg(self.connection.client)
        ruling = _ruling(answer.data)
        if ruling is None:
            self._owners.pop(network_id, None)
        return ruling

    async def _owner(self, network_id: NetworkId) -> InstanceId:
        """Who owns a network; where this instance comes to do so, it knows what others have decided."""
        if self.leases.holds(network_id) and network_id in self._seats:
            return self.instance_id
        owner = self._owners.get(network_id) or await self.leases.owner(network_id)
        if owner != self.instance_id:
            self._owners[network_id] = owner
        elif network_id not in self._seats:
            record = await self.decisions.read(network_id)
            self._seats.setdefault(network_id, self._seat(record))
        return owner

    def _seat(self, record: Record) -> Seat:
        """A seat for whoever has read a record."""
        now = self.clock.micros()
        arbiter = JointArbiter(opened_at=now)
        for used in record.used:
            arbiter.hear(used, now)
        return Seat(arbiter, record)

    async def _decide(self, network_id: NetworkId, seat: Seat, told: Testimony) -> Ruling | None:
        """Rule on what is told, one after the other; None if this seat cannot, and is given up."""
        async with seat.turn:
            if self._seats.get(network_id) is not seat:
                return None
            before = seat.arbiter.decisions
            ruling = seat.arbiter.hear(told, self.clock.micros())
            if seat.arbiter.decisions == before:
                return ruling
            try:
                used = seat.arbiter.used()
                seat.record = await self.decisions.write(network_id, used, seat.record.revision)
            except BaseException:
                self._seats.pop(network_id, None)
                raise
            return ruling

    async def _serve(self, message: Msg) -> None:
        """Answer another instance, in a task of its own."""
        if len(self._serving) < MOST_SERVED:
            task = asyncio.create_task(self._answer(message))
            self._serving.add(task)
            task.add_done_callback(self._serving.discard)

    async def _answer(self, message: Msg) -> None:
        network_id = network_in(message.subject)
        seat, answer = self._seats.get(network_id), ELSEWHERE
        try:
            if seat is not None and self.leases.holds(network_id):
                ruling = await self._decide(network_id, seat, read_testimony(message.data))
                answer = ELSEWHERE if ruling is None else write_ruling(ruling)
        except InvalidValue:
            log.warning("somebody told of an utterance, and it is none", subject=message.subject)
        except (Error, OSError, TimeoutError) as error:
            log.warning("a decision could not be written down", error=type(error).__name__)
        try:
            await message.respond(answer)
        except (Error, OSError) as error:
            log.warning("a ruling did not leave", error=type(error).__name__)

    async def _set_up(self, client: Client) -> None:
        await client.subscribe(bench_subject("*", self.instance_id), cb=self._serve)


def _ruling(content: bytes) -> Ruling | None:
    try:
        return read_ruling(content) if content else None
    except InvalidValue:
        log.warning("whoever arbitrates a network does not answer as it should")
        return None
