"""The first tables: networks and all they own, and the outbox.

Moments are microseconds since the Unix epoch; documents are JSON text; names are compared code point by
code point, which PostgreSQL has to be told.
"""

import sqlalchemy as sa
from alembic import op

from adapters.sql.migrations.coordination import create_coordination_tables
from adapters.sql.migrations.writing import NAME, index, of_network

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

COUNTED = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the tables."""
    _networks()
    _clients()
    _conversations()
    _interactions()
    _earlier_results()
    _reminders()
    _calendar_events()
    _calendar_feeds()
    _sessions()
    _jobs()
    _uploads()
    _personas()
    create_coordination_tables()
    _outbox()


def downgrade() -> None:
    """Drop them, the dependent ones first."""
    for table in (
        "outbox_heads",
        "outbox",
        "uploads",
        "jobs",
        "personas",
        "pairing_offers",
        "broadcasts",
        "activities",
        "commands",
        "sessions",
        "calendar_feeds",
        "calendar_events",
        "reminders",
        "earlier_results",
        "interactions",
        "conversations",
        "clients",
        "networks",
    ):
        op.drop_table(table)


def _networks() -> None:
    op.create_table(
        "networks",
        sa.Column("id", NAME, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("settings", sa.Text(), nullable=False),
        sa.Column("token_version", sa.BigInteger(), nullable=False),
        sa.Column("registration_version", sa.BigInteger(), nullable=False),
        sa.Column("registrations_left", sa.BigInteger(), nullable=False),
        sa.Column("quota_overrides", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="networks_key"),
    )
    index("networks_newest", "networks", ["created_at", "id"])


def _clients() -> None:
    op.create_table(
        "clients",
        sa.Column("network_id", NAME, nullable=False),
        sa.Column("id", NAME, nullable=False),
        sa.Column("device_type", sa.Text(), nullable=False),
        sa.Column("name", sa.Text()),
        sa.Column("device_info", sa.Text(), nullable=False),
        sa.Column("capabilities", sa.Text(), nullable=False),
        sa.Column("location", sa.Text()),
        sa.Column("room", sa.Text()),
        sa.Column("group_id", sa.Text()),
        sa.Column("persona_id", NAME),
        sa.Column("connection_status", sa.Text(), nullable=False),
        sa.Column("connected_since", sa.BigInteger()),
        sa.Column("takes_commands", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("instance_id", NAME),
        sa.Column("reported_status", sa.Text()),
        sa.Column("audio_quality_score", sa.Double()),
        sa.Column("token_version", sa.BigInteger(), nullable=False),
        sa.Column("registered_at", sa.BigInteger(), nullable=False),
        sa.Column("last_seen_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("network_id", "id", name="clients_key"),
        of_network("clients"),
    )
    index("clients_newest", "clients", ["network_id", "registered_at", "id"])
    index("clients_connected", "clients", ["network_id", "id"], where="connection_status = 'connected'")


def _conversations() -> None:
    op.create_table(
        "conversations",
        sa.Column("network_id", NAME, nullable=False),
        sa.Column("id", NAME, nullable=False),
        sa.Column("client_id", NAME),
        sa.Column("owner_id", NAME),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("participants", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("network_id", "id", name="conversations_key"),
        of_network("conversations"),
    )
    index("conversations_latest", "conversations", ["network_id", "updated_at", "id"])


def _interactions() -> None:
    op.create_table(
        "interactions",
        sa.Column("network_id", NAME, nullable=False),
        sa.Column("id", NAME, nullable=False),
        sa.Column("conversation_id", NAME, nullable=False),
        sa.Column("client_id", NAME, nullable=False),
        sa.Column("session_id", NAME),
        sa.Column("persona_id", NAME, nullable=False),
        sa.Column("speaker_id", NAME),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("response", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("actions", sa.Text(), nullable=False),
        sa.Column("hearing", sa.Text()),
        sa.Column("timings", sa.Text(), nullable=False),
        sa.Column("usage", sa.Text()),
        sa.Column("error_code", sa.Text()),
        sa.Column("recording", sa.Text()),
        sa.Column("context", sa.Text()),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column("instance_id", NAME),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("completed_at", sa.BigInteger()),
        sa.PrimaryKeyConstraint("network_id", "id", name="interactions_key"),
        sa.ForeignKeyConstraint(
            ["network_id", "conversation_id"],
            ["conversations.network_id", "conversations.id"],
            name="interactions_of_conversations",
            ondelete="CASCADE",
        ),
    )
    index("interactions_newest", "interactions", ["network_id", "created_at", "id"])
    index(
        "interactions_of_conversation",
        "interactions",
        ["network_id", "conversation_id", "created_at", "id"],
    )
    index("interactions_unfinished", "interactions", ["created_at", "id"], where="status = 'processing'")


def _earlier_results() -> None:
    op.create_table(
        "earlier_results",
        sa.Column("network_id", NAME, nullable=False),
        sa.Column("interaction_id", NAME, nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column("result", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("network_id", "interaction_id", "revision", name="earlier_results_key"),
        sa.ForeignKeyConstraint(
            ["network_id", "interaction_id"],
            ["interactions.network_id", "interactions.id"],
            name="earlier_results_of_interactions",
            ondelete="CASCADE",
        ),
    )


def _reminders() -> None:
    op.create_table(
        "reminders",
        sa.Column("network_id", NAME, nullable=False),
        sa.Column("id", NAME, nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("due_time", sa.BigInteger(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("recurrence", sa.Text()),
        sa.Column("owner_id", NAME),
        sa.Column("client_id", NAME),
        sa.Column("interaction_id", NAME),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("fired_at", sa.BigInteger()),
        sa.Column("series_start", sa.BigInteger()),
        sa.PrimaryKeyConstraint("network_id", "id", name="reminders_key"),
        of_network("reminders"),
    )
    index("reminders_newest", "reminders", ["network_id", "created_at", "id"])
    index(
        "reminders_due",
        "reminders",
        ["due_time", "id"],
        where="status = 'pending' AND (fired_at IS NULL OR fired_at < due_time)",
    )


def _calendar_events() -> None:
    op.create_table(
        "calendar_events",
        sa.Column("network_id", NAME, nullable=False),
        sa.Column("id", NAME, nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("start_time", sa.BigInteger(), nullable=False),
        sa.Column("end_time", sa.BigInteger(), nullable=False),
        sa.Column("attendees", sa.Text(), nullable=False),
        sa.Column("location", sa.Text()),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("recurrence", sa.Text()),
        sa.Column("owner_id", NAME),
        sa.Column("client_id", NAME),
        sa.Column("interaction_id", NAME),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("network_id", "id", name="calendar_events_key"),
        of_network("calendar_events"),
    )
    index("calendar_events_newest", "calendar_events", ["network_id", "created_at", "id"])
    index("calendar_events_by_time", "calendar_events", ["network_id", "start_time"])


def _calendar_feeds() -> None:
    op.create_table(
        "calendar_feeds",
        sa.Column("network_id", NAME, nullable=False),
        sa.Column("secret_hash", NAME, nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("network_id", name="calendar_feeds_key"),
        sa.UniqueConstraint("secret_hash", name="calendar_feeds_one_secret_hash"),
        of_network("calendar_feeds"),
    )


def _sessions() -> None:
    op.create_table(
        "sessions",
        sa.Column("network_id", NAME, nullable=False),
        sa.Column("id", NAME, nullable=False),
        sa.Column("client_id", NAME, nullable=False),
        sa.Column("persona_id", NAME, nullable=False),
        sa.Column("conversation_id", NAME, nullable=False),
        sa.Column("user_id", NAME),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("metadata", sa.Text(), nullable=False),
        sa.Column("reply", sa.Text()),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("attached_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("network_id", "id", name="sessions_key"),
        sa.ForeignKeyConstraint(
            ["network_id", "client_id"],
            ["clients.network_id", "clients.id"],
            name="sessions_of_clients",
            ondelete="CASCADE",
        ),
    )
    index("sessions_of_client", "sessions", ["network_id", "client_id", "attached_at", "id"])


def _jobs() -> None:
    op.create_table(
        "jobs",
        sa.Column("network_id", NAME, nullable=False),
        sa.Column("id", NAME, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("lane", NAME, nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("tries", sa.BigInteger(), nullable=False),
        sa.Column("holder", NAME),
        sa.Column("held_until", sa.BigInteger()),
        sa.PrimaryKeyConstraint("network_id", "id", name="jobs_key"),
        of_network("jobs"),
    )
    index("jobs_due", "jobs", ["kind", "due_at", "id"])
    index("jobs_of_lane", "jobs", ["network_id", "lane", "due_at", "id"])


def _uploads() -> None:
    op.create_table(
        "uploads",
        sa.Column("network_id", NAME, nullable=False),
        sa.Column("id", NAME, nullable=False),
        sa.Column("client_id", NAME, nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("score", sa.Double(), nullable=False),
        sa.Column("measures", sa.Text(), nullable=False),
        sa.Column("reported", sa.Text()),
        sa.Column("selected", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text()),
        sa.Column("seconds", sa.Double(), nullable=False),
        sa.Column("sound", NAME),
        sa.Column("interaction_id", NAME),
        sa.Column("hearing", sa.Text()),
        sa.Column("error_code", sa.Text()),
        sa.Column("accepted_at", sa.BigInteger(), nullable=False),
        sa.Column("decided_at", sa.BigInteger()),
        sa.Column("finished_at", sa.BigInteger()),
        sa.PrimaryKeyConstraint("network_id", "id", name="uploads_key"),
        of_network("uploads"),
    )
    index("uploads_newest", "uploads", ["network_id", "accepted_at", "id"])
    index("uploads_waiting", "uploads", ["network_id", "id"], where="finished_at IS NULL")


def _personas() -> None:
    op.create_table(
        "personas",
        sa.Column("network_id", NAME, nullable=False),
        sa.Column("id", NAME, nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("tags", sa.Text(), nullable=False),
        sa.Column("adaptation_mode", sa.Text(), nullable=False),
        sa.Column("voice", sa.Text(), nullable=False),
        sa.Column("behavior", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("network_id", "id", "revision", name="personas_key"),
        of_network("personas"),
    )


def _outbox() -> None:
    op.create_table(
        "outbox",
        sa.Column("sequence", COUNTED, nullable=False),
        sa.Column("id", NAME, nullable=False),
        sa.Column("network_id", NAME, nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("event", sa.Text(), nullable=False),
        sa.Column("recipient", NAME),
        sa.Column("happened_at", sa.BigInteger(), nullable=False),
        sa.Column("published", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.PrimaryKeyConstraint("sequence", name="outbox_key"),
        sa.UniqueConstraint("id", name="outbox_one_id"),
        sa.UniqueConstraint("network_id", "position", name="outbox_one_network_id_position"),
        sqlite_autoincrement=True,
    )
    index("outbox_unpublished", "outbox", ["sequence"], where="NOT published")
    op.create_table(
        "outbox_heads",
        sa.Column("network_id", NAME, nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("network_id", name="outbox_heads_key"),
    )
