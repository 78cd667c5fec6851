"""What was acknowledged is there, whatever happens to the hub or to the server."""

import asyncio
import sys
from pathlib import Path
from uuid import uuid4

import pytest
from attrs import evolve
from sqlalchemy import text

from adapters.sql.engine import open_engine
from adapters.sql.migrating import migrate
from adapters.sql.transactions import SqlTransactions
from application.ports.storage import Page
from domain.clients import ConnectionStatus
from domain.errors import Overloaded
from domain.ids import InstanceId
from tests import samples
from tests.samples import HOME, SHOP, minutes
from tests.stores import create_postgresql_database, migrated

REPOSITORY = Path(__file__).parents[3]

WRITE = """
import asyncio, sys
from adapters.sql.engine import open_engine
from adapters.sql.transactions import SqlTransactions
from tests import samples

async def write():
    async with open_engine(sys.argv[1]) as engine:
        transactions = SqlTransactions(engine)
        number = 0
        while True:
            async with transactions.begin() as tx:
                await tx.clients.add(samples.client(f"client-{number}"))
            print(number, flush=True)
            number += 1

asyncio.run(write())
"""
CUT_ALL_OTHERS = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid()
"""


async def test_nothing_acknowledged_is_lost_by_a_hub_that_is_killed(empty_url: str) -> None:
    await migrated(empty_url)
    async with open_engine(empty_url) as engine:
        transactions = SqlTransactions(engine)
        async with transactions.begin() as tx:
            await tx.networks.add(samples.network())
        hub = await asyncio.create_subprocess_exec(
            sys.executable, "-c", WRITE, empty_url, cwd=REPOSITORY, stdout=asyncio.subprocess.PIPE
        )
        assert hub.stdout is not None
        acknowledged = [int(await hub.stdout.readline()) for _ in range(20)]
        hub.kill()
        acknowledged += [int(line) for line in (await hub.communicate())[0].split()]
        async with transactions.snapshot() as tx:
            kept = await tx.clients.count(HOME)
            newest = (await tx.clients.list(HOME, Page(limit=200))).total
    assert acknowledged == list(range(len(acknowledged)))
    assert len(acknowledged) <= kept == newest <= len(acknowledged) + 1


@pytest.fixture
async def postgresql(postgresql_socket: Path) -> str:
    url = await create_postgresql_database(postgresql_socket, uuid4().hex)
    await migrated(url)
    return url


@pytest.mark.slow
async def test_a_due_reminder_that_another_hub_holds_is_skipped(postgresql: str) -> None:
    async with open_engine(postgresql) as here, open_engine(postgresql) as there:
        one, other = SqlTransactions(here), SqlTransactions(there)
        async with one.begin() as tx:
            await tx.networks.add(samples.network())
            await tx.clients.add(samples.client("listener", connection_status=ConnectionStatus.CONNECTED))
            for number in range(3):
                await tx.agenda.add_reminder(samples.reminder(f"rem_{number}", due_time=minutes(number)))
        async with one.begin() as tx:
            (held,) = await tx.agenda.due_reminders(minutes(9), 1)
            async with other.begin() as elsewhere:
                rest = await elsewhere.agenda.due_reminders(minutes(9), 10)
                await elsewhere.agenda.update_reminder(evolve(rest[0], fired_at=minutes(9)))
            await tx.agenda.update_reminder(evolve(held, fired_at=minutes(9)))
        assert [held.id, *(reminder.id for reminder in rest)] == ["rem_0", "rem_1", "rem_2"]
        async with one.snapshot() as tx:
            assert [due.id for due in await tx.agenda.due_reminders(minutes(9), 10)] == ["rem_2"]


@pytest.mark.slow
async def test_a_network_whose_facts_another_hub_relays_is_skipped_and_can_still_be_written_to(
    postgresql: str,
) -> None:
    first, second = InstanceId("inst_first"), InstanceId("inst_second")
    async with open_engine(postgresql) as here, open_engine(postgresql) as there:
        one, other = SqlTransactions(here), SqlTransactions(there)
        event = samples.renamed("a")
        async with one.begin() as tx:
            for place in (HOME, HOME, SHOP):
                await tx.outbox.append(place, event)
        async with one.begin() as tx:
            mine = await tx.outbox.claim(first, 1, minutes(0), minutes(5))
            async with other.begin() as elsewhere:
                assert (await elsewhere.outbox.append(HOME, event)).position == 3
        async with other.begin() as tx:
            theirs = await tx.outbox.claim(second, 10, minutes(1), minutes(6))
            await tx.outbox.mark_published(theirs, second)
        async with one.begin() as tx:
            await tx.outbox.mark_published(mine, first)
        assert [(fact.network_id, fact.position) for fact in (*mine, *theirs)] == [(HOME, 1), (SHOP, 1)]
        async with other.begin() as tx:
            rest = await tx.outbox.claim(second, 10, minutes(1), minutes(6))
        assert [fact.position for fact in rest] == [2, 3]


@pytest.mark.slow
async def test_a_network_that_is_removed_takes_the_facts_that_were_being_written(postgresql: str) -> None:
    async with open_engine(postgresql) as engine:
        transactions = SqlTransactions(engine)
        async with transactions.begin() as tx:
            await tx.networks.add(samples.network())
            await tx.conversations.add(samples.conversation())

        async def remove() -> None:
            async with transactions.begin() as tx:
                await tx.networks.remove(HOME)

        async with transactions.begin() as tx:
            await tx.interactions.add(samples.interaction("int_a"))
            removal = asyncio.create_task(remove())
            await asyncio.sleep(0.1)
            await tx.outbox.append(HOME, samples.renamed("said in confidence"))
        await removal
        async with engine.connect() as connection:
            for table in ("interactions", "outbox"):
                rows = await connection.execute(text(f"SELECT count(*) FROM {table}"))
                assert rows.scalar() == 0


@pytest.mark.slow
async def test_a_deadlock_refuses_one_writer_and_lets_the_other_pass(postgresql: str) -> None:
    async with open_engine(postgresql) as engine:
        transactions = SqlTransactions(engine)
        async with transactions.begin() as tx:
            for place in (HOME, SHOP):
                await tx.networks.add(samples.network(place))

        each_holds_one = asyncio.Barrier(2)

        async def write(first: str, second: str) -> None:
            async with transactions.begin() as tx:
                await tx.networks.update(samples.network(first, name="Mine"))
                await each_holds_one.wait()
                await tx.networks.update(samples.network(second, name="Mine"))

        outcomes = await asyncio.gather(write(HOME, SHOP), write(SHOP, HOME), return_exceptions=True)
        assert sorted(type(outcome) for outcome in outcomes if outcome is not None) == [Overloaded]


@pytest.mark.slow
async def test_a_row_that_another_hub_holds_for_too_long_is_a_refusal(postgresql: str) -> None:
    async with open_engine(postgresql) as here, open_engine(postgresql, patience=0.1) as there:
        one, other = SqlTransactions(here), SqlTransactions(there)
        async with one.begin() as tx:
            await tx.networks.add(samples.network())
        async with one.begin() as tx:
            await tx.networks.get(HOME)
            with pytest.raises(Overloaded):
                async with other.begin() as elsewhere:
                    await elsewhere.networks.get(HOME)
            async with other.snapshot() as elsewhere:
                assert await elsewhere.networks.get(HOME) == samples.network()


@pytest.mark.slow
async def test_connections_that_the_server_cut_are_made_anew(postgresql: str) -> None:
    async with open_engine(postgresql) as engine:
        await migrate(engine)
        transactions = SqlTransactions(engine)

        async def write() -> None:
            async with transactions.begin() as tx:
                await tx.networks.add(samples.network())
                async with open_engine(postgresql) as other, other.begin() as administrator:
                    await administrator.execute(text(CUT_ALL_OTHERS))
                await tx.networks.add(samples.network(SHOP))

        with pytest.raises(Overloaded):
            await write()
        async with transactions.begin() as tx:
            assert await tx.networks.count() == 0
            await tx.networks.add(samples.network())
