"""What other instances hear just now, asked over NATS one by one."""

import asyncio
from collections.abc import Collection, Mapping
from typing import Final

import msgspec
import structlog
from attrs import define, field
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.errors import Error

from adapters.nats.connection import NatsConnection
from adapters.nats.subjects import hearing_subject
from application.ports.neighbours import Heard, LiveStreams
from domain.errors import MiraError
from domain.ids import InstanceId, NetworkId

log = structlog.get_logger(__name__)

ANSWERED_WITHIN: Final = 0.5
_ENCODER: Final = msgspec.msgpack.Encoder()
_HEARD: Final = msgspec.msgpack.Decoder(dict[NetworkId, Heard])
_NETWORKS: Final = msgspec.msgpack.Decoder(list[NetworkId])


@define(eq=False)
class NatsNeighbours:
    """Asks the other instances, and answers them by what the ears here hear, once these are known."""

    connection: NatsConnection
    instance_id: InstanceId
    ears: LiveStreams | None = field(default=None, init=False)

    def __attrs_post_init__(self) -> None:
        self.connection.when_open(self._set_up)

    @property
    def alone(self) -> bool:
        """Whether NATS is away."""
        return not self.connection.ready

    async def heard(
        self, network_ids: Collection[NetworkId], instances: Collection[InstanceId]
    ) -> tuple[Mapping[NetworkId, Heard], ...]:
        """What some instances hear of some networks; those that do not answer soon are left out."""
        asked = _ENCODER.encode(list(network_ids))
        answers = await asyncio.gather(*(self._ask(asked, one) for one in instances))
        return tuple(heard for heard in answers if heard is not None)

    async def _ask(self, asked: bytes, instance_id: InstanceId) -> Mapping[NetworkId, Heard] | None:
        subject = hearing_subject(instance_id)
        try:
            answer = await self.connection.client.request(subject, asked, timeout=ANSWERED_WITHIN)
            return _HEARD.decode(answer.data)
        except (Error, OSError, TimeoutError) as error:
            log.info("an instance did not say what it hears", error=type(error).__name__)
        except (msgspec.DecodeError, ValueError, MiraError):
            log.warning("an instance did not say what it hears as it should", instance=instance_id)
        return None

    async def _answer(self, message: Msg) -> None:
        try:
            asked = _NETWORKS.decode(message.data)
        except msgspec.DecodeError:
            log.warning("somebody asked what is heard, but not as an instance does")
            return
        if self.ears is not None:
            heard = {one: Heard.by(self.ears, one) for one in asked}
            await message.respond(_ENCODER.encode(heard))

    async def _set_up(self, client: Client) -> None:
        await client.subscribe(hearing_subject(self.instance_id), cb=self._answer)
