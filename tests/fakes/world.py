"""A world that stands still until it is told to move."""

from datetime import UTC, datetime, timedelta
from itertools import count

from attrs import define, field, frozen

from domain.ids import (
    ActionId,
    ActivityId,
    BlobId,
    BroadcastId,
    CalendarEventId,
    ClientId,
    CommandId,
    ConversationId,
    EventId,
    FeedSecret,
    InteractionId,
    NetworkId,
    PairingId,
    PersonaId,
    ReminderId,
    SessionId,
    TokenId,
    UploadId,
)
from domain.pairing import ALPHABET
from tests.samples import NOON

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@define(eq=False)
class SettableClock:
    """A clock that shows what it was set to."""

    shown: datetime = NOON

    def now(self) -> datetime:
        """The moment that it was set to."""
        return self.shown

    def micros(self) -> int:
        """The same moment, in microseconds since the Unix epoch."""
        return (self.shown - EPOCH) // timedelta(microseconds=1)

    def pass_by(self, **length: float) -> datetime:
        """Let time pass, as in pass_by(minutes=5); it may be set back too."""
        self.shown += timedelta(**length)
        return self.shown


@frozen
class CountingIds:
    """Ids that count: the first network is net_1."""

    _numbers: "count[int]" = field(factory=lambda: count(1))

    def network(self) -> NetworkId:
        return NetworkId(self._next("net"))

    def device(self) -> ClientId:
        return ClientId(self._next("dev"))

    def interaction(self) -> InteractionId:
        return InteractionId(self._next("int"))

    def conversation(self) -> ConversationId:
        return ConversationId(self._next("conv"))

    def session(self) -> SessionId:
        return SessionId(self._next("sess"))

    def persona(self) -> PersonaId:
        return PersonaId(self._next("persona"))

    def action(self) -> ActionId:
        return ActionId(self._next("act"))

    def reminder(self) -> ReminderId:
        return ReminderId(self._next("rem"))

    def calendar_event(self) -> CalendarEventId:
        return CalendarEventId(self._next("event"))

    def event(self) -> EventId:
        return EventId(self._next("evt"))

    def blob(self) -> BlobId:
        return BlobId(self._next("blob"))

    def command(self) -> CommandId:
        return CommandId(self._next("cmd"))

    def activity(self) -> ActivityId:
        return ActivityId(self._next("activity"))

    def broadcast(self) -> BroadcastId:
        return BroadcastId(self._next("broadcast"))

    def pairing(self) -> PairingId:
        return PairingId(self._next("pair"))

    def pairing_code(self) -> str:
        return "".join(ALPHABET[int(digit)] for digit in f"{next(self._numbers):08}")

    def token(self) -> TokenId:
        return TokenId(self._next("tok"))

    def upload(self) -> UploadId:
        return UploadId(self._next("proc"))

    def claim(self) -> str:
        return self._next("claim")

    def feed_secret(self) -> FeedSecret:
        return FeedSecret(self._next("feed"))

    def _next(self, prefix: str) -> str:
        return f"{prefix}_{next(self._numbers):04}"
