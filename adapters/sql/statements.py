"""Statements on one connection, inside one transaction."""

from collections.abc import Mapping, Sequence
from typing import Any

from attrs import frozen
from sqlalchemy import CursorResult, Executable, Row, Select, Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.sql.errors import translated
from adapters.sql.patience import seen_through


@frozen(eq=False)
class Statements:
    """Runs statements, and translates what the database raises.

    Where it writes, rows that are looked up by their ids are held until the end, so that what is then
    written back was not changed by somebody else meanwhile; in SQLite there is one writer anyway.
    """

    _connection: AsyncConnection
    writing: bool

    async def rows(self, statement: Executable) -> Sequence[Row[Any]]:
        """All rows that a statement gives."""
        with translated():
            return (await self._run(statement)).fetchall()

    async def held(self, statement: Select[Any]) -> Sequence[Row[Any]]:
        """All rows that a query gives, held until the end where this writes."""
        return await self.rows(statement.with_for_update(key_share=True) if self.writing else statement)

    async def held_if_free(self, statement: Select[Any], *, of: Table) -> Sequence[Row[Any]]:
        """All rows that a query gives and nobody else holds, held until the end where this writes."""
        if self.writing:
            statement = statement.with_for_update(key_share=True, skip_locked=True, of=of)
        return await self.rows(statement)

    async def number(self, statement: Select[Any]) -> int:
        """The one whole number that a query gives."""
        with translated():
            number: int = (await self._run(statement)).scalar_one()
        return number

    async def changed(self, statement: Executable) -> int:
        """How many rows a statement changed."""
        with translated():
            return (await self._run(statement)).rowcount

    async def _run(self, statement: Executable) -> CursorResult[Any]:
        return await seen_through(self._connection.execute(statement))

    async def insert_if_new(self, table: Table, values: Mapping[str, object]) -> bool:
        """Insert a row unless its key is taken, and say whether it was; the transaction lives on."""
        return await self.changed(self.insert(table).values(values).on_conflict_do_nothing()) == 1

    def insert(self, table: Table) -> "postgresql.Insert | sqlite.Insert":
        """An insertion in the words of this database, which knows what to do on a conflict."""
        if self._connection.dialect.name == "postgresql":
            return postgresql.insert(table)
        return sqlite.insert(table)
