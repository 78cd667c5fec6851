"""A store that fails when a test wants it to, and blobs in memory."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any

from attrs import define, evolve, field, frozen

from application.ports.blobs import Blob
from application.ports.storage import Transaction, Transactions
from domain.errors import MiraError, NotFound, Overloaded
from domain.events import Fact, FactEvent
from domain.ids import BlobId, ClientId, NetworkId

Wanted = Callable[[FactEvent], bool]


@define
class Brittle:
    """Transactions over a real store, whose outbox breaks at the facts that break_at wants broken.

    Of a commit with facts that doubt_at picks it is never heard that it worked; closed makes every
    transaction fail before it has begun.
    """

    within: Transactions
    break_at: Wanted = lambda event: False
    doubt_at: Wanted = lambda event: False
    closed: bool = False

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[Transaction]:
        self._check_open()
        async with self.within.begin() as tx:
            outbox = _BrittleOutbox(tx.outbox, self.break_at)
            yield evolve(tx, outbox=outbox)  # type: ignore[misc]
        if any(map(self.doubt_at, outbox.appended)):
            raise Overloaded("The store went away while it committed.")

    @asynccontextmanager
    async def snapshot(self) -> AsyncIterator[Transaction]:
        self._check_open()
        async with self.within.snapshot() as tx:
            yield tx

    def _check_open(self) -> None:
        if self.closed:
            raise Overloaded("The store does not answer; try again.")


@frozen
class _BrittleOutbox:
    """An outbox that breaks at some facts."""

    within: Any
    break_at: Wanted
    appended: list[FactEvent] = field(factory=list, init=False)

    async def append(
        self, network_id: NetworkId, event: FactEvent, *, recipient: ClientId | None = None
    ) -> Fact:
        if self.break_at(event):
            raise MiraError("The outbox is broken.")
        self.appended.append(event)
        fact: Fact = await self.within.append(network_id, event, recipient=recipient)
        return fact

    def __getattr__(self, name: str) -> Any:
        return getattr(self.within, name)


@frozen
class KeptBlobs:
    """Blobs in memory; what has expired stays until it is removed. full makes it refuse any more."""

    kept: dict[tuple[NetworkId, BlobId], tuple[Blob, datetime]] = field(factory=dict, init=False)
    full: bool = False

    async def put(self, network_id: NetworkId, blob_id: BlobId, blob: Blob, expires_at: datetime) -> None:
        if self.full:
            raise Overloaded("There is no room for this.")
        self.kept[network_id, blob_id] = blob, expires_at

    async def get(self, network_id: NetworkId, blob_id: BlobId) -> Blob:
        try:
            return self.kept[network_id, blob_id][0]
        except KeyError as error:
            raise NotFound("There is nothing of this id.") from error

    async def remove(self, network_id: NetworkId, blob_id: BlobId) -> None:
        self.kept.pop((network_id, blob_id), None)

    async def remove_network(self, network_id: NetworkId) -> None:
        for key in [key for key in self.kept if key[0] == network_id]:
            del self.kept[key]

    async def remove_expired(self, now: datetime) -> int:
        expired = [key for key, (_, expires_at) in self.kept.items() if expires_at <= now]
        for key in expired:
            del self.kept[key]
        return len(expired)
