"""The tables: a column for each attribute of a value, keys that begin with the network."""

from collections.abc import Mapping
from datetime import datetime
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
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    false,
    text,
)

from adapters.sql.columns import Choice, Document, Moment, Name
from domain.activities.activity import ActivityState, ActivityStatus, ActivityType
from domain.agenda import CalendarEventStatus, ReminderStatus
from domain.clients import ConnectionStatus, Location
from domain.commands import Order
from domain.events import FactEvent
from domain.interactions import Action, Hearing, Interaction, KeptSound, ProcessingStatus, Usage
from domain.jobs import JobKind
from domain.networks import NetworkSettings, NetworkStatus
from domain.personas import AdaptationMode, Behavior, Voice
from domain.sessions import RunningReply, SessionStatus
from domain.uploads import UploadStatus

METADATA: Final = MetaData(
    naming_convention={
        "pk": "%(table_name)s_key",
        "fk": "%(table_name)s_of_%(referred_table_name)s",
        "uq": "%(table_name)s_one_%(column_0_N_name)s",
    }
)


def _network() -> Column[str]:
    return Column("network_id", Name, ForeignKey("networks.id", ondelete="CASCADE"), primary_key=True)


def _name(name: str, *, key: bool = False, needed: bool = False) -> Column[str]:
    return Column(name, Name, primary_key=key, nullable=not (key or needed))


def _moment(name: str, *, needed: bool = True) -> Column[datetime]:
    return Column(name, Moment(), nullable=not needed)


networks: Final = Table(
    "networks",
    METADATA,
    _name("id", key=True),
    Column("name", Text, nullable=False),
    Column("description", Text, nullable=False),
    Column("status", Choice(NetworkStatus), nullable=False),
    Column("settings", Document(NetworkSettings), nullable=False),
    Column("token_version", BigInteger, nullable=False),
    Column("registration_version", BigInteger, nullable=False),
    Column("registrations_left", BigInteger, nullable=False),
    Column("quota_overrides", Document(Mapping[str, int]), nullable=False),
    _moment("created_at"),
    _moment("updated_at"),
    Index("networks_newest", "created_at", "id"),
)

clients: Final = Table(
    "clients",
    METADATA,
    _network(),
    _name("id", key=True),
    Column("device_type", Text, nullable=False),
    Column("name", Text),
    Column("device_info", Document(Mapping[str, str]), nullable=False),
    Column("capabilities", Document(tuple[str, ...]), nullable=False),
    Column("location", Document(Location)),
    Column("room", Text),
    Column("group_id", Text),
    _name("persona_id"),
    Column("connection_status", Choice(ConnectionStatus), nullable=False),
    _moment("connected_since", needed=False),
    Column("takes_commands", Boolean, nullable=False, server_default=false()),
    Column("reported_status", Text),
    Column("audio_quality_score", Double),
    Column("token_version", BigInteger, nullable=False),
    _moment("registered_at"),
    _moment("last_seen_at"),
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
    _network(),
    _name("id", key=True),
    _name("client_id"),
    _name("owner_id"),
    Column("summary", Text, nullable=False),
    Column("participants", Document(tuple[str, ...]), nullable=False),
    _moment("created_at"),
    _moment("updated_at"),
    Index("conversations_latest", "network_id", "updated_at", "id"),
)

interactions: Final = Table(
    "interactions",
    METADATA,
    _name("network_id", key=True),
    _name("id", key=True),
    _name("conversation_id", needed=True),
    _name("client_id", needed=True),
    _name("session_id"),
    _name("persona_id", needed=True),
    _name("speaker_id"),
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
    _moment("created_at"),
    _moment("completed_at", needed=False),
    ForeignKeyConstraint(
        ["network_id", "conversation_id"],
        ["conversations.network_id", "conversations.id"],
        ondelete="CASCADE",
    ),
    Index("interactions_newest", "network_id", "created_at", "id"),
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
    _name("network_id", key=True),
    _name("interaction_id", key=True),
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
    _network(),
    _name("id", key=True),
    Column("title", Text, nullable=False),
    _moment("due_time"),
    Column("status", Choice(ReminderStatus), nullable=False),
    Column("recurrence", Text),
    _name("owner_id"),
    _name("client_id"),
    _name("interaction_id"),
    _moment("created_at"),
    _moment("fired_at", needed=False),
    _moment("series_start", needed=False),
    Index("reminders_newest", "network_id", "created_at", "id"),
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
    _network(),
    _name("id", key=True),
    Column("title", Text, nullable=False),
    _moment("start_time"),
    _moment("end_time"),
    Column("attendees", Document(tuple[str, ...]), nullable=False),
    Column("location", Text),
    Column("status", Choice(CalendarEventStatus), nullable=False),
    Column("recurrence", Text),
    _name("owner_id"),
    _name("client_id"),
    _name("interaction_id"),
    _moment("created_at"),
    Index("calendar_events_newest", "network_id", "created_at", "id"),
    Index("calendar_events_by_time", "network_id", "start_time"),
)

calendar_feeds: Final = Table(
    "calendar_feeds",
    METADATA,
    _network(),
    _name("secret_hash", needed=True),
    _moment("created_at"),
    UniqueConstraint("secret_hash"),
)

sessions: Final = Table(
    "sessions",
    METADATA,
    _name("network_id", key=True),
    _name("id", key=True),
    _name("client_id", needed=True),
    _name("persona_id", needed=True),
    _name("conversation_id", needed=True),
    _name("user_id"),
    Column("status", Choice(SessionStatus), nullable=False),
    Column("metadata", Document(Mapping[str, object]), nullable=False),
    Column("reply", Document(RunningReply)),
    _moment("created_at"),
    _moment("attached_at"),
    _moment("expires_at"),
    ForeignKeyConstraint(
        ["network_id", "client_id"], ["clients.network_id", "clients.id"], ondelete="CASCADE"
    ),
    Index("sessions_of_client", "network_id", "client_id", "attached_at", "id"),
)

