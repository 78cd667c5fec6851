"""Starting a sound on several devices at one moment, each told in its own clock's time."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Final

from attrs import field, frozen

from domain.errors import InvalidValue

SHORTEST_LEAD: Final = timedelta(milliseconds=500)
USUAL_LEAD: Final = timedelta(milliseconds=1500)
LONGEST_LEAD: Final = timedelta(seconds=60)
"""How far ahead the moment may lie; the command has to have arrived everywhere before it."""


@frozen(kw_only=True)
class Playback:
    """What plays everywhere, since when (microseconds since 1970 by the hub), and how loud (0..1)."""

    media: Mapping[str, object] = field()
    starts_at: int
    volume: float = field(default=1.0)

    @media.validator
    def _check_media(self, _: object, media: Mapping[str, object]) -> None:
        if not media:
            raise InvalidValue("config", "must name a media_url, a url or a track")

    @volume.validator
    def _check_volume(self, _: object, volume: float) -> None:
        if not 0.0 <= volume <= 1.0:
            raise InvalidValue("config.volume", "must be 0 to 1")


def shared_start(now: int, lead: timedelta = USUAL_LEAD) -> int:
    """The moment at which all begin, in microseconds since the Unix epoch by the hub's clock.

    Raises:
        InvalidValue: it is too soon for the command to arrive, or further ahead than a minute.
    """
    if not SHORTEST_LEAD <= lead <= LONGEST_LEAD:
        raise InvalidValue("config.lead_ms", "must be 500 to 60000")
    return now + lead // timedelta(microseconds=1)
