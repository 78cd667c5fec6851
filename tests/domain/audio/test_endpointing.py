"""Where speech begins and ends, with nothing but arrays."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.audio.endpointing import Boundary, Endpointer, SpeechBegan, SpeechDropped, SpeechEnded, TurnRules
from domain.audio.pcm import SAMPLE_RATE, Samples
from domain.errors import InvalidValue

RANDOM = np.random.default_rng(9)


def noise(seconds: float, level: float) -> Samples:
    return (level * RANDOM.standard_normal(int(seconds * SAMPLE_RATE))).astype(np.float32)


def ended(boundaries: list[Boundary]) -> list[SpeechEnded]:
    return [boundary for boundary in boundaries if isinstance(boundary, SpeechEnded)]


def seconds(sample: int) -> float:
    return sample / SAMPLE_RATE


@pytest.mark.parametrize("voice", ["slt", "rms", "awb"])
@pytest.mark.parametrize("level", [0.0, 0.001, 0.01])
def test_a_sentence_is_found_from_its_first_to_its_last_sound(
    voice: str, level: float, studio, voices
) -> None:
    dry = studio.say(voice, at=1.0, seconds=5.0)
    found = ended(Endpointer().hear(dry + noise(5.0, level)))
    spoken, whispered = (np.flatnonzero(np.abs(voices[voice]) > loud) for loud in (0.03, 0.002))
    assert len(found) == 1
    assert seconds(whispered[0]) - 0.05 <= seconds(found[0].started) - 1.0 <= seconds(spoken[0]) + 0.12
    assert seconds(found[0].speech_ended) == pytest.approx(1.0 + seconds(spoken[-1]), abs=0.25)
    assert seconds(found[0].noticed - found[0].speech_ended) == pytest.approx(0.55, abs=0.011)
    assert not found[0].cut


@pytest.mark.parametrize("voice", ["slt", "rms", "awb"])
def test_a_sentence_as_loud_as_the_noise_is_followed_to_its_soft_end(voice: str, studio, voices) -> None:
    dry, said = studio.say(voice, at=2.0, seconds=6.0), voices[voice]
    loud = np.sqrt(np.mean(said[np.abs(said) > 0.1 * np.abs(said).max()] ** 2))
    found = ended(Endpointer().hear(dry + noise(6.0, float(loud))))
    spoken = np.flatnonzero(np.abs(said) > 0.03)
    assert len(found) == 1
    assert seconds(found[0].started) == pytest.approx(2.0 + seconds(spoken[0]), abs=0.3)
    assert seconds(found[0].speech_ended) == pytest.approx(2.0 + seconds(spoken[-1]), abs=0.3)


def test_patience_is_a_setting(studio) -> None:
    dry = studio.say("rms", seconds=6.0) + noise(6.0, 0.001)
    patient = ended(Endpointer(TurnRules(end_silence_ms=1_200)).hear(dry))
    assert seconds(patient[0].noticed - patient[0].speech_ended) == pytest.approx(1.2, abs=0.011)


def test_two_sentences_are_two(studio) -> None:
    both = studio.say("awb", at=0.5, seconds=8.0) + studio.say("rms", at=4.0, seconds=8.0)
    found = ended(Endpointer().hear(both + noise(8.0, 0.002)))
    assert len(found) == 2
    assert found[0].noticed < found[1].started


@given(cuts=st.lists(st.integers(0, 96_000), max_size=60))
@settings(max_examples=15, deadline=None)
def test_chunks_of_any_size_give_the_same_boundaries(cuts: list[int], voices: dict[str, Samples]) -> None:
    silence = np.zeros(16_000, np.float32)
    samples = np.concatenate([silence, voices["awb"], silence, voices["rms"], silence])
    samples += (0.002 * np.random.default_rng(3).standard_normal(len(samples))).astype(np.float32)
    pieces, one = Endpointer(), Endpointer()
    found: list[Boundary] = []
    for piece in np.split(samples, sorted(cuts)):
        found += pieces.hear(piece)
    assert found == one.hear(samples)
    assert len(ended(found)) == 2


@pytest.mark.parametrize("level", [0.0005, 0.01, 0.1])
def test_steady_noise_is_no_speech(level: float) -> None:
    assert Endpointer().hear(noise(10.0, level)) == []


def test_hum_and_its_overtones_are_no_speech() -> None:
    time = np.arange(10 * SAMPLE_RATE) / SAMPLE_RATE
    hum = sum(0.1 / n * np.sin(2 * np.pi * 50 * n * time) for n in (1, 2, 3, 5))
    assert Endpointer().hear(hum.astype(np.float32) + noise(10.0, 0.0005)) == []


def test_a_click_is_no_speech() -> None:
    samples = noise(4.0, 0.001)
    samples[30_000:30_060] = 0.9
    assert Endpointer().hear(samples) == []


def test_a_knock_is_dropped_for_being_short() -> None:
    samples = noise(4.0, 0.001)
    knock = RANDOM.standard_normal(1_600) * np.exp(-np.arange(1_600) / 500)
    samples[30_000:31_600] += (0.3 * knock).astype(np.float32)
    assert ended(Endpointer().hear(samples)) == []


def test_a_fan_that_starts_is_its_own_floor_after_two_seconds(studio) -> None:
    fan = np.concatenate([noise(1.5, 0.0005), noise(8.5, 0.03)])
    endpointer = Endpointer()
    assert len(endpointer.hear(fan[: 5 * SAMPLE_RATE])) <= 2
    assert not endpointer.speaking
    found = ended(endpointer.hear(fan[5 * SAMPLE_RATE :] + studio.say("rms", at=1.0, seconds=5.0)))
    assert len(found) == 1
    assert seconds(found[0].started) == pytest.approx(6.1, abs=0.35)


def test_speech_over_a_hum_ends_when_the_voice_does(studio, voices) -> None:
    time = np.arange(5 * SAMPLE_RATE) / SAMPLE_RATE
    hum = (0.05 * np.sin(2 * np.pi * 100 * time)).astype(np.float32)
    found = ended(Endpointer().hear(studio.say("awb", seconds=5.0) + hum + noise(5.0, 0.001)))
    assert len(found) == 1
    assert seconds(found[0].speech_ended) == pytest.approx(1.0 + seconds(len(voices["awb"])), abs=0.3)


def test_an_utterance_has_a_longest_time(voices) -> None:
    endless = (
        np.tile(voices["slt"], 4) + noise(4 * seconds(len(voices["slt"])), 0.001)[: 4 * len(voices["slt"])]
    )
    found = ended(Endpointer(TurnRules(longest_ms=3_000)).hear(endless))
    assert found[0].cut
    assert seconds(found[0].noticed - found[0].started) == pytest.approx(3.0, abs=0.02)


def test_speech_can_be_ended_from_outside(studio) -> None:
    endpointer = Endpointer()
    assert endpointer.end() is None
    began = endpointer.hear(studio.say("slt", at=0.5, seconds=2.0) + noise(2.0, 0.001))
    assert isinstance(began[0], SpeechBegan)
    assert endpointer.speech_seconds > 0.5
    boundary = endpointer.end()
    assert isinstance(boundary, SpeechEnded)
    assert boundary.cut
    assert not endpointer.speaking


def test_what_is_cut_short_is_dropped(studio) -> None:
    endpointer = Endpointer(TurnRules(shortest_ms=2_000))
    endpointer.hear(studio.say("slt", at=0.5, seconds=1.2) + noise(1.2, 0.001))
    assert isinstance(endpointer.end(), SpeechDropped)


def test_garbage_never_begins_and_never_wedges(studio) -> None:
    endpointer = Endpointer()
    for value in (np.nan, np.inf, -np.inf, 1.0, 1e30):
        assert endpointer.hear(np.full(SAMPLE_RATE, value, np.float32)) == []
    found = ended(endpointer.hear(studio.say("rms", seconds=5.0) + noise(5.0, 0.001)))
    assert len(found) == 1


def test_lost_packets_do_not_end_a_sentence(studio) -> None:
    samples = studio.say("slt", seconds=5.5) + noise(5.5, 0.003)
    for first in range(0, len(samples), 1_600):
        samples[first : first + 320] = 0.0
    assert len(ended(Endpointer().hear(samples))) == 1


@pytest.mark.parametrize("silence", [0, -5, 10**9])
def test_absurd_patience_is_refused(silence: int) -> None:
    with pytest.raises(InvalidValue):
        TurnRules(end_silence_ms=silence)


def _until_it_ends(endpointer: Endpointer, sound: Samples, patience_ms: int | None) -> int:
    """How long the silence was, in milliseconds, after patience was asked for in its middle."""
    for first in range(0, len(sound), 160):
        for boundary in endpointer.hear(sound[first : first + 160]):
            if isinstance(boundary, SpeechEnded):
                return (boundary.noticed - boundary.speech_ended) // 16
        silent = endpointer.heard - endpointer.last_active
        if patience_ms is not None and endpointer.speaking and silent == 3200:
            endpointer.expect(patience_ms)
    raise AssertionError("it never ended")


@pytest.mark.parametrize(
    ("patience", "waited"), [(300, 300), (None, 550), (1200, 1200), (9_999_999, 3000), (-5, 210)]
)
def test_a_turn_is_waited_for_as_long_as_was_asked(patience: int | None, waited: int, studio) -> None:
    sound = studio.near(studio.say("slt", seconds=8.5))
    assert _until_it_ends(Endpointer(), sound, patience) == waited


def test_what_was_expected_of_a_pause_ends_with_the_pause(studio) -> None:
    sound = studio.near(studio.say("slt", seconds=8.5))
    endpointer = Endpointer()
    begun = next(n for n in range(0, len(sound), 160) if endpointer.hear(sound[n : n + 160]))
    endpointer.expect(3000)
    assert _until_it_ends(endpointer, sound[begun + 160 :], None) == 550


def test_nothing_is_expected_while_nobody_speaks(studio) -> None:
    endpointer = Endpointer()
    endpointer.expect(300)
    assert endpointer.patience_ms == 550
