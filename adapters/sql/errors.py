"""Where a database's exceptions end, and our refusals begin."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from sqlalchemy.exc import DBAPIError, InterfaceError, SQLAlchemyError, StatementError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from domain.errors import Conflict, MiraError, Overloaded


class Orphan(Exception):
    """A row refers to one that is not there; whoever writes it knows which."""


BUSY: Final = (
    "08",  # PostgreSQL: connection exceptions
    "40001",  # serialization failure
    "40P01",  # deadlock detected
    "53",  # insufficient resources
    "55P03",  # lock not available
    "57",  # operator intervention: cancelled, shutting down, starting up
    "SQLITE_BUSY",
    "SQLITE_LOCKED",
    "SQLITE_CANTOPEN",
    "SQLITE_FULL",
)
BUSY_MESSAGE: Final = "The store is busy or does not answer; try again."
READ_ONLY: Final = ("25006", "SQLITE_READONLY")
ORPHANED: Final = ("23503", "SQLITE_CONSTRAINT_FOREIGNKEY")
TAKEN: Final = ("23505", "SQLITE_CONSTRAINT_UNIQUE", "SQLITE_CONSTRAINT_PRIMARYKEY")


@contextmanager
def translated() -> Iterator[None]:
    """Turn what the database raises into our errors; refusals of ours inside a statement come out bare.

    Raises:
        Orphan: the row refers to one that is not there.
        Conflict: what is to be unique is taken.
        Overloaded: the database is busy, full or out of reach; the same may work later.
        MiraError: anything else, which is the hub's own fault.
    """
    try:
        yield
    except DBAPIError as error:
        lost = error.connection_invalidated or isinstance(error, InterfaceError)
        raise Overloaded(BUSY_MESSAGE) if lost else _refusal(_code(error.orig)) from error
    except sqlite3.Error as error:
        raise _refusal(_code(error)) from error
    except StatementError as error:
        if isinstance(error.orig, MiraError):
            raise error.orig from None
        raise MiraError("The store does not take this.") from error
    except (PoolTimeout, OSError) as error:
        raise Overloaded(BUSY_MESSAGE) from error
    except SQLAlchemyError as error:
        raise MiraError("The store failed.") from error


def _refusal(code: str) -> Exception:
    if code.startswith(ORPHANED):
        return Orphan()
    if code.startswith(TAKEN):
        return Conflict("Something with this id is there already.")
    if code.startswith(READ_ONLY):
        return MiraError("A snapshot of the store cannot be written to.")
    if code.startswith(BUSY):
        return Overloaded(BUSY_MESSAGE)
    return MiraError("The store failed.")


def _code(error: BaseException | None) -> str:
    """What the database calls it: an SQLSTATE of PostgreSQL's, or a name of SQLite's."""
    for name in ("sqlstate", "sqlite_errorname"):
        code = getattr(error, name, None)
        if isinstance(code, str):
            return code
    return ""
