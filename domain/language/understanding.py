"""Understanding what a person wants, typed or as a recogniser writes it down."""

from collections.abc import Iterator
from datetime import datetime
from functools import cache
from zoneinfo import ZoneInfo

from domain.language.descriptions import descriptions
from domain.language.intents import Intent, NotUnderstood, Understanding
from domain.language.matching import PreparedWay, fits, prepare
from domain.language.present import Present
from domain.language.times import Almanac
from domain.language.tokens import MAX_CHARACTERS


def understand(text: str, now: datetime, zone: ZoneInfo) -> Intent:
    """What a text asks for, times being meant in the zone; NotUnderstood when no description fits."""
    best = next(readings(text, now, zone), None)
    return best.intent if best is not None else NotUnderstood(text=text[:MAX_CHARACTERS])


def readings(text: str, now: datetime, zone: ZoneInfo) -> Iterator[Understanding]:
    """Every way to understand a text, best first, with how sure each is."""
    almanac = Almanac(present=Present(now=now, zone=zone))
    for fit in fits(text, all_ways()):
        intent = fit.interpret(fit.values, almanac)
        if intent is not None:
            yield Understanding(intent=intent, confidence=fit.confidence)


@cache
def all_ways() -> tuple[PreparedWay, ...]:
    """The ways of every description, in their order."""
    return prepare(tuple(way for description in descriptions() for way in description.ways))
