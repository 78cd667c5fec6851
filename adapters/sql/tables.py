"""The tables: a column for each attribute of a value, keys that begin with the network."""

from collections.abc import Mapping
from typing import Final

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Double,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
    UniqueConstraint,
    false,
    text,
)

from adapters.sql.columns import Choice, Document, Name
from adapters.sql.metadata import METADATA, moment_column, name_column, network_column
from domain.agenda import CalendarEventStatus, ReminderStatus
from domain.clients import ConnectionStatus, Location
from domain.events import FactEvent
from domain.interactions import Action, Hearing, Interaction, KeptSound, ProcessingStatus, Usage
from domain.jobs import JobKind
from domain.networks import NetworkSettings, NetworkStatus
from domain.personas import AdaptationMode, Behavior, Voice
from domain.sessions import RunningReply, SessionStatus
from domain.uploads import UploadStatus

networks: Final = Table(
    "networks",
    METADATA,
    name_column("id", key=True),
    Column("name", Text, nullable=False),
    Column("description", Text, nullable=False),
    Column("status", Choice(NetworkStatus), nullable=False),
    Column("settings", Document(NetworkSettings), nullable=False),
    Column("token_version", BigInteger, nullable=False),
    Column("registration_version", BigInteger, nullable=False),
    Column("registrations_left", BigInteger, nullable=False),
    Column("quota_overrides", Document(Mapping[str, int]), nullable=False),
    moment_column("created_at"),
    moment_column("updated_at"),
    Index("networks_newest", "created_at", "id"),
)

clients: Final = Table(
    "clients",
    METADATA,
    network_column(),
    name_column("id", key=True),
    Column("device_type", Text, nullable=False),
    Column("name", Text),
    Column("device_info", Document(Mapping[str, str]), nullable=False),
    Column("capabilities", Document(tuple[str, ...]), nullable=False),
    Column("location", Document(Location)),
    Column("room", Text),
    Column("group_id", Text),
    name_column("persona_id"),
    Column("connection_status", Choice(ConnectionStatus), nullable=False),
    moment_column("connected_since", needed=False),
    Column("takes_commands", Boolean, nullable=False, server_default=false()),
    name_column("instance_id"),
    Column("reported_status", Text),
    Column("audio_quality_score", Double),
    Column("token_version", BigInteger, nullable=False),
    moment_column("registered_at"),
    moment_column("last_seen_at"),
    Index("clients_newest", "network_id", "registered_at", "id"),
    Index(
        "clients_connected",
        "network_id",
        "id",
        sqlite_where=text("connection_status = 'connected'"),
        postgresql_where=text("connection_status = 'connected'"),
    ),
)

conversations: Final = Table(
    "conversations",
    METADATA,
    network_column(),
    name_column("id", key=True),
    name_column("client_id"),
    name_column("owner_id"),
    Column("summary", Text, nullable=False),
    Column("participants", Document(tuple[str, ...]), nullable=False),
    moment_column("created_at"),
    moment_column("updated_at"),
    Index("conversations_latest", "network_id", "updated_at", "id"),
)

interactions: Final = Table(
    "interactions",
    METADATA,
    name_column("network_id", key=True),
    name_column("id", key=True),
    name_column("conversation_id", needed=True),
    name_column("client_id", needed=True),
    name_column("session_id"),
    name_column("persona_id", needed=True),
    name_column("speaker_id"),
    Column("text", Text, nullable=False),
    Column("response", Text, nullable=False),
    Column("status", Choice(ProcessingStatus), nullable=False),
    Column("actions", Document(tuple[Action, ...]), nullable=False),
    Column("hearing", Document(Hearing)),
    Column("timings", Document(Mapping[str, float]), nullable=False),
    Column("usage", Document(Usage)),
    Column("error_code", Text),
    Column("recording", Document(KeptSound)),
    Column("context", Text),
    Column("revision", BigInteger, nullable=False),
    name_column("instance_id"),
    moment_column("created_at"),
    moment_column("completed_at", needed=False),
    ForeignKeyConstraint(
        ["network_id", "conversation_id"],
        ["conversations.network_id", "conversations.id"],
        ondelete="CASCADE",
    ),
    Index("interactions_newest", "network_id", "created_at", "id"),
    Index("interactions_latest", "created_at", "id"),
    Index("interactions_of_conversation", "network_id", "conversation_id", "created_at", "id"),
    Index(
        "interactions_unfinished",
        "created_at",
        "id",
        sqlite_where=text("status = 'processing'"),
        postgresql_where=text("status = 'processing'"),
    ),
)

