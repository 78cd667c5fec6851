"""`mira device --check`: what of a device works, and what to do about the rest."""

import asyncio
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Final

import numpy as np
from attrs import define, field

from adapters.hardware.portaudio import sound_devices
from adapters.hardware.standins import TONE_HZ, TONE_LOUDNESS
from adapters.hub import Hub, HubError, HubUnreachable
from application.ports.hardware import HardwareMissing
from domain.audio.gate import BLOCK
from domain.audio.pcm import SAMPLE_RATE, Samples
from entrypoints.device.hearing import loudness
from entrypoints.device.identity import Identity
from entrypoints.device.options import HERE, DeviceOptions
from entrypoints.device.pairing import HOW, UNREACHABLE
from entrypoints.device.parts import buttons_of, lights_of, loudspeaker, microphone

UNWELL: Final = 1
LISTENS_SECONDS: Final = 3.0
MAY_TAKE_SECONDS: Final = 8.0
NOTHING_DBFS: Final = -75.0
SOFT_DBFS: Final = -55.0
CLIPPED: Final = 0.99
TONE_SECONDS: Final = 0.5
WRONG_CLOCK_SECONDS: Final = 2.0
WHITE: Final = "#ffffff"


class NotWell(Exception):
    """Something does not work; the message says what to do about it."""


@define(eq=False)
class Findings:
    """What was found, a line each."""

    troubles: int = field(default=0, init=False)

    async def look(self, what: str, work: Callable[[], Awaitable[str]]) -> None:
        """Try something, and say how it went."""
        try:
            found, well = await work(), True
        except TimeoutError:
            found, well = (
                "the hub's socket does not answer; does a proxy before it let WebSockets through?",
                False,
            )
        except (NotWell, HardwareMissing, HubUnreachable) as error:
            found, well = str(error), False
        except HubError as error:
            found, well = f"the hub refuses: {error.message} ({error.code}); pair this device anew", False
        self.troubles += not well
        sys.stdout.write(f"{'ok  ' if well else 'FAIL'} {what:<12} {found}\n")
        sys.stdout.flush()


async def check(options: DeviceOptions, identity: Identity | None) -> int:
    """Try everything that the options ask for; the exit code is 0 where all of it works, or else 1."""
    findings = Findings()
    if options.wants_sound_devices:
        await findings.look("sound", _list_sound)
    if options.microphone != "none":
        await findings.look("microphone", lambda: _hear(options.microphone))
    if options.loudspeaker != "none":
        await findings.look("loudspeaker", lambda: _speak(options.loudspeaker))
    if options.buttons or options.leds:
        await findings.look("pins", lambda: _touch(options))
    known = None if identity is None else identity.hub
    await findings.look("hub", lambda: _reach(options.url or known or HERE))
    await findings.look("pairing", lambda: _join(options.url, identity))
    return UNWELL if findings.troubles else 0


async def _list_sound() -> str:
    found = sound_devices()
    if not found:
        raise HardwareMissing("this machine has no sound devices; plug one in, or use wav:FILE or none")
    return "\n                  ".join((f"{len(found)} devices:", *found))


async def _hear(which: str) -> str:
    """How loud it is, and what to do if that is no good."""
    levels: list[float] = []
    clipped = 0
    try:
        async with asyncio.timeout(LISTENS_SECONDS + MAY_TAKE_SECONDS):
            async for block in microphone(which).blocks():
                levels.append(loudness(block.samples))
                clipped += int(np.count_nonzero(np.abs(block.samples) >= CLIPPED))
                if len(levels) >= LISTENS_SECONDS * SAMPLE_RATE / BLOCK:
                    break
    except TimeoutError as error:
        raise NotWell("it gives no sound; is another program using it?") from error
    softest, loudest = float(np.percentile(levels, 10)), max(levels)
    told = f"{softest:.0f} dBFS at its quietest, {loudest:.0f} at its loudest"
    if clipped:
        raise NotWell(f"{told}; it clips: turn its gain down")
    if loudest < NOTHING_DBFS:
        raise NotWell(f"{told}; it hears nothing: is it muted, or is another one meant (--microphone NAME)?")
    if loudest < SOFT_DBFS:
        return f"{told}; say something while this runs, or turn its gain up"
    return told


async def _speak(which: str) -> str:
    at = np.arange(TONE_SECONDS * SAMPLE_RATE) / SAMPLE_RATE
    tone = (TONE_LOUDNESS * np.sin(2 * np.pi * TONE_HZ * at)).astype(np.float32)

    async def sound() -> AsyncIterator[Samples]:
        yield tone

    try:
        async with asyncio.timeout(MAY_TAKE_SECONDS):
            await loudspeaker(which).play(sound(), SAMPLE_RATE)
    except TimeoutError as error:
        raise NotWell("it takes no sound; is another program using it?") from error
    return "a soft tone was played"


async def _touch(options: DeviceOptions) -> str:
    lights = lights_of(options)
    lights.show(WHITE, "solid")
    if options.buttons:
        with suppress(TimeoutError):
            async with asyncio.timeout(TONE_SECONDS):
                await anext(buttons_of(options).touches())
    await asyncio.sleep(TONE_SECONDS)
    lights.show(WHITE, "off")
    return (
        f"buttons {', '.join(options.buttons) or 'none'}; lights {'shone white' if options.leds else 'none'}"
    )


async def _reach(url: str) -> str:
    try:
        async with Hub(url, answer_may_take=timedelta(seconds=MAY_TAKE_SECONDS)) as hub:
            asked_at = time.monotonic()
            health = await hub.health()
            took_ms = (time.monotonic() - asked_at) * 1000
    except HubUnreachable as error:
        raise NotWell(f"{url} does not answer: {UNREACHABLE}") from error
    ahead = (health.timestamp - datetime.now(UTC)).total_seconds()
    told = f"{url} answers in {took_ms:.0f} ms, and is {health.status}"
    return (
        told if abs(ahead) < WRONG_CLOCK_SECONDS else f"{told}; its clock is {ahead:+.0f} s ahead of this one"
    )


async def _join(url: str | None, identity: Identity | None) -> str:
    """Ask the hub about this device, with its own token; a socket would push aside one that runs."""
    if identity is None:
        raise NotWell(HOW)
    async with Hub(url or identity.hub, identity.token) as hub:
        state = await hub.device_state(identity.device_id)
    persona = state.active_persona_id or "the usual one"
    return f"{identity.device_id} is {state.status} at the hub, its persona {persona}"
