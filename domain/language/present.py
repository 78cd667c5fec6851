"""Here and now: the moment and the zone from which times are meant."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from attrs import frozen


@frozen(kw_only=True)
class Present:
    """A moment in a zone; now is aware."""

    now: datetime
    zone: ZoneInfo

    @property
    def today(self) -> date:
        """The date here and now."""
        return self.now.astimezone(self.zone).date()

    def at(self, day: date, minutes: int) -> datetime:
        """The moment that is so many minutes of wall time into a day.

        Raises:
            OverflowError: the calendar ends before that.
        """
        wall = datetime.combine(day, time()) + timedelta(minutes=minutes)
        first = wall.replace(tzinfo=self.zone).astimezone(UTC)
        second = wall.replace(tzinfo=self.zone, fold=1).astimezone(UTC)
        return (second if first <= self.now < second else first).astimezone(self.zone)
