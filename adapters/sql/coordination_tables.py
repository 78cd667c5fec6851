"""The tables of what devices are told and do together."""

from collections.abc import Mapping
from typing import Final

from sqlalchemy import Column, ForeignKeyConstraint, Index, Integer, Table, Text, UniqueConstraint, text

from adapters.sql.columns import Choice, Document
from adapters.sql.metadata import METADATA, moment_column, name_column, network_column
from domain.activities.activity import ActivityState, ActivityStatus, ActivityType
from domain.commands import Order

commands: Final = Table(
    "commands",
    METADATA,
    name_column("network_id", key=True),
    name_column("id", key=True),
    name_column("client_id", needed=True),
    Column("order", Document(Order), nullable=False),
    Column("priority", Integer, nullable=False),
    name_column("origin"),
    moment_column("issued_at"),
    moment_column("expires_at"),
    moment_column("acknowledged_at", needed=False),
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
    network_column(),
    name_column("id", key=True),
    Column("type", Choice(ActivityType), nullable=False),
    name_column("persona_id", needed=True),
    Column("client_ids", Document(tuple[str, ...]), nullable=False),
    Column("offline_client_ids", Document(tuple[str, ...]), nullable=False),
    Column("config", Document(Mapping[str, object]), nullable=False),
    Column("state", Document(ActivityState), nullable=False),
    Column("status", Choice(ActivityStatus), nullable=False),
    moment_column("due_at", needed=False),
    moment_column("started_at"),
    moment_column("updated_at"),
    moment_column("ended_at", needed=False),
    Index("activities_newest", "network_id", "started_at", "id"),
    Index("activities_latest", "started_at", "id"),
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
    network_column(),
    name_column("id", key=True),
    Column("event_type", Text, nullable=False),
    Column("payload", Document(Mapping[str, object]), nullable=False),
    Column("sent_to", Document(tuple[str, ...]), nullable=False),
    Column("offline", Document(tuple[str, ...]), nullable=False),
    moment_column("sent_at"),
    Index("broadcasts_by_age", "sent_at"),
)

pairing_offers: Final = Table(
    "pairing_offers",
    METADATA,
    network_column(),
    name_column("id", key=True),
    name_column("code_hash", needed=True),
    Column("name", Text),
    Column("room", Text),
    Column("group_id", Text),
    moment_column("created_at"),
    moment_column("expires_at"),
    UniqueConstraint("code_hash"),
)
