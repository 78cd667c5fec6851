"""What several instances of a hub share: who lives, who publishes, seats, allowances and sounds; and how the
newest of all networks are found."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

NAME = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")

LATEST = {
    "interactions": "created_at",
    "reminders": "created_at",
    "calendar_events": "created_at",
    "sessions": "created_at",
    "activities": "started_at",
}
"""Of these the newest of all networks are searched."""


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "outbox_claims",
        sa.Column("network_id", NAME, nullable=False),
        sa.Column("instance_id", NAME, nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("network_id", name="outbox_claims_key"),
    )
    op.create_table(
        "instances",
        sa.Column("id", NAME, nullable=False),
        sa.Column("name", NAME, nullable=False),
        sa.Column("seen_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="instances_key"),
    )
    op.create_table(
        "seats",
        sa.Column("id", NAME, nullable=False),
        sa.Column("network_id", NAME, nullable=False),
        sa.Column("client_id", NAME, nullable=False),
        sa.Column("instance_id", NAME, nullable=False),
        sa.PrimaryKeyConstraint("id", name="seats_key"),
        sa.ForeignKeyConstraint(
            ["instance_id"], ["instances.id"], name="seats_of_instances", ondelete="CASCADE"
        ),
    )
    op.create_index("seats_of_network", "seats", ["network_id"])
    op.create_index("seats_of_instance", "seats", ["instance_id"])
    op.create_table(
        "allowances",
        sa.Column("key", NAME, nullable=False),
        sa.Column("deeds", sa.Text(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("key", name="allowances_key"),
    )
    op.create_index("allowances_until", "allowances", ["until"])
    op.create_table(
        "blobs",
        sa.Column("network_id", NAME, nullable=False),
        sa.Column("id", NAME, nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("network_id", "id", name="blobs_key"),
    )
    op.create_index("blobs_expiring", "blobs", ["expires_at"])
    for table, moment in LATEST.items():
        op.create_index(f"{table}_latest", table, [moment, "id"])


def downgrade() -> None:
    """Drop them, the dependent ones first."""
    for table in LATEST:
        op.drop_index(f"{table}_latest", table)
    for table in ("blobs", "allowances", "seats", "instances", "outbox_claims"):
        op.drop_table(table)
