"""What the offline assistant asks back when something is missing or unclear."""

from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from domain.language.follow_ups import Open
from domain.language.intents import CancelReminder, CompleteReminder, CreateEvent, CreateReminder
from domain.language.moments import Day, Moment, Period, Stretch, Trouble, Unclear, When
from domain.language.speaking import (
    date_words,
    day_or_part_words,
    listed_out,
    moment_words,
    period_words,
    stretch_words,
)

UNCLEAR: Final = {
    Trouble.VAGUE: "When exactly should that be?",
    Trouble.PAST: "That time has already passed. When should it be instead?",
    Trouble.IMPOSSIBLE: "There is no such day. When should it be instead?",
    Trouble.CONTRADICTION: "I can't make sense of that time. When should it be?",
    Trouble.EITHER: "I can't tell which day that is. Which one do you mean?",
}


def question(wish: Open, now: datetime, zone: ZoneInfo) -> str:
    """Ask for what a wish lacks; the question ends with a question mark, so that the answer finds it."""
    match wish:
        case CompleteReminder() | CancelReminder():
            return "Which reminder do you mean?"
        case CreateReminder(title=None, when=when):
            return f"What should I remind you of{_known(when, now, zone)}?"
        case CreateEvent(title=None, when=when):
            return f"What should I put into the calendar{_known(when, now, zone)}?"
        case CreateReminder(title=title, when=None):
            return f"When should I remind you: {title}?"
        case CreateEvent(title=title, when=None):
            return f"When is it: {title}?"
        case CreateReminder(when=when) | CreateEvent(when=when):
            return _time_question(when, now, zone)


def _known(when: When | None, now: datetime, zone: ZoneInfo) -> str:
    """The time that is known already, to be heard back in the question."""
    match when:
        case None:
            return ", and when"
        case Moment(at):
            return f" {moment_words(at, now, zone)}"
        case Stretch(start, end):
            return f" {stretch_words(start, end, now, zone)}"
        case Day():
            return f" {day_or_part_words(when, now, zone)}"
        case Period():
            return f" {period_words(when, now, zone)}"
        case Unclear():
            return ""


def _time_question(when: When | None, now: datetime, zone: ZoneInfo) -> str:
    match when:
        case Day():
            return f"At what time {day_or_part_words(when, now, zone)}?"
        case Period():
            return f"On which day {period_words(when, now, zone)}, and at what time?"
        case Unclear(trouble, days):
            return _unclear_question(trouble, days, now.astimezone(zone).date())
        case Moment() | Stretch() | None:
            return "When should that be?"


def _unclear_question(trouble: Trouble, days: tuple[date, ...], today: date) -> str:
    if trouble is Trouble.EITHER and len(days) > 1:
        return f"Do you mean {listed_out([f'{day:%B} {day.day}' for day in days], 'or')}?"
    if trouble is Trouble.CONTRADICTION and days:
        return f"That would be {date_words(days[0], today)}. Which day do you mean?"
    return UNCLEAR[trouble]
