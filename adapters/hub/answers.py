"""What a hub answers over REST, in values of the library's own."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Generic, TypeVar

from attrs import field, frozen

Item = TypeVar("Item")


@frozen(kw_only=True)
class Listing(Generic[Item]):
    """A part of a list, and how long the list is in all."""

    items: tuple[Item, ...]
    total: int
    limit: int
    offset: int


@frozen(kw_only=True)
class NewNetwork:
    """A network just opened, and its tokens, which are told only once."""

    network_id: str
    name: str
    status: str
    created_at: datetime
    websocket_url: str
    client_registration_token: str = field(repr=False)
    network_token: str = field(repr=False)


@frozen(kw_only=True)
class NetworkSettings:
    """What an owner has tuned: the quality a stream needs (0..1), how many clients, language, time zone."""

    audio_quality_threshold: float
    max_clients: int
    language: str
    timezone: str
    answers_spoken_by: str = "own"
    preferred_mouths: tuple[str, ...] = ()


@frozen(kw_only=True)
class Network:
    """A network."""

    network_id: str
    name: str
    description: str
    status: str
    settings: NetworkSettings
    created_at: datetime
    updated_at: datetime
    client_count: int
    websocket_url: str


@frozen(kw_only=True)
class RegisteredClient:
    """A client just registered, and its token, which is told only once."""

    client_id: str
    status: str
    websocket_url: str
    audio_quality_threshold: float
    capabilities: tuple[str, ...]
    client_token: str = field(repr=False)


@frozen(kw_only=True)
class NewToken:
    """A token that replaces another, until when it is good, and how often if it is for registering."""

    kind: str
    token: str = field(repr=False)
    expires_at: datetime
    uses: int | None = None


@frozen(kw_only=True)
class Location:
    """Where a client is on earth: degrees, and metres of accuracy."""

    latitude: float
    longitude: float
    accuracy: float | None = None


@frozen(kw_only=True)
class Client:
    """A client, as last heard of."""

    client_id: str
    device_type: str
    device_info: Mapping[str, Any]
    capabilities: tuple[str, ...]
    location: Location | None
    connection_status: str
    audio_quality_score: float | None
    registered_at: datetime
    last_seen_at: datetime
    room: str | None = None
    group_id: str | None = None


@frozen(kw_only=True)
class Action:
    """Something done because of an interaction."""

    action_id: str
    action_type: str
    result: Mapping[str, Any]
    timestamp: datetime


@frozen(kw_only=True)
class Stream:
    """How one stream heard: its score 0..10, its measures by name, and why it won or lost."""

    client_id: str
    quality_score: float
    metrics: Mapping[str, Any]
    selected: bool
    reason: str
    reported_metrics: Mapping[str, Any] | None = None


@frozen(kw_only=True)
class Hearing:
    """How an utterance was heard, and which stream was used."""

    selected_client_id: str
    quality_score: float
    reason: str
    seconds: float
    streams: tuple[Stream, ...]


@frozen(kw_only=True)
class Interaction:
    """One turn: what was said, answered and done; timings are milliseconds by stage."""

    interaction_id: str
    conversation_id: str
    client_id: str
    speaker_id: str | None
    text: str
    response: str
    actions: tuple[Action, ...]
    audio: Hearing | None
    timings: Mapping[str, Any]
    processing_status: str
    timestamp: datetime
    error_code: str | None = None
    audio_kept_until: datetime | None = None
    context: str | None = None
    revision: int = 1


@frozen(kw_only=True)
class Receipt:
    """A sentence that was sent as a whole and taken in; whether it is used is known when it is decided."""

    processing_id: str
    status: str
    estimated_completion: datetime
    audio_quality_score: float
    selected_for_processing: bool


@frozen(kw_only=True)
class Upload:
    """What became of an upload: queued, processing, then completed, not_selected, rejected,
    not_understood or failed; and the interaction that its sentence led to.
    """

    processing_id: str
    client_id: str
    status: str
    audio_quality_score: float
    selected_for_processing: bool
    interaction_id: str | None
    error: str | None

    @property
    def over(self) -> bool:
        """Whether it will not change any more."""
        return self.status not in {"queued", "processing"}


@frozen(kw_only=True)
class AudioStatus:
    """How many uploads of a network are not finished, and what became of the latest."""

    network_id: str
    queue_depth: int
    recent: tuple[Upload, ...]


@frozen(kw_only=True)
class HeardStream:
    """A stream that is heard just now."""

    client_id: str
    quality_score: float
    metrics: Mapping[str, Any]
    last_frame_at: datetime
    selected: bool


@frozen(kw_only=True)
class BestStream:
    """Who hears best at this moment, and who else is heard; None and a reason where there is nobody."""

    network_id: str
    selected_client_id: str | None
    quality_score: float | None
    reason: str
    threshold: float
    selected_at: datetime | None
    streams: tuple[HeardStream, ...]


@frozen(kw_only=True)
class Conversation:
    """Interactions that belong together, oldest first; None where they were not asked for."""

    conversation_id: str
    client_id: str | None
    summary: str
    participants: tuple[str, ...]
    created_at: datetime
    updated_at: datetime
    interactions: tuple[Interaction, ...] | None


@frozen(kw_only=True)
class Reminder:
    """Something to be told at a moment."""

    reminder_id: str
    title: str
    due_time: datetime
    status: str
    recurrence: str | None
    created_at: datetime


@frozen(kw_only=True)
class CalendarEvent:
    """Something that happens from a start to an end."""

    event_id: str
    title: str
    start_time: datetime
    end_time: datetime
    attendees: tuple[str, ...]
    location: str | None
    status: str
    recurrence: str | None
    created_at: datetime


@frozen(kw_only=True)
class CalendarFeed:
    """Where calendar apps read what a network plans; the address is a secret, and told only once."""

    feed_url: str = field(repr=False)
    created_at: datetime


@frozen(kw_only=True)
class Health:
    """How well the hub and each of its services is, and how much it has to do."""

    status: str
    timestamp: datetime
    services: Mapping[str, Any]
    metrics: Mapping[str, Any]


@frozen(kw_only=True)
class RegisteredDevice:
    """A device just registered, and its token, which is told only once."""

    device_id: str
    auth_token: str = field(repr=False)
    websocket_url: str
    created_at: datetime


@frozen(kw_only=True)
class DeviceState:
    """How a device is doing: online, offline or busy, and its figures of today."""

    device_id: str
    status: str
    active_persona_id: str | None
    active_session_id: str | None
    last_activity: datetime
    metrics: Mapping[str, Any]


@frozen(kw_only=True)
class Answer:
    """What was answered to a message, and where its sound is; or which other device says it: spoken_by."""

    session_id: str
    response_text: str
    response_audio_url: str | None
    spoken_by: str | None = None
    persona_id: str
    latency_ms: int
    tokens_used: int