earlier_results: Final = Table(
    "earlier_results",
    METADATA,
    name_column("network_id", key=True),
    name_column("interaction_id", key=True),
    Column("revision", BigInteger, primary_key=True),
    Column("result", Document(Interaction), nullable=False),
    ForeignKeyConstraint(
        ["network_id", "interaction_id"],
        ["interactions.network_id", "interactions.id"],
        ondelete="CASCADE",
    ),
)

reminders: Final = Table(
    "reminders",
    METADATA,
    network_column(),
    name_column("id", key=True),
    Column("title", Text, nullable=False),
    moment_column("due_time"),
    Column("status", Choice(ReminderStatus), nullable=False),
    Column("recurrence", Text),
    name_column("owner_id"),
    name_column("client_id"),
    name_column("interaction_id"),
    moment_column("created_at"),
    moment_column("fired_at", needed=False),
    moment_column("series_start", needed=False),
    Index("reminders_newest", "network_id", "created_at", "id"),
    Index("reminders_latest", "created_at", "id"),
    Index(
        "reminders_due",
        "due_time",
        "id",
        sqlite_where=text("status = 'pending' AND (fired_at IS NULL OR fired_at < due_time)"),
        postgresql_where=text("status = 'pending' AND (fired_at IS NULL OR fired_at < due_time)"),
    ),
)

calendar_events: Final = Table(
    "calendar_events",
    METADATA,
    network_column(),
    name_column("id", key=True),
    Column("title", Text, nullable=False),
    moment_column("start_time"),
    moment_column("end_time"),
    Column("attendees", Document(tuple[str, ...]), nullable=False),
    Column("location", Text),
    Column("status", Choice(CalendarEventStatus), nullable=False),
    Column("recurrence", Text),
    name_column("owner_id"),
    name_column("client_id"),
    name_column("interaction_id"),
    moment_column("created_at"),
    Index("calendar_events_newest", "network_id", "created_at", "id"),
    Index("calendar_events_latest", "created_at", "id"),
    Index("calendar_events_by_time", "network_id", "start_time"),
)

calendar_feeds: Final = Table(
    "calendar_feeds",
    METADATA,
    network_column(),
    name_column("secret_hash", needed=True),
    moment_column("created_at"),
    UniqueConstraint("secret_hash"),
)

sessions: Final = Table(
    "sessions",
    METADATA,
    name_column("network_id", key=True),
    name_column("id", key=True),
    name_column("client_id", needed=True),
    name_column("persona_id", needed=True),
    name_column("conversation_id", needed=True),
    name_column("user_id"),
    Column("status", Choice(SessionStatus), nullable=False),
    Column("metadata", Document(Mapping[str, object]), nullable=False),
    Column("reply", Document(RunningReply)),
    moment_column("created_at"),
    moment_column("attached_at"),
    moment_column("expires_at"),
    ForeignKeyConstraint(
        ["network_id", "client_id"], ["clients.network_id", "clients.id"], ondelete="CASCADE"
    ),
    Index("sessions_latest", "created_at", "id"),
    Index("sessions_of_client", "network_id", "client_id", "attached_at", "id"),
)

jobs: Final = Table(
    "jobs",
    METADATA,
    network_column(),
    name_column("id", key=True),
    Column("kind", Choice(JobKind), nullable=False),
    name_column("lane", needed=True),
    moment_column("due_at"),
    moment_column("created_at"),
    Column("tries", BigInteger, nullable=False),
    name_column("holder"),
    moment_column("held_until", needed=False),
    Index("jobs_due", "kind", "due_at", "id"),
    Index("jobs_of_lane", "network_id", "lane", "due_at", "id"),
)

