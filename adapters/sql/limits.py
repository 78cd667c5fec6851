"""Limits that several instances share, counted in their database."""

import secrets
import time
from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Final

import structlog
from attrs import define, field, frozen
from sqlalchemy import Update, delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncEngine

from adapters.sql import tables
from adapters.sql.connections import writing
from adapters.sql.errors import Orphan
from adapters.sql.statements import Statements
from application.ports.limits import Charge, Standing
from domain.errors import MiraError, Overloaded
from domain.ids import ONLY_INSTANCE, ClientId, InstanceId, NetworkId

log = structlog.get_logger(__name__)

SECOND: Final = 1_000_000
BIG: Final = 200
"""A budget from here on is taken in chunks, so that not every deed writes."""
CHUNKS: Final = 50
"""A chunk is a fiftieth of its budget: so much of it may lie idle with each instance."""
CHUNK_LASTS: Final = 10
"""Seconds; what of a chunk was not used by then counts as used, so that never too much is allowed."""
TIDY_EVERY: Final = 60

ALLOWANCES: Final = tables.allowances.c
SEATS: Final = tables.seats.c
Deeds = tuple[tuple[int, int], ...]
"""When (microseconds since the Unix epoch) how many deeds were done, or were set aside for an instance."""


@define
class _Chunk:
    """Deeds that were set aside for this instance, until a moment in microseconds."""

    taken: int
    left: int
    until: int
    counted: int
    """How many deeds counted against the budget when it was taken, itself included."""
    oldest: int
    """Since when the oldest of those counts."""


@frozen
class _Account:
    """What counts of a charge now, and what this deed would add to it."""

    charge: Charge
    deeds: Deeds
    wanted: int
    now: int

    @property
    def counted(self) -> int:
        return sum(number for _, number in self.deeds)

    @property
    def added(self) -> int:
        """How many deeds to set down: a chunk where the budget is big and has room, else the one."""
        return min(self.wanted, self.charge.rate.most - self.counted)

    @property
    def at(self) -> int:
        """When they count from: those of a chunk from its end on, by when the last of them is done."""
        return self.now + (CHUNK_LASTS * SECOND if self.wanted > 1 else 0)

    @property
    def after(self) -> Deeds:
        """The deeds with those added."""
        return (*self.deeds, (self.at, self.added))


