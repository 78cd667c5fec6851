"""A key-value bucket in the server's memory: what all instances know just now, and nobody in a while."""

from typing import Final

from attrs import define, field
from nats.aio.client import Client
from nats.errors import Error
from nats.js.api import KeyValueConfig, StorageType
from nats.js.errors import BadRequestError, NoStreamResponseError
from nats.js.kv import KeyValue

from adapters.nats.connection import NatsConnection

ANSWERED_WITHIN: Final = 2.0


@define(eq=False)
class NatsBucket:
    """A bucket that is made when NATS is there, and made anew where the server has lost it."""

    connection: NatsConnection
    name: str
    meaning: str
    lasts: float
    """Seconds after which the server drops a key that was not written again."""
    _bucket: KeyValue | None = field(default=None, init=False)

    def __attrs_post_init__(self) -> None:
        self.connection.when_open(self._set_up)

    async def opened(self) -> KeyValue:
        """The bucket.

        Raises:
            nats.errors.Error: NATS does not answer, or not as it should.
        """
        if self._bucket is not None:
            try:
                await self._bucket.status()
            except NoStreamResponseError:
                self._bucket = None
        if self._bucket is None:
            await self._set_up(self.connection.client)
        if self._bucket is None:
            raise Error
        return self._bucket

    async def _set_up(self, client: Client) -> None:
        """Make the bucket; one that is there stays as its operator has made it."""
        stream = client.jetstream(timeout=ANSWERED_WITHIN)
        wanted = KeyValueConfig(
            bucket=self.name, description=self.meaning, ttl=self.lasts, storage=StorageType.MEMORY
        )
        try:
            self._bucket = await stream.create_key_value(wanted)
        except BadRequestError:
            self._bucket = await stream.key_value(self.name)
