"""The judgement: what everything must hold, whatever is heard."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from domain.audio.coefficients import CALIBRATION_Q
from domain.audio.pcm import Samples
from domain.audio.quality import Quality, StreamBank, StreamMeter, assess, score_of, score_samples
from domain.errors import InvalidValue

SECOND = 16_000
RANDOM = np.random.default_rng(5)
TIME = np.arange(3 * SECOND) / SECOND


def heard(meter: StreamMeter, samples: Samples, cuts: list[int]) -> Quality:
    for piece in np.split(samples, sorted(cut % (len(samples) + 1) for cut in cuts)):
        meter.hear(piece)
    return meter.quality()


@pytest.fixture(scope="module")
def sentence(voices: dict[str, Samples]) -> Samples:
    random = np.random.default_rng(2)
    return voices["awb"] + (0.003 * random.standard_normal(len(voices["awb"]))).astype(np.float32)


@given(cuts=st.lists(st.integers(0, 100_000), max_size=40))
@settings(max_examples=25, deadline=None)
def test_chunks_of_any_size_give_the_same_result(cuts: list[int], sentence: Samples) -> None:
    whole, pieces = StreamMeter(), StreamMeter()
    whole.hear(sentence)
    assert heard(pieces, sentence, cuts) == whole.quality()


@given(cuts=st.lists(st.integers(0, 100_000), max_size=10))
@settings(max_examples=10, deadline=None)
def test_without_forgetting_the_stream_is_the_buffer(cuts: list[int], sentence: Samples) -> None:
    estimate = heard(StreamMeter(forgetting=False), sentence, cuts).estimate
    assert estimate == pytest.approx(assess(sentence).estimate, abs=1e-6)


@given(cuts=st.lists(st.integers(0, 60_000), min_size=2, max_size=6))
@settings(max_examples=10, deadline=None)
def test_many_streams_in_one_call_are_measured_as_each_alone(cuts: list[int], sentence: Samples) -> None:
    streams = [sentence, 0.3 * sentence[::-1].copy(), np.zeros(0, np.float32), sentence[:7_777]]
    bank, meters = StreamBank(len(streams)), [StreamMeter() for _ in streams]
    places = [0, *sorted(cuts), len(sentence)]
    for first, last in pairwise(places):
        told = bank.hear([samples[first:last] for samples in streams])
        alone = [meter.hear(samples[first:last]) for meter, samples in zip(meters, streams, strict=True)]
        assert all(np.array_equal(*rows) for rows in zip(told, alone, strict=True))
    for together, meter in zip(bank.qualities(), meters, strict=True):
        alone_quality = meter.quality()
        assert together.estimate == pytest.approx(alone_quality.estimate, abs=1e-9)
        assert together.measures.snr == pytest.approx(alone_quality.measures.snr, abs=1e-9)
        assert together.is_speech == alone_quality.is_speech


def test_a_bank_takes_one_row_for_each_stream(sentence: Samples) -> None:
    assert StreamBank(0).hear([]) == []
    assert StreamBank(0).qualities() == []
    with pytest.raises(InvalidValue):
        StreamBank(2).hear([sentence])


@given(
    arrays.arrays(
        np.float32,
        st.integers(0, 2_000),
        elements=st.floats(width=32, allow_nan=True, allow_infinity=True),
        fill=st.sampled_from([0.0, np.float32(np.nan), np.float32(np.inf), 1.0, np.float32(1e38)]),
    )
)
@example(np.zeros(0, np.float32))
@example(np.zeros(1, np.float32))
@settings(max_examples=60, deadline=None)
def test_anything_gets_a_defined_low_score(samples: Samples) -> None:
    quality = assess(samples)
    assert 0.0 <= quality.score <= 2.0
    assert np.isfinite(quality.estimate)
    assert not quality.is_speech


NOT_SPEECH = {
    "silence": 0.0 * TIME,
    "constant": 0.0 * TIME + 0.3,
    "white noise": 0.1 * RANDOM.standard_normal(len(TIME)),
    "brown noise": np.cumsum(RANDOM.standard_normal(len(TIME))) / 2_000,
    "hum": 0.3 * np.sin(2 * np.pi * 50 * TIME),
    "tone": 0.2 * np.sin(2 * np.pi * 1_000 * TIME),
    "square wave": np.sign(np.sin(2 * np.pi * 440 * TIME)),
    "slow square wave": np.sign(np.sin(2 * np.pi * 1.3 * TIME)),
    "clicks": 0.8 * (RANDOM.random(len(TIME)) < 0.0005),
    "burst": RANDOM.standard_normal(len(TIME)) * np.where((TIME > 1) & (TIME < 1.4), 0.2, 0.001),
    "beeps": 0.2 * np.sin(2 * np.pi * 900 * TIME) * (TIME % 0.5 < 0.2)
    + 1e-3 * RANDOM.standard_normal(len(TIME)),
    "throbbing noise": 0.1 * RANDOM.standard_normal(len(TIME)) * (1 + np.sin(2 * np.pi * 4 * TIME)),
    "not a number": TIME * np.nan,
}


@pytest.mark.parametrize("name", NOT_SPEECH)
def test_what_is_not_speech_scores_at_most_two(name: str) -> None:
    samples = np.clip(NOT_SPEECH[name], -1, 1).astype(np.float32)
    assert assess(samples).score <= 2.0
    live = StreamMeter()
    live.hear(samples)
    assert live.quality().score <= 2.0


@pytest.mark.parametrize("voice", ["slt", "rms", "awb"])
def test_a_clean_near_voice_scores_at_least_eight_and_a_half(voice: str, voices: dict[str, Samples]) -> None:
    quiet_room = 0.0005 * RANDOM.standard_normal(len(voices[voice]))
    quality = assess(0.5 * voices[voice] + quiet_room.astype(np.float32))
    assert quality.score >= 8.5
    assert quality.measures.snr >= 15.0
    assert quality.measures.speech_clarity >= 50.0


@pytest.mark.parametrize("voice", ["slt", "rms", "awb"])
def test_more_noise_and_more_room_are_worse(voice: str, studio: "object", voices: dict[str, Samples]) -> None:
    dry = voices[voice]
    by_noise = [score_samples(dry + studio.noise(len(dry), level)) for level in (0.002, 0.02, 0.1)]
    assert by_noise == sorted(by_noise, reverse=True)
    rooms = [studio.room(dry, reverberation=0.6, direct_db=ratio) for ratio in (20.0, 3.0, -8.0)]
    unclipped = [0.5 * room / np.abs(room).max() for room in rooms]
    by_room = [score_samples(heard + studio.noise(len(dry), 0.001)) for heard in unclipped]
    assert by_room == sorted(by_room, reverse=True)


def test_gaps_and_clipping_are_seen(voices: dict[str, Samples]) -> None:
    dry = voices["rms"] + RANDOM.standard_normal(len(voices["rms"])).astype(np.float32) * np.float32(0.001)
    gaps = dry.copy()
    for first in range(4_000, len(gaps), 3_200):
        gaps[first : first + 640] = 0.0
    assert assess(gaps).measures.dropouts > 0.1
    assert assess(gaps).score < assess(dry).score
    clipped = np.clip(20 * dry, -1, 1)
    assert assess(clipped).measures.clipping > 0.05
    assert assess(dry).measures.clipping == 0.0


def test_level_has_no_weight(voices: dict[str, Samples]) -> None:
    dry = voices["awb"] + RANDOM.standard_normal(len(voices["awb"])).astype(np.float32) * np.float32(0.002)
    loud, quiet = assess(dry), assess(np.float32(0.3) * dry)
    assert quiet.estimate == pytest.approx(loud.estimate, abs=0.03)
    assert quiet.measures.volume_level < loud.measures.volume_level


@given(st.lists(st.floats(-2, 3), min_size=2, max_size=20))
def test_the_score_rises_with_the_estimate(estimates: list[float]) -> None:
    scores = [score_of(estimate) for estimate in sorted(estimates)]
    assert scores == sorted(scores)
    assert all(0.0 <= score <= 10.0 for score in scores)


def test_the_score_rises_strictly_between_its_ends() -> None:
    scores = [score_of(q) for q in np.linspace(CALIBRATION_Q[0], CALIBRATION_Q[-1], 500)]
    assert np.all(np.diff(scores) > 0)


@pytest.mark.parametrize("rate", [8_000, 44_100, 48_000])
def test_other_rates_are_taken(rate: int, voices: dict[str, Samples]) -> None:
    dry = voices["awb"]
    places = np.arange(int(len(dry) * rate / SECOND)) * SECOND / rate
    resampled = np.interp(places, np.arange(len(dry)), dry).astype(np.float32)
    assert assess(resampled, rate).score >= 7.0
    assert assess(resampled, rate).measures.seconds == pytest.approx(len(dry) / SECOND, abs=0.02)


@pytest.mark.parametrize("rate", [0, -16_000, 10**9])
def test_absurd_rates_are_refused(rate: int) -> None:
    with pytest.raises(InvalidValue):
        assess(np.zeros(10, np.float32), rate)


@pytest.mark.parametrize("samples", [np.zeros((2, 3), np.float32), ["a"], "hello", None, [[1], [2, 3]]])
def test_what_is_no_row_of_numbers_is_refused(samples: object) -> None:
    with pytest.raises(InvalidValue):
        assess(samples)  # type: ignore[arg-type]


def test_integers_and_read_only_and_strided_samples_are_taken(voices: dict[str, Samples]) -> None:
    fixed = voices["awb"].copy()
    fixed.flags.writeable = False
    assert assess(fixed) == assess(voices["awb"])
    assert assess(np.repeat(voices["awb"], 2)[::2]) == assess(voices["awb"])
    assert assess([0, 0, 0]).score <= 2.0  # type: ignore[arg-type]
