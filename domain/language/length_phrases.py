"""How people say how long, and how long from now."""

from functools import cache

from domain.language.grammar import Production, Values, always, say, the
from domain.language.moments import Amount, TimePhrase


def _times(amount: Amount, count: int) -> Amount:
    """So many of an amount."""
    return Amount(amount.seconds * count, amount.days * count, amount.months * count)


def _decimal(values: Values) -> Amount:
    tenths = _times(values["units"], values["decimal"])
    return Amount(seconds=tenths.seconds // 10)


@cache
def length_rules() -> dict[str, tuple[Production, ...]]:
    """Lengths of time, and moments that are counted from now."""
    return {
        "short": (
            say("{count} {units}", lambda v: _times(v["units"], v["count"]), 6.0),
            say("(a|an|one) {unit}", the("unit"), 2.0),
            say("(a couple [of]|a pair of) {units}", lambda v: _times(v["units"], 2), 0.3),
            say("half an hour", always(Amount(seconds=1800)), 1.5),
            say("[a] quarter of an hour", always(Amount(seconds=900)), 0.4),
            say("three quarters of an hour", always(Amount(seconds=2700)), 0.3),
            say("(an|one) hour and a half", always(Amount(seconds=5400)), 1.0),
            say("(an|one) hour and a quarter", always(Amount(seconds=4500)), 0.2),
            say("(one|a) minute and a half", always(Amount(seconds=90)), 0.1),
            say("{few} and a half hours", lambda v: Amount(seconds=v["few"] * 3600 + 1800), 0.5),
            say("{few} hours and a half", lambda v: Amount(seconds=v["few"] * 3600 + 1800), 0.2),
            say("one and a half hours", always(Amount(seconds=5400)), 0.3),
            say("{few} and a half minutes", lambda v: Amount(seconds=v["few"] * 60 + 30), 0.1),
            say("(an|one) hour [and] {count} minutes", lambda v: Amount(seconds=3600 + v["count"] * 60), 0.4),
            say(
                "{few} hours [and] {count} minutes",
                lambda v: Amount(seconds=v["few"] * 3600 + v["count"] * 60),
                0.4,
            ),
            say("{decimal} {units}", _decimal, 0.0),
        ),
        "long": (
            say("{few} {dayunits}", lambda v: _times(v["dayunits"], v["few"]), 4.0),
            say("{count} {dayunits}", lambda v: _times(v["dayunits"], v["count"]), 0.2),
            say("(a|one) {dayunit}", the("dayunit"), 3.0),
            say("(a couple [of]|a pair of) {dayunits}", lambda v: _times(v["dayunits"], 2), 0.2),
            say("a fortnight", always(Amount(days=14)), 0.1),
        ),
        "amount": (say("{short}", the("short"), 9.0), say("{long}", the("long"), 0.5)),
        "adjective": (
            say("{count} {unit}", lambda v: _times(v["unit"], v["count"]), 1.0),
            say("{few} {dayunit}", lambda v: _times(v["dayunit"], v["few"]), 0.1),
        ),
        "some": (
            say("(a few|some|several) ({units}|{dayunits})", always("count"), 0.3),
            say("a (bit|while|moment)", always("count"), 0.3),
        ),
        "offset": (
            say("in {short}", lambda v: TimePhrase(offset=v["short"]), 6.0),
            say("after {short}", lambda v: TimePhrase(offset=v["short"]), 0.2),
            say("{short} from now", lambda v: TimePhrase(offset=v["short"]), 0.7),
        ),
        "ahead": (
            say("in {long}", lambda v: TimePhrase(offset=v["long"]), 6.0),
            say("after {long}", lambda v: TimePhrase(offset=v["long"]), 0.2),
            say("{long} from (now|today)", lambda v: TimePhrase(offset=v["long"]), 0.7),
        ),
        "vague": (
            say("in {some}", always(TimePhrase(vague="some")), 0.2),
            say("later [on|today]", always(TimePhrase(vague="later")), 0.3),
            say("(sometime|someday|soon)", always(TimePhrase(vague="some day")), 0.2),
        ),
        "lasting": (say("for {amount}", lambda v: TimePhrase(lasting=v["amount"])),),
    }
