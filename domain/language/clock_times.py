"""Which minutes of a day a time of day can mean."""

from typing import Final

from domain.language.moments import Clock, Part

HOUR: Final = 60
DAY: Final = 24 * HOUR
WAKING: Final = 7 * HOUR
SMALL_HOURS: Final = 5 * HOUR
RINGS_AT: Final = {
    Part.MORNING: 9 * HOUR,
    Part.AFTERNOON: 15 * HOUR,
    Part.EVENING: 18 * HOUR,
    Part.NIGHT: 20 * HOUR,
}
REACHES: Final = {
    Part.MORNING: (4 * HOUR, 12 * HOUR),
    Part.AFTERNOON: (12 * HOUR, 18 * HOUR),
    Part.EVENING: (17 * HOUR, 24 * HOUR),
    Part.NIGHT: (17 * HOUR, 28 * HOUR),
}


def minutes_of(clock: Clock, part: Part | None = None, *, early: bool = False) -> tuple[int, ...]:
    """The minutes of the day that a time of day can mean, the likeliest on a named day first.

    More than 1440 minutes lie in the small hours of the night that follows. Nothing is returned when the
    part of the day contradicts the hour.
    """
    if clock.sure:
        minutes = clock.hour * HOUR + clock.minute
        if part is Part.NIGHT and minutes < SMALL_HOURS:
            return (minutes + DAY,)
        return (minutes,) if part is None or _fits(minutes, part) else ()
    morning = clock.hour % 12 * HOUR + clock.minute
    afternoon = morning + DAY // 2
    match part:
        case Part.MORNING:
            return (morning,)
        case Part.AFTERNOON:
            return (afternoon,)
        case Part.EVENING | Part.NIGHT:
            return (morning + DAY,) if morning < SMALL_HOURS else (afternoon,)
        case None:
            in_the_morning = 4 if early else 7
            return (morning, afternoon) if in_the_morning <= clock.hour <= 11 else (afternoon, morning)


def _fits(minutes: int, part: Part) -> bool:
    start, end = {
        Part.MORNING: (0, 12 * HOUR),
        Part.AFTERNOON: (12 * HOUR, 19 * HOUR),
        Part.EVENING: (16 * HOUR, 24 * HOUR),
        Part.NIGHT: (16 * HOUR, 24 * HOUR),
    }[part]
    return start <= minutes <= end