commands: Final = Table(
    "commands",
    METADATA,
    _name("network_id", key=True),
    _name("id", key=True),
    _name("client_id", needed=True),
    Column("order", Document(Order), nullable=False),
    Column("priority", Integer, nullable=False),
    _name("origin"),
    _moment("issued_at"),
    _moment("expires_at"),
    _moment("acknowledged_at", needed=False),
    Column("outcome", Document(Mapping[str, object])),
    ForeignKeyConstraint(
        ["network_id", "client_id"], ["clients.network_id", "clients.id"], ondelete="CASCADE"
    ),
    Index("commands_of_client", "network_id", "client_id", "expires_at"),
    Index("commands_of_origin", "network_id", "origin"),
    Index("commands_by_age", "expires_at"),
)

activities: Final = Table(
    "activities",
    METADATA,
    _network(),
    _name("id", key=True),
    Column("type", Choice(ActivityType), nullable=False),
    _name("persona_id", needed=True),
    Column("client_ids", Document(tuple[str, ...]), nullable=False),
    Column("offline_client_ids", Document(tuple[str, ...]), nullable=False),
    Column("config", Document(Mapping[str, object]), nullable=False),
    Column("state", Document(ActivityState), nullable=False),
    Column("status", Choice(ActivityStatus), nullable=False),
    _moment("due_at", needed=False),
    _moment("started_at"),
    _moment("updated_at"),
    _moment("ended_at", needed=False),
    Index("activities_newest", "network_id", "started_at", "id"),
    Index(
        "activities_due",
        "due_at",
        "id",
        sqlite_where=text("status = 'running'"),
        postgresql_where=text("status = 'running'"),
    ),
)

broadcasts: Final = Table(
    "broadcasts",
    METADATA,
    _network(),
    _name("id", key=True),
    Column("event_type", Text, nullable=False),
    Column("payload", Document(Mapping[str, object]), nullable=False),
    Column("sent_to", Document(tuple[str, ...]), nullable=False),
    Column("offline", Document(tuple[str, ...]), nullable=False),
    _moment("sent_at"),
    Index("broadcasts_by_age", "sent_at"),
)

pairing_offers: Final = Table(
    "pairing_offers",
    METADATA,
    _network(),
    _name("id", key=True),
    _name("code_hash", needed=True),
    Column("name", Text),
    Column("room", Text),
    Column("group_id", Text),
    _moment("created_at"),
    _moment("expires_at"),
    UniqueConstraint("code_hash"),
)

jobs: Final = Table(
    "jobs",
    METADATA,
    _network(),
    _name("id", key=True),
    Column("kind", Choice(JobKind), nullable=False),
    _name("lane", needed=True),
    _moment("due_at"),
    _moment("created_at"),
    Column("tries", BigInteger, nullable=False),
    _name("holder"),
    _moment("held_until", needed=False),
    Index("jobs_due", "kind", "due_at", "id"),
    Index("jobs_of_lane", "network_id", "lane", "due_at", "id"),
)

uploads: Final = Table(
    "uploads",
    METADATA,
    _network(),
    _name("id", key=True),
    _name("client_id", needed=True),
    Column("status", Choice(UploadStatus), nullable=False),
    Column("score", Double, nullable=False),
    Column("measures", Document(Mapping[str, float]), nullable=False),
    Column("reported", Document(Mapping[str, float])),
    Column("selected", Boolean, nullable=False),
    Column("reason", Text),
    Column("seconds", Double, nullable=False),
    _name("sound"),
    _name("interaction_id"),
    Column("hearing", Document(Hearing)),
    Column("error_code", Text),
    _moment("accepted_at"),
    _moment("decided_at", needed=False),
    _moment("finished_at", needed=False),
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
    _network(),
    _name("id", key=True),
    Column("revision", BigInteger, primary_key=True, autoincrement=False),
    Column("name", Text, nullable=False),
    Column("description", Text, nullable=False),
    Column("version", Text, nullable=False),
    Column("tags", Document(tuple[str, ...]), nullable=False),
    Column("adaptation_mode", Choice(AdaptationMode), nullable=False),
    Column("voice", Document(Voice), nullable=False),
    Column("behavior", Document(Behavior), nullable=False),
    _moment("created_at"),
    _moment("updated_at"),
)
"""Personas that owners made: a row for each revision, the latest of which is the persona."""

outbox: Final = Table(
    "outbox",
    METADATA,
    Column("sequence", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    _name("id", needed=True),
    _name("network_id", needed=True),
    Column("position", BigInteger, nullable=False),
    Column("event", Document(FactEvent), nullable=False),
    _name("recipient"),
    _moment("happened_at"),
    Column("published", Boolean, nullable=False, server_default=false()),
    UniqueConstraint("id"),
    UniqueConstraint("network_id", "position"),
    Index(
        "outbox_unpublished",
        "network_id",
        "position",
        sqlite_where=text("NOT published"),
        postgresql_where=text("NOT published"),
    ),
    sqlite_autoincrement=True,
)
"""Facts on their way out. They do not belong to their network's row: its deletion is announced after it."""

outbox_heads: Final = Table(
    "outbox_heads",
    METADATA,
    _name("network_id", key=True),
    Column("position", BigInteger, nullable=False),
)
"""The last position of each network; its row is the lock that makes positions follow the order of commits."""
