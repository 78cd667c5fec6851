"""A known sound is found again in what was heard, at its place, whatever the way did to it."""

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain.audio.kernels import HOP
from domain.audio.pcm import SAMPLE_RATE, Samples
from domain.audio.waveforms import place_in
from tests.domain.audio.conftest import Studio

SURE = 14.0
UNSURE = 12.0
"""What is the same is above, what is not is below."""


def cut(sound: Samples, at: float, seconds: float) -> Samples:
    """A stretch of a sound."""
    return sound[int(at * SAMPLE_RATE) : int((at + seconds) * SAMPLE_RATE)]


@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    at=st.floats(0.3, 1.6),
    seconds=st.floats(0.4, 1.0),
    level=st.floats(1e-3, 1.0),
    voice=st.sampled_from(["awb", "rms", "slt"]),
)
def test_a_stretch_is_found_where_it_was_cut(
    at: float, seconds: float, level: float, voice: str, studio: Studio
) -> None:
    known = studio.voices[voice]
    surely, place = place_in(known, np.float32(level) * cut(known, at, seconds))
    assert surely > SURE
    assert abs(place - int(at * SAMPLE_RATE)) <= 2


@pytest.mark.parametrize("reverberation", [0.3, 0.7, 1.2])
@pytest.mark.parametrize("direct_db", [6.0, -3.0])
def test_a_room_hides_no_answer(reverberation: float, direct_db: float, studio: Studio) -> None:
    known = studio.voices["rms"]
    heard = 0.05 * studio.room(known, reverberation=reverberation, direct_db=direct_db)
    surely, place = place_in(known, cut(heard, 0.4, 0.6))
    assert surely > SURE
    assert 0 <= int(0.4 * SAMPLE_RATE) - place + 2 <= HOP


@pytest.mark.parametrize("voice", ["awb", "rms", "slt", "speech_pills", "speech_haircut"])
@pytest.mark.parametrize("at", [0.2, 0.8, 1.4])
def test_other_words_are_not_found(voice: str, at: float, studio: Studio) -> None:
    known = studio.voices["speech_calendar"]
    surely, _ = place_in(known, cut(studio.voices[voice], at, 0.5))
    assert surely < UNSURE


def test_what_began_before_the_known_sound_is_placed_before_it(studio: Studio) -> None:
    known = studio.voices["slt"]
    before = np.zeros(SAMPLE_RATE // 2, dtype=np.float32)
    surely, place = place_in(known, np.concatenate([before, known[:SAMPLE_RATE]]))
    assert surely > SURE
    assert abs(place + SAMPLE_RATE // 2) <= 2


@pytest.mark.parametrize("known", [0, HOP - 1, SAMPLE_RATE])
@pytest.mark.parametrize("heard", [0, 1, HOP - 1])
def test_next_to_nothing_is_in_nothing(known: int, heard: int) -> None:
    assert place_in(np.ones(known, dtype=np.float32), np.ones(heard, dtype=np.float32)) == (0.0, 0)


def test_silence_is_in_nothing() -> None:
    silence = np.zeros(SAMPLE_RATE, dtype=np.float32)
    surely, _ = place_in(silence, silence)
    assert surely < UNSURE
