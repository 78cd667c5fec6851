"""How people say how long, and how long from now."""

from functools import cache

from domain.language.grammar import Production, Values, always, say, the
from domain.language.moments import Amount, TimePhrase


def _times(amount: Amount, count: int) -> Amount:
    """So many of an amount."""
    return Amount(amount.seconds * count, amount.days * count, amount.months * count)


def _decimal(values: Values) -> Amount | None:
    tenths = _times(values["units"], values["decimal"])
    return None if tenths.months or tenths.days % 10 else Amount(tenths.seconds // 10, tenths.days // 10)


@cache
def length_rules() -> dict[str, tuple[Production, ...]]:
    """Lengths of time, and moments that are counted from now."""
    return {
        "amount": (
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
            say("a fortnight", always(Amount(days=14)), 0.1),
        ),
        "adjective": (say("{count} {unit}", lambda v: _times(v["unit"], v["count"])),),
        "some": (
            say("(a few|some|several) {units}", always("count"), 0.3),
            say("a (bit|while|moment)", always("count"), 0.3),
        ),
        "offset": (
            say("in {amount}", lambda v: TimePhrase(offset=v["amount"]), 6.0),
            say("after {amount}", lambda v: TimePhrase(offset=v["amount"]), 0.2),
            say("{amount} from now", lambda v: TimePhrase(offset=v["amount"]), 0.7),
            say("{amount} from today", lambda v: TimePhrase(offset=v["amount"]), 0.1),
        ),
        "vague": (
            say("in {some}", always(TimePhrase(vague="some")), 0.2),
            say("later [on|today]", always(TimePhrase(vague="later")), 0.3),
            say("(sometime|someday|soon)", always(TimePhrase(vague="some day")), 0.2),
        ),
        "lasting": (say("for {amount}", lambda v: TimePhrase(lasting=v["amount"])),),
    }
