"""One turn on its way: what starts it, what it announces as it goes, and how long each stage takes."""

from collections.abc import Awaitable, Callable

from attrs import define, field, frozen

from application.ports.dialogue import Image, ReplyDone
from application.ports.speech import Transcript
from application.ports.storage import Transaction
from application.ports.world import Clock
from domain.audio.pcm import Recording
from domain.ids import BlobId, ClientId, InteractionId, NetworkId, SessionId
from domain.interactions import Action, Hearing, Interaction, Usage


@frozen(kw_only=True)
class SpokenWords:
    """Something heard: how it was heard, when the speech ended (microseconds), and its transcript to come."""

    hearing: Hearing
    speech_ended_at: int
    decided_at: int
    transcript: Callable[[], Awaitable[Transcript]]
    recording: Recording | None = None
    """The sound, unless it is kept already."""


@frozen(kw_only=True)
class TypedWords:
    """Something typed."""

    text: str


@frozen(kw_only=True)
class Undertaking:
    """A turn that the hub has promised: it is held until it ends, and taken up again should it break off.

    So its id is known before it begins; what was done before it broke off is not done again. While more tries
    are left, a failure leaves it open. seal is called in the transaction that ends it, and commits with it.
    """

    interaction_id: InteractionId
    last_try: bool
    seal: Callable[[Transaction, Interaction], Awaitable[None]]


@frozen(kw_only=True)
class Revision:
    """A turn that is held once more, by the moment when it was said, perhaps with something told beside it.

    What it came to before is kept; what was done then and is wanted again stands, and is not done twice.
    Nobody is to speak: whoever asks for a revision reads the answer.
    """

    interaction_id: InteractionId
    context: str | None = None


@define(eq=False)
class Interruption:
    """Whether somebody spoke on before a turn was answered: its reply then ends, and is not said aloud."""

    happened: bool = False


@frozen(kw_only=True)
class Turn:
    """Something said to the hub by a client, in a session of its own choice or in its live one."""

    network_id: NetworkId
    client_id: ClientId
    session_id: SessionId | None = None
    words: SpokenWords | TypedWords
    holding: Undertaking | Revision | None = None
    images: tuple[Image, ...] = field(default=(), repr=False)
    """Pictures that are shown along with the words; they are not kept."""
    interruption: Interruption = field(factory=Interruption, eq=False, repr=False)


@frozen(kw_only=True)
class TurnHeard:
    """The words are known and kept, or it is kept that they could not be made out."""

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
    """The turn is over and committed: the whole interaction, and where the sound of the answer is.

    spoken_by is the other client that says it, where that is not the one that asked.
    """

    interaction: Interaction
    speech: BlobId | None
    usage: Usage | None
    spoken_by: ClientId | None = None


TurnEvent = TurnHeard | ActionTaken | SentenceSaid | TurnEnded


@frozen
class Reply:
    """A reply as it grows: its sentences, and how it ended once it has."""

    sentences: list[str] = field(factory=list)
    endings: list[ReplyDone] = field(factory=list)

    @property
    def text(self) -> str:
        """All that was said so far."""
        return " ".join(self.sentences)

    @property
    def usage(self) -> Usage | None:
        """What it cost, if that is known."""
        return self.endings[-1].usage if self.endings else None

    @property
    def understood(self) -> bool:
        """Whether the request made sense to whoever answered."""
        return all(ending.understood for ending in self.endings)


@frozen
class Stages:
    """A stopwatch for the stages of a turn, in milliseconds; a clock that is set back counts as standing."""

    clock: Clock
    started_at: int
    took: dict[str, float] = field(factory=dict, init=False)

    def lasted(self, stage: str, since: int, until: int) -> None:
        """Note how long a stage took, from one moment to another (microseconds)."""
        self.took[stage] = round(max(until - since, 0) / 1000, 1)

    def note(self, stage: str, since: int) -> int:
        """Note how long a stage took since a moment, and answer the present one (microseconds)."""
        now = self.clock.micros()
        self.lasted(stage, since, now)
        return now

    def total(self) -> None:
        """Note how long all took."""
        self.note("total", self.started_at)
