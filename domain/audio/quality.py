"""How good a stream is: what was measured, and the judgement on it.

The estimate q is of intelligibility (ESTOI) as it would be measured against the clean speech,
which nobody has. What is not speech is held low by evidence of its own, since q presumes speech. The
score maps q to 0..10, in the same order.
"""

import math
from collections.abc import Sequence
from typing import Final

import numpy as np
from attrs import field, frozen

from domain.audio import coefficients
from domain.audio.features import NAMES, read_all
from domain.audio.kernels import FORGETTING, STATE_SIZE, hear, hear_all
from domain.audio.pcm import SAMPLE_RATE, Floats, Samples
from domain.errors import InvalidValue

LOWEST_RATE: Final = 4_000
HIGHEST_RATE: Final = 192_000
QUIETEST_DB: Final = -60.0
"""The level of speech, against full scale, that counts as volume 0."""


_NETWORKS: Final = tuple(
    (network, [NAMES.index(name) for name in network.names])
    for network in (coefficients.INTELLIGIBILITY, coefficients.SNR, coefficients.C50)
)
"""Each with the columns of what is read that it takes."""
_TELLING: Final = (
    *("active_hops", "active_power", "act", "drop", "clipping", "seconds"),
    *("shape", "slow_shape", "peaked"),
)
"""What else a judgement looks at."""
_TOLD: Final = [NAMES.index(name) for name in _TELLING]


@frozen(kw_only=True)
class Measures:
    """What was read off a stream, in the units that people are shown."""

    snr: float = field()
    """Signal-to-noise ratio in dB, an estimate."""
    speech_clarity: float = field()
    """How free of room sound, 0..100, from an estimate of C50."""
    volume_level: float = field()
    """Level of the active stretches, 0 at -60 dB of full scale and 1 at full scale."""
    clipping: float = field()
    """Share of samples at full scale."""
    dropouts: float = field()
    """Share of 10 ms hops that carry nothing: constant, repeated or not numbers."""
    activity: float = field()
    """Share of hops in the upper half of the stream's own range of levels."""
    seconds: float = field()
    """How much sound the measures stand on; live, at most about 2 s."""

    @snr.validator
    @speech_clarity.validator
    @volume_level.validator
    @clipping.validator
    @dropouts.validator
    @activity.validator
    @seconds.validator
    def _finite(self, attribute: object, value: float) -> None:
        if not math.isfinite(value):
            raise InvalidValue("measures", "must be finite numbers")


@frozen(kw_only=True)
class Quality:
    """The judgement on a stream: a score 0..10, the estimate behind it, and the measures."""

    score: float = field()
    estimate: float = field()
    """q: about 0 to 1, higher is better; unclipped, so that streams can be ranked by it."""
    presumed: float = field()
    """What q would be if this were known to be speech."""
    evidence: float = field()
    """How high q may be by the evidence that this is speech at all, good or bad."""
    measures: Measures

    @property
    def is_speech(self) -> bool:
        """Whether there is enough evidence of speech."""
        return self.evidence >= coefficients.SPEECH_EVIDENCE

    @score.validator
    def _in_range(self, _: object, score: float) -> None:
        if not 0.0 <= score <= 10.0:
            raise InvalidValue("score", "must lie in 0..10")


def score_of(estimate: float) -> float:
    """Map q to 0..10 by straight lines through the calibration points, rising everywhere between them."""
    return float(np.interp(estimate, coefficients.CALIBRATION_Q, coefficients.CALIBRATION_SCORE))


def held(presumed: float, evidence: float) -> float:
    """The estimate q of what is presumed to be speech, by the evidence that it is."""
    return min(presumed, evidence + coefficients.BEYOND_EVIDENCE * max(0.0, presumed - evidence))


def _evidence(values: dict[str, float]) -> float:
    """How high q may be at most, by the evidence that this is speech at all.

    Speech lasts, is not mostly gaps, changes the shape of its spectrum by several dB, and does not sit
    in one or two mel bands.
    """
    in_noise = min(
        coefficients.MOST_BY_SLOW_SHAPE.of(values["slow_shape"]),
        coefficients.MOST_BY_LASTING.of(values["active_hops"]),
    )
    limits = (
        coefficients.MOST_BY_ACTIVE_HOPS.of(values["active_hops"]),
        coefficients.MOST_BY_DROP.of(values["drop"]),
        max(coefficients.MOST_BY_SHAPE.of(values["shape"]), in_noise),
        coefficients.MOST_BY_PEAKED.of(values["peaked"]),
    )
    return min(limits)


def _judge(states: Floats) -> list[Quality]:
    """The judgements on what the states of streams (float64[streams, STATE_SIZE]) have summed up."""
    read = read_all(states)
    plain, snr, c50 = (network.of_rows(read[:, columns]).tolist() for network, columns in _NETWORKS)
    rows = [dict(zip(_TELLING, row, strict=True)) for row in read[:, _TOLD].tolist()]
    return [_judgement(*each) for each in zip(rows, plain, snr, c50, strict=True)]


