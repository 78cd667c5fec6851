"""How the end of what is said sounds."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from domain.audio.finality import by_sound, fall_of, measures, patience_ms, rise_among
from domain.audio.pcm import SAMPLE_RATE, Samples


def gliding(first_hz: float, last_hz: float, seconds: float = 1.5) -> Samples:
    """A voice, three harmonics of it, that glides in its last 300 ms."""
    count, glide = int(seconds * SAMPLE_RATE), int(0.3 * SAMPLE_RATE)
    hertz = np.full(count, first_hz)
    hertz[-glide:] = np.linspace(first_hz, last_hz, glide)
    phase = 2 * np.pi * np.cumsum(hertz) / SAMPLE_RATE
    voice: Samples = (0.1 * sum(np.sin(k * phase) / k for k in (1, 2, 3))).astype(np.float32)
    return voice


@pytest.mark.parametrize("hertz", [100.0, 150.0, 220.0])
@pytest.mark.parametrize("semitones", [-6.0, -3.0, 0.0, 4.0])
def test_the_fall_is_told_in_semitones(hertz: float, semitones: float) -> None:
    told = fall_of(gliding(hertz, hertz * 2 ** (semitones / 12)))
    assert told == pytest.approx(0.8 * semitones, abs=0.2 * abs(semitones) + 0.15)


def test_noise_does_not_hide_it() -> None:
    voice = gliding(120.0, 85.0)
    noise = 0.01 * np.random.default_rng(1).standard_normal(len(voice)).astype(np.float32)
    assert fall_of(voice + noise) == pytest.approx(fall_of(voice), abs=1.0)


def test_who_lets_the_voice_fall_after_a_long_sentence_is_likelier_to_be_done() -> None:
    falling, rising = gliding(140.0, 90.0), gliding(140.0, 180.0)
    assert by_sound(falling, 2.5) > by_sound(rising, 2.5)
    assert by_sound(falling, 2.5) > by_sound(falling, 0.5)


@pytest.mark.parametrize("samples", [[], [0.1], [0.0] * 40_000, [1.0] * 20_000])
def test_what_has_no_voice_tells_nothing_of_it(samples: list[float]) -> None:
    assert fall_of(np.array(samples, dtype=np.float32)) == 0.0


@given(arrays(np.float32, st.integers(0, 9000), elements=st.floats(-1, 1, width=32)), st.floats(0, 60))
def test_anything_has_a_finite_answer(samples: Samples, seconds: float) -> None:
    assert np.isfinite(measures(samples, seconds)).all()
    finality = by_sound(samples, seconds)
    assert all(200 <= patience_ms(finality, words, 550) <= 1450 for words in (None, -9.0, 0.0, 9.0, 999.0))


def test_tones_that_lie_far_apart_have_no_middle() -> None:
    """As where the tracker takes every other period for one."""
    assert rise_among(np.repeat([0.0, 24.0], 20)) == 0.0
    assert rise_among(np.array([0.0] * 20 + [2.0] * 6)) == 2.0


def test_what_reads_like_all_of_it_is_waited_for_less() -> None:
    patience = [patience_ms(0.0, words, 550) for words in (-3.0, -1.0, 0.5, 2.0)]
    assert patience == sorted(patience, reverse=True)
    assert patience[0] > 3 * patience[-1]
