"""The ear of a device: what its microphone hears, as far as it is worth sending."""

import asyncio
from typing import Final

import numpy as np
import structlog
from attrs import define, field

from application.ports.hardware import HardwareMissing, Microphone
from domain.audio.gate import Gate, HeardBlock
from domain.audio.pcm import SAMPLE_RATE, Samples, to_s16le
from entrypoints.device.outbox import Outbox, Sound, UtteranceOver
from entrypoints.device.status import Status

log = structlog.get_logger(__name__)

LONGEST_PAUSE: Final = 10.0
"""Seconds; a microphone gives a block every 40 ms."""


@define(kw_only=True, eq=False)
class Ear:
    """Sends speech, and keeps silence back; while it is muted it hears nothing at all."""

    microphone: Microphone
    outbox: Outbox
    status: Status
    push_to_talk: bool = False
    gate: Gate = field(factory=Gate, init=False)
    _latest: int = field(default=0, init=False)

    async def listen(self) -> None:
        """Listen until there is nothing more to be heard.

        Raises:
            HardwareMissing: there is no microphone, or it gives nothing any more.
        """
        blocks = self.microphone.blocks()
        try:
            while True:
                async with asyncio.timeout(LONGEST_PAUSE):
                    block = await anext(blocks)
                self._take(block)
        except StopAsyncIteration:
            return
        except TimeoutError as error:
            raise HardwareMissing(
                f"the microphone gave nothing for {LONGEST_PAUSE:g} seconds; is it still plugged in?"
            ) from error

    def talk(self, *, down: bool) -> None:
        """Somebody holds the button to talk, or lets it go: the utterance is complete then."""
        if down:
            self.gate.hold()
        else:
            self._close()

    def mute(self, *, muted: bool) -> None:
        """Hear nothing from now on, or hear again."""
        self.status.muted = muted
        self._close()

    def _take(self, block: HeardBlock) -> None:
        self.status.heard_seconds += len(block.samples) / SAMPLE_RATE
        self.status.microphone_dbfs = round(loudness(block.samples), 1)
        if self.status.muted or (self.push_to_talk and not self.gate.held):
            return
        self._latest = block.captured_at
        passed = self.gate.hear(block)
        for one in passed.blocks:
            self.outbox.put(Sound(captured_at=one.captured_at, data=to_s16le(one.samples)))
        if passed.over:
            self.outbox.put(UtteranceOver(at=block.captured_at))
        self.status.talking = self.gate.open

    def _close(self) -> None:
        if self.gate.close():
            self.outbox.put(UtteranceOver(at=self._latest))
        self.status.talking = False


def loudness(samples: Samples) -> float:
    """How loud a block is, in dB of full scale (RMS); -100 for digital silence."""
    return float(10.0 * np.log10(np.mean(samples * samples) + 1e-10))
