"""What every migration needs to write tables down."""

import sqlalchemy as sa
from alembic import op

NAME = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def of_network(table: str) -> sa.ForeignKeyConstraint:
    """The rows of a table go with their network."""
    return sa.ForeignKeyConstraint(
        ["network_id"], ["networks.id"], name=f"{table}_of_networks", ondelete="CASCADE"
    )


def index(name: str, table: str, columns: list[str], *, where: str | None = None) -> None:
    """Make an index, of the rows where something is so."""
    condition = None if where is None else sa.text(where)
    op.create_index(name, table, columns, sqlite_where=condition, postgresql_where=condition)
