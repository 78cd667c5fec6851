"""Leases in a key-value bucket: whoever writes a key first owns it, for as long as it goes on writing."""

import time
from collections.abc import Collection
from contextlib import suppress
from typing import Final

from attrs import define, field, frozen
from nats.aio.client import Client
from nats.errors import Error
from nats.js.api import KeyValueConfig, StorageType
from nats.js.errors import BadRequestError, KeyNotFoundError, KeyWrongLastSequenceError, NoStreamResponseError
from nats.js.kv import KeyValue

from adapters.nats.connection import NatsConnection
from domain.ids import InstanceId

BUCKET: Final = "MIRA_ARBITRATION"
LASTS: Final = 1.6
"""Seconds after which the server drops a key that was not written again."""
TRUSTED: Final = 1.2
"""Seconds for which its owner believes in it: less, so that two never do."""
ANSWERED_WITHIN: Final = 2.0


@frozen
class _Lease:
    revision: int
    until: float
    """On the clock that never goes back."""


@define(eq=False)
class NatsLeases:
    """Who owns which key just now; keys are claimed by compare-and-swap, and renewed likewise."""

    connection: NatsConnection
    holder: InstanceId
    _bucket: KeyValue | None = field(default=None, init=False)
    _held: dict[str, _Lease] = field(factory=dict, init=False)

    def __attrs_post_init__(self) -> None:
        self.connection.when_open(self._set_up)

    def holds(self, key: str) -> bool:
        """Whether this holder owns a key, surely."""
        lease = self._held.get(key)
        return lease is not None and time.monotonic() < lease.until

    async def owner(self, key: str) -> InstanceId:
        """Who owns a key; this holder, from now on, if nobody did.

        Raises:
            nats.errors.Error: NATS does not answer, or not as it should.
        """
        if self.holds(key):
            return self.holder
        bucket, asked = await self._opened(), time.monotonic()
        while True:
            with suppress(KeyNotFoundError):
                owner = InstanceId(((await bucket.get(key)).value or b"").decode())
                if owner and owner != self.holder:
                    return owner
            with suppress(KeyWrongLastSequenceError):
                self._held[key] = _Lease(await self._claim(bucket, key), asked + TRUSTED)
                return self.holder

    async def renew(self, keys: Collection[str]) -> None:
        """Go on owning keys, of those that are owned; whatever fails is not owned any more."""
        if not keys:
            return
        bucket, asked = await self._opened(), time.monotonic()
        held = [(key, lease) for key, lease in self._held.items() if key in keys and self.holds(key)]
        for key, lease in held:
            try:
                revision = await bucket.update(key, self.holder.encode(), last=lease.revision)
            except KeyWrongLastSequenceError:
                self._held.pop(key, None)
            else:
                self._held[key] = _Lease(revision, asked + TRUSTED)

    async def release(self, keys: Collection[str]) -> None:
        """Own keys no more; others need not wait until they vanish."""
        for key in keys:
            lease = self._held.pop(key, None)
            if lease is not None and self._bucket is not None and self.connection.ready:
                with suppress(Error, OSError, TimeoutError):
                    await self._bucket.delete(key, last=lease.revision)

    @property
    def keys(self) -> frozenset[str]:
        """What is owned, or was until a moment ago."""
        return frozenset(self._held)

    async def _claim(self, bucket: KeyValue, key: str) -> int:
        """Write a key that nobody owns, or that this very holder owned and has lost sight of."""
        try:
            return await bucket.create(key, self.holder.encode())
        except KeyWrongLastSequenceError:
            entry = await bucket.get(key)
            if entry.value != self.holder.encode():
                raise
            return await bucket.update(key, self.holder.encode(), last=entry.revision)

    async def _opened(self) -> KeyValue:
        """The bucket; made anew if the server has lost it, since it is kept in memory only."""
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
            bucket=BUCKET,
            description="Which instance arbitrates a network just now",
            ttl=LASTS,
            storage=StorageType.MEMORY,
        )
        try:
            self._bucket = await stream.create_key_value(wanted)
        except BadRequestError:
            self._bucket = await stream.key_value(BUCKET)
