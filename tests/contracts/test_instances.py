"""What every store knows of the instances that share it."""

from application.ports.outbox import InstanceSeen
from application.ports.storage import Transactions
from domain.clients import ConnectionStatus
from domain.ids import InstanceId
from domain.interactions import ProcessingStatus
from tests import samples
from tests.samples import HOME, NOON, minutes

ONE, OTHER = InstanceId("inst_one"), InstanceId("inst_other")


async def test_an_instance_is_known_from_its_first_beat_until_it_is_removed(
    transactions: Transactions,
) -> None:
    async with transactions.begin() as tx:
        assert not await tx.instances.beat(ONE, NOON)
        assert await tx.instances.beat(ONE, minutes(1))
        await tx.instances.remove(OTHER)
        await tx.instances.remove(ONE)
        assert not await tx.instances.beat(ONE, minutes(2))
        await tx.instances.remove(ONE)


async def test_those_that_were_not_seen_for_long_are_found(transactions: Transactions) -> None:
    async with transactions.begin() as tx:
        await tx.instances.beat(ONE, NOON)
        await tx.instances.beat(OTHER, minutes(2))
        assert await tx.instances.silent(NOON) == ()
        assert await tx.instances.silent(minutes(1)) == (ONE,)
        assert await tx.instances.silent(minutes(3)) == (ONE, OTHER)
        for instance_id in (ONE, OTHER):
            await tx.instances.remove(instance_id)


async def test_all_are_listed_by_the_names_of_their_first_beats(transactions: Transactions) -> None:
    async with transactions.begin() as tx:
        await tx.instances.beat(ONE, NOON, "shed:2")
        await tx.instances.beat(OTHER, NOON, "attic:1")
        await tx.instances.beat(ONE, minutes(1), "elsewhere:3")
    async with transactions.snapshot() as tx:
        assert await tx.instances.all() == (
            InstanceSeen(id=OTHER, name="attic:1", seen_at=NOON),
            InstanceSeen(id=ONE, name="shed:2", seen_at=minutes(1)),
        )
    async with transactions.begin() as tx:
        for instance_id in (ONE, OTHER):
            await tx.instances.remove(instance_id)


async def test_what_an_instance_holds_is_told_apart(transactions: Transactions) -> None:
    connected = {"connection_status": ConnectionStatus.CONNECTED, "connected_since": NOON}
    async with transactions.begin() as tx:
        await tx.networks.add(samples.network(HOME))
        await tx.conversations.add(samples.conversation())
        for name, holder in (("kitchen", ONE), ("hall", OTHER)):
            await tx.clients.add(samples.client(name, instance_id=holder, **connected))
            turn = samples.interaction(f"int_{name}", status=ProcessingStatus.PROCESSING, instance_id=holder)
            await tx.interactions.add(turn)
    async with transactions.snapshot() as tx:
        assert [one.id for one in await tx.clients.connected([ONE])] == ["kitchen"]
        assert [one.id for one in await tx.interactions.unfinished([OTHER])] == ["int_hall"]
        assert len(await tx.clients.connected([ONE, OTHER])) == len(await tx.clients.connected()) == 2
        assert await tx.clients.connected([]) == await tx.interactions.unfinished([]) == ()
