"""What every outbox does."""

import asyncio
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from application.ports.storage import Transactions
from domain.errors import InvalidValue
from domain.events import Fact, FactEvent, NetworkCreated, NetworkUpdated
from domain.ids import ClientId, EventId, InstanceId, NetworkId
from tests import composed_strategies, samples, strategies
from tests.samples import HOME, NOON, SHOP, minutes


@pytest.fixture(autouse=True)
async def networks(transactions: Transactions) -> None:
    async with transactions.begin() as tx:
        await tx.networks.add(samples.network(HOME))
        await tx.networks.add(samples.network(SHOP))


def renamed(name: str, minute: float = 0) -> FactEvent:
    return NetworkUpdated(name=name, at=minutes(minute))


async def append(transactions: Transactions, *places: tuple[NetworkId, float]) -> list[Fact]:
    """Facts of these networks, that happened so many minutes after noon."""
    async with transactions.begin() as tx:
        return [await tx.outbox.append(place, renamed(str(minute), minute)) for place, minute in places]


async def publish(transactions: Transactions, facts: list[Fact]) -> None:
    async with transactions.begin() as tx:
        await tx.outbox.mark_published(facts)


def names(facts: tuple[Fact, ...] | None) -> list[str]:
    assert facts is not None
    return [fact.event.name for fact in facts if isinstance(fact.event, NetworkUpdated | NetworkCreated)]


@strategies.on_a_store
@given(data=st.data())
async def test_facts_of_every_kind_come_back_equal(transactions: Transactions, data: st.DataObject) -> None:
    network_id = NetworkId(f"net_{uuid4().hex}")
    events = data.draw(st.lists(composed_strategies.facts(network_id), min_size=1, max_size=4))
    recipient = data.draw(strategies.perhaps(strategies.ids))
    async with transactions.begin() as tx:
        facts = [await tx.outbox.append(network_id, event, recipient=recipient) for event in events]
    assert [fact.event for fact in facts] == events
    assert [fact.position for fact in facts] == list(range(1, len(events) + 1))
    assert {(fact.network_id, fact.recipient) for fact in facts} == {(network_id, recipient)}
    async with transactions.snapshot() as tx:
        assert await tx.outbox.since(network_id, facts[0].id, 10) == tuple(facts[1:])
    async with transactions.begin() as tx:
        waiting = await tx.outbox.unpublished(10)
        await tx.outbox.mark_published(waiting)
    assert waiting == tuple(facts)


async def test_an_event_that_no_store_can_hold_is_refused_and_takes_no_position(
    transactions: Transactions,
) -> None:
    async with transactions.begin() as tx:
        with pytest.raises(InvalidValue):
            await tx.outbox.append(HOME, renamed("a\x00b"))
        fact = await tx.outbox.append(HOME, renamed("a"))
    assert fact.position == 1


async def test_positions_count_each_network_by_itself_and_ids_are_unique(transactions: Transactions) -> None:
    facts = await append(transactions, (HOME, 0), (SHOP, 1), (HOME, 2))
    facts += await append(transactions, (SHOP, 3), (HOME, 4))
    assert [(fact.network_id, fact.position) for fact in facts] == [
        (HOME, 1),
        (SHOP, 1),
        (HOME, 2),
        (SHOP, 2),
        (HOME, 3),
    ]
    assert len({fact.id for fact in facts}) == 5
    assert all(fact.id.startswith("evt_") and len(fact.id) == 36 for fact in facts)


async def test_a_fact_that_was_rolled_back_leaves_no_gap(transactions: Transactions) -> None:
    await append(transactions, (HOME, 0))

    async def fail() -> None:
        async with transactions.begin() as tx:
            await tx.outbox.append(HOME, renamed("lost"))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await fail()
    facts = await append(transactions, (HOME, 1))
    assert facts[0].position == 2


