"""The gate of a device: speech goes through from its first syllable, and silence does not."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.soundfiles.files import decode
from domain.audio.gate import AFTER, BEFORE, BLOCK, Gate, HeardBlock
from domain.audio.pcm import SAMPLE_RATE, Samples

SOUNDS = Path(__file__).parents[2] / "sounds"
SENTENCES = ("speech_pills", "speech_haircut", "speech_calendar", "speech_timer")
Noise = Callable[[int, np.random.Generator], Samples]


def hiss(count: int, source: np.random.Generator) -> Samples:
    return source.standard_normal(count).astype(np.float32)


def rumble(count: int, source: np.random.Generator) -> Samples:
    spectrum = np.fft.rfft(source.standard_normal(count))
    falling = np.fft.irfft(spectrum / np.sqrt(np.maximum(np.arange(len(spectrum)), 20.0)), count)
    return (falling / falling.std()).astype(np.float32)


def hum(count: int, source: np.random.Generator) -> Samples:
    at = np.arange(count) / SAMPLE_RATE
    tones = sum(np.sin(2 * np.pi * 100 * number * at) / number for number in range(1, 12))
    return (tones + 0.1 * source.standard_normal(count)).astype(np.float32)


NOISES = pytest.mark.parametrize("noise", [hiss, rumble, hum])


def quiet(seconds: float) -> Samples:
    return np.zeros(int(seconds * SAMPLE_RATE), np.float32)


def blocks_of(samples: Samples) -> list[HeardBlock]:
    return [
        HeardBlock(captured_at=start, samples=samples[start : start + BLOCK])
        for start in range(0, len(samples) - BLOCK + 1, BLOCK)
    ]


def sent(gate: Gate, samples: Samples) -> tuple[list[int], int]:
    """Which blocks go through, by their numbers, and how often an utterance is over."""
    passed = [gate.hear(block) for block in blocks_of(samples)]
    return [b.captured_at // BLOCK for one in passed for b in one.blocks], sum(one.over for one in passed)


def spoken(name: str) -> Samples:
    """A sentence after two seconds of silence, and five before the end."""
    speech = decode((SOUNDS / f"{name}.flac").read_bytes()).samples
    return np.concatenate([quiet(2), speech * np.float32(0.08 / speech.std()), quiet(5)])


def voiced(samples: Samples) -> list[int]:
    """The blocks in which somebody speaks, by their numbers."""
    loud = [float(block.samples.std()) for block in blocks_of(samples)]
    return [number for number, level in enumerate(loud) if level > max(loud) * 10 ** (-25 / 20)]


@NOISES
@given(level=st.floats(-100, -26), seed=st.integers(0, 99))
def test_steady_noise_is_silence(noise: Noise, level: float, seed: int) -> None:
    heard = noise(4 * SAMPLE_RATE, np.random.default_rng(seed)) * np.float32(10 ** (level / 20))
    assert sent(Gate(), heard) == ([], 0)


@NOISES
@pytest.mark.parametrize("snr", [30, 20, 10, 5])
@pytest.mark.parametrize("name", SENTENCES)
def test_all_of_a_sentence_goes_through_once_and_in_order(noise: Noise, snr: float, name: str) -> None:
    clean = spoken(name)
    around = noise(len(clean), np.random.default_rng(1)) * np.float32(0.08 / 10 ** (snr / 20))
    numbers, over = sent(Gate(), clean + around)
    assert numbers == sorted(set(numbers))
    assert set(voiced(clean)) <= set(numbers)
    assert len(numbers) < len(voiced(clean)) + BEFORE + AFTER + 100
    assert over == 1


def test_what_was_said_before_it_was_noticed_goes_too() -> None:
    clean = spoken("speech_pills")
    numbers, _ = sent(Gate(), clean)
    assert numbers[0] <= voiced(clean)[0] - BEFORE // 2


def test_a_click_opens_nothing() -> None:
    heard = quiet(3)
    heard[SAMPLE_RATE : SAMPLE_RATE + 40] = 0.9
    assert sent(Gate(), heard) == ([], 0)


def test_noise_that_begins_is_learnt() -> None:
    source = np.random.default_rng(0)
    heard = np.concatenate([hiss(2 * SAMPLE_RATE, source) * 1e-3, hiss(60 * SAMPLE_RATE, source) * 0.03])
    numbers, over = sent(Gate(), heard.astype(np.float32))
    assert over == 1
    assert numbers[-1] < 45 * SAMPLE_RATE / BLOCK


def test_who_holds_the_button_is_heard_even_in_silence() -> None:
    gate = Gate()
    assert sent(gate, quiet(1)) == ([], 0)
    gate.hold()
    numbers, over = sent(gate, quiet(6))
    assert (len(numbers), over) == (BEFORE - 1 + 6 * SAMPLE_RATE // BLOCK, 0)
    assert gate.close()
    assert not gate.close()
    assert sent(gate, quiet(1)) == ([], 0)
