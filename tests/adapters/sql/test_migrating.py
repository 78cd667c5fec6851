"""Migrations: from nothing to here, once, and never past what the code knows."""

import asyncio
import subprocess
import sys
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect, text

from adapters.sql import migrations
from adapters.sql.engine import open_engine
from adapters.sql.migrating import SchemaTooNew, migrate
from adapters.sql.tables import METADATA
from tests.patience import PATIENCE

REPOSITORY = Path(__file__).parents[3]


def differences(connection: Connection) -> list[object]:
    context = MigrationContext.configure(
        connection, opts={"compare_type": True, "compare_server_default": True}
    )
    return list(compare_metadata(context, METADATA))


def conditions(connection: Connection) -> dict[str, str]:
    """The conditions of the partial indices, without the signs in which the databases write them apart."""
    found = {}
    for table in METADATA.tables:
        for index in inspect(connection).get_indexes(table):
            options = index.get("dialect_options", {})
            for name, where in options.items():
                if name.endswith("_where"):
                    found[str(index["name"])] = "".join(
                        sign for sign in str(where).replace("::text", "") if sign not in "() "
                    ).lower()
    return found


async def test_migrations_lead_to_the_tables_of_the_code(empty_url: str) -> None:
    async with open_engine(empty_url) as engine:
        await migrate(engine)
        async with engine.connect() as connection:
            assert await connection.run_sync(differences) == []
            assert await connection.run_sync(conditions) == {
                "clients_connected": "connection_status='connected'",
                "interactions_unfinished": "status='processing'",
                "reminders_due": "status='pending'andfired_atisnullorfired_at<due_time",
                "activities_due": "status='running'",
                "outbox_unpublished": "notpublished",
                "uploads_waiting": "finished_atisnull",
            }


async def test_migrating_again_changes_nothing(empty_url: str) -> None:
    for _ in range(2):
        async with open_engine(empty_url) as engine:
            await migrate(engine)
            async with engine.begin() as connection:
                rows = await connection.execute(text("SELECT version_num FROM alembic_version"))
                assert rows.scalars().all() == [migrations.NEWEST]


async def test_many_hubs_may_start_at_once(empty_url: str) -> None:
    async def start() -> None:
        async with open_engine(empty_url) as engine:
            await migrate(engine)

    await asyncio.gather(*(start() for _ in range(6)))
    async with open_engine(empty_url) as engine, engine.connect() as connection:
        assert await connection.run_sync(differences) == []


async def test_a_database_of_a_newer_mira_is_refused_and_left_alone(empty_url: str) -> None:
    async with open_engine(empty_url) as engine:
        await migrate(engine)
        async with engine.begin() as connection:
            await connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
        with pytest.raises(SchemaTooNew, match="9999") as refusal:
            await migrate(engine)
        assert refusal.value.details == {"version": "9999", "newest_known": migrations.NEWEST}
        async with engine.connect() as connection:
            rows = await connection.execute(text("SELECT version_num FROM alembic_version"))
            assert rows.scalars().all() == ["9999"]


async def test_a_database_that_somebody_else_uses_keeps_what_is_in_it(empty_url: str) -> None:
    async with open_engine(empty_url) as engine:
        async with engine.begin() as connection:
            await connection.execute(text("CREATE TABLE cakes (name TEXT)"))
        await migrate(engine)
        async with engine.connect() as connection:
            assert (await connection.execute(text("SELECT count(*) FROM cakes"))).scalar() == 0


def test_the_code_knows_the_newest_step() -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent))
    config.set_main_option("path_separator", "os")
    assert ScriptDirectory.from_config(config).get_heads() == [migrations.NEWEST]


START = """
import asyncio, sys
from adapters.sql.engine import open_engine
from adapters.sql.migrating import migrate

async def start():
    async with open_engine(sys.argv[1]) as engine:
        await migrate(engine)

asyncio.run(start())
print("alembic" in sys.modules)
"""


def test_processes_may_start_at_once_and_later_ones_do_without_alembic(sqlite_url: str) -> None:
    command = [sys.executable, "-W", "error", "-c", START, sqlite_url]
    first = [
        subprocess.Popen(command, cwd=REPOSITORY, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for _ in range(3)
    ]
    for process in first:
        _, complaint = process.communicate(timeout=PATIENCE)
        assert (process.returncode, complaint) == (0, "")
    later = subprocess.run(
        command, cwd=REPOSITORY, capture_output=True, text=True, check=True, timeout=PATIENCE
    )
    assert later.stdout == "False\n"
