"""Whether two streams hear the same sentence."""

import numpy as np
import pytest

from domain.audio.agreement import LEAST_HOPS, compare_far, compare_near, likeness_of
from domain.audio.kernels import SHAPES, TOLD
from domain.audio.pcm import Samples
from domain.audio.quality import StreamMeter


def rows(samples: Samples) -> Samples:
    return StreamMeter().hear(samples)


@pytest.mark.parametrize("voice", ["slt", "rms", "awb"])
def test_near_and_far_agree_on_one_sentence(voice: str, studio) -> None:
    dry = studio.say(voice, at=0.2, seconds=3.2)
    agreement = compare_near(rows(studio.near(dry)), rows(studio.far(dry)))
    assert agreement.same
    assert abs(agreement.lag_hops) <= 4


@pytest.mark.parametrize(("one", "other"), [("slt", "rms"), ("rms", "awb"), ("awb", "slt")])
def test_different_sentences_do_not_agree(one: str, other: str, studio) -> None:
    first, second = (studio.say(voice, at=0.2, seconds=2.4) for voice in (one, other))
    agreement = compare_near(rows(studio.near(first)), rows(studio.near(second)))
    assert agreement.different
    assert not agreement.same
    assert not compare_far(rows(studio.near(first)), rows(studio.near(second)), 0).same


@pytest.mark.parametrize("delay", [-1.5, -0.6, 0.6, 1.5])
def test_a_radio_without_a_clock_is_found_at_its_delay(delay: float, studio) -> None:
    early = studio.near(studio.say("slt", at=2.0, seconds=6.5))
    late = studio.near(studio.say("slt", at=2.0 + delay, seconds=6.5))
    agreement = compare_far(rows(early)[100:600], rows(late)[100:600], 0)
    assert agreement.same
    assert agreement.lag_hops == pytest.approx(100 * delay, abs=6)


def test_likeness_is_numpys_correlation() -> None:
    random = np.random.default_rng(3)
    one, other = (random.standard_normal((60, TOLD)).astype(np.float32) for _ in range(2))
    other[:, SHAPES:] += 2 * one[:, SHAPES:]
    a, b = (part[::2, SHAPES:] - part[::2, SHAPES:].mean(axis=0) for part in (one, other))
    expected = (a * b).sum() / np.sqrt((a**2).sum() * (b**2).sum())
    assert likeness_of(one, other, 0, 0, 60) == pytest.approx(expected, abs=1e-5)


def test_a_faint_hearing_of_a_sentence_is_that_sentence(studio) -> None:
    dry = studio.say("slt", at=0.3, seconds=3.5)
    near, faint = studio.near(dry), 0.05 * studio.far(dry) + studio.noise(len(dry), 0.002)
    assert compare_near(rows(near), rows(faint)).same


def test_two_sentences_as_loud_as_the_noise_are_two(studio) -> None:
    sentences = [studio.near(studio.say(voice, at=0.3, seconds=3.0)) for voice in ("slt", "rms")]
    loud = [np.sqrt(np.mean(each[np.abs(each) > 0.1 * np.abs(each).max()] ** 2)) for each in sentences]
    one, other = (
        rows(each + studio.noise(len(each), level)) for each, level in zip(sentences, loud, strict=True)
    )
    assert compare_near(one, other).different


def test_too_little_says_nothing() -> None:
    short = np.ones((LEAST_HOPS - 1, TOLD), dtype=np.float32)
    agreement = compare_near(short, short)
    assert agreement.hops == 0
    assert not agreement.same
    assert not agreement.different
