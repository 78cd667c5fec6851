"""What is remembered of earlier sentences, by where they were said."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.audio.places import REMEMBERED, Heard, Places
from domain.ids import ClientId

KITCHEN, HALL, BED = (ClientId(name) for name in ("kitchen", "hall", "bed"))
AT_THE_STOVE = {KITCHEN: Heard(level=-20.0, estimate=0.7), HALL: Heard(level=-38.0, estimate=0.3)}
AT_THE_DOOR = {KITCHEN: Heard(level=-40.0, estimate=0.2), HALL: Heard(level=-22.0, estimate=0.6)}


def remembered(*sentences: dict[ClientId, Heard]) -> Places:
    places = Places()
    for sentence in sentences:
        places.remember(sentence)
    return places


def test_nothing_is_expected_of_a_new_household() -> None:
    assert Places().expect({KITCHEN: -20.0, HALL: -30.0}) == {}


@pytest.mark.parametrize("louder", [-12.0, 0.0, 9.0])
def test_sentences_from_the_same_place_are_found_whatever_their_loudness(louder: float) -> None:
    places = remembered(AT_THE_STOVE, AT_THE_DOOR, AT_THE_STOVE, AT_THE_DOOR)
    stove = places.expect({KITCHEN: -20.0 + louder, HALL: -38.0 + louder})
    assert stove[KITCHEN].estimate == pytest.approx(0.7, abs=0.02)
    assert stove[HALL].estimate == pytest.approx(0.3, abs=0.02)
    door = places.expect({KITCHEN: -40.0 + louder, HALL: -22.0 + louder})
    assert door[HALL].estimate == pytest.approx(0.6, abs=0.02)


def test_a_place_never_spoken_from_counts_for_next_to_nothing() -> None:
    places = remembered(AT_THE_STOVE, AT_THE_STOVE)
    assert places.expect({KITCHEN: -45.0, HALL: -20.0})[KITCHEN].weight < 0.01


def test_the_last_sentence_counts_most() -> None:
    moved = {KITCHEN: Heard(level=-20.0, estimate=0.1), HALL: Heard(level=-38.0, estimate=0.3)}
    expected = remembered(AT_THE_STOVE, moved).expect({KITCHEN: -20.0, HALL: -38.0})
    assert 0.1 < expected[KITCHEN].estimate < 0.4


def test_one_device_alone_tells_nothing_of_places() -> None:
    places = remembered({KITCHEN: Heard(level=-20.0, estimate=0.7)}, AT_THE_STOVE)
    assert places.expect({KITCHEN: -20.0}).get(KITCHEN) is None
    assert BED not in places.expect({KITCHEN: -20.0, HALL: -38.0, BED: -30.0})


@given(st.lists(st.tuples(st.floats(-90, 0), st.floats(0, 1)), min_size=1, max_size=2 * REMEMBERED))
def test_what_is_expected_lies_between_what_was_heard(heard: list[tuple[float, float]]) -> None:
    places = remembered(
        *(
            {KITCHEN: Heard(level=level, estimate=q), HALL: Heard(level=-30.0, estimate=0.5)}
            for level, q in heard
        )
    )
    expected = places.expect({KITCHEN: -25.0, HALL: -30.0})
    if KITCHEN in expected:
        estimates = [q for _, q in heard[-REMEMBERED:]]
        assert min(estimates) - 1e-9 <= expected[KITCHEN].estimate <= max(estimates) + 1e-9
        assert 0.0 < expected[KITCHEN].weight <= REMEMBERED
