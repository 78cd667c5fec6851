"""Doing what the hub tells a device, and telling the hub what became of it."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from pathlib import Path
from typing import Any, Final

import structlog
from attrs import define, field

from adapters.hub import DeviceSocket
from adapters.hub.clocks import micros
from adapters.hub.commands import (
    AudioResponse,
    DeviceCommand,
    DeviceError,
    LedControl,
    NewToken,
    PersonaSwitch,
    StopAudio,
    SyncEvent,
    UnknownCommand,
)
from adapters.hub.events import Reconnected
from entrypoints.device.lights import LightShow
from entrypoints.device.outbox import Outbox, Outcome
from entrypoints.device.speaking import TROUBLES, Fetch, Mouth, Music, Saying, music_from
from entrypoints.device.status import Status

log = structlog.get_logger(__name__)

QUIET_ERRORS: Final = frozenset({"COMMAND_NOT_FOUND"})
"""An outcome that came too late; there is nothing to be done about it."""


@define(kw_only=True, eq=False)
class Obedience:
    """Does as it is told: speaks, falls silent, plays, shows, and is another persona."""

    socket: DeviceSocket
    mouth: Mouth
    show: LightShow
    outbox: Outbox
    status: Status
    tracks: Path
    fetch: Fetch
    keep_token: Callable[[str], None]
    _loading: "asyncio.Task[None] | None" = field(default=None, init=False)

    async def run(self) -> None:
        """Do as one is told, for as long as the socket lives.

        Raises:
            SocketEnded, HubError: the hub wants this device no more.
        """
        try:
            async for command in self.socket:
                self._obey(command)
        finally:
            self._load_no_more()

    def _obey(self, command: DeviceCommand) -> None:
        received_at = micros()
        match command:
            case AudioResponse():
                self._answer(command)
            case StopAudio(interaction_id=interaction_id):
                self.status.interrupted += 1
                self.mouth.stop(interaction_id)
            case LedControl():
                self.show.obey(command)
            case PersonaSwitch(persona_id=persona_id, command_id=command_id):
                self.status.persona_id = persona_id
                took_ms = (micros() - received_at) // 1000
                self._did(command_id, switch_complete=True, latency_ms=took_ms)
            case SyncEvent():
                self._take_part(command)
            case NewToken(auth_token=token):
                self.keep_token(token)
            case DeviceError(error_code=code, message=message):
                if code not in QUIET_ERRORS:
                    self.status.trouble = f"{code}: {message}"
                    log.warning("the hub reports a problem", code=code, problem=message)
            case Reconnected():
                self.status.reconnects += 1
                self.outbox.wake()
            case UnknownCommand(type=sort):
                log.info("the hub says something unknown", type=sort)

    def _answer(self, answer: AudioResponse) -> None:
        if answer.audio_url is not None:
            self.mouth.say(
                Saying(
                    audio_url=answer.audio_url,
                    interaction_id=answer.interaction_id,
                    command_id=answer.command_id,
                )
            )
        elif answer.command_id is not None:
            self._did(answer.command_id, said=False)

    def _take_part(self, command: SyncEvent) -> None:
        body = command.body
        if command.event == "sync_playback":
            self._load_no_more()
            self._loading = asyncio.create_task(self._play_together(command))
            return
        if command.event == "session_handed_over" and data_of(body).get("silence") is True:
            self.mouth.fall_silent()
        if command.event == "activity_stopped":
            self._load_no_more()
            self.mouth.stop_music(str(data_of(body).get("activity_id")))
        url = body.get("audio_url")
        if isinstance(url, str):
            self.mouth.say(Saying(audio_url=url, command_id=command.command_id))
        elif command.command_id is not None:
            self._did(command.command_id, done=True)

    async def _play_together(self, command: SyncEvent) -> None:
        body = command.body
        try:
            samples = await music_from(self._media(body), float(body.get("volume", 1.0)))
            starts_at = self._starts_at(body)
        except (*TROUBLES, OSError, KeyError, TypeError, ValueError) as error:
            log.warning("what is to be played cannot be had", problem=str(error))
            self.status.trouble = f"cannot play along: {error}"
            self._did(command.command_id, done=False, trouble=str(error)[:200])
            return
        self.mouth.play(Music(activity_id=str(body.get("activity_id")), samples=samples, starts_at=starts_at))
        self._did(command.command_id, done=True, late=starts_at < micros())

    def _load_no_more(self) -> None:
        if self._loading is not None:
            self._loading.cancel()

    def _starts_at(self, body: Mapping[str, Any]) -> int:
        """The shared moment by this device's clock: its own estimate is fresher than the hub's."""
        offset = self.socket.clock.offset
        if offset is not None:
            return int(body["start_at_us"]) - offset
        return int(body.get("start_at_device_us") or body["start_at_us"])

    def _media(self, body: Mapping[str, Any]) -> AsyncIterator[bytes]:
        url, track = body.get("media_url"), body.get("track")
        if isinstance(url, str):
            return self.fetch(url)
        return track_from(self.tracks, str(track))

    def _did(self, command_id: str | None, **outcome: object) -> None:
        if command_id is not None:
            self.outbox.put(Outcome(told={"command_id": command_id, **outcome}))


def data_of(body: Mapping[str, Any]) -> Mapping[str, Any]:
    """What a performance is about."""
    data = body.get("data")
    return data if isinstance(data, dict) else {}


async def track_from(folder: Path, name: str) -> AsyncIterator[bytes]:
    """A track that this device has, by the name of its file, with or without its ending.

    Raises:
        OSError: there is none.
    """
    yield await asyncio.to_thread(_read_track, folder, name)


def _read_track(folder: Path, name: str) -> bytes:
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        if name in {path.name, path.stem} and path.is_file():
            return path.read_bytes()
    raise FileNotFoundError(f"there is no track {name!r} in {folder}")
