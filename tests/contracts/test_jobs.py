"""What every store of jobs does."""

import asyncio
from datetime import datetime
from typing import Any

import pytest
from attrs import evolve

from application.ports.storage import Transactions
from domain.errors import Conflict, MiraError, NetworkNotFound
from domain.ids import JobId, NetworkId
from domain.jobs import Job, JobKind
from tests import samples
from tests.samples import HOME, NOON, SHOP, minutes

HEAR, ANSWER = JobKind.HEAR_UPLOAD, JobKind.ANSWER_UPLOAD
LATER = minutes(1)


def job(name: str, network_id: str = HOME, *, due: float = 0, **others: Any) -> Job:
    """A job that is due so many minutes after noon, in the lane of all."""
    values = {"kind": HEAR, "lane": "all", "due_at": minutes(due), "created_at": NOON, **others}
    return Job(id=JobId(name), network_id=NetworkId(network_id), **values)


@pytest.fixture(autouse=True)
async def networks(transactions: Transactions) -> None:
    async with transactions.begin() as tx:
        await tx.networks.add(samples.network(HOME))
        await tx.networks.add(samples.network(SHOP))


async def add(transactions: Transactions, *jobs: Job) -> None:
    async with transactions.begin() as tx:
        for one in jobs:
            await tx.jobs.add(one)


async def claim(
    transactions: Transactions,
    holder: str,
    *,
    kind: JobKind = HEAR,
    now: datetime = NOON,
    until: datetime = LATER,
    limit: int = 10,
) -> tuple[Job, ...]:
    async with transactions.begin() as tx:
        return await tx.jobs.claim(kind, holder, now, until, limit)


def names(jobs: tuple[Job, ...]) -> list[str]:
    return [one.id for one in jobs]


async def test_work_is_claimed_by_lane_in_order_with_what_is_not_due_yet(transactions: Transactions) -> None:
    await add(transactions, job("b", due=2), job("a", due=-1), job("c", due=-3, kind=ANSWER))
    claimed = await claim(transactions, "one")
    assert names(claimed) == ["a", "b"]
    assert {(one.holder, one.held_until, one.tries) for one in claimed} == {("one", LATER, 1)}
    assert names(await claim(transactions, "two", kind=ANSWER)) == ["c"]


async def test_nothing_is_claimed_before_its_time(transactions: Transactions) -> None:
    await add(transactions, job("a", due=1))
    assert await claim(transactions, "one") == ()
    assert names(await claim(transactions, "one", now=minutes(1), until=minutes(2))) == ["a"]


async def test_the_lane_that_waits_longest_comes_first_and_networks_do_not_share_lanes(
    transactions: Transactions,
) -> None:
    await add(transactions, job("a", due=-1), job("a", SHOP, due=-2), job("b", due=-5, lane="other"))
    assert [(one.network_id, one.id) for one in await claim(transactions, "one")] == [(HOME, "b")]
    assert [(one.network_id, one.id) for one in await claim(transactions, "two")] == [(SHOP, "a")]
    assert [(one.network_id, one.id) for one in await claim(transactions, "three")] == [(HOME, "a")]
    assert await claim(transactions, "four") == ()


async def test_a_lane_that_somebody_is_at_waits_even_for_what_came_later_or_is_due_sooner(
    transactions: Transactions,
) -> None:
    await add(transactions, job("b"))
    (held,) = await claim(transactions, "one")
    await add(transactions, job("c", due=-1), job("d"))
    assert await claim(transactions, "two") == ()
    async with transactions.begin() as tx:
        await tx.jobs.finish(held)
    assert names(await claim(transactions, "two")) == ["c", "d"]


async def test_at_most_so_many_are_claimed_at_once(transactions: Transactions) -> None:
    await add(transactions, job("a"), job("b"), job("c"))
    assert names(await claim(transactions, "one", limit=2)) == ["a", "b"]
    assert await claim(transactions, "two") == ()


