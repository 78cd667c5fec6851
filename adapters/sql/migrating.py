"""Bringing a database's tables to where this code needs them, once however many hubs start together."""

import io
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, inspect, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from adapters.sql import migrations
from adapters.sql.engine import READS_ONLY
from adapters.sql.errors import translated
from domain.errors import Kind, MiraError

LOCK: Final = 0x6D697261
"""The number of PostgreSQL's advisory lock on migrating, out of the letters of Mira's name."""


class SchemaTooNew(MiraError):
    """A newer Mira has changed the database in ways that this one does not know."""

    kind = Kind.CONFLICT
    code = "SCHEMA_TOO_NEW"

    def __init__(self, version: str) -> None:
        super().__init__(
            f"The database is at schema version {version}, and this Mira knows versions up to "
            f"{migrations.NEWEST}: a newer Mira has used it. Start that one, or restore an older copy.",
            version=version,
            newest_known=migrations.NEWEST,
        )


async def migrate(engine: AsyncEngine) -> None:
    """Make the tables, or bring them to the newest version; costs one look when they are there already.

    Others who start at the same time wait, then find the work done. On SQLite the first write takes the
    lock; on PostgreSQL an advisory lock is held to the end of the one transaction that all steps are in.

    Raises:
        SchemaTooNew: the database is at a version that this code does not know; nothing was changed.
        Overloaded: the database is locked or out of reach.
    """
    with translated():
        async with engine.execution_options(**{READS_ONLY: True}).connect() as connection:
            current = await connection.run_sync(_version)
        if current == migrations.NEWEST:
            return
        async with engine.begin() as connection:
            await _wait_for_others(connection)
            await connection.run_sync(_upgrade)


async def _wait_for_others(connection: AsyncConnection) -> None:
    if connection.dialect.name == "postgresql":
        await connection.execute(text("SET LOCAL lock_timeout = 0"))
        await connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})


def _version(connection: Connection) -> str | None:
    """The version a database is at; None when it has no tables of ours."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    version: str | None = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return version


def _upgrade(connection: Connection) -> None:
    """Take the missing steps; Alembic is loaded only here, as most starts have nothing to do."""
    from alembic.config import Config
    from alembic.runtime.environment import EnvironmentContext
    from alembic.script import ScriptDirectory
    from alembic.util.exc import CommandError

    config = Config(stdout=io.StringIO())
    config.set_main_option("script_location", str(Path(migrations.__file__).parent).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    scripts = ScriptDirectory.from_config(config)
    current = _version(connection)
    if current is not None:
        try:
            scripts.get_revision(current)
        except CommandError as error:
            raise SchemaTooNew(current) from error

    environment = EnvironmentContext(
        config, scripts, fn=lambda at, _: scripts._upgrade_revs(migrations.NEWEST, at)
    )
    with environment:
        environment.configure(connection=connection)
        environment.run_migrations()
