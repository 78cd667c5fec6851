"""The first tables of what devices are told and do together."""

import sqlalchemy as sa
from alembic import op

from adapters.sql.migrations.writing import NAME, index, of_network


def create_coordination_tables() -> None:
    """Make the tables."""
    _commands()
    _activities()
    _broadcasts()
    _pairing_offers()


def _commands() -> None:
    op.create_table(
        "commands",
        sa.Column("network_id", NAME, nullable=False),
        sa.Column("id", NAME, nullable=False),
        sa.Column("client_id", NAME, nullable=False),
        sa.Column("order", sa.Text(), nullable=False),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("origin", NAME),
        sa.Column("issued_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("acknowledged_at", sa.BigInteger()),
        sa.Column("outcome", sa.Text()),
        sa.PrimaryKeyConstraint("network_id", "id", name="commands_key"),
        sa.ForeignKeyConstraint(
            ["network_id", "client_id"],
            ["clients.network_id", "clients.id"],
            name="commands_of_clients",
            ondelete="CASCADE",
        ),
    )
    index("commands_of_client", "commands", ["network_id", "client_id", "expires_at"])
    index("commands_of_origin", "commands", ["network_id", "origin"])
    index("commands_by_age", "commands", ["expires_at"])


def _activities() -> None:
    op.create_table(
        "activities",
        sa.Column("network_id", NAME, nullable=False),
        sa.Column("id", NAME, nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("persona_id", NAME, nullable=False),
        sa.Column("client_ids", sa.Text(), nullable=False),
        sa.Column("offline_client_ids", sa.Text(), nullable=False),
        sa.Column("config", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("due_at", sa.BigInteger()),
        sa.Column("started_at", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.Column("ended_at", sa.BigInteger()),
        sa.PrimaryKeyConstraint("network_id", "id", name="activities_key"),
        of_network("activities"),
    )
    index("activities_newest", "activities", ["network_id", "started_at", "id"])
    index("activities_due", "activities", ["due_at", "id"], where="status = 'running'")


def _broadcasts() -> None:
    op.create_table(
        "broadcasts",
        sa.Column("network_id", NAME, nullable=False),
        sa.Column("id", NAME, nullable=False),
        sa.Column("event_type", sa.Text(), nullable=False),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.Column("sent_to", sa.Text(), nullable=False),
        sa.Column("offline", sa.Text(), nullable=False),
        sa.Column("sent_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("network_id", "id", name="broadcasts_key"),
        of_network("broadcasts"),
    )
    index("broadcasts_by_age", "broadcasts", ["sent_at"])


def _pairing_offers() -> None:
    op.create_table(
        "pairing_offers",
        sa.Column("network_id", NAME, nullable=False),
        sa.Column("id", NAME, nullable=False),
        sa.Column("code_hash", NAME, nullable=False),
        sa.Column("name", sa.Text()),
        sa.Column("room", sa.Text()),
        sa.Column("group_id", sa.Text()),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("network_id", "id", name="pairing_offers_key"),
        sa.UniqueConstraint("code_hash", name="pairing_offers_one_code_hash"),
        of_network("pairing_offers"),
    )