uploads: Final = Table(
    "uploads",
    METADATA,
    network_column(),
    name_column("id", key=True),
    name_column("client_id", needed=True),
    Column("status", Choice(UploadStatus), nullable=False),
    Column("score", Double, nullable=False),
    Column("measures", Document(Mapping[str, float]), nullable=False),
    Column("reported", Document(Mapping[str, float])),
    Column("selected", Boolean, nullable=False),
    Column("reason", Text),
    Column("seconds", Double, nullable=False),
    name_column("sound"),
    name_column("interaction_id"),
    Column("hearing", Document(Hearing)),
    Column("error_code", Text),
    moment_column("accepted_at"),
    moment_column("decided_at", needed=False),
    moment_column("finished_at", needed=False),
    Index("uploads_newest", "network_id", "accepted_at", "id"),
    Index(
        "uploads_waiting",
        "network_id",
        "id",
        sqlite_where=text("finished_at IS NULL"),
        postgresql_where=text("finished_at IS NULL"),
    ),
)
personas: Final = Table(
    "personas",
    METADATA,
    network_column(),
    name_column("id", key=True),
    Column("revision", BigInteger, primary_key=True, autoincrement=False),
    Column("name", Text, nullable=False),
    Column("description", Text, nullable=False),
    Column("version", Text, nullable=False),
    Column("tags", Document(tuple[str, ...]), nullable=False),
    Column("adaptation_mode", Choice(AdaptationMode), nullable=False),
    Column("voice", Document(Voice), nullable=False),
    Column("behavior", Document(Behavior), nullable=False),
    moment_column("created_at"),
    moment_column("updated_at"),
)
"""Personas that owners made: a row for each revision, the latest of which is the persona."""

outbox: Final = Table(
    "outbox",
    METADATA,
    Column("sequence", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    name_column("id", needed=True),
    name_column("network_id", needed=True),
    Column("position", BigInteger, nullable=False),
    Column("event", Document(FactEvent), nullable=False),
    name_column("recipient"),
    moment_column("happened_at"),
    Column("published", Boolean, nullable=False, server_default=false()),
    UniqueConstraint("id"),
    UniqueConstraint("network_id", "position"),
    Index(
        "outbox_unpublished",
        "sequence",
        sqlite_where=text("NOT published"),
        postgresql_where=text("NOT published"),
    ),
    sqlite_autoincrement=True,
)
"""Facts on their way out. They do not belong to their network's row: its deletion is announced after it."""

outbox_heads: Final = Table(
    "outbox_heads",
    METADATA,
    name_column("network_id", key=True),
    Column("position", BigInteger, nullable=False),
)
"""The last position of each network; its row is the lock that makes positions follow the order of commits."""

outbox_claims: Final = Table(
    "outbox_claims",
    METADATA,
    name_column("network_id", key=True),
    name_column("instance_id", needed=True),
    moment_column("until"),
)
"""Which instance is publishing a network's facts, so that none overtakes; a claim ends with its time."""

instances: Final = Table(
    "instances",
    METADATA,
    name_column("id", key=True),
    name_column("name", needed=True),
    moment_column("seen_at"),
)
"""The instances of the hub that share this store, and when each was last seen to live."""

seats: Final = Table(
    "seats",
    METADATA,
    name_column("id", key=True),
    name_column("network_id", needed=True),
    name_column("client_id", needed=True),
    Column("instance_id", Name, ForeignKey("instances.id", ondelete="CASCADE"), nullable=False),
    Index("seats_of_network", "network_id"),
    Index("seats_of_instance", "instance_id"),
)
"""The open sockets of each network, held by instances and gone with them."""

allowances: Final = Table(
    "allowances",
    METADATA,
    name_column("key", key=True),
    Column("deeds", Document(tuple[tuple[int, int], ...]), nullable=False),
    moment_column("until"),
    Index("allowances_until", "until"),
)
"""What was done of each limited sort: when (microseconds since the Unix epoch) and how often."""

blobs: Final = Table(
    "blobs",
    METADATA,
    name_column("network_id", key=True),
    name_column("id", key=True),
    Column("content", LargeBinary, nullable=False),
    Column("media_type", Text, nullable=False),
    moment_column("expires_at"),
    Index("blobs_expiring", "expires_at"),
)
"""Sounds, where several instances have no folder in common."""
