"""Taking up what an earlier turn left open: the time, the title, or both."""

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import Final
from zoneinfo import ZoneInfo

from attrs import evolve, frozen

from domain.language.intents import (
    CancelReminder,
    CompleteReminder,
    CreateEvent,
    CreateReminder,
    Intent,
    NotUnderstood,
)
from domain.language.matching import PreparedWay, fits, prepare
from domain.language.moments import Moment, Stretch, TimePhrase
from domain.language.present import Present
from domain.language.times import Almanac
from domain.language.titles import event_parts, tidy_title, with_usual_part
from domain.language.understanding import understand
from domain.language.ways import Ways, way

Open = CreateReminder | CreateEvent | CompleteReminder | CancelReminder


@frozen(kw_only=True)
class _Piece:
    """What an answer adds: a title, a time, or both."""

    title: str | None = None
    when: TimePhrase | None = None


ANSWERS: Final[Ways] = tuple(
    way(phrase, lambda values, _: None)
    for phrase in (
        "[let's say|say|make it|how about|maybe|then|set it for|for] {when=time}",
        "[to|about|it's about|it is about|that i should|it's|it is|call it|it's called|it is called|"
        "remind me to] {title=task}",
        "[to|about|it's|it is|call it|remind me to] {title=task} {when=spell}",
        "{when=spell} [to|it's] {title=task}",
    )
)


@cache
def _answers() -> tuple[PreparedWay, ...]:
    return prepare(ANSWERS)


def open_wish(intent: Intent) -> Open | None:
    """The wish again when something about it still has to be asked for, else None."""
    match intent:
        case CreateReminder(title=title, when=when) | CreateEvent(title=title, when=when):
            return None if title and isinstance(when, Moment | Stretch) else intent
        case CompleteReminder(title=None) | CancelReminder(title=None):
            return intent
        case _:
            return None


@frozen(kw_only=True)
class Turn:
    """What is wanted after a turn, and whether the turn's words were of any help."""

    intent: Intent
    helped: bool


def understand_after(earlier: Sequence[str], text: str, now: datetime, zone: ZoneInfo) -> Turn:
    """What a text asks for after earlier ones that were answered with a question, oldest first.

    The times of the earlier texts are read as of now: "in 20 minutes" counts from the last word.
    """
    pending: Open | None = None
    for said in earlier:
        pending = open_wish(_step(pending, said, now, zone).intent)
    return _step(pending, text, now, zone)


def _step(pending: Open | None, text: str, now: datetime, zone: ZoneInfo) -> Turn:
    fresh = understand(text, now, zone)
    if pending is None or not isinstance(fresh, NotUnderstood):
        return Turn(intent=fresh, helped=not isinstance(fresh, NotUnderstood))
    piece = _piece(text, title_wanted=pending.title is None)
    if piece is None:
        return Turn(intent=pending, helped=False)
    return Turn(intent=_resumed(pending, piece, Almanac(present=Present(now=now, zone=zone))), helped=True)


def _piece(text: str, *, title_wanted: bool) -> _Piece | None:
    """What an answer adds; words are only taken for a title when one was asked for."""
    for fit in fits(text, _answers()):
        title, when = fit.values.get("title"), fit.values.get("when")
        if title is None or title_wanted:
            return _Piece(title=title and tidy_title(title), when=when)
    return None


def _resumed(pending: Open, piece: _Piece, almanac: Almanac) -> Open:
    title = pending.title or piece.title
    match pending:
        case CompleteReminder() | CancelReminder():
            return evolve(pending, title=title)
        case CreateReminder(when=when):
            phrase = with_usual_part(title or "", piece.when)
            return CreateReminder(title=title, when=almanac.completed(when, phrase) if phrase else when)
        case CreateEvent(when=when):
            phrase = with_usual_part(title or "", piece.when)
            begun = almanac.completed(when, phrase) if phrase else when
            if pending.title is not None or piece.title is None:
                return evolve(pending, when=begun)
            parts = event_parts(piece.title)
            return CreateEvent(
                title=parts.title, when=begun, attendees=parts.attendees, location=parts.location
            )
