"""What goes on in the background is told from who speaks over it."""

import numpy as np
import pytest
from scipy import signal

from domain.audio.backgrounds import Background, levels_of, rise
from domain.audio.kernels import ABOVE, HOP, MEAN, SHAPES
from domain.audio.pcm import SAMPLE_RATE, Samples
from domain.audio.quality import StreamMeter
from domain.audio.spectrum import BANDS
from tests.domain.audio.conftest import Studio

TALKS = 4.0
SECOND_HOPS = SAMPLE_RATE // HOP


def rows_of(sound: Samples) -> Samples:
    return StreamMeter().hear(np.ascontiguousarray(sound, dtype=np.float32))


def television(studio: Studio, seconds: float) -> Samples:
    """A voice that goes on and on, in a room."""
    said = studio.voices["awb"]
    endless = np.resize(np.trim_zeros(said), int(seconds * SAMPLE_RATE))
    return studio.room(0.05 * endless, reverberation=0.6, direct_db=-3.0) + studio.noise(len(endless), 0.0005)


def spoken_over(studio: Studio, voice: str, level: float) -> Samples:
    """Television, and somebody who speaks after a while."""
    return television(studio, 8.0) + level * studio.near(studio.say(voice, at=TALKS, seconds=8.0))


def risen(rows: Samples, after: int) -> int:
    """Since which hop somebody speaks over what was before, asked every 100 ms as the sound comes."""
    found = (rise(rows[after:hop]) for hop in range(after + 10, len(rows), 10))
    return next((after + hop for hop in found if hop >= 0), -1)


@pytest.mark.parametrize("voice", ["slt", "rms"])
def test_who_speaks_over_television_is_heard_to_begin(voice: str, studio: Studio) -> None:
    began = np.flatnonzero(np.abs(studio.voices[voice]) > 0.02)[0] / SAMPLE_RATE + TALKS
    rows = rows_of(spoken_over(studio, voice, 1.0))
    assert risen(rows, SECOND_HOPS) / SECOND_HOPS == pytest.approx(began, abs=0.25)


def test_television_alone_is_spoken_over_by_nobody(studio: Studio) -> None:
    assert risen(rows_of(television(studio, 8.0)), SECOND_HOPS) == -1


@pytest.mark.parametrize("voice", ["slt", "rms", "awb"])
@pytest.mark.parametrize("place", ["near", "far", "noisy"])
def test_nobody_speaks_over_themselves(voice: str, place: str, studio: Studio) -> None:
    heard = getattr(studio, place)(studio.say(voice, at=0.0, seconds=4.0))
    spoken = len(studio.voices[voice]) // HOP
    assert risen(rows_of(heard)[:spoken], 0) == -1


def test_words_that_hiss_after_dull_ones_are_no_more_of_a_rise_than_they_are_loud(studio: Studio) -> None:
    """What is new in the highest bands is somebody else's only if it is louder altogether."""
    endless = np.resize(np.trim_zeros(studio.voices["awb"]), 4 * SAMPLE_RATE)
    dull = signal.sosfilt(signal.butter(6, 900, fs=SAMPLE_RATE, output="sos"), endless)
    hiss = signal.sosfilt(signal.butter(6, 2500, "highpass", fs=SAMPLE_RATE, output="sos"), endless)
    half, found = 2 * SAMPLE_RATE, {}
    for times in (0.5, 20.0):
        heard = np.concatenate([dull[:half], times * hiss[half:]]) + studio.noise(len(endless), 0.0005)
        found[times] = risen(rows_of(heard), 0)
    assert found[0.5] == -1
    assert found[20.0] == pytest.approx(2 * SECOND_HOPS, abs=30)


def test_levels_are_those_that_a_band_is_below_for_nine_tenths_of_the_time() -> None:
    rows = np.zeros((100, SHAPES + BANDS), np.float32)
    rows[:, MEAN] = -50.0
    rows[:8, SHAPES] = 30.0
    rows[:20, SHAPES + 1] = 30.0
    levels = levels_of(rows)
    assert levels[0] == pytest.approx(-50.0, abs=0.6)
    assert levels[1] == pytest.approx(-20.0, abs=0.6)


def test_only_what_rises_above_the_background_is_left(studio: Studio) -> None:
    rows = rows_of(spoken_over(studio, "slt", 1.0))
    first = int(TALKS * SECOND_HOPS)
    background = Background()
    background.learn(rows[SECOND_HOPS:first])
    before, spoken = rows[first - SECOND_HOPS : first].copy(), rows[first : first + 2 * SECOND_HOPS].copy()
    background.mask(before)
    background.mask(spoken)
    assert before[:, ABOVE].mean() < 0.3 < 3.0 < np.percentile(spoken[:, ABOVE], 80)


def test_a_background_is_forgotten_when_it_has_been_silent(studio: Studio) -> None:
    background = Background()
    background.learn(rows_of(television(studio, 3.0)))
    assert background.known
    silence = rows_of(studio.noise(6 * SAMPLE_RATE, 0.0005))
    for hop in range(0, len(silence), 2):
        background.mask(silence[hop : hop + 2])
        if hop % 50 == 0 and background.known:
            background.learn(silence[:hop])
    assert not background.known


def test_too_little_tells_nothing(studio: Studio) -> None:
    background = Background()
    background.learn(rows_of(television(studio, 0.5)))
    assert not background.known
