"""Every kernel, compiled before somebody waits for it."""

import numpy as np

from domain.audio import agreement, backgrounds, comparison, finality
from domain.audio.kernels import HOP, cleaned
from domain.audio.playback import Playback, PlaybackId
from domain.audio.quality import StreamBank, StreamMeter
from domain.ids import ClientId


def warm() -> None:
    """Compile every kernel of listening, or load them from their cache, by using each once."""
    meter = StreamMeter()
    ramp = cleaned(np.linspace(-0.1, 0.1, 100 * HOP, dtype=np.float32))
    rows = meter.hear(ramp)
    meter.quality()
    StreamBank(1).hear([ramp])
    agreement.compare_near(rows, rows)
    comparison.compare_streams([rows, rows])
    finality.fall_of(ramp)
    backgrounds.rise(rows)
    backgrounds.rises_by(rows, len(rows) // 2)
    background = backgrounds.Background()
    background.learn(rows)
    background.mask(rows)
    Playback.of(PlaybackId(""), ClientId(""), 0, ramp)
