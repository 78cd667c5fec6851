"""What every store of uploads does."""

from typing import Any
from uuid import uuid4

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from application.ports.storage import Transactions
from application.ports.uploads import UploadFilter
from domain.errors import Conflict, NetworkNotFound, NotFound
from domain.ids import ClientId, InteractionId, NetworkId, UploadId
from domain.uploads import Upload, UploadStatus
from tests import samples, strategies
from tests.samples import HOME, SHOP, minutes


def upload(name: str, network_id: str = HOME, *, at: float = 0, **others: Any) -> Upload:
    """An upload accepted so many minutes after noon."""
    values = {
        "client_id": ClientId("kitchen"),
        "score": 7.5,
        "measures": {"snr": 20.0},
        "selected": True,
        "seconds": 2.0,
        "accepted_at": minutes(at),
        **others,
    }
    return Upload(id=UploadId(name), network_id=NetworkId(network_id), **values)


@pytest.fixture(autouse=True)
async def networks(transactions: Transactions) -> None:
    async with transactions.begin() as tx:
        await tx.networks.add(samples.network(HOME))
        await tx.networks.add(samples.network(SHOP))


async def add(transactions: Transactions, *uploads: Upload) -> None:
    async with transactions.begin() as tx:
        for one in uploads:
            await tx.uploads.add(one)


@strategies.on_a_store
@given(data=st.data())
async def test_what_was_added_or_updated_comes_back_equal(
    transactions: Transactions, data: st.DataObject
) -> None:
    key = UploadId(f"proc_{uuid4().hex}")
    first, second = (evolve(data.draw(strategies.uploads(HOME)), id=key) for _ in range(2))
    async with transactions.begin() as tx:
        await tx.uploads.add(first)
        assert await tx.uploads.get(HOME, key) == first
        await tx.uploads.update(second)
    async with transactions.snapshot() as tx:
        assert await tx.uploads.get(HOME, key) == second


async def test_uploads_are_listed_newest_first_by_id_and_by_time(transactions: Transactions) -> None:
    kept = [upload(f"proc_{n}", at=n) for n in range(5)]
    await add(transactions, *kept, upload("proc_1", SHOP))
    async with transactions.snapshot() as tx:
        expected = [
            (UploadFilter(), [4, 3, 2, 1, 0]),
            (UploadFilter(id=UploadId("proc_1")), [1]),
            (UploadFilter(id=UploadId("proc_9")), []),
            (UploadFilter(since=minutes(3)), [4, 3]),
            (UploadFilter(since=minutes(3), id=UploadId("proc_1")), []),
        ]
        for wanted, numbers in expected:
            assert await tx.uploads.latest(HOME, wanted, 9) == tuple(kept[n] for n in numbers)
        assert await tx.uploads.latest(HOME, UploadFilter(), 2) == (kept[4], kept[3])


async def test_what_waits_is_counted_by_network_and_the_turns_to_come_are_known(
    transactions: Transactions,
) -> None:
    begun = upload("proc_b", interaction_id=InteractionId("int_b"), status=UploadStatus.PROCESSING)
    done = upload("proc_c", interaction_id=InteractionId("int_c"), finished_at=minutes(1))
    await add(transactions, upload("proc_a"), begun, done, upload("proc_a", SHOP))
    async with transactions.snapshot() as tx:
        assert (await tx.uploads.waiting(HOME), await tx.uploads.waiting(SHOP)) == (2, 1)
        assert await tx.uploads.turns_to_come() == {"int_b"}


async def test_finished_uploads_are_forgotten_after_a_while_and_no_others(transactions: Transactions) -> None:
    await add(
        transactions,
        upload("proc_old", finished_at=minutes(1)),
        upload("proc_waiting"),
        upload("proc_new", at=5, finished_at=minutes(6)),
    )
    async with transactions.begin() as tx:
        assert await tx.uploads.forget(minutes(5)) == 1
        assert await tx.uploads.forget(minutes(5)) == 0
    async with transactions.snapshot() as tx:
        kept = await tx.uploads.latest(HOME, UploadFilter(), 9)
    assert [one.id for one in kept] == ["proc_new", "proc_waiting"]


async def test_an_upload_needs_its_network_and_goes_with_it(transactions: Transactions) -> None:
    one = upload("proc_a")
    await add(transactions, one, upload("proc_a", SHOP))
    with pytest.raises(Conflict):
        await add(transactions, one)
    with pytest.raises(NetworkNotFound):
        await add(transactions, upload("proc_a", "net_nobody"))
    async with transactions.begin() as tx:
        with pytest.raises(NotFound):
            await tx.uploads.get(HOME, UploadId("proc_b"))
        with pytest.raises(NotFound):
            await tx.uploads.update(upload("proc_b"))
        await tx.networks.remove(HOME)
    async with transactions.snapshot() as tx:
        assert await tx.uploads.waiting(HOME) == 0
        assert await tx.uploads.waiting(SHOP) == 1