@define(eq=False)
class SqlLimits:
    """Counts over instances: small budgets exactly, big ones in chunks that are set aside for an instance.

    Nobody is ever allowed more than a budget; one that is big may be used up early, by a fiftieth of it for
    each other instance. What an instance set aside and did not use it gives back when it next asks.
    """

    engine: AsyncEngine
    instance_id: InstanceId = ONLY_INSTANCE
    now: Callable[[], float] = time.time
    _chunks: dict[str, _Chunk] = field(factory=dict, init=False)
    _tidied: float = field(default=0.0, init=False)

    async def charge(self, charges: Sequence[Charge]) -> Standing:
        """Count a deed against all of these rates, or against none where one of them is used up."""
        now = int(self.now() * SECOND)
        standings = [self._from_chunk(charge, now) for charge in charges]
        asked = [charge for charge, known in zip(charges, standings, strict=True) if known is None]
        if asked:
            accounts = await self._settle(asked, now)
            refused = [one for one in accounts if one.added < 1]
            if refused:
                return _standing(refused[0].charge, refused[0].deeds, now, allowed=False)
            for account in accounts:
                self._set_aside(account)
            standings += [_standing(one.charge, one.after, now, spare=one.added - 1) for one in accounts]
        for charge, known in zip(charges, standings, strict=False):
            if known is not None:
                self._chunks[_key(charge)].left -= 1
        return min((one for one in standings if one is not None), key=lambda one: one.remaining)

    @asynccontextmanager
    async def seat(self, network_id: NetworkId, client_id: ClientId, most: int) -> AsyncIterator[bool]:
        """Hold one of a network's seats while the block lasts; False where all are taken."""
        seat_id = f"seat_{secrets.token_hex(16)}"
        seated = await self._sit_down(seat_id, network_id, client_id, most)
        try:
            yield seated
        finally:
            if seated:
                await self._stand_up(seat_id)

    async def _settle(self, charges: Sequence[Charge], now: int) -> list[_Account]:
        """The accounts of some charges, written down where all of them have room."""
        async with writing(self.engine) as statements:
            known = await self._held({_key(charge) for charge in charges}, statements)
            accounts = [_account(charge, self._given_back(_key(charge), known), now) for charge in charges]
            if all(account.added >= 1 for account in accounts):
                for account in accounts:
                    await statements.changed(_written(account))
            if self.now() - self._tidied > TIDY_EVERY:
                self._tidied = self.now()
                past = datetime.fromtimestamp(self.now(), UTC)
                await statements.changed(delete(tables.allowances).where(ALLOWANCES.until < past))
        return accounts

    async def _held(self, keys: Iterable[str], statements: Statements) -> Mapping[str, Deeds]:
        """What is known of some keys, in an order that all keep to, held until the end."""
        wanted = sorted(keys)
        statement = select(tables.allowances).where(ALLOWANCES.key.in_(wanted)).order_by(ALLOWANCES.key)
        rows = await statements.held(statement)
        if len(rows) < len(wanted):
            fresh = {"deeds": (), "until": datetime.fromtimestamp(self.now(), UTC)}
            new = [{"key": key, **fresh} for key in sorted(set(wanted) - {row.key for row in rows})]
            insert = statements.insert(tables.allowances).values(new).on_conflict_do_nothing()
            await statements.changed(insert)
            rows = await statements.held(statement)
        return {row.key: row.deeds for row in rows}

    def _given_back(self, key: str, known: Mapping[str, Deeds]) -> Deeds:
        """What is known of a key, less what this instance had set aside and did not use."""
        chunk = self._chunks.get(key)
        if chunk is None or (chunk.until, chunk.taken) not in known[key]:
            return known[key]
        deeds = list(known[key])
        place = deeds.index((chunk.until, chunk.taken))
        deeds[place] = (chunk.until, chunk.taken - chunk.left)
        return tuple(deeds)

    def _from_chunk(self, charge: Charge, now: int) -> Standing | None:
        """How a deed stands that is taken from what was set aside; None where the store is to be asked."""
        chunk = self._chunks.get(_key(charge))
        if chunk is None or chunk.left < 1 or chunk.until <= now or chunk.counted > charge.rate.most:
            return None
        remaining = max(0, charge.rate.most - chunk.counted + chunk.left - 1)
        resets_in = max(0, chunk.oldest + charge.rate.seconds * SECOND - now) / SECOND
        return Standing(
            what=charge.what, limit=charge.rate.most, remaining=remaining, resets_in=resets_in, allowed=True
        )

    def _set_aside(self, account: _Account) -> None:
        """Keep what of a chunk is left after this deed."""
        if account.wanted > 1:
            self._chunks[_key(account.charge)] = _Chunk(
                taken=account.added,
                left=account.added - 1,
                until=account.at,
                counted=account.counted + account.added,
                oldest=account.after[0][0],
            )
        if len(self._chunks) > 10_000:
            self._chunks = {key: one for key, one in self._chunks.items() if one.until > account.now}

    async def _sit_down(self, seat_id: str, network_id: NetworkId, client_id: ClientId, most: int) -> bool:
        held = select(tables.networks.c.id).where(tables.networks.c.id == network_id)
        of_network = select(func.count()).select_from(tables.seats).where(SEATS.network_id == network_id)
        seat = {
            "id": seat_id,
            "network_id": network_id,
            "client_id": client_id,
            "instance_id": self.instance_id,
        }
        async with writing(self.engine) as statements:
            await statements.held(held)
            taken = await statements.number(of_network)
            own = await statements.number(of_network.where(SEATS.client_id == client_id))
            seated = taken - min(own, 1) < most
            if seated:
                try:
                    await statements.changed(statements.insert(tables.seats).values(seat))
                except Orphan as error:
                    raise Overloaded("This instance is just joining the others; try again.") from error
        return seated

    async def _stand_up(self, seat_id: str) -> None:
        """Give a seat back; one that cannot be now is given back with all that its instance holds."""
        try:
            async with writing(self.engine) as statements:
                await statements.changed(delete(tables.seats).where(SEATS.id == seat_id))
        except MiraError as error:
            log.warning("a seat could not be given back", code=error.code)


def _key(charge: Charge) -> str:
    return f"{charge.subject}/{charge.what}/{charge.rate.seconds}"


def _account(charge: Charge, deeds: Deeds, now: int) -> _Account:
    begin = now - charge.rate.seconds * SECOND
    recent = tuple((at, number) for at, number in deeds if at > begin and number > 0)
    wanted = charge.rate.most // CHUNKS if charge.rate.most >= BIG else 1
    return _Account(charge, recent, wanted, now)


def _written(account: _Account) -> Update:
    until = datetime.fromtimestamp(account.at / SECOND, UTC) + timedelta(seconds=account.charge.rate.seconds)
    return (
        update(tables.allowances)
        .where(ALLOWANCES.key == _key(account.charge))
        .values(deeds=account.after, until=until)
    )


def _standing(charge: Charge, deeds: Deeds, now: int, *, allowed: bool = True, spare: int = 0) -> Standing:
    """How a subject stands by its deeds, of which some are spare."""
    oldest = deeds[0][0] if deeds else now
    return Standing(
        what=charge.what,
        limit=charge.rate.most,
        remaining=max(0, charge.rate.most - sum(number for _, number in deeds) + spare),
        resets_in=max(0.0, (oldest + charge.rate.seconds * SECOND - now) / SECOND),
        allowed=allowed,
    )
