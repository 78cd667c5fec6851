"""Saying times the way people do, seen from now: "tomorrow at 3 PM", "on Tuesday", "this weekend"."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from domain.language.clock_times import HOUR, REACHES
from domain.language.moments import Day, Part, Period
from domain.language.numbers import words_for

SOON: Final = timedelta(hours=1)


def clock_words(moment: datetime) -> str:
    """A time of day: "3 PM", "9:30 AM", "noon", "midnight"."""
    if moment.minute == 0 and moment.hour in {0, 12}:
        return "noon" if moment.hour else "midnight"
    half = "PM" if moment.hour >= 12 else "AM"
    minutes = f":{moment.minute:02}" if moment.minute else ""
    return f"{moment.hour % 12 or 12}{minutes} {half}"


def date_words(day: date, today: date) -> str:
    """A day by its date: "Tuesday, November 24", with the year when it is not this one."""
    year = f", {day.year}" if day.year != today.year else ""
    return f"{day:%A}, {day:%B} {day.day}{year}"


def day_words(day: date, today: date) -> str:
    """A day as one says it: "today", "tomorrow", "on Friday" within the week, else with its date."""
    away = (day - today).days
    near = {-1: "yesterday", 0: "today", 1: "tomorrow"}
    if away in near:
        return near[away]
    return f"on {day:%A}" if 2 <= away <= 6 else f"on {date_words(day, today)}"


def part_words(day: date, part: Part, today: date) -> str:
    """A part of a day: "tonight", "this evening", "tomorrow morning", "on Friday night"."""
    if day == today:
        return "tonight" if part is Part.NIGHT else f"this {part.value}"
    return f"{day_words(day, today)} {part.value}"


def moment_words(moment: datetime, now: datetime, zone: ZoneInfo) -> str:
    """A moment: "tomorrow at 3 PM", "in 20 minutes, at 10:20 AM"; midnight belongs to the day it ends."""
    local, today = moment.astimezone(zone), now.astimezone(zone).date()
    if timedelta() < moment - now < SOON:
        return f"{_soon(moment - now)}, at {clock_words(local)}"
    if local.hour == local.minute == 0:
        return f"{part_words(local.date() - timedelta(days=1), Part.NIGHT, today)} at midnight"
    return f"{day_words(local.date(), today)} at {clock_words(local)}"


def _soon(away: timedelta) -> str:
    seconds = round(away.total_seconds())
    if seconds < 60:
        return f"in {seconds} second{'s' if seconds != 1 else ''}"
    minutes = round(seconds / 60)
    return f"in {minutes} minute{'s' if minutes != 1 else ''}"


def stretch_words(start: datetime, end: datetime, now: datetime, zone: ZoneInfo) -> str:
    """From a moment to another: "tomorrow from noon to 1 PM"."""
    first, last = start.astimezone(zone), end.astimezone(zone)
    today = now.astimezone(zone).date()
    opening = f"{day_words(first.date(), today)} from {clock_words(first)}"
    if last.date() == first.date() or (last.hour == last.minute == 0 and last - first <= timedelta(days=1)):
        return f"{opening} to {clock_words(last)}"
    return f"{opening} to {clock_words(last)} {day_words(last.date(), today)}"


def day_or_part_words(day: Day, now: datetime, zone: ZoneInfo) -> str:
    """A day or a part of one, as one says it."""
    today = now.astimezone(zone).date()
    return day_words(day.date, today) if day.part is None else part_words(day.date, day.part, today)


def period_words(period: Period, now: datetime, zone: ZoneInfo) -> str:
    """The stretch of time that was asked about: "tomorrow", "this weekend", "from Monday to Wednesday"."""
    start, end, today = (
        period.start.astimezone(zone),
        period.end.astimezone(zone),
        now.astimezone(zone).date(),
    )
    day = start.date()
    if (start.hour, start.minute, end.hour, end.minute) == (0, 0, 0, 0):
        return _days_words(day, end.date() - timedelta(days=1), today)
    for part, (first, last) in REACHES.items():
        wall = (end.replace(tzinfo=None) - start.replace(tzinfo=None)).total_seconds() / 60
        if start.hour * HOUR + start.minute == first and wall == last - first:
            return part_words(day, part, today)
    if end - start == timedelta(hours=1):
        return moment_words(start, now, zone)
    return stretch_words(start, end, now, zone)


def _days_words(first: date, last: date, today: date) -> str:
    """Whole days: one of them, a week, a weekend, a month, or any others."""
    count = (last - first).days + 1
    monday = today - timedelta(days=today.weekday())
    weeks = {0: "this", 7: "next"}
    if count == 1:
        return day_words(first, today)
    if count == 7 and (first - monday).days in weeks:
        return f"{weeks[(first - monday).days]} week"
    if count == 2 and first.weekday() == 5 and (first - monday).days - 5 in weeks:
        return f"{weeks[(first - monday).days - 5]} weekend"
    if first.day == 1 and (last + timedelta(days=1)).day == 1 and count <= 31:
        return f"in {first:%B}" + (f" {first.year}" if first.year != today.year else "")
    if first == today and count <= 13:
        return f"in the next {count_words(count - 1)} days"
    return f"from {_bare(first, today)} to {_bare(last, today)}"


def _bare(day: date, today: date) -> str:
    return day_words(day, today).removeprefix("on ")


def count_words(count: int) -> str:
    """A small number in words, a large one in figures."""
    return words_for(count) if count <= 12 else str(count)


def listed_out(things: Sequence[str], last: str = "and") -> str:
    """Things in a row as one says them: "a", "a and b", "a, b and c"."""
    if len(things) < 2:
        return "".join(things)
    return f"{', '.join(things[:-1])} {last} {things[-1]}"


def capitalised(text: str) -> str:
    """The text with a capital letter at its beginning."""
    return text[:1].upper() + text[1:]
