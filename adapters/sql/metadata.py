"""What all tables share: how their constraints are named, and the columns that most of them have."""

from datetime import datetime
from typing import Final

from sqlalchemy import Column, ForeignKey, MetaData

from adapters.sql.columns import Moment, Name

METADATA: Final = MetaData(
    naming_convention={
        "pk": "%(table_name)s_key",
        "fk": "%(table_name)s_of_%(referred_table_name)s",
        "uq": "%(table_name)s_one_%(column_0_N_name)s",
    }
)


def network_column() -> Column[str]:
    """The network that a row belongs to and goes with; keys begin with it."""
    return Column("network_id", Name, ForeignKey("networks.id", ondelete="CASCADE"), primary_key=True)


def name_column(name: str, *, key: bool = False, needed: bool = False) -> Column[str]:
    """A text that is looked up or ordered by."""
    return Column(name, Name, primary_key=key, nullable=not (key or needed))


def moment_column(name: str, *, needed: bool = True) -> Column[datetime]:
    """A moment."""
    return Column(name, Moment(), nullable=not needed)
