"""One turn on its way: what starts it, what it announces as it goes, and how long each stage takes."""

from collections.abc import Awaitable, Callable

from attrs import field, frozen

from application.ports.speech import Transcript
from application.ports.world import Clock
from domain.ids import BlobId, ClientId, NetworkId, SessionId
from domain.interactions import Action, Hearing, Interaction, Usage


@frozen(kw_only=True)
class SpokenWords:
    """Something heard: how it was heard, when the speech ended (microseconds), and its transcript to come."""

    hearing: Hearing
    speech_ended_at: int
    decided_at: int
    transcript: Callable[[], Awaitable[Transcript]]


@frozen(kw_only=True)
class TypedWords:
    """Something typed."""

    text: str


@frozen(kw_only=True)
class Turn:
    """Something said to the hub by a client, in a session of its own choice or in its live one."""

    network_id: NetworkId
    client_id: ClientId
    session_id: SessionId | None = None
    words: SpokenWords | TypedWords


@frozen(kw_only=True)
class TurnHeard:
    """The words are known and kept."""

    interaction: Interaction


@frozen(kw_only=True)
class ActionTaken:
    """Something was done, and committed."""

    action: Action


@frozen(kw_only=True)
class SentenceSaid:
    """A sentence of the reply is ready."""

    text: str


@frozen(kw_only=True)
class TurnEnded:
    """The turn is over and committed: the whole interaction, and where the sound of the answer is."""

    interaction: Interaction
    speech: BlobId | None
    usage: Usage | None


TurnEvent = TurnHeard | ActionTaken | SentenceSaid | TurnEnded


@frozen
class Stages:
    """A stopwatch for the stages of a turn, in milliseconds."""

    clock: Clock
    started_at: int
    took: dict[str, float] = field(factory=dict, init=False)

    def note(self, stage: str, since: int) -> int:
        """Note how long a stage took since a moment, and answer the present one (microseconds)."""
        now = self.clock.micros()
        self.took[stage] = round((now - since) / 1000, 1)
        return now

    def total(self) -> None:
        """Note how long all took."""
        self.note("total", self.started_at)
