"""The golden table of requests: the intent, the title and the time that people mean, written by hand."""

import pytest

from domain.language import intents
from domain.language.intents import Intent, Plain
from domain.language.sampling import spoken
from domain.language.understanding import readings, understand
from tests.domain.language.golden import BERLIN, NOW, meant, rows, without_details

TABLE = [(*row, *["-"] * (6 - len(row))) for row in rows("golden_requests.txt")]
IDS = [row[0] for row in TABLE]


def parts(intent: Intent) -> tuple[object, ...]:
    """The cells of an intent."""
    if isinstance(intent, Plain):
        return intent.name, None, None, (), None
    when = getattr(intent, "when", None) or getattr(intent, "period", None)
    return (
        type(intent).__name__,
        getattr(intent, "title", None),
        without_details(when),
        getattr(intent, "attendees", ()),
        getattr(intent, "location", None),
    )


def wanted(row: tuple[str, ...]) -> tuple[object, ...]:
    """The same cells, as they stand in the table."""
    _, name, title, when, attendees, location = row
    people = () if attendees == "-" else tuple(name.strip() for name in attendees.split(","))
    return (
        name,
        None if title == "-" else title,
        meant(when),
        people,
        None if location == "-" else location,
    )


def folded(cells: tuple[object, ...]) -> tuple[object, ...]:
    """The cells without what is lost when they are spoken: capitals, and figures in titles."""
    name, title, when, attendees, location = cells
    return name, title and spoken(str(title)), when, attendees, location and str(location).lower()


def test_the_table_is_long_and_says_nothing_twice() -> None:
    assert len(set(IDS)) == len(IDS) >= 110


@pytest.mark.parametrize("row", TABLE, ids=IDS)
def test_a_request_is_understood_as_typed(row: tuple[str, ...]) -> None:
    assert parts(understand(row[0], NOW, BERLIN)) == wanted(row)


@pytest.mark.parametrize("row", TABLE, ids=IDS)
def test_a_request_is_understood_as_a_recogniser_writes_it(row: tuple[str, ...]) -> None:
    assert folded(parts(understand(spoken(row[0]), NOW, BERLIN))) == folded(wanted(row))


@pytest.mark.parametrize("row", TABLE, ids=IDS)
def test_readings_come_with_the_surest_first(row: tuple[str, ...]) -> None:
    found = list(readings(row[0], NOW, BERLIN))
    assert all(0 <= reading.confidence <= 1 for reading in found)
    assert bool(found) == (row[1] != "NotUnderstood")


def test_hesitation_and_titles_make_a_reading_less_sure() -> None:
    plain, titled, hesitant = (
        next(readings(text, NOW, BERLIN)).confidence
        for text in ("what time is it", "remind me to water the plants at six", "um well what time is it")
    )
    assert plain == 1
    assert hesitant < titled < plain


def test_every_kind_of_intent_is_in_the_table() -> None:
    named = {row[1] for row in TABLE}
    kinds = {kind.__name__ for kind in intents.Wish.__args__ if kind is not Plain}
    assert named >= kinds | {wish.name for wish in Plain} | {"NotUnderstood"}
