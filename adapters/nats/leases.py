"""Leases in a key-value bucket: whoever writes a key first owns it, for as long as it goes on writing."""

import time
from collections.abc import Collection
from contextlib import suppress
from typing import Final

from attrs import define, field, frozen
from nats.errors import Error
from nats.js.errors import KeyNotFoundError, KeyWrongLastSequenceError
from nats.js.kv import KeyValue

from adapters.nats.buckets import NatsBucket
from adapters.nats.connection import NatsConnection
from domain.ids import InstanceId

BUCKET: Final = "MIRA_ARBITRATION"
LASTS: Final = 1.6
"""Seconds after which the server drops a key that was not written again."""
TRUSTED: Final = 1.2
"""Seconds for which its owner believes in it: less, so that two never do."""


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
    _bucket: NatsBucket = field(init=False)
    _held: dict[str, _Lease] = field(factory=dict, init=False)

    def __attrs_post_init__(self) -> None:
        meaning = "Which instance arbitrates a network just now"
        self._bucket = NatsBucket(self.connection, BUCKET, meaning, LASTS)

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
        bucket, asked = await self._bucket.opened(), time.monotonic()
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
        bucket, asked = await self._bucket.opened(), time.monotonic()
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
            if lease is not None and self.connection.ready:
                with suppress(Error, OSError, TimeoutError):
                    await (await self._bucket.opened()).delete(key, last=lease.revision)

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