async def test_what_its_holder_lets_pass_is_free_again_and_lost_to_it(transactions: Transactions) -> None:
    await add(transactions, job("a"))
    (first,) = await claim(transactions, "one")
    (second,) = await claim(transactions, "two", now=LATER, until=minutes(2))
    assert (second.holder, second.tries) == ("two", 2)
    async with transactions.begin() as tx:
        assert await tx.jobs.prolong([first], minutes(9)) == ()
        for late in (tx.jobs.finish, tx.jobs.put_back):
            with pytest.raises(Conflict):
                await late(first)
        await tx.jobs.finish(second)
        with pytest.raises(Conflict):
            await tx.jobs.finish(second)
    assert await claim(transactions, "three", now=minutes(10), until=minutes(11)) == ()


async def test_what_is_prolonged_stays_held(transactions: Transactions) -> None:
    await add(transactions, job("a"), job("b"))
    claimed = await claim(transactions, "one")
    async with transactions.begin() as tx:
        prolonged = await tx.jobs.prolong(claimed, minutes(5))
    assert prolonged == tuple(evolve(one, held_until=minutes(5)) for one in claimed)
    assert await claim(transactions, "two", now=minutes(4), until=minutes(5)) == ()
    async with transactions.begin() as tx:
        await tx.jobs.finish(prolonged[0])


async def test_what_is_put_back_is_done_later_in_another_way(transactions: Transactions) -> None:
    await add(transactions, job("a"))
    (held,) = await claim(transactions, "one")
    changed = evolve(held, kind=ANSWER, lane="a", due_at=minutes(3), tries=0)
    async with transactions.begin() as tx:
        await tx.jobs.put_back(changed)
        with pytest.raises(Conflict):
            await tx.jobs.put_back(changed)
        assert await tx.jobs.next_due(HEAR) is None
        assert await tx.jobs.next_due(ANSWER) == minutes(3)
    (again,) = await claim(transactions, "two", kind=ANSWER, now=minutes(3), until=minutes(4))
    assert again == evolve(changed, holder="two", held_until=minutes(4), tries=1)


async def test_it_is_known_when_to_look_again_and_how_much_there_is(transactions: Transactions) -> None:
    async with transactions.snapshot() as tx:
        assert (await tx.jobs.next_due(HEAR), await tx.jobs.count()) == (None, 0)
    await add(transactions, job("a", due=-1), job("b", SHOP, due=4), job("c", kind=ANSWER, due=-9))
    async with transactions.snapshot() as tx:
        assert (await tx.jobs.next_due(HEAR), await tx.jobs.count()) == (minutes(-1), 3)
    await claim(transactions, "one")
    async with transactions.snapshot() as tx:
        assert await tx.jobs.next_due(HEAR) == LATER


async def test_a_job_needs_its_network_goes_with_it_and_is_added_once(transactions: Transactions) -> None:
    await add(transactions, job("a"))
    with pytest.raises(Conflict):
        await add(transactions, job("a"))
    with pytest.raises(NetworkNotFound):
        await add(transactions, job("a", "net_nobody"))
    async with transactions.begin() as tx:
        await tx.networks.remove(HOME)
    async with transactions.snapshot() as tx:
        assert await tx.jobs.count() == 0


async def test_a_snapshot_claims_nothing(transactions: Transactions) -> None:
    await add(transactions, job("a"))
    async with transactions.snapshot() as tx:
        with pytest.raises(MiraError):
            await tx.jobs.claim(HEAR, "one", NOON, LATER, 1)


async def test_of_many_who_claim_at_once_no_two_get_the_same_and_none_waits(
    transactions: Transactions,
) -> None:
    await add(transactions, *(job(f"job_{n}", lane=f"lane_{n % 5}", due=-n) for n in range(20)))
    async with transactions.begin() as tx:
        assert len(await tx.jobs.claim(HEAR, "first", NOON, LATER, 10)) == 4
    found = await asyncio.gather(*(claim(transactions, f"holder_{n}") for n in range(6)))
    ids = [one.id for jobs in found for one in jobs]
    assert sorted(map(len, found)) == [0, 0, 4, 4, 4, 4]
    assert len(ids) == len(set(ids)) == 16
