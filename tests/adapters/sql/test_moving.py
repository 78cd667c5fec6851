"""Moving a household from SQLite into PostgreSQL."""

import asyncio
from pathlib import Path

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from adapters.sql.engine import open_engine
from adapters.sql.migrating import migrate
from adapters.sql.moving import MOVED, move
from adapters.sql.transactions import SqlTransactions
from application.ports.storage import Page
from domain.errors import Conflict
from domain.events import NetworkUpdated
from domain.ids import NetworkId
from entrypoints.main import main
from tests import samples
from tests.samples import HOME, NOON, SHOP
from tests.stores import create_postgresql_database

pytestmark = pytest.mark.slow
CLIENTS = 1203


async def furnish(engine: AsyncEngine) -> None:
    """Fill a store with two networks."""
    await migrate(engine)
    async with SqlTransactions(engine).begin() as tx:
        for network_id in (HOME, SHOP):
            await tx.networks.add(samples.network(network_id))
            await tx.conversations.add(samples.conversation(network_id=network_id))
            await tx.interactions.add(samples.interaction("int_1", network_id, text="grüß \u2603"))
            await tx.outbox.append(network_id, NetworkUpdated(name="x", at=NOON))
        for number in range(CLIENTS):
            await tx.clients.add(samples.client(f"client-{number}", audio_quality_score=number / 137 % 10))


async def databases(folder: Path, socket: Path, name: str) -> tuple[str, str]:
    """A furnished SQLite file, and an empty PostgreSQL database."""
    source = f"sqlite+aiosqlite:///{folder / 'mira.db'}"
    async with open_engine(source) as engine:
        await furnish(engine)
    return source, await create_postgresql_database(socket, name)


async def test_everything_arrives_and_the_store_goes_on(tmp_path: Path, postgresql_socket: Path) -> None:
    source, target = await databases(tmp_path, postgresql_socket, "moved")
    async with open_engine(source) as here, open_engine(target) as there:
        await migrate(there)
        told = await move(here, there, lambda table, rows: None)
        assert {one.table: one.rows for one in told}["clients"] == CLIENTS
        assert len(told) == len(MOVED)
        async with SqlTransactions(there).begin() as tx:
            assert (await tx.clients.list(HOME, Page())).total == CLIENTS
            assert (await tx.interactions.get(HOME, "int_1")).text == "grüß \u2603"
            assert (await tx.outbox.append(HOME, NetworkUpdated(name="y", at=NOON))).position == 2


async def test_a_move_that_broke_off_goes_on_from_there(tmp_path: Path, postgresql_socket: Path) -> None:
    source, target = await databases(tmp_path, postgresql_socket, "resumed")
    steps: list[tuple[str, int]] = []

    def die(table: str, rows: int) -> None:
        if table == "clients" and rows >= 1000:
            raise KeyboardInterrupt

    async with open_engine(source) as here, open_engine(target) as there:
        await migrate(there)
        with pytest.raises(KeyboardInterrupt):
            await move(here, there, die)
        told = await move(here, there, lambda table, rows: steps.append((table, rows)))
    assert dict(steps)["clients"] == CLIENTS - 1000
    assert "networks" not in dict(steps)
    assert {one.table: one.rows for one in told}["clients"] == CLIENTS


async def test_a_target_that_holds_something_else_is_found_out(
    tmp_path: Path, postgresql_socket: Path
) -> None:
    source, target = await databases(tmp_path, postgresql_socket, "occupied")
    async with open_engine(source) as here, open_engine(target) as there:
        await migrate(there)
        async with SqlTransactions(there).begin() as tx:
            await tx.networks.add(samples.network(NetworkId("net_a_stranger")))
        with pytest.raises(Conflict):
            await move(here, there, lambda table, rows: None)


def test_the_command_says_what_it_verified(
    tmp_path: Path, postgresql_socket: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source, target = asyncio.run(databases(tmp_path, postgresql_socket, "commanded"))
    plain = (source.replace("+aiosqlite", ""), target.replace("+asyncpg", ""))
    for _ in range(2):
        assert main(["migrate", "--from", plain[0], "--to", plain[1]]) == 0
        assert f"verified  clients                   {CLIENTS}" in capsys.readouterr().out
    assert main(["migrate", "--from", "sqlite:////nowhere/at/all.db", "--to", plain[1]]) == 2
    assert capsys.readouterr().err.startswith("mira: ")
