"""Everything that the sockets need of the hub."""

from collections.abc import Mapping
from typing import Protocol

from attrs import frozen

from application.coordination.activities import AnswerActivity
from application.devices.commanding import AcknowledgeCommand
from application.listening.who_hears import WhoHears
from application.networks.access import Authenticate
from application.networks.clients import UpdateClient
from application.networks.connecting import Connect, Disconnect
from application.networks.limiting import AdmitMessage, Throttle
from application.networks.rotating import HandOverToken
from application.operating.health import CheckHealth
from application.operating.operating import Instance
from application.operating.pulse import Pulse
from application.personas.switching import NextPersonaAt
from application.ports.announcing import Audience
from application.ports.meters import Meters
from application.ports.sounds import SoundCodec
from application.ports.watching import LogTail, Watchtower
from application.ports.world import Clock
from application.speech.speech_links import LinkToSpeech
from application.turns.conversing import Converse
from domain.audio.pcm import Samples
from domain.clients import Client
from domain.ids import ClientId, NetworkId


class Ears(Protocol):
    """Whoever listens to the streams; cheap, and called on the event loop."""

    def join(self, network_id: NetworkId, client: Client) -> None:
        """A client's socket has opened."""
        ...

    def hear(
        self, network_id: NetworkId, client_id: ClientId, samples: Samples, captured_at: int | None
    ) -> None:
        """Take in sound at 16 kHz; captured_at is when its first sample was, in microseconds, hub time.

        None stands for a moment that nobody knows: the sound follows the sound before it.
        """
        ...

    def note(self, network_id: NetworkId, client_id: ClientId, reported: Mapping[str, float]) -> None:
        """A client says how well it hears."""
        ...

    def finish(self, network_id: NetworkId, client_id: ClientId) -> None:
        """A client says that its utterance is complete."""
        ...

    def leave(self, network_id: NetworkId, client_id: ClientId) -> None:
        """A client's socket has ended."""
        ...


@frozen(kw_only=True)
class SocketUseCases:
    """What sockets call, finished and wired."""

    authenticate: Authenticate
    throttle: Throttle
    admit_message: AdmitMessage
    meters: Meters
    connect: Connect
    disconnect: Disconnect
    update_client: UpdateClient
    converse: Converse
    link_to_speech: LinkToSpeech
    hand_over_token: HandOverToken
    acknowledge_command: AcknowledgeCommand
    next_persona_at: NextPersonaAt
    answer_activity: AnswerActivity
    audience: Audience
    listening: Ears
    who_hears: WhoHears
    sounds: SoundCodec
    clock: Clock
    tower: Watchtower
    pulse: Pulse
    log_tail: LogTail
    check_health: CheckHealth
    instance: Instance