async def test_facts_wait_oldest_first_until_they_are_marked(transactions: Transactions) -> None:
    facts = await append(transactions, *((place, n) for n in range(4) for place in (HOME, SHOP)))
    async with transactions.snapshot() as tx:
        assert await tx.outbox.unpublished(3) == tuple(facts[:3])
        assert await tx.outbox.unpublished(100) == tuple(facts)
        assert await tx.outbox.unpublished(0) == ()
    await publish(transactions, facts[:3])
    async with transactions.begin() as tx:
        assert await tx.outbox.unpublished(100) == tuple(facts[3:])
        await tx.outbox.mark_published([])
    await publish(transactions, facts)
    async with transactions.snapshot() as tx:
        assert await tx.outbox.unpublished(100) == ()


async def test_what_came_after_a_fact_is_told_in_order_published_or_not(transactions: Transactions) -> None:
    facts = await append(transactions, *((place, n) for n in range(4) for place in (HOME, SHOP)))
    at_home = [fact for fact in facts if fact.network_id == HOME]
    await publish(transactions, facts[:4])
    async with transactions.snapshot() as tx:
        assert await tx.outbox.since(HOME, at_home[0].id, 100) == tuple(at_home[1:])
        assert await tx.outbox.since(HOME, at_home[0].id, 2) == tuple(at_home[1:3])
        assert await tx.outbox.since(HOME, at_home[-1].id, 100) == ()
        assert await tx.outbox.since(SHOP, at_home[0].id, 100) is None
        assert await tx.outbox.since(HOME, EventId("evt_nothing"), 100) is None
        assert await tx.outbox.since(HOME, EventId("\x00"), 100) is None


async def test_only_old_published_facts_are_forgotten(transactions: Transactions) -> None:
    facts = await append(transactions, *((place, n) for n in range(4) for place in (HOME, SHOP)))
    await publish(transactions, [fact for fact in facts if fact.network_id == HOME])
    async with transactions.begin() as tx:
        assert await tx.outbox.forget(NOON) == 0
        assert await tx.outbox.forget(minutes(2)) == 2
        assert await tx.outbox.forget(minutes(2)) == 0
    at_home = [fact for fact in facts if fact.network_id == HOME]
    async with transactions.snapshot() as tx:
        assert await tx.outbox.since(HOME, at_home[1].id, 100) is None
        assert names(await tx.outbox.since(HOME, at_home[2].id, 100)) == ["3"]
        assert len(await tx.outbox.unpublished(100)) == 4
    assert (await append(transactions, (HOME, 5)))[0].position == 5


async def test_no_gap_is_made_when_facts_happened_in_another_order(transactions: Transactions) -> None:
    facts = await append(transactions, (HOME, 0), (HOME, 9), (HOME, 1), (HOME, 2))
    await publish(transactions, facts)
    async with transactions.begin() as tx:
        assert await tx.outbox.forget(minutes(5)) == 1
    async with transactions.snapshot() as tx:
        assert await tx.outbox.since(HOME, facts[1].id, 100) == tuple(facts[2:])


async def test_the_position_lasts_beyond_the_network_until_its_last_fact_is_forgotten(
    transactions: Transactions,
) -> None:
    await append(transactions, (HOME, 0), (HOME, 1))
    async with transactions.begin() as tx:
        await tx.networks.remove(HOME)
        last = await tx.outbox.append(HOME, renamed("gone", 2))
    assert last.position == 3
    await publish(transactions, [last])
    async with transactions.begin() as tx:
        assert await tx.outbox.forget(minutes(9)) == 1
        assert (await tx.outbox.append(HOME, renamed("again", 9))).position == 1


