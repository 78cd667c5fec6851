"""One sentence as three microphones would hear it: near, far in a hard room, and beside a fan."""

from collections.abc import Callable
from typing import Final

import numpy as np
from attrs import frozen

from domain.audio.pcm import SAMPLE_RATE, Samples

LEAD_SECONDS: Final = 0.8
TAIL_SECONDS: Final = 1.4
SPEED_OF_SOUND: Final = 343.0
SPOKEN_LEVEL: Final = 0.08


@frozen(kw_only=True)
class Microphone:
    """A place in the demo's room: metres from the speaker, how long the room rings, how loud its noise is."""

    client_id: str
    device_type: str
    place: str
    metres: float
    direct_to_reverberant_db: float
    decay_seconds: float
    noise_db: float
    """Noise against the speech at one metre, in dB."""
    noise: Callable[[int, np.random.Generator], Samples]


def hiss(count: int, source: np.random.Generator) -> Samples:
    """The even noise of a quiet room."""
    return source.standard_normal(count).astype(np.float32)


def fan(count: int, source: np.random.Generator) -> Samples:
    """A fan: noise that falls by 3 dB an octave, and the hum of its motor."""
    spectrum = np.fft.rfft(source.standard_normal(count))
    frequencies = np.maximum(np.fft.rfftfreq(count, 1 / SAMPLE_RATE), 40.0)
    rumble = np.fft.irfft(spectrum / np.sqrt(frequencies), count)
    hum = 0.4 * np.sin(2 * np.pi * 100.0 * np.arange(count) / SAMPLE_RATE)
    blown: Samples = (rumble / rumble.std() + hum).astype(np.float32)
    return blown


MICROPHONES: Final = (
    Microphone(
        client_id="kitchen-tablet",
        device_type="tablet",
        place="near, on the table",
        metres=0.6,
        direct_to_reverberant_db=12.0,
        decay_seconds=0.3,
        noise_db=-38.0,
        noise=hiss,
    ),
    Microphone(
        client_id="hall-speaker",
        device_type="smart_speaker",
        place="far, in the hall, reverberant",
        metres=4.5,
        direct_to_reverberant_db=-5.0,
        decay_seconds=0.8,
        noise_db=-38.0,
        noise=hiss,
    ),
    Microphone(
        client_id="window-phone",
        device_type="mobile",
        place="beside a fan",
        metres=1.2,
        direct_to_reverberant_db=6.0,
        decay_seconds=0.3,
        noise_db=-3.0,
        noise=fan,
    ),
)


def heard_at(microphone: Microphone, speech: Samples, seed: int) -> Samples:
    """What a microphone hears of a sentence, from a moment before it to a moment after; -1..1 at 16 kHz.

    The room is a direct path and a tail of noise that decays by 60 dB in its decay time (Polack, 1988).
    """
    source = np.random.default_rng(seed)
    loud = speech * (SPOKEN_LEVEL / max(float(np.sqrt(np.mean(speech**2))), 1e-9))
    dry = np.pad(loud, (int(LEAD_SECONDS * SAMPLE_RATE), int(TAIL_SECONDS * SAMPLE_RATE)))
    count = len(dry)
    response = _impulse_response(microphone, source)
    size = count + len(response)
    wet = np.fft.irfft(np.fft.rfft(dry, size) * np.fft.rfft(response, size), size)[:count]
    noise = microphone.noise(count, source)
    noise *= SPOKEN_LEVEL * 10 ** (microphone.noise_db / 20) / float(noise.std())
    heard: Samples = np.clip(wet + noise, -1.0, 1.0).astype(np.float32)
    return heard


def _impulse_response(microphone: Microphone, source: np.random.Generator) -> Samples:
    delay = int(microphone.metres / SPEED_OF_SOUND * SAMPLE_RATE)
    length = int(microphone.decay_seconds * SAMPLE_RATE)
    moments = np.arange(length) / SAMPLE_RATE
    tail = source.standard_normal(length) * 10 ** (-3 * moments / microphone.decay_seconds)
    direct = 1.0 / max(microphone.metres, 0.5)
    tail *= direct * 10 ** (-microphone.direct_to_reverberant_db / 20) / float(np.sqrt(np.sum(tail**2)))
    response: Samples = np.concatenate([np.zeros(delay), [direct], tail]).astype(np.float32)
    return response
