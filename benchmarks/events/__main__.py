"""Events per second through the outbox to NATS, beside nats-py alone, and a write with many networks."""

import argparse
import asyncio
import json
import os
import tempfile
import time
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from pathlib import Path

import nats
from attrs import asdict, frozen
from sqlalchemy.ext.asyncio import AsyncEngine

from adapters.nats.cloudevents import of_fact
from adapters.nats.connection import NatsConnection, NatsOptions
from adapters.nats.publisher import NatsPublisher
from adapters.sql.engine import open_engine
from adapters.sql.migrating import migrate
from adapters.sql.transactions import SqlTransactions
from application.facts.relaying import RelayFacts
from application.facts.wakeup import Wakeup
from domain.events import Fact, NetworkUpdated
from domain.ids import EventId, InstanceId, NetworkId
from domain.networks import Network, NetworkSettings
from entrypoints.world import SystemClock
from tests.servers import nats_server
from tests.stores import create_postgresql_database

NETWORKS = (1, 10, 100, 1000)


def fact(network_id: str, position: int) -> Fact:
    """One fact to tell."""
    event = NetworkUpdated(name="a name of usual length", at=datetime.now(UTC))
    event_id = EventId(f"evt_{network_id}_{position}")
    return Fact(id=event_id, network_id=NetworkId(network_id), position=position, event=event)


@frozen
class Rate:
    """How fast something was, and what it took of this process."""

    a_second: float
    cpu_micros: float
    """Of one event."""

    @classmethod
    def of(cls, count: int, since: tuple[float, float]) -> "Rate":
        """So many events since a moment, told by `moment`."""
        seconds, cpu = (now - then for now, then in zip(moment(), since, strict=True))
        return cls(round(count / seconds), round(1e6 * cpu / count))


def moment() -> tuple[float, float]:
    """Time, and CPU of this process, in seconds."""
    return time.perf_counter(), time.process_time()


async def alone(url: str, count: int) -> Rate:
    """Events a second that nats-py publishes to a stream by itself, as we use it: 200 in flight."""
    client = await nats.connect(url)
    stream = client.jetstream()
    await stream.add_stream(name="ALONE", subjects=["alone.>"])
    contents = [of_fact(fact("net_alone", number)).content for number in range(count)]
    since = moment()
    for first in range(0, count, 200):
        answers = [
            await stream.publish_async(f"alone.{number}", content, headers={"Nats-Msg-Id": f"alone_{number}"})
            for number, content in enumerate(contents[first : first + 200], first)
        ]
        await asyncio.gather(*answers)
    rate = Rate.of(count, since)
    await client.close()
    return rate


async def relayed(transactions: SqlTransactions, url: str, count: int, name: str) -> Rate:
    """Events a second from the outbox to the stream, each marked as published."""
    connection = NatsConnection(NatsOptions(url=url))
    publisher = NatsPublisher(connection)
    relay = RelayFacts(transactions, publisher, SystemClock(), Wakeup(), InstanceId(name))
    async with connection.running():
        while not publisher.ready:  # noqa: ASYNC110 - a connection tells nobody
            await asyncio.sleep(0.01)
        since, left = moment(), 0
        while left < count:
            left += await relay()
        return Rate.of(count, since)


async def fill(transactions: SqlTransactions, count: int) -> None:
    """Commit facts of ten networks, a hundred a transaction."""
    event = NetworkUpdated(name="a name of usual length", at=datetime.now(UTC))
    for first in range(0, count, 100):
        async with transactions.begin() as tx:
            for number in range(first, min(first + 100, count)):
                await tx.outbox.append(NetworkId(f"net_{number % 10}"), event)


async def write_cost(engine: AsyncEngine, networks: int, writes: int) -> float:
    """Milliseconds of a write with its fact, spread over so many networks."""
    transactions = SqlTransactions(engine, relayed=False)
    now, settings = datetime.now(UTC), NetworkSettings()
    ids = [NetworkId(f"net_of_{networks}_{number}") for number in range(networks)]
    for network_id in ids:
        async with transactions.begin() as tx:
            await tx.networks.add(
                Network(id=network_id, name="Home", settings=settings, created_at=now, updated_at=now)
            )
    since = time.perf_counter()
    for number in range(writes):
        async with transactions.begin() as tx:
            network = await tx.networks.get(ids[number % networks])
            await tx.networks.update(network)
            await tx.outbox.append(network.id, NetworkUpdated(name="Home", at=now))
    return 1000 * (time.perf_counter() - since) / writes


async def measured(socket: Path, folder: Path, count: int) -> dict[str, object]:
    """All figures of one run."""
    async with AsyncExitStack() as stack:
        url = stack.enter_context(nats_server(folder / "nats"))
        store = await create_postgresql_database(socket, "bench")
        engine = await stack.enter_async_context(open_engine(store))
        await migrate(engine)
        transactions = SqlTransactions(engine)
        figures: dict[str, object] = {"load": round(os.getloadavg()[0], 1)}
        figures["nats-py alone"] = asdict(await alone(url, count))
        await fill(transactions, count)
        figures["outbox to NATS"] = asdict(await relayed(transactions, url, count, "inst_one"))
        await fill(transactions, count)
        since = time.perf_counter()
        both = (relayed(transactions, url, count // 2, name) for name in ("inst_one", "inst_two"))
        await asyncio.gather(*both)
        figures["two relays, events/s"] = round(count / (time.perf_counter() - since))
        figures["write with its fact, ms by networks"] = {
            networks: round(await write_cost(engine, networks, max(200, networks)), 2)
            for networks in NETWORKS
        }
    return figures


def main() -> None:
    """Measure, and print the figures as JSON."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.events")
    parser.add_argument("--events", type=int, default=5000)
    count = parser.parse_args().events
    import pgserver

    with tempfile.TemporaryDirectory(prefix="mira-bench-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        server = pgserver.get_server(folder / "pg", cleanup_mode="delete")
        socket = Path(str(server.get_postmaster_info().socket_dir))
        print(json.dumps(asyncio.run(measured(socket, folder, count)), indent=2))
        server.cleanup()


if __name__ == "__main__":
    main()
