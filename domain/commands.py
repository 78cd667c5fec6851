"""A command is what the hub wants a device to do, kept until the device says that it has done it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from attrs import evolve, field, frozen

from domain.errors import InvalidValue
from domain.ids import ActivityId, BlobId, ClientId, CommandId, NetworkId, PersonaId, SessionId

SPOKEN: Final = 0
SHOWN: Final = 2
TIMELY: Final = 5
URGENT: Final = 10
"""How urgent a command is, 0 to 10; a higher one overtakes those that wait for the same device."""


@frozen(kw_only=True)
class SwitchPersona:
    """Be this persona from now on."""

    persona_id: PersonaId
    previous_persona_id: PersonaId | None
    name: str
    session_id: SessionId


@frozen(kw_only=True)
class Say:
    """Say something that is no answer of a turn: the text, and where its sound is."""

    text: str
    speech: BlobId | None = None


@frozen(kw_only=True)
class Perform:
    """Do or show something that is named by an event; speech is its sound, where it is to be spoken."""

    event: str = field()
    payload: Mapping[str, object] = field(factory=dict)
    speech: BlobId | None = None

    @event.validator
    def _check_event(self, _: object, value: str) -> None:
        if not 1 <= len(value) <= 100:
            raise InvalidValue("event_type", "must be 1 to 100 characters")


@frozen(kw_only=True)
class PlayTogether:
    """Play something together with others, from a moment on (microseconds since 1970 by the hub)."""

    activity_id: ActivityId
    media: Mapping[str, object]
    starts_at: int
    volume: float


Order = SwitchPersona | Say | Perform | PlayTogether


@frozen(kw_only=True)
class Command:
    """An order to one device; it is told again to a device that comes back, until it is acknowledged or old.

    The origin is the activity or broadcast that it is part of; the outcome is what the device said of it.
    """

    id: CommandId
    network_id: NetworkId
    client_id: ClientId
    order: Order
    priority: int = field(default=TIMELY)
    origin: str | None = None
    issued_at: datetime
    expires_at: datetime
    acknowledged_at: datetime | None = None
    outcome: Mapping[str, object] | None = None

    @priority.validator
    def _check_priority(self, _: object, value: int) -> None:
        if not SPOKEN <= value <= URGENT:
            raise InvalidValue("priority", f"must be {SPOKEN} to {URGENT}")

    def pending_at(self, moment: datetime) -> bool:
        """Whether it is still wanted of the device."""
        return self.acknowledged_at is None and moment < self.expires_at

    def acknowledged(self, outcome: Mapping[str, object], at: datetime) -> "Command":
        """The command as the device has dealt with it."""
        return evolve(self, outcome=dict(outcome), acknowledged_at=at)

    @property
    def carried_out(self) -> bool:
        """Whether the device said that it has done it, and not that it could not."""
        return self.acknowledged_at is not None and (self.outcome or {}).get("switch_complete") is not False
