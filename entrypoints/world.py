"""The real world: the system's clock, and ids from the operating system's source of randomness."""

import secrets
import time
from datetime import UTC, datetime

from attrs import frozen

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
    InstanceId,
    InteractionId,
    NetworkId,
    PairingId,
    PersonaId,
    ReminderId,
    SessionId,
    TokenId,
    UploadId,
)
from domain.pairing import ALPHABET, CODE_LENGTH


@frozen
class SystemClock:
    """What the machine's clock says."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def micros(self) -> int:
        return time.time_ns() // 1000


@frozen
class RandomIds:
    """Ids that nobody can guess."""

    def network(self) -> NetworkId:
        return NetworkId(_fresh("net"))

    def device(self) -> ClientId:
        return ClientId(_fresh("dev"))

    def interaction(self) -> InteractionId:
        return InteractionId(_fresh("int"))

    def conversation(self) -> ConversationId:
        return ConversationId(_fresh("conv"))

    def session(self) -> SessionId:
        return SessionId(_fresh("sess"))

    def persona(self) -> PersonaId:
        return PersonaId(_fresh("persona"))

    def action(self) -> ActionId:
        return ActionId(_fresh("act"))

    def reminder(self) -> ReminderId:
        return ReminderId(_fresh("rem"))

    def calendar_event(self) -> CalendarEventId:
        return CalendarEventId(_fresh("event"))

    def event(self) -> EventId:
        return EventId(_fresh("evt"))

    def blob(self) -> BlobId:
        return BlobId(_fresh("blob"))

    def command(self) -> CommandId:
        return CommandId(_fresh("cmd"))

    def activity(self) -> ActivityId:
        return ActivityId(_fresh("activity"))

    def broadcast(self) -> BroadcastId:
        return BroadcastId(_fresh("broadcast"))

    def pairing(self) -> PairingId:
        return PairingId(_fresh("pair"))

    def pairing_code(self) -> str:
        return "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))

    def token(self) -> TokenId:
        return TokenId(_fresh("tok"))

    def upload(self) -> UploadId:
        return UploadId(_fresh("proc"))

    def claim(self) -> str:
        return _fresh("claim")

    def feed_secret(self) -> FeedSecret:
        return FeedSecret(_fresh("feed"))


def new_instance() -> InstanceId:
    """The name of an instance of the hub that has just started."""
    return InstanceId(_fresh("inst"))


def _fresh(prefix: str) -> str:
    return f"{prefix}_{secrets.token_hex(16)}"
