"""The world outside: what time it is, and names for new things."""

from datetime import datetime
from typing import Protocol

from domain.ids import (
    ActionId,
    BlobId,
    CalendarEventId,
    ClientId,
    ConversationId,
    EventId,
    FeedSecret,
    InteractionId,
    NetworkId,
    PersonaId,
    ReminderId,
    SessionId,
    TokenId,
)


class Clock(Protocol):
    """What time it is."""

    def now(self) -> datetime:
        """The present moment, aware, in UTC."""
        ...

    def micros(self) -> int:
        """The present moment in microseconds since the Unix epoch."""
        ...


class IdSource(Protocol):
    """Fresh ids from a cryptographic source: a prefix and 32 lower-case hexadecimal digits."""

    def network(self) -> NetworkId: ...
    def device(self) -> ClientId: ...
    def interaction(self) -> InteractionId: ...
    def conversation(self) -> ConversationId: ...
    def session(self) -> SessionId: ...
    def persona(self) -> PersonaId: ...
    def action(self) -> ActionId: ...
    def reminder(self) -> ReminderId: ...
    def calendar_event(self) -> CalendarEventId: ...
    def event(self) -> EventId: ...
    def blob(self) -> BlobId: ...
    def token(self) -> TokenId: ...
    def feed_secret(self) -> FeedSecret: ...
