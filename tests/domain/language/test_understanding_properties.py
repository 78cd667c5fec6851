"""Understanding, whatever comes: no text breaks it, and what was generated is understood as what it is."""

from datetime import UTC, datetime
from random import Random
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.language import matching
from domain.language.descriptions import Description, descriptions, language
from domain.language.everyday import NOUNS, VERBS, Phrases
from domain.language.grammar import Reader
from domain.language.intents import CreateReminder, NotUnderstood
from domain.language.moments import Moment, Stretch
from domain.language.sampling import Sampler, spoken
from domain.language.tokens import MAX_CHARACTERS, MAX_WORDS, tokens_of
from domain.language.understanding import readings, understand

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 11, 18, 9, tzinfo=UTC)
WORDS = sorted({word for each in language().terminals.values() for word in each.words})
OURS = st.sampled_from(
    [
        *WORDS,
        "remind",
        "me",
        "to",
        "at",
        "in",
        "on",
        "the",
        "schedule",
        "calendar",
        "what's",
        "my",
        "for",
        "water",
    ]
)
NOWS = st.integers(0, 4 * 10**9).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))


@given(text=st.text(max_size=10_000))
def test_no_text_breaks_it(text: str) -> None:
    understand(text, NOW, BERLIN)
    spoken(text)


@given(words=st.lists(OURS | st.text(max_size=5), max_size=120))
def test_no_row_of_our_own_words_breaks_it(words: list[str]) -> None:
    for reading in readings(" ".join(words), NOW, BERLIN):
        assert 0 <= reading.confidence <= 1


@given(words=st.lists(OURS, max_size=30), now=NOWS)
def test_a_reminder_is_never_understood_to_lie_in_the_past(words: list[str], now: datetime) -> None:
    match understand("remind me to wait " + " ".join(words), now, BERLIN):
        case CreateReminder(when=Moment(at) | Stretch(at)):
            assert at > now


def test_a_text_that_is_too_long_is_not_even_read() -> None:
    long = "remind me to water the plants at three " + "a" * MAX_CHARACTERS
    assert understand(long, NOW, BERLIN) == NotUnderstood(text=long[:MAX_CHARACTERS])
    assert isinstance(understand("to " * (MAX_WORDS + 1), NOW, BERLIN), NotUnderstood)


@pytest.mark.parametrize(
    "text",
    [
        "remind me " + "tomorrow at 3 pm " * 15,
        "remind me to " + "to 3 pm " * 24,
        "put " + "on my calendar for " * 19,
        "please " * MAX_WORDS,
        "monday the fifth of may twenty twenty six " * 9,
        "in an hour and a half " * 13,
        "the " * MAX_WORDS,
    ],
)
def test_the_work_does_not_grow_with_the_ways_to_combine(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Counted in rules looked up, not in seconds: a bound for each word that is far below any blow-up."""
    searches = 0
    find = Reader.find

    def counting(reader: Reader, rule: str, at: int) -> object:
        nonlocal searches
        searches += 1
        return find(reader, rule, at)

    monkeypatch.setattr(matching.Reader, "find", counting)
    understand(text, NOW, BERLIN)
    assert 0 < searches < 1_000 * len(tokens_of(text))


SERIOUS = [each for each in descriptions() if each.name not in {"ask_agenda", "ask_reminders", "small_talk"}]


@pytest.mark.parametrize("description", SERIOUS, ids=[each.name for each in SERIOUS])
def test_what_a_description_says_is_understood_as_that(description: Description) -> None:
    """Each intent's own sentences come back as its own kind, however odd the titles."""
    sampler = Sampler(random=Random(7), phrases=Phrases())
    kinds = {type(understand(description.example, NOW, BERLIN))}
    understood = [type(understand(sampler.wish(description), NOW, BERLIN)) for _ in range(200)]
    assert sum(kind in kinds for kind in understood) >= 197


@given(
    verb=st.sampled_from(VERBS),
    noun=st.sampled_from(NOUNS),
    hour=st.integers(1, 12),
    half=st.sampled_from(["am", "pm"]),
    order=st.sampled_from(
        ["remind me to {} {}", "please remind me to {} {} thanks", "don't let me forget to {} {}"]
    ),
)
@settings(max_examples=200)
def test_title_and_time_come_apart(verb: str, noun: str, hour: int, half: str, order: str) -> None:
    title = f"{verb} the {noun}"
    understood = understand(order.format(title, f"tomorrow at {hour} {half}"), NOW, BERLIN)
    assert understood == CreateReminder(
        title=title,
        when=Moment(datetime(2026, 11, 19, hour % 12 + (12 if half == "pm" else 0), tzinfo=BERLIN)),
    )
