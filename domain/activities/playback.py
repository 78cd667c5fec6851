"""Starting a sound on several devices at one moment, each told in its own clock's time."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Final

from attrs import field, frozen

from domain.errors import InvalidValue
from domain.ids import ClientId

SHORTEST_LEAD: Final = timedelta(milliseconds=500)
LONGEST_LEAD: Final = timedelta(seconds=5)


@frozen(kw_only=True)
class ClockEstimate:
    """How a device's clock stands to the hub's, in microseconds: device time = hub time + offset."""

    offset: int
    round_trip: int = field()

    @round_trip.validator
    def _check_round_trip(self, _: object, value: int) -> None:
        if value < 0:
            raise InvalidValue("round_trip", "must not be negative")


def shared_start(now: int, clocks: Mapping[ClientId, ClockEstimate]) -> Mapping[ClientId, int]:
    """When each device is to begin, by its own clock, in microseconds since the Unix epoch.

    The moment lies as far ahead as twice the slowest round trip, at least half a second and at most
    five, so that the command has arrived everywhere before it.

    Args:
        now: the hub's time in microseconds since the Unix epoch.
        clocks: what is known of each device's clock.
    """
    slowest = timedelta(microseconds=max((clock.round_trip for clock in clocks.values()), default=0))
    lead = min(max(2 * slowest, SHORTEST_LEAD), LONGEST_LEAD)
    start = now + lead // timedelta(microseconds=1)
    return {client_id: start + clock.offset for client_id, clock in clocks.items()}
