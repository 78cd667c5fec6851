"""The golden table of time phrases: what people mean, written by hand."""

import pytest

from domain.language.sampling import spoken
from domain.language.times import parse_time
from tests.domain.language.golden import BERLIN, NOW, meant, rows, without_details

TABLE = rows("golden_times.txt")
WRITTEN_ONLY = {"tues at 10", "sat at 9:15", "24 dec at 18:00", "dec 24 at 18:00", "in 45 mins", "2026-13-40"}
SPOKEN = [
    (phrase, expected)
    for phrase, expected in TABLE
    if "/" not in phrase and "1.5" not in phrase and "07:00" not in phrase and phrase not in WRITTEN_ONLY
]


def test_the_table_is_long_and_says_nothing_twice() -> None:
    assert len({phrase for phrase, _ in TABLE}) == len(TABLE) >= 150


@pytest.mark.parametrize(("phrase", "expected"), TABLE, ids=[phrase for phrase, _ in TABLE])
def test_a_phrase_means_what_people_mean(phrase: str, expected: str) -> None:
    assert without_details(parse_time(phrase, NOW, BERLIN)) == meant(expected)


@pytest.mark.parametrize(("phrase", "expected"), SPOKEN, ids=[phrase for phrase, _ in SPOKEN])
def test_a_phrase_means_the_same_when_it_is_spoken(phrase: str, expected: str) -> None:
    assert without_details(parse_time(spoken(phrase), NOW, BERLIN)) == meant(expected)
