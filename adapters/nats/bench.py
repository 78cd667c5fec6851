"""One instance arbitrates a network for all: it has the lease, and the others tell it what they hear."""

import asyncio
from typing import Final

import structlog
from attrs import define, field
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.errors import Error, NoRespondersError

from adapters.nats.connection import NatsConnection
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
ELSEWHERE: Final = b""
"""What is answered by an instance that does not own the network, or cannot read what it is told."""


@define(eq=False)
class NatsBench:
    """Decides for the networks that this instance owns, and asks the owner of any other.

    Whoever first tells of a sentence in a network that nobody owns comes to own it, until a few seconds
    after the last sentence.
    """

    connection: NatsConnection
    instance_id: InstanceId
    clock: Clock
    leases: NatsLeases = field(init=False)
    _arbiters: dict[NetworkId, JointArbiter] = field(factory=dict, init=False)
    _owners: dict[NetworkId, InstanceId] = field(factory=dict, init=False)

    def __attrs_post_init__(self) -> None:
        self.leases = NatsLeases(self.connection, self.instance_id)
        self.connection.when_open(self._set_up)

    @property
    def alone(self) -> bool:
        """Whether NATS is away."""
        return not self.connection.ready

    async def ask(self, network_id: NetworkId, told: Testimony) -> Ruling | None:
        """Ask whoever owns the network; should it have died, whoever takes over, which may be this one."""
        try:
            async with asyncio.timeout(TRIED_FOR):
                while self.connection.ready:
                    ruling = await self._ask_once(network_id, told)
                    if ruling is not None:
                        return ruling
                    await asyncio.sleep(TRIED_EVERY)
        except (Error, OSError, TimeoutError) as error:
            log.warning("nobody arbitrates a network for all instances", error=type(error).__name__)
        return None

    async def run(self) -> None:
        """Keep what is in use, and let go of the rest."""
        try:
            while True:
                await asyncio.sleep(RENEWED_EVERY)
                if self.connection.ready:
                    await self._look_after()
        finally:
            await self.leases.release(self.leases.keys)

    async def _look_after(self) -> None:
        now = self.clock.micros()
        idle = {key for key, arbiter in self._arbiters.items() if arbiter.is_idle(now)}
        for network_id in idle:
            del self._arbiters[network_id]
        try:
            await self.leases.release(self.leases.keys - self._arbiters.keys())
            await self.leases.renew(self._arbiters.keys())
        except (Error, OSError, TimeoutError) as error:
            log.warning("leases could not be renewed", error=type(error).__name__)

    async def _ask_once(self, network_id: NetworkId, told: Testimony) -> Ruling | None:
        """Ask the owner once; None if that one does not answer, or is none."""
        owner = await self._owner(network_id)
        if owner == self.instance_id:
            return self._arbiters[network_id].hear(told, self.clock.micros())
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
        """Who owns a network; where this instance comes to do so, arbitration begins afresh."""
        if self.leases.holds(network_id) and network_id in self._arbiters:
            return self.instance_id
        owner = self._owners.get(network_id) or await self.leases.owner(network_id)
        if owner == self.instance_id:
            self._arbiters[network_id] = JointArbiter(opened_at=self.clock.micros())
        else:
            self._owners[network_id] = owner
        return owner

    async def _serve(self, message: Msg) -> None:
        """Answer another instance."""
        network_id = network_in(message.subject)
        arbiter, answer = self._arbiters.get(network_id), ELSEWHERE
        if arbiter is not None and self.leases.holds(network_id):
            try:
                told = read_testimony(message.data)
            except InvalidValue:
                log.warning("somebody told of an utterance, and it is none", subject=message.subject)
            else:
                answer = write_ruling(arbiter.hear(told, self.clock.micros()))
        await message.respond(answer)

    async def _set_up(self, client: Client) -> None:
        await client.subscribe(bench_subject("*", self.instance_id), cb=self._serve)


def _ruling(content: bytes) -> Ruling | None:
    try:
        return read_ruling(content) if content else None
    except InvalidValue:
        log.warning("whoever arbitrates a network does not answer as it should")
        return None
