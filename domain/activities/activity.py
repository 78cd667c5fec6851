"""An activity is what several devices do together: a game of trivia, a story, playing the same thing."""

from collections.abc import Mapping
from datetime import datetime
from enum import Enum

from attrs import evolve, field, frozen

from domain.activities.playback import Playback
from domain.activities.story import Telling
from domain.activities.trivia import Trivia
from domain.ids import ActivityId, ClientId, NetworkId, PersonaId


class ActivityType(Enum):
    """What devices can do together."""

    TRIVIA = "trivia"
    STORY = "story"
    SYNC_PLAYBACK = "sync_playback"


class ActivityStatus(Enum):
    """Whether an activity goes on, has come to its end, or was stopped."""

    RUNNING = "running"
    FINISHED = "finished"
    STOPPED = "stopped"


ActivityState = Trivia | Telling | Playback


@frozen(kw_only=True)
class Activity:
    """Something that devices do together, as it stands.

    client_ids are those that take part, offline_client_ids those that were not there when it began; due_at is
    when it goes on by itself, if it does.
    """

    id: ActivityId
    network_id: NetworkId
    type: ActivityType
    persona_id: PersonaId
    client_ids: tuple[ClientId, ...]
    offline_client_ids: tuple[ClientId, ...] = ()
    config: Mapping[str, object] = field(factory=dict)
    state: ActivityState
    status: ActivityStatus = ActivityStatus.RUNNING
    due_at: datetime | None = None
    started_at: datetime
    updated_at: datetime
    ended_at: datetime | None = None

    @property
    def running(self) -> bool:
        """Whether it goes on."""
        return self.status is ActivityStatus.RUNNING

    def over(self, status: ActivityStatus, at: datetime) -> "Activity":
        """The activity when it has come to an end, this way or that."""
        return evolve(self, status=status, due_at=None, updated_at=at, ended_at=at)