def _judgement(values: dict[str, float], plain: float, snr: float, c50: float) -> Quality:
    """The judgement by a stream's measures and what the networks make of them."""
    evidence = _evidence(values)
    estimate = held(plain, evidence)
    heard = values["active_hops"] > 0.0
    level = 10.0 * math.log10(values["active_power"] + 1e-12)
    clarity = 100.0 * (c50 + 2.0) / 17.0
    measures = Measures(
        snr=snr if heard else 0.0,
        speech_clarity=min(100.0, max(0.0, clarity)) if heard else 0.0,
        volume_level=min(1.0, max(0.0, 1.0 - level / QUIETEST_DB)),
        clipping=min(1.0, values["clipping"]),
        dropouts=min(1.0, values["drop"]),
        activity=min(1.0, values["act"]),
        seconds=values["seconds"],
    )
    return Quality(
        score=score_of(estimate),
        estimate=estimate,
        presumed=plain,
        evidence=evidence,
        measures=measures,
    )


def contiguous(samples: Samples) -> Samples:
    """The same samples as the kernels are compiled for: float32, contiguous, writable.

    Raises:
        InvalidValue: the samples are not one-dimensional numbers.
    """
    ready = type(samples) is np.ndarray and samples.dtype == np.float32 and samples.ndim == 1
    if ready and samples.flags.carray:
        return samples
    try:
        taken: Samples = np.require(samples, dtype=np.float32, requirements=["C", "W"])
    except (TypeError, ValueError) as error:
        raise InvalidValue("samples", "must be numbers") from error
    if taken.ndim != 1:
        raise InvalidValue("samples", "must be one row of mono samples")
    return taken


class StreamMeter:
    """Measures one stream as it comes, in chunks of any size, in constant memory.

    Listening live it forgets with a time constant of 2 s; with `forgetting=False` everything counts
    alike, and the end result is that of `assess` on the whole buffer.
    """

    def __init__(self, *, forgetting: bool = True) -> None:
        self._growth = FORGETTING if forgetting else 1.0
        self._state = np.zeros(STATE_SIZE, dtype=np.float64)
        self._samples = 0

    def hear(self, samples: Samples) -> Samples:
        """Take in the next samples (float32[n], 16 kHz, -1..1).

        Returns what `kernels.hear` tells of each hop of 10 ms that was filled (float32[hops, TOLD]).
        """
        taken = contiguous(samples)
        self._samples += len(taken)
        told: Samples = hear(self._state, taken, self._growth)
        return told

    def quality(self) -> Quality:
        """The judgement on what was heard so far."""
        return _judge(self._state[None])[0]

    @property
    def seconds(self) -> float:
        """How much was heard in all."""
        return self._samples / SAMPLE_RATE


class StreamBank:
    """Measures many streams in one call each time, as a `StreamMeter` for each would."""

    def __init__(self, streams: int, *, forgetting: bool = True) -> None:
        self._growth = FORGETTING if forgetting else 1.0
        self._states = np.zeros((streams, STATE_SIZE), dtype=np.float64)

    def hear(self, streams: Sequence[Samples]) -> list[Samples]:
        """Take in the next samples of every stream (float32[n] each, any n, 16 kHz), in order.

        Returns what `kernels.hear` tells of each stream's hops (float32[hops, TOLD] each).

        Raises:
            InvalidValue: these are not as many as there are streams, or no rows of numbers.
        """
        taken = [contiguous(samples) for samples in streams]
        if len(taken) != len(self._states):
            raise InvalidValue("streams", f"must be {len(self._states)}, one row of samples for each")
        if not taken:
            return []
        ends = np.cumsum([len(samples) for samples in taken])
        told, rows_end = hear_all(self._states, np.concatenate(taken), ends, self._growth)
        return np.split(told, rows_end[:-1])

    def qualities(self) -> list[Quality]:
        """The judgements on what was heard so far."""
        return _judge(self._states)


def at_16k(samples: Samples, sample_rate: int) -> Samples:
    """Bring samples to 16 kHz, well enough to be measured: a windowed average, then straight lines.

    Sound to be kept or recognised is converted at the door, by better means.

    Raises:
        InvalidValue: the rate is not one that sound is recorded at.
    """
    if not LOWEST_RATE <= sample_rate <= HIGHEST_RATE:
        raise InvalidValue("sample_rate", f"must lie in {LOWEST_RATE}..{HIGHEST_RATE} Hz")
    taken = contiguous(samples)
    if sample_rate == SAMPLE_RATE or len(taken) == 0:
        return taken
    if sample_rate > SAMPLE_RATE:
        reach = round(4 * sample_rate / SAMPLE_RATE)
        steps = np.arange(-reach, reach + 1)
        low_pass = np.sinc(0.95 * steps * SAMPLE_RATE / sample_rate) * np.hanning(2 * reach + 3)[1:-1]
        taken = np.convolve(taken, low_pass / low_pass.sum(), mode="full")[reach : reach + len(taken)]
    wanted = np.arange(int(len(taken) * SAMPLE_RATE / sample_rate)) * (sample_rate / SAMPLE_RATE)
    resampled: Samples = np.interp(wanted, np.arange(len(taken)), taken).astype(np.float32)
    return resampled


def assess(samples: Samples, sample_rate: int = SAMPLE_RATE) -> Quality:
    """Judge a whole buffer of mono samples (float32[n], -1..1).

    Anything is judged: silence, an empty buffer or NaN get a low score, not an error.

    Raises:
        InvalidValue: the samples are not one row of numbers, or the rate is no sound's.
    """
    meter = StreamMeter(forgetting=False)
    meter.hear(at_16k(samples, sample_rate))
    return meter.quality()


def score_samples(samples: Samples) -> float:
    """The estimate q of a whole buffer (float32[n], 16 kHz): higher is better, unclipped."""
    return assess(samples).estimate
