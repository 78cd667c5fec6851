"""Operations that go away: since when they should not be used, until when they are served, what instead."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Final

from attrs import field, frozen

from domain.errors import InvalidValue

NOTICE: Final = timedelta(days=183)
"""The half year, at least, between telling of a change and its coming."""
GUIDE: Final = "/docs/migrating"
HEADERS: Final = ("Deprecation", "Sunset", "Link")


@frozen(kw_only=True)
class Deprecation:
    """That an operation should not be used since a moment, and is served until another.

    instead says in a few sentences what to do; the migration guide shows them. successor is the path of
    the operation that takes its place, where there is one.

    Raises:
        InvalidValue: a moment has no zone, or there is less than half a year between the two.
    """

    since: datetime
    sunset: datetime
    instead: str
    successor: str | None = field(default=None)

    def __attrs_post_init__(self) -> None:
        for name, moment in (("since", self.since), ("sunset", self.sunset)):
            if moment.tzinfo is None:
                raise InvalidValue(name, "must have a time zone")
        if self.sunset - self.since < NOTICE:
            raise InvalidValue("sunset", f"must be {NOTICE.days} days after since, or later")

    def headers(self, base_url: str, section: str) -> Mapping[str, str]:
        """What every answer of the operation carries; section is its place in the migration guide.

        Deprecation is a structured date (RFC 9745), Sunset an HTTP date (RFC 8594), and Link (RFC 8288)
        leads to the guide, and to the successor (RFC 5829).
        """
        guide = f"{base_url}{GUIDE}#{section}"
        links = [f'<{guide}>; rel="{why}"; type="text/html"' for why in ("deprecation", "sunset")]
        if self.successor is not None:
            links.append(f'<{base_url}{self.successor}>; rel="successor-version"')
        return {
            "Deprecation": f"@{int(self.since.timestamp())}",
            "Sunset": format_datetime(self.sunset.astimezone(UTC), usegmt=True),
            "Link": ", ".join(links),
        }
