"""A shelf: values of one class in one table, a column for each attribute."""

from collections.abc import Callable
from typing import Any, Generic, TypeVar

from attrs import AttrsInstance, asdict, frozen
from sqlalchemy import ColumnElement, Row, Table, delete, func, select, update

from adapters.sql.codec import UNREADABLE
from adapters.sql.errors import Orphan
from adapters.sql.statements import Statements
from application.ports.storage import Listing, Page
from domain.errors import Conflict, InvalidValue, MiraError
from domain.plain import LARGEST_INTEGER, require_plain

Item = TypeVar("Item", bound=AttrsInstance)


@frozen(kw_only=True, eq=False)
class Shelf(Generic[Item]):
    """What is the same of every table.

    The noun names a value in refusals; missing makes the refusal of an unknown id, and orphaned that of a
    value whose owner is not there; newest is the columns by which lists descend.
    """

    table: Table
    kind: type[Item]
    noun: str
    newest: tuple[str, ...]
    missing: Callable[[str], MiraError]
    orphaned: Callable[[Item], MiraError] | None = None

    async def add(self, statements: Statements, item: Item) -> None:
        """Keep a new value, or raise Conflict when its id is taken."""
        require_plain(self.noun, item)
        try:
            is_new = await statements.insert_if_new(self.table, _row(item))
        except Orphan as error:
            raise self._owner_missing(item) from error
        if not is_new:
            raise Conflict(f"There is already a {self.noun} with this id.", id=self._key(item)[-1])

    async def find(self, statements: Statements, *key: str) -> Item | None:
        """Find a value by its ids, if it is there."""
        rows = await statements.held(select(self.table).where(*self._named(key)))
        return self.read(rows[0]) if rows else None

    async def get(self, statements: Statements, *key: str) -> Item:
        """Find a value by its ids, or raise what stands for its absence."""
        item = await self.find(statements, *key)
        if item is None:
            raise self.missing(key[-1])
        return item

    async def update(self, statements: Statements, item: Item) -> None:
        """Replace a value, or raise what stands for its absence."""
        if not await self.replace_if(statements, item):
            raise self.missing(self._key(item)[-1])

    async def replace_if(self, statements: Statements, item: Item, *passing: ColumnElement[bool]) -> bool:
        """Replace a value where what is kept passes, and say whether it did."""
        require_plain(self.noun, item)
        values = {name: value for name, value in _row(item).items() if name not in self.table.primary_key}
        statement = update(self.table).where(*self._named(self._key(item)), *passing).values(values)
        try:
            return bool(await statements.changed(statement))
        except Orphan as error:
            raise self._owner_missing(item) from error

    async def remove(self, statements: Statements, *key: str) -> None:
        """Take a value away, or raise what stands for its absence."""
        if not await statements.changed(delete(self.table).where(*self._named(key))):
            raise self.missing(key[-1])

    async def count(self, statements: Statements, *passing: ColumnElement[bool]) -> int:
        """How many values pass."""
        return await statements.number(select(func.count()).select_from(self.table).where(*passing))

    async def listing(
        self, statements: Statements, page: Page, *passing: ColumnElement[bool]
    ) -> Listing[Item]:
        """The part of the values that pass which a page wants, newest first."""
        statement = (
            select(self.table)
            .where(*passing)
            .order_by(*(self.table.c[name].desc() for name in self.newest))
            .limit(page.limit)
            .offset(min(max(page.offset, 0), LARGEST_INTEGER))
        )
        rows = await statements.rows(statement)
        return Listing(
            items=tuple(map(self.read, rows)), total=await self.count(statements, *passing), page=page
        )

    def read(self, row: Row[Any]) -> Item:
        """Make the value of a row.

        Raises:
            MiraError: the row breaks a rule of its class, which is the hub's own fault.
        """
        try:
            return self.kind(**row._mapping)
        except InvalidValue as error:
            raise MiraError(UNREADABLE) from error

    def _named(self, key: tuple[str, ...]) -> list[ColumnElement[bool]]:
        return [column == part for column, part in zip(self.table.primary_key, key, strict=True)]

    def _key(self, item: Item) -> tuple[str, ...]:
        return tuple(getattr(item, column.name) for column in self.table.primary_key)

    def _owner_missing(self, item: Item) -> MiraError:
        return MiraError("The store failed.") if self.orphaned is None else self.orphaned(item)


def _row(item: AttrsInstance) -> dict[str, object]:
    return asdict(item, recurse=False)
