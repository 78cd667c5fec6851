"""Speech hardly louder than the noise: what lasts is told from what only rises now and then."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.audio.endpointing import Endpointer
from domain.audio.faintness import Faintness
from domain.audio.pcm import SAMPLE_RATE, Samples


def enough_after(faintness: Faintness, rises: list[float]) -> int | None:
    """After how many hops it is enough, if ever."""
    for hop, above in enumerate(rises):
        faintness.hear(above)
        faintness.weigh()
        if faintness.is_enough:
            return hop
    return None


def test_what_lasts_is_enough_and_began_where_it_began() -> None:
    faintness = Faintness()
    hop = enough_after(faintness, [0.1] * 200 + [0.8] * 60)
    assert hop is not None
    assert hop - faintness.hops == pytest.approx(200, abs=5)


def test_pauses_between_words_are_bridged() -> None:
    words = ([0.9] * 12 + [0.1] * 8) * 6
    assert enough_after(Faintness(), [0.1] * 200 + words) is not None


def test_what_rises_now_and_then_is_not_enough() -> None:
    assert enough_after(Faintness(), ([0.9] * 10 + [0.1] * 60) * 30) is None


def test_what_has_wavered_before_has_to_be_exceeded() -> None:
    wavers, rises = [0.3 + 0.2 * float(np.sin(hop / 12)) for hop in range(600)], [0.62] * 60
    used_to_it = Faintness()
    assert enough_after(used_to_it, wavers) is None
    assert enough_after(used_to_it, rises) is None
    assert enough_after(Faintness(), rises) is not None


def test_what_was_speech_says_nothing_about_the_noise() -> None:
    faintness = Faintness()
    assert enough_after(faintness, [0.1] * 100 + [1.5] * 30) is not None
    faintness.begin()
    for _ in range(20):
        faintness.hear(0.1)
    assert faintness.hops == 0
    assert enough_after(faintness, [0.1] * 100 + [0.8] * 60) is not None


def softness_outlasts(faintness: Faintness, rises: list[float]) -> int:
    """For how many of the last hops speech goes on, after half a second of it."""
    for above in [1.0] * 50:
        faintness.hear(above)
    went_on = 0
    for above in rises:
        faintness.hear(above)
        went_on += faintness.goes_on
    return went_on


def test_the_soft_end_of_a_word_belongs_to_it_and_noise_after_it_does_not() -> None:
    assert softness_outlasts(Faintness(), [0.3] * 60) == 60
    assert softness_outlasts(Faintness(), [0.08] * 60) < 15
    assert softness_outlasts(Faintness(), [0.08] * 30 + [0.5] * 30 + [0.08] * 60) > 20


def test_where_noise_wavers_the_soft_end_has_to_exceed_that() -> None:
    used_to_it = Faintness()
    assert enough_after(used_to_it, [0.4 + 0.3 * float(np.sin(hop / 12)) for hop in range(600)]) is None
    used_to_it.begin()
    assert softness_outlasts(used_to_it, [0.25] * 60) < 20
    assert softness_outlasts(Faintness(), [0.25] * 60) == 60


@given(st.lists(st.floats(0.0, 0.4), max_size=300))
def test_steady_noise_is_never_enough(rises: list[float]) -> None:
    assert enough_after(Faintness(), rises) is None


def _fan(seconds: float, waver: float, rate: float, random: np.random.Generator) -> Samples:
    """Low noise whose level wavers by a share, so many times a second."""
    length = int(seconds * SAMPLE_RATE)
    spectrum = np.fft.rfft(random.standard_normal(length))
    noise = np.fft.irfft(
        spectrum * np.maximum(np.fft.rfftfreq(length, 1 / SAMPLE_RATE), 40.0) ** -1.1, length
    )
    time = np.arange(length) / SAMPLE_RATE
    wavering = (1 + waver * np.sin(2 * np.pi * rate * time)) * noise / noise.std()
    return (0.02 * wavering).astype(np.float32)


@pytest.mark.parametrize(("waver", "rate"), [(0.15, 0.7), (0.12, 0.5), (0.25, 5.0)])
def test_a_fan_that_wavers_is_no_speech(waver: float, rate: float) -> None:
    assert Endpointer().hear(_fan(20.0, waver, rate, np.random.default_rng(4))) == []
