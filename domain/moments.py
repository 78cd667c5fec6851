"""Moments in time as the hub keeps and writes them: aware, in UTC, ISO 8601 with Z."""

from datetime import UTC, datetime, timedelta
from typing import Final

from domain.errors import InvalidValue

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


def utc_text(moment: datetime) -> str:
    """Write a moment, with microseconds only where it has some."""
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat() + "Z"


def read_moment(text: str, *, field: str) -> datetime:
    """Read ISO 8601 with any offset; a moment without one is taken as UTC.

    Raises:
        InvalidValue: the text is no moment, or one that no calendar holds.
    """
    try:
        moment = datetime.fromisoformat(text)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise InvalidValue(field, "must be an ISO 8601 moment such as 2026-01-31T15:00:00Z") from error


def to_micros(moment: datetime) -> int:
    """How many microseconds after the Unix epoch a moment is."""
    return (moment - EPOCH) // timedelta(microseconds=1)


def from_micros(micros: int) -> datetime:
    """The moment that is so many microseconds after the Unix epoch."""
    return datetime.fromtimestamp(micros / 1_000_000, tz=UTC)
