"""Opening databases."""

import sqlite3
import subprocess
import sys
import threading
import traceback
from pathlib import Path

import pytest
from sqlalchemy import text

from adapters.sql.engine import open_engine
from adapters.sql.migrating import migrate
from adapters.sql.transactions import SqlTransactions
from domain.errors import InvalidValue, MiraError, Overloaded
from tests import samples
from tests.patience import PATIENCE

REPOSITORY = Path(__file__).parents[3]


@pytest.mark.parametrize(
    "url",
    [
        "",
        "store.db",
        "sqlite:///store.db",
        "sqlite+aiosqlite://",
        "sqlite+aiosqlite:///:memory:",
        "sqlite+aiosqlite:///file:store.db?uri=true",
        "sqlite+aiosqlite:///folder-that-is-not-there/store.db",
        "postgresql://localhost/mira",
        "mysql+aiomysql://localhost/mira",
    ],
)
async def test_other_databases_are_refused(url: str) -> None:
    with pytest.raises(InvalidValue) as refusal:
        async with open_engine(url):
            raise AssertionError
    assert refusal.value.details["field"] == "database_url"


async def test_a_password_is_not_told() -> None:
    with pytest.raises(InvalidValue) as refusal:
        async with open_engine("mysql+aiomysql://mira:hunter2@localhost/mira"):
            raise AssertionError
    assert "hunter2" not in str(refusal.value.details) + refusal.value.message


async def test_sqlite_keeps_what_it_acknowledged_and_minds_foreign_keys(sqlite_url: str) -> None:
    async with open_engine(sqlite_url) as engine, engine.connect() as connection:
        asked = {
            name: (await connection.execute(text(f"PRAGMA {name}"))).scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        }
    assert asked == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 10_000}


async def test_no_thread_is_left_when_it_is_closed(sqlite_url: str) -> None:
    before = set(threading.enumerate())
    async with open_engine(sqlite_url) as engine:
        await migrate(engine)
        transactions = SqlTransactions(engine)
        async with transactions.begin() as tx:
            await tx.networks.add(samples.network())
            async with transactions.snapshot() as reading:
                assert await reading.networks.count() == 0
    for thread in set(threading.enumerate()) - before:
        thread.join(timeout=PATIENCE)
        assert not thread.is_alive()


async def test_a_connection_that_read_may_write_later_and_the_other_way_round(sqlite_url: str) -> None:
    async with open_engine(sqlite_url) as engine:
        await migrate(engine)
        transactions = SqlTransactions(engine)
        for number in range(6):
            async with transactions.snapshot() as tx:
                assert await tx.networks.count() == number
                with pytest.raises(MiraError):
                    await tx.networks.add(samples.network("net_refused"))
            async with transactions.begin() as tx:
                await tx.networks.add(samples.network(f"net_{number}"))


async def test_a_database_that_another_process_holds_is_too_busy(sqlite_url: str, tmp_path: Path) -> None:
    async with open_engine(sqlite_url, patience=0.05) as engine:
        await migrate(engine)
        transactions = SqlTransactions(engine)
        other = sqlite3.connect(tmp_path / "store.db", isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(Overloaded):
            async with transactions.begin():
                raise AssertionError
        async with transactions.snapshot() as tx:
            assert await tx.networks.count() == 0
        other.execute("ROLLBACK")
        other.close()
        async with transactions.begin() as tx:
            await tx.networks.add(samples.network())


async def test_a_writer_that_waits_too_long_for_its_turn_is_refused(sqlite_url: str) -> None:
    async with open_engine(sqlite_url) as engine:
        await migrate(engine)
        transactions = SqlTransactions(engine, longest_wait=0.05)
        async with transactions.begin() as tx:
            with pytest.raises(Overloaded):
                async with transactions.begin():
                    raise AssertionError
            await tx.networks.add(samples.network())
        async with transactions.begin() as tx:
            assert await tx.networks.count() == 1


async def test_a_server_that_is_not_there_is_a_refusal(tmp_path: Path) -> None:
    async with open_engine(f"postgresql+asyncpg://postgres@/mira?host={tmp_path}") as engine:
        transactions = SqlTransactions(engine)
        for opened in (transactions.begin, transactions.snapshot):
            with pytest.raises(Overloaded):
                async with opened():
                    raise AssertionError


async def test_no_exception_tells_what_was_to_be_written(sqlite_url: str) -> None:
    async with open_engine(sqlite_url) as engine:
        transactions = SqlTransactions(engine)
        secret = " ".join(["said", "in", "confidence"])
        with pytest.raises(MiraError) as error:
            async with transactions.begin() as tx:
                await tx.networks.add(samples.network(description=secret))
        assert error.value.__cause__ is not None
        assert "networks" in str(error.value.__cause__)
        told = "".join(traceback.format_exception(error.value))
        assert secret not in told


async def test_a_row_that_breaks_a_rule_is_the_hubs_own_fault(sqlite_url: str) -> None:
    async with open_engine(sqlite_url) as engine:
        await migrate(engine)
        transactions = SqlTransactions(engine)
        for change in ("name = ''", "settings = '{}x'", "status = 'asleep'"):
            async with transactions.begin() as tx:
                await tx.networks.add(samples.network())
            async with engine.begin() as connection:
                await connection.execute(text(f"UPDATE networks SET {change}"))
            async with transactions.snapshot() as tx:
                with pytest.raises(MiraError) as error:
                    await tx.networks.get(samples.HOME)
                assert type(error.value) is MiraError
            async with transactions.begin() as tx:
                await tx.networks.remove(samples.HOME)


@pytest.mark.parametrize(
    "modules",
    [
        "adapters.memory.transactions, adapters.memory.audience",
        "adapters.files.library, adapters.files.blobs",
    ],
)
def test_nothing_else_loads_sqlalchemy(modules: str) -> None:
    script = (
        f"import sys, {modules}; print([name for name in ('sqlalchemy', 'alembic') if name in sys.modules])"
    )
    run = subprocess.run(
        [sys.executable, "-c", script],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=True,
        timeout=PATIENCE,
    )
    assert run.stdout == "[]\n"
