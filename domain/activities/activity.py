"""Something that several clients do together, as it is kept."""

from collections.abc import Mapping
from datetime import datetime
from enum import Enum

from attrs import field, frozen

from domain.activities.story import Telling
from domain.activities.trivia import Trivia
from domain.errors import InvalidValue
from domain.ids import ActivityId, ClientId, NetworkId, PersonaId

MAX_PARTICIPANTS = 100


class ActivityKind(Enum):
    """What is done together."""

    TRIVIA = "trivia"
    STORY = "story"
    SYNC_PLAYBACK = "sync_playback"


class ActivityStatus(Enum):
    """How far it is: it goes on, came to its own end, or was stopped."""

    RUNNING = "running"
    ENDED = "ended"
    STOPPED = "stopped"


@frozen(kw_only=True)
class Playback:
    """Something plays on all clients from one moment on; what is played is theirs to fetch."""

    media: str
    """An address or the name of a track; the hub itself never fetches it."""
    starts_at: datetime
    volume: float | None = field(default=None)

    @volume.validator
    def _check_volume(self, _: object, volume: float | None) -> None:
        if volume is not None and not 0 <= volume <= 1:
            raise InvalidValue("config.volume", "must be 0 to 1")


Course = Trivia | Telling | Playback
"""Where an activity stands, by its kind."""


@frozen(kw_only=True)
class Activity:
    """A quiz, a story or a playback of some clients of a network."""

    id: ActivityId
    network_id: NetworkId
    kind: ActivityKind
    persona_id: PersonaId
    client_ids: tuple[ClientId, ...] = field()
    """Everybody who was asked to take part, whether there or not."""
    config: Mapping[str, object] = field(factory=dict)
    """What it was started with, also what the hub does not know."""
    course: Course
    status: ActivityStatus = ActivityStatus.RUNNING
    due_at: datetime | None = None
    """When it goes on by itself, if nobody says anything before."""
    created_at: datetime
    updated_at: datetime

    @client_ids.validator
    def _check_client_ids(self, _: object, client_ids: tuple[ClientId, ...]) -> None:
        if not 1 <= len(client_ids) <= MAX_PARTICIPANTS or len(set(client_ids)) != len(client_ids):
            raise InvalidValue("device_ids", f"must be 1 to {MAX_PARTICIPANTS} devices, none twice")
