"""Column types that mean the same in SQLite and PostgreSQL."""

from datetime import UTC, datetime, timedelta
from enum import Enum
from typing import Any, Final

from sqlalchemy import BigInteger, Dialect, Text
from sqlalchemy.types import TypeDecorator

from adapters.sql.codec import UNREADABLE, dump, load
from domain.errors import InvalidValue, MiraError
from domain.plain import is_plain_text

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND: Final = timedelta(microseconds=1)


class Name(TypeDecorator[str]):
    """Text that is looked up or ordered by: compared code point by code point in both databases.

    PostgreSQL would otherwise order by the collation that it was installed with. Asking for a text that no
    store can hold finds nothing, as NULL equals nothing; writing one is refused before it gets here.
    """

    impl = Text().with_variant(Text(collation="C"), "postgresql")
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Hand plain text on."""
        return value if value is not None and is_plain_text(value) else None


class Moment(TypeDecorator[datetime]):
    """An aware moment, as microseconds since the Unix epoch.

    SQLite has no type for moments, and drops time zones from those that it is given as text; whole numbers
    sort, compare and come back exactly the same in both databases.
    """

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        """Count the microseconds."""
        if value is None:
            return None
        if value.utcoffset() is None:
            raise InvalidValue("moment", "must have a time zone")
        return (value - EPOCH) // MICROSECOND

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:
        """The moment, in UTC."""
        return None if value is None else EPOCH + value * MICROSECOND


class Choice(TypeDecorator[Enum]):
    """A member of an enumeration, by its value."""

    impl = Text
    cache_ok = True

    def __init__(self, kind: type[Enum]) -> None:
        super().__init__()
        self.kind = kind

    def process_bind_param(self, value: Enum | None, dialect: Dialect) -> str | None:
        """Its value."""
        return None if value is None else str(value.value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Enum | None:
        """The member."""
        try:
            return None if value is None else self.kind(value)
        except ValueError as error:
            raise MiraError(UNREADABLE) from error


class Document(TypeDecorator[Any]):
    """A part of a value that is never asked for by itself, as JSON text.

    Text, not the databases' own JSON types: those write numbers in their own way, and both give text back
    as it was.
    """

    impl = Text
    cache_ok = True

    def __init__(self, kind: Any) -> None:
        super().__init__()
        self.kind = kind

    def process_bind_param(self, value: object, dialect: Dialect) -> str | None:
        """Write it."""
        return None if value is None else dump(value, self.kind)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        """Read it."""
        return None if value is None else load(value, self.kind)
