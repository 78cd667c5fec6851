"""Moving everything from one database into another: in batches, resumable, and verified in the end."""

import hashlib
import json
from collections.abc import AsyncIterator, Callable, Sequence
from typing import Any, Final

from attrs import frozen
from sqlalchemy import Boolean, LargeBinary, Table, column, func, insert, select, table, text, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from adapters.sql import tables
from adapters.sql.errors import translated
from adapters.sql.metadata import METADATA
from domain.errors import Conflict

AT_ONCE: Final = 500
NOT_MOVED: Final = frozenset({"instances", "seats", "outbox_claims", "allowances"})
"""What is of running instances only."""
MOVED: Final = tuple(one for one in METADATA.sorted_tables if one.name not in NOT_MOVED)


@frozen(kw_only=True)
class Moved:
    """A table that is the same on both sides: how many rows it has, and their checksum (SHA-256)."""

    table: str
    rows: int
    checksum: str


async def move(
    source: AsyncEngine, target: AsyncEngine, tell: Callable[[str, int], None]
) -> tuple[Moved, ...]:
    """Move every table, beginning each after the last row that the target has of it; then compare both.

    No hub may be using either side. Each batch commits by itself, so that a move that broke off goes on from
    there when it is started again.

    Raises:
        Conflict: the target has rows that the source has not, or something changed meanwhile.
        Overloaded: one of them is out of reach.
    """
    with translated():
        for one in MOVED:
            async for moved in _move_table(one, source, target):
                tell(one.name, moved)
        async with target.begin() as connection:
            await _count_on(connection)
        return tuple([await _compared(one, source, target) for one in MOVED])


async def _move_table(one: Table, source: AsyncEngine, target: AsyncEngine) -> AsyncIterator[int]:
    """Move what is not there yet, and yield how much has been moved so far."""
    async with target.connect() as connection:
        last = await _last_key(one, connection)
    moved = 0
    while True:
        async with source.connect() as connection:
            rows = await _rows_after(one, connection, last)
        if not rows:
            return
        async with target.begin() as connection:
            await connection.execute(insert(_plain(one)), [dict(row) for row in rows])
        last = tuple(rows[-1][name] for name in _key(one))
        moved += len(rows)
        yield moved


async def _compared(one: Table, source: AsyncEngine, target: AsyncEngine) -> Moved:
    """A table that is the same on both sides."""
    async with source.connect() as connection:
        expected = await _summed_up(one, connection)
    async with target.connect() as connection:
        found = await _summed_up(one, connection)
    if expected != found:
        raise Conflict(
            f"The table {one.name} differs after the move: {expected.rows} rows here, {found.rows} there."
            " Move into an empty database, with no hub running on either.",
            table=one.name,
        )
    return found


async def _summed_up(one: Table, connection: AsyncConnection) -> Moved:
    digest, count = hashlib.sha256(), 0
    last: tuple[Any, ...] | None = None
    while rows := await _rows_after(one, connection, last):
        for row in rows:
            digest.update(json.dumps(row, default=bytes.hex, sort_keys=True).encode())
        count += len(rows)
        last = tuple(rows[-1][name] for name in _key(one))
    return Moved(table=one.name, rows=count, checksum=digest.hexdigest())


async def _rows_after(
    one: Table, connection: AsyncConnection, last: tuple[Any, ...] | None
) -> Sequence[dict[str, Any]]:
    """The next rows in the order of their keys, as the database has them."""
    plain = _plain(one)
    key = [plain.c[name] for name in _key(one)]
    statement = select(plain).order_by(*key).limit(AT_ONCE)
    if last is not None:
        statement = statement.where(tuple_(*key) > tuple_(*last) if len(key) > 1 else key[0] > last[0])
    found = await connection.execute(statement)
    return [dict(row._mapping) for row in found]


async def _last_key(one: Table, connection: AsyncConnection) -> tuple[Any, ...] | None:
    plain = _plain(one)
    key = [plain.c[name] for name in _key(one)]
    row = (await connection.execute(select(*key).order_by(*(part.desc() for part in key)).limit(1))).first()
    return None if row is None else tuple(row)


async def _count_on(connection: AsyncConnection) -> None:
    """Have PostgreSQL number new facts after those that were moved."""
    if connection.dialect.name != "postgresql":
        return
    highest = (await connection.execute(select(func.max(tables.outbox.c.sequence)))).scalar()
    if highest is not None:
        statement = text("SELECT setval(pg_get_serial_sequence('outbox', 'sequence'), :highest)")
        await connection.execute(statement, {"highest": highest})


def _plain(one: Table) -> Any:
    """A table whose values are read and written as they are, without their meaning."""
    kept = (Boolean, LargeBinary)
    columns = [
        column(each.name, each.type) if isinstance(each.type, kept) else column(each.name) for each in one.c
    ]
    return table(one.name, *columns)


def _key(one: Table) -> list[str]:
    return [each.name for each in one.primary_key]
