"""How loud an answer arrives is learnt from what is heard of it."""

import numpy as np
import pytest

from domain.audio.pcm import SAMPLE_RATE, Samples
from domain.audio.playback import LATEST_START, QUIETEST, Playback, PlaybackId, band_levels
from domain.audio.quality import StreamMeter
from domain.audio.spectrum import BANDS
from domain.audio.ways import Way
from domain.ids import ClientId
from tests.domain.audio.conftest import Studio

SILENT = np.full(BANDS, QUIETEST, np.float32)


def answer(studio: Studio) -> Playback:
    return Playback.of(PlaybackId("it"), ClientId("it"), 0, studio.voices["awb"])


def levels_of(sound: Samples) -> Samples:
    return band_levels(StreamMeter().hear(sound.astype(np.float32)))


@pytest.mark.parametrize("gain", [0.02, 0.3, 1.0])
def test_an_answer_explains_itself_however_loud_it_is(gain: float, studio: Studio) -> None:
    playback, way = answer(studio), Way()
    heard = levels_of(np.float32(gain) * playback.sound)
    way.learn(heard[:150], playback, LATEST_START)
    way.settle()
    rest = way.unexplained(heard, playback, LATEST_START, SILENT)
    assert rest.max() < 1.5


@pytest.mark.parametrize("echo", [0.2, 0.8])
def test_what_an_echo_adds_is_explained_and_a_person_is_not(echo: float, studio: Studio) -> None:
    playback, way = answer(studio), Way()
    room = studio.room(0.3 * playback.sound, reverberation=echo, direct_db=0.0)
    person = studio.voices["slt"][: len(room)]
    both = room[: len(person)].copy()
    both[SAMPLE_RATE:] += 0.6 * person[SAMPLE_RATE:]
    alone = levels_of(room)
    way.learn(alone, playback, LATEST_START)
    way.settle()
    assert way.unexplained(alone, playback, LATEST_START, SILENT).mean() < 0.3
    assert way.unexplained(levels_of(both), playback, LATEST_START, SILENT)[100:].mean() > 1.5


def test_nothing_heard_teaches_nothing(studio: Studio) -> None:
    playback, way = answer(studio), Way()
    way.settle()
    way.learn(np.zeros((0, BANDS), np.float32), playback, LATEST_START)
    way.settle()
    assert np.isfinite(way.unexplained(levels_of(playback.sound), playback, LATEST_START, SILENT)).all()
