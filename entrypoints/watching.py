"""`mira score --watch`: how well a microphone hears, live, while somebody tunes its gain and place."""

from collections.abc import Iterable, Iterator
from typing import Final

from domain.audio.pcm import SAMPLE_RATE, Samples
from domain.audio.quality import Quality, StreamMeter
from entrypoints.configuration import WrongSetting

BLOCK: Final = SAMPLE_RATE // 5
BAR_WIDTH: Final = 20


def meter_lines(blocks: Iterable[Samples]) -> Iterator[str]:
    """A line for each block of sound: what the last two seconds or so were worth."""
    meter = StreamMeter()
    for block in blocks:
        meter.hear(block)
        yield _line(meter.quality())


def microphone() -> Iterator[Samples]:
    """Blocks of 200 ms from the machine's microphone, for as long as somebody takes them.

    Raises:
        WrongSetting: there is no microphone, or nothing to reach it by.
    """
    try:
        import sounddevice
    except OSError as error:
        raise WrongSetting(
            f"no microphone: {error}; install PortAudio (apt install libportaudio2)"
        ) from error
    try:
        with sounddevice.InputStream(SAMPLE_RATE, BLOCK, channels=1, dtype="float32") as stream:
            while True:
                yield stream.read(BLOCK)[0][:, 0]
    except sounddevice.PortAudioError as error:
        raise WrongSetting(f"no microphone: {error}") from error


def _line(quality: Quality) -> str:
    measures = quality.measures
    filled = round(quality.score / 10 * BAR_WIDTH)
    bar = "█" * filled + "░" * (BAR_WIDTH - filled)
    clipped = "  clipping!" if measures.clipping > 0 else ""
    return (
        f"{quality.score:4.1f} {bar}  SNR {measures.snr:3.0f} dB  clarity {measures.speech_clarity:3.0f}  "
        f"level {measures.volume_level:.2f}{clipped}"
    )