async def test_writers_at_the_same_time_leave_no_gap_and_no_double(transactions: Transactions) -> None:
    async def write(writer: int) -> None:
        for n in range(5):
            async with transactions.begin() as tx:
                for place in (HOME, SHOP):
                    await tx.outbox.append(place, renamed(f"{writer}.{n}"), recipient=ClientId(str(writer)))

    await asyncio.gather(*(write(writer) for writer in range(4)))
    async with transactions.snapshot() as tx:
        facts = await tx.outbox.unpublished(100)
    for place in (HOME, SHOP):
        mine = [fact for fact in facts if fact.network_id == place]
        assert [fact.position for fact in mine] == list(range(1, 21))
        for writer in range(4):
            assert names(tuple(fact for fact in mine if fact.recipient == str(writer))) == [
                f"{writer}.{n}" for n in range(5)
            ]


INSTANCES = tuple(InstanceId(f"inst_{number}") for number in range(3))


async def test_relays_at_the_same_time_publish_each_fact_once_and_in_order(
    transactions: Transactions,
) -> None:
    await append(transactions, *((place, n) for n in range(10) for place in (HOME, SHOP)))
    published: list[Fact] = []

    async def relay(instance_id: InstanceId) -> None:
        while len(published) < 20:
            async with transactions.begin() as tx:
                facts = await tx.outbox.claim(instance_id, 3, NOON, minutes(1))
            await asyncio.sleep(0)
            for fact in facts:
                published.append(fact)
                await asyncio.sleep(0)
            async with transactions.begin() as tx:
                await tx.outbox.mark_published(facts, instance_id)

    await asyncio.gather(*map(relay, INSTANCES))
    for place in (HOME, SHOP):
        assert [fact.position for fact in published if fact.network_id == place] == list(range(1, 11))


async def test_what_one_has_claimed_no_other_gets_until_it_lets_go_or_its_time_is_over(
    transactions: Transactions,
) -> None:
    first, second, _ = INSTANCES
    at_home = await append(transactions, (HOME, 0), (HOME, 1))
    async with transactions.begin() as tx:
        assert await tx.outbox.claim(first, 1, NOON, minutes(5)) == (at_home[0],)
    at_shop = await append(transactions, (SHOP, 2))
    async with transactions.begin() as tx:
        assert await tx.outbox.claim(second, 10, minutes(4), minutes(9)) == tuple(at_shop)
        await tx.outbox.mark_published(at_shop, second)
        await tx.outbox.mark_published(at_home[:1], second)
        assert await tx.outbox.claim(second, 10, minutes(4), minutes(9)) == ()
        assert await tx.outbox.claim(first, 10, minutes(4), minutes(5)) == (at_home[1],)
        assert await tx.outbox.claim(second, 10, minutes(5), minutes(9)) == (at_home[1],)
        await tx.outbox.mark_published(at_home, second)
        assert await tx.outbox.claim(first, 10, minutes(5), minutes(9)) == ()


async def test_each_network_is_read_on_from_where_a_reader_is(transactions: Transactions) -> None:
    facts = await append(transactions, *((place, n) for n in range(3) for place in (HOME, SHOP)))
    nowhere = NetworkId("net_nowhere")
    async with transactions.snapshot() as tx:
        assert await tx.outbox.heads([HOME, SHOP, nowhere]) == {HOME: 3, SHOP: 3}
        assert await tx.outbox.after({HOME: 1, nowhere: 0}, 10) == (facts[2], facts[4])
        assert await tx.outbox.after({HOME: 2, SHOP: 1}, 2) == (facts[3], facts[4])
        assert await tx.outbox.after({HOME: 3}, 10) == ()
        assert await tx.outbox.after({}, 10) == ()
        assert await tx.outbox.heads([]) == {}


async def test_readers_of_many_networks_miss_none(transactions: Transactions) -> None:
    networks = [NetworkId(f"net_{number}") for number in range(120)]
    await append(transactions, *((network_id, 0) for network_id in networks))
    async with transactions.snapshot() as tx:
        found = await tx.outbox.after(dict.fromkeys(networks, 0), 1000)
        part = await tx.outbox.after(dict.fromkeys(networks, 0), 70)
    assert sorted(fact.network_id for fact in found) == sorted(networks)
    assert len(part) == 70
