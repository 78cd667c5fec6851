"""How people say times of day."""

from functools import cache

from domain.language.grammar import Build, Production, always, say, the
from domain.language.moments import Clock, TimePhrase


def _halved(clock: Clock, after_noon: bool) -> Clock | None:
    """The clock in its half of the day; 15:30 pm is said, 15:30 am is not."""
    if clock.sure and not 1 <= clock.hour <= 12:
        return clock if after_noon else None
    return Clock(clock.hour % 12 + (12 if after_noon else 0), clock.minute, True)


def _halved_by(build: Build) -> Build:
    return lambda values: _halved(build(values), values["dayhalf"])


def _before(minutes: int, hour: int) -> Clock:
    return Clock(hour - 1 or 12, 60 - minutes)


def _before_half(minutes: int, hour: int, after_noon: bool) -> Clock:
    whole = (hour % 12 + (12 if after_noon else 0)) * 60 - minutes
    return Clock(whole // 60 % 24, whole % 60, True)


def _to(minutes: Build, phrase: str, weight: float) -> list[Production]:
    """Minutes before an hour, with and without the half of the day."""
    return [
        say(phrase, lambda v: _before(minutes(v), v["hour"]), weight),
        say(
            f"{phrase} {{dayhalf}}", lambda v: _before_half(minutes(v), v["hour"], v["dayhalf"]), weight * 0.3
        ),
    ]


def _with_half(phrase: str, build: Build, weight: float) -> list[Production]:
    return [
        say(phrase, build, weight),
        say(f"{phrase} {{dayhalf}}", _halved_by(build), weight * 0.3),
    ]


@cache
def clock_rules() -> dict[str, tuple[Production, ...]]:
    """Times of day: "bare" is a number that only "at" turns into a time, "clear" is one by itself."""
    past = "(past|after)"
    to = "(to|before|till|of)"
    bare = {
        "{hour}": lambda v: Clock(v["hour"]),
        "{hour} {minute}": lambda v: Clock(v["hour"], v["minute"]),
        "{hour} (oh|o|zero) {digit}": lambda v: Clock(v["hour"], v["digit"]),
        "{colon}": the("colon"),
    }
    weights = {"{hour}": 4.0, "{hour} {minute}": 4.0, "{hour} (oh|o|zero) {digit}": 0.5, "{colon}": 0.0}
    return {
        "bare": (
            *(say(phrase, build, weights[phrase]) for phrase, build in bare.items() if phrase != "{colon}"),
            say("{late}", lambda v: Clock(v["late"], 0, True), 0.1),
            say("{late} hundred [hours]", lambda v: Clock(v["late"], 0, True), 0.1),
            say("{late} {minute}", lambda v: Clock(v["late"], v["minute"], True), 0.3),
        ),
        "clear": (
            *(
                say(
                    f"{phrase} {{dayhalf}}",
                    _halved_by(build),
                    weights[phrase],
                )
                for phrase, build in bare.items()
            ),
            say("{colon}", the("colon"), 0.0),
            say("{hour} o'clock", lambda v: Clock(v["hour"]), 1.5),
            say("{late} o'clock", lambda v: Clock(v["late"], 0, True), 0.0),
            say("{hour} o'clock {dayhalf}", lambda v: _halved(Clock(v["hour"]), v["dayhalf"]), 0.1),
            *_with_half("half past {hour}", lambda v: Clock(v["hour"], 30), 1.5),
            *_with_half(f"[a] quarter {past} {{hour}}", lambda v: Clock(v["hour"], 15), 1.0),
            *_with_half(
                f"{{minutes}} [minutes] {past} {{hour}}", lambda v: Clock(v["hour"], v["minutes"]), 0.7
            ),
            *_to(lambda _: 15, f"[a] quarter {to} {{hour}}", 1.0),
            *_to(the("minutes"), f"{{minutes}} [minutes] {to} {{hour}}", 0.7),
            say("[twelve] (noon|midday)", always(Clock(12, 0, True)), 1.0),
            say("[twelve] midnight", always(Clock(24, 0, True)), 0.4),
        ),
        "clock": (say("{clear}", the("clear"), 3.0), say("{bare}", the("bare"), 2.0)),
        "at": (
            say("at {clock}", lambda v: TimePhrase(clock=v["clock"]), 6.0),
            say("at (around|about|exactly) {clock}", lambda v: TimePhrase(clock=v["clock"]), 0.2),
            say("(by|before|around|about) {clear}", lambda v: TimePhrase(clock=v["clear"]), 0.4),
            say("by {bare}", lambda v: TimePhrase(clock=v["bare"]), 0.2),
            say("{clear}", lambda v: TimePhrase(clock=v["clear"]), 1.0),
        ),
        "range": (
            say(
                "(from {start=clock} (to|till|until)|between {start=clock} and) {end=clock}",
                lambda v: TimePhrase(clock=v["start"], until=v["end"]),
            ),
            say(
                "{start=clear} (to|till|until) {end=clock}",
                lambda v: TimePhrase(clock=v["start"], until=v["end"]),
                0.1,
            ),
            say("{start=bare} to {end=clear}", lambda v: TimePhrase(clock=v["start"], until=v["end"]), 0.1),
        ),
    }
