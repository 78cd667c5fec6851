"""What streams of one sentence say about each other."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.audio.arbitration import rank_streams
from domain.audio.comparison import DIFFERENCES, NAMES, REACH, compare_streams
from domain.audio.kernels import HOP
from domain.audio.pcm import Samples
from domain.audio.quality import StreamMeter, assess


def rows_of(*streams: Samples) -> list[Samples]:
    return [StreamMeter().hear(samples) for samples in streams]


def told(*streams: Samples) -> list[dict[str, float]]:
    compared, differences = compare_streams(rows_of(*streams))
    assert compared == list(range(len(streams)))
    return [dict(zip(NAMES, row.tolist(), strict=True)) for row in differences]


@pytest.fixture
def dry(studio: "object") -> Samples:
    return 0.5 * studio.say("slt") + studio.noise(80_000, 0.0005)


def test_noise_fills_pauses_and_leaves_loud_sound_as_it_was(studio: "object", dry: Samples) -> None:
    clean, noisy = told(dry, dry + studio.noise(len(dry), 0.02))
    for group in range(3):
        assert noisy[f"pause_{group}"] > clean[f"pause_{group}"] + 6.0
    assert noisy["pause_0"] > noisy["all_0"] > noisy["rise_0"]
    assert noisy["excess"] > clean["excess"]


def test_echo_fills_what_comes_after_peaks(studio: "object", dry: Samples) -> None:
    near, far = told(dry, studio.room(dry, reverberation=0.8, direct_db=-6.0))
    for group in range(3):
        assert far[f"after_{group}"] > near[f"after_{group}"] + 3.0
        assert far[f"tail_{group}"] > near[f"tail_{group}"] + 6.0
    assert far["after_0"] > far["rise_0"] + 3.0


def test_level_and_a_shift_within_reach_make_no_difference(studio: "object", dry: Samples) -> None:
    far = studio.far(dry)
    late = np.concatenate([studio.noise((REACH - 3) * HOP, 0.001), np.float32(0.2) * far])[: len(far)]
    straight, shifted = compare_streams(rows_of(dry, far))[1], compare_streams(rows_of(dry, late))[1]
    assert np.abs(straight - shifted).max() < 2.0


@given(order=st.permutations(range(3)))
@settings(max_examples=6, deadline=None)
def test_the_order_of_streams_makes_no_difference(order: list[int], voices: dict[str, Samples]) -> None:
    random = np.random.default_rng(8)
    dry = voices["awb"]
    streams = [
        dry + level * random.standard_normal(len(dry)).astype(np.float32) for level in (0.001, 0.01, 0.05)
    ]
    straight, turned = (compare_streams(rows_of(*each))[1] for each in (streams, [streams[k] for k in order]))
    assert turned == pytest.approx(straight[list(order)], abs=1e-9)


def test_what_says_nothing_is_not_compared(dry: Samples) -> None:
    silence, nonsense = np.zeros(len(dry), np.float32), np.full(len(dry), np.nan, np.float32)
    assert compare_streams([]) == ([], pytest.approx(np.zeros((0, DIFFERENCES))))
    assert compare_streams(rows_of(dry))[0] == []
    assert compare_streams(rows_of(dry, silence, nonsense))[0] == []
    assert compare_streams(rows_of(dry, dry[: 10 * HOP]))[0] == []
    compared, differences = compare_streams(rows_of(silence, dry, nonsense, dry))
    assert compared == [1, 3]
    assert np.isfinite(differences).all()


def test_alone_a_stream_is_ranked_by_its_own_estimate(dry: Samples) -> None:
    assert rank_streams([dry]) == [assess(dry).estimate]
    assert rank_streams([]) == []


def test_silence_and_noise_never_win(studio: "object", dry: Samples) -> None:
    far = 0.3 * studio.far(dry) + studio.noise(len(dry), 0.003)
    scores = rank_streams([np.zeros(len(dry), np.float32), far, studio.noise(len(dry), 0.1)])
    assert scores[1] == max(scores)


def test_what_one_stream_shows_of_speech_counts_for_all_that_hear_the_same(
    studio: "object", dry: Samples
) -> None:
    far = studio.room(dry, reverberation=0.8, direct_db=-6.0)
    shown = 0
    for first in range(0, len(dry) - 8_000, 4_000):
        near, echoing = dry[first : first + 8_000], far[first : first + 8_000]
        alone = [assess(samples) for samples in (near, echoing)]
        if alone[0].is_speech and not alone[1].is_speech:
            shown += 1
            assert rank_streams([near, echoing])[1] > alone[1].estimate
    assert shown > 0


def test_noise_beside_speech_has_no_share_in_its_evidence(studio: "object", dry: Samples) -> None:
    noise = studio.noise(len(dry), 0.1)
    assert assess(dry).is_speech
    assert rank_streams([dry, noise])[1] < 0.2
