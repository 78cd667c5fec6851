"""The life of a device: everything that it does at once, until it is told to stop."""

import asyncio
import signal
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from typing import Any, Final

import attrs
import structlog
from attrs import frozen

from adapters.hub import DeviceSocket, Hub, HubError, SocketEnded
from application.ports.hardware import HardwareMissing
from entrypoints.device.hearing import Ear
from entrypoints.device.identity import Identity, keep_identity
from entrypoints.device.lights import LightShow
from entrypoints.device.obeying import Obedience
from entrypoints.device.options import DeviceOptions
from entrypoints.device.outbox import Outbox
from entrypoints.device.parts import Parts
from entrypoints.device.pressing import Fingers
from entrypoints.device.refusals import BROKEN, SENT_AWAY, CannotRun
from entrypoints.device.sending import send
from entrypoints.device.speaking import Mouth
from entrypoints.device.status import Reporter, Status, notify

log = structlog.get_logger(__name__)

HEARTBEAT_SECONDS: Final = 5.0
LOOK_EVERY: Final = 0.1
REPLACED: Final = 4000
ANOTHER: Final = "another program runs with this device's token; each device needs a pairing of its own"


Work = Callable[[], Coroutine[Any, Any, None]]


class Stopped(Exception):
    """The device was told to stop."""


@frozen(kw_only=True)
class Device:
    """A device that knows who it is and what it is made of."""

    options: DeviceOptions
    identity: Identity
    parts: Parts
    status: Status

    async def run(self, stop: asyncio.Event) -> None:
        """Be a device until told to stop.

        Raises:
            CannotRun: the hub does not want it, or hardware is missing.
        """
        identity = self.identity
        async with Hub(identity.hub) as hub:
            socket = hub.device_socket(
                identity.device_id, identity.token, heartbeat_seconds=HEARTBEAT_SECONDS, patient=True
            )
            works = self._works(hub, socket)
            with _reasons():
                async with asyncio.TaskGroup() as group:
                    for work in works:
                        group.create_task(work())
                    await stop.wait()
                    notify("STOPPING=1")
                    raise Stopped

    def _works(self, hub: Hub, socket: DeviceSocket) -> tuple[Work, ...]:
        """Everything that goes on at once."""
        outbox, status, parts = Outbox(), self.status, self.parts
        show = LightShow(lights=parts.lights, status=status)
        ear = Ear(
            microphone=parts.microphone,
            outbox=outbox,
            status=status,
            push_to_talk=self.options.push_to_talk,
        )
        mouth = Mouth(loudspeaker=parts.loudspeaker, fetch=hub.follow_audio, outbox=outbox, status=status)
        fingers = Fingers(buttons=parts.buttons, ear=ear, mouth=mouth, show=show, outbox=outbox)
        reporter = Reporter(
            status=status, file=self.options.status_file, listens=self.options.microphone != "none"
        )
        obedience = Obedience(
            socket=socket,
            mouth=mouth,
            show=show,
            outbox=outbox,
            status=status,
            tracks=self.options.tracks,
            fetch=hub.follow_audio,
            keep_token=self._keep_token,
        )

        async def link() -> None:
            status.state = "connecting"
            show.refresh()
            async with socket, asyncio.TaskGroup() as group:
                log.info("connected", hub=self.identity.hub, device=self.identity.device_id)
                group.create_task(send(socket, outbox, status))
                group.create_task(obedience.run())
                group.create_task(self._watch(socket, show))

        return link, ear.listen, mouth.run, fingers.run, reporter.run

    async def _watch(self, socket: DeviceSocket, show: LightShow) -> None:
        """Notice when the hub comes and goes."""
        status = self.status
        while True:
            state = "connected" if socket.connected else "connecting"
            status.clock_offset_us, status.round_trip_us = socket.clock.offset, socket.clock.round_trip
            if status.state != state:
                status.state = "connected" if socket.connected else "connecting"
                show.refresh()
            await asyncio.sleep(LOOK_EVERY)

    def _keep_token(self, token: str) -> None:
        keep_identity(self.options.data_folder, attrs.evolve(self.identity, token=token))
        log.info("the hub gave this device a new token")


@contextmanager
def _reasons() -> Iterator[None]:
    """Say in a line why a device ends that was not told to."""
    reason: CannotRun | None = None
    try:
        yield
    except* Stopped:
        pass
    except* HardwareMissing as missing:
        reason = CannotRun(_first(missing), BROKEN)
    except* SocketEnded as ended:
        reason = CannotRun(f"{_first(ended)}; {_advice(ended)}", SENT_AWAY)
    except* HubError as refused:
        reason = CannotRun(f"the hub does not want this device: {_first(refused)}; pair it anew", SENT_AWAY)
    if reason is not None:
        raise reason


def _advice(group: BaseExceptionGroup[SocketEnded]) -> str:
    replaced = group.subgroup(lambda error: isinstance(error, SocketEnded) and error.code == REPLACED)
    return ANOTHER if replaced is not None else "pair it anew, if it should come back"


def _first(group: BaseExceptionGroup[BaseException]) -> str:
    error: BaseException = group
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return str(error)


def stop_on_signals() -> asyncio.Event:
    """An event that is set when somebody wants this process to end."""
    stop, loop = asyncio.Event(), asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    return stop
