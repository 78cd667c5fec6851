"""Commands in the words of the companion protocol."""

from collections.abc import Callable
from typing import Final

from attrs import frozen

from adapters.websocket.clocks import ClockOffset
from adapters.websocket.companion.outgoing import (
    Answer,
    AudioResponse,
    CompanionCommand,
    NewPersona,
    Performance,
    PerformanceEvent,
    PersonaSwitch,
    SharedStart,
    SharedStartEvent,
)
from domain.commands import Command, Perform, PlayTogether, Say, SwitchPersona
from domain.ids import BlobId, NetworkId
from domain.moments import from_micros, utc_text

LinkMaker = Callable[[NetworkId, BlobId], str]
OURS: Final = frozenset({"event", "command_id", "expires_at", "audio_url"})
"""Names in the payload of a performance that are the hub's own."""


@frozen
class OrderVoice:
    """Says a command to the device that it is for; moments also by the clock of that device."""

    link: LinkMaker
    clock: ClockOffset

    def __call__(self, command: Command) -> CompanionCommand:
        match command.order:
            case SwitchPersona() as switch:
                return _switch(command, switch)
            case Say() as say:
                url = self._url(command, say.speech)
                answer = Answer(text=say.text, audio_url=url, interaction_id=None, command_id=command.id)
                return AudioResponse(payload=answer, priority=command.priority)
            case Perform() as perform:
                return self._performance(command, perform)
            case PlayTogether() as play:
                return self._start(command, play)

    def _performance(self, command: Command, perform: Perform) -> PerformanceEvent:
        performance = Performance(
            event=perform.event,
            command_id=command.id,
            expires_at=utc_text(command.expires_at),
            audio_url=self._url(command, perform.speech),
            data={name: value for name, value in perform.payload.items() if name not in OURS},
        )
        return PerformanceEvent(payload=performance, priority=command.priority)

    def _start(self, command: Command, play: PlayTogether) -> SharedStartEvent:
        offset = self.clock.micros if self.clock.known else None
        url, track = play.media.get("media_url"), play.media.get("track")
        start = SharedStart(
            command_id=command.id,
            activity_id=play.activity_id,
            media_url=url if isinstance(url, str) else None,
            track=track if isinstance(track, str) else None,
            volume=play.volume,
            start_at=utc_text(from_micros(play.starts_at)),
            start_at_us=play.starts_at,
            start_at_device_us=None if offset is None else play.starts_at - offset,
            clock_offset_us=offset,
        )
        return SharedStartEvent(payload=start, priority=command.priority)

    def _url(self, command: Command, speech: BlobId | None) -> str | None:
        return None if speech is None else self.link(command.network_id, speech)


def _switch(command: Command, switch: SwitchPersona) -> PersonaSwitch:
    return PersonaSwitch(
        payload=NewPersona(
            persona_id=switch.persona_id,
            previous_persona_id=switch.previous_persona_id,
            name=switch.name,
            session_id=switch.session_id,
            command_id=command.id,
        ),
        priority=command.priority,
    )
