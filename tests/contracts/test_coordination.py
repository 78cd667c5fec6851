"""What every store of commands, activities, broadcasts and pairing offers does."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from application.ports.paging import Page
from application.ports.storage import Transactions
from domain.activities.activity import ActivityStatus
from domain.broadcasts import Broadcast
from domain.commands import Command, Say
from domain.errors import (
    ActivityNotFound,
    BroadcastNotFound,
    ClientNotFound,
    CommandNotFound,
    Conflict,
    NetworkNotFound,
    PairingCodeUnknown,
    SessionNotFound,
)
from domain.ids import (
    ActivityId,
    BroadcastId,
    ClientId,
    CommandId,
    NetworkId,
    PairingId,
    SessionId,
)
from domain.pairing import PairingOffer
from domain.sessions import SessionStatus
from tests import composed_strategies, samples, strategies
from tests.samples import HOME, NOON, SHOP, minutes

KITCHEN, HALL = ClientId("kitchen"), ClientId("hall")


@pytest.fixture(autouse=True)
async def clients(transactions: Transactions) -> None:
    async with transactions.begin() as tx:
        for network_id in (HOME, SHOP):
            await tx.networks.add(samples.network(network_id))
            await tx.clients.add(samples.client("kitchen", network_id))
            await tx.clients.add(samples.client("hall", network_id))


def command(name: str, network_id: str = HOME, *, after: float = 0, **others: Any) -> Command:
    """A command to the kitchen, good for ten minutes."""
    values = {"client_id": KITCHEN, "order": Say(text="Hello."), **others}
    return Command(
        id=CommandId(name),
        network_id=NetworkId(network_id),
        issued_at=minutes(after),
        expires_at=minutes(after + 10),
        **values,
    )


@strategies.on_a_store
@given(data=st.data())
async def test_commands_and_activities_come_back_equal(
    transactions: Transactions, data: st.DataObject
) -> None:
    name = uuid4().hex
    ordered = evolve(data.draw(composed_strategies.commands(HOME, KITCHEN)), id=CommandId(name))
    other = evolve(data.draw(composed_strategies.commands(HOME, HALL)), id=CommandId(name))
    begun = evolve(data.draw(composed_strategies.activities(HOME)), id=ActivityId(name))
    later = evolve(data.draw(composed_strategies.activities(HOME)), id=ActivityId(name))
    async with transactions.begin() as tx:
        await tx.commands.add(ordered)
        await tx.activities.add(begun)
        assert await tx.commands.get(HOME, ordered.id) == ordered
        assert await tx.activities.get(HOME, begun.id) == begun
        await tx.commands.update(other)
        await tx.activities.update(later)
    async with transactions.snapshot() as tx:
        assert await tx.commands.get(HOME, ordered.id) == other
        assert await tx.activities.get(HOME, begun.id) == later


async def test_networks_do_not_see_each_others(transactions: Transactions) -> None:
    async with transactions.begin() as tx:
        await tx.commands.add(command("cmd_a", origin="x"))
        await tx.activities.add(samples.activity("act_a"))
        told = Broadcast(
            id=BroadcastId("b_a"), network_id=HOME, event_type="tea", sent_to=(KITCHEN,), sent_at=NOON
        )
        await tx.broadcasts.add(told)
        with pytest.raises(CommandNotFound):
            await tx.commands.get(SHOP, CommandId("cmd_a"))
        with pytest.raises(ActivityNotFound):
            await tx.activities.get(SHOP, ActivityId("act_a"))
        with pytest.raises(BroadcastNotFound):
            await tx.broadcasts.get(SHOP, BroadcastId("b_a"))
    async with transactions.begin() as tx:
        assert await tx.commands.pending(SHOP, KITCHEN, NOON) == ()
        assert await tx.commands.of_origin(SHOP, "x") == ()
        assert await tx.commands.withdraw(SHOP, "x", NOON) == 0
        assert await tx.activities.running(SHOP) == ()
        assert (await tx.activities.list(SHOP, None, Page())).total == 0
        assert await tx.broadcasts.get(HOME, BroadcastId("b_a")) == told


async def test_what_has_no_owner_is_refused(transactions: Transactions) -> None:
    with pytest.raises(ClientNotFound):
        async with transactions.begin() as tx:
            await tx.commands.add(command("cmd_a", client_id=ClientId("attic")))
    with pytest.raises(NetworkNotFound):
        async with transactions.begin() as tx:
            await tx.activities.add(samples.activity("act_a", "net_nowhere"))


async def test_a_command_is_pending_until_it_is_acknowledged_or_old(transactions: Transactions) -> None:
    async with transactions.begin() as tx:
        for number in range(3):
            await tx.commands.add(command(f"cmd_{number}", after=number))
        await tx.commands.add(command("cmd_hall", client_id=HALL))
        done = await tx.commands.get(HOME, CommandId("cmd_1"))
        await tx.commands.update(done.acknowledged({"switch_complete": True}, minutes(3)))
    async with transactions.snapshot() as tx:
        pending = await tx.commands.pending(HOME, KITCHEN, minutes(5))
        assert [one.id for one in pending] == ["cmd_0", "cmd_2"]
        pending = await tx.commands.pending(HOME, KITCHEN, minutes(10))
        assert [one.id for one in pending] == ["cmd_2"]
        assert await tx.commands.pending(HOME, KITCHEN, minutes(12)) == ()


async def test_what_belongs_to_an_activity_is_withdrawn_with_it(transactions: Transactions) -> None:
    async with transactions.begin() as tx:
        await tx.commands.add(command("cmd_a", origin="act_a"))
        await tx.commands.add(command("cmd_b", origin="act_a", client_id=HALL))
        await tx.commands.add(command("cmd_c", origin="act_b"))
        assert await tx.commands.withdraw(HOME, "act_a", minutes(1)) == 2
        assert await tx.commands.withdraw(HOME, "act_a", minutes(1)) == 0
    async with transactions.snapshot() as tx:
        assert [one.id for one in await tx.commands.pending(HOME, KITCHEN, minutes(1))] == ["cmd_c"]
        assert [one.id for one in await tx.commands.of_origin(HOME, "act_a")] == ["cmd_a", "cmd_b"]


async def test_commands_go_with_their_client_and_with_time(transactions: Transactions) -> None:
    async with transactions.begin() as tx:
        await tx.commands.add(command("cmd_a"))
        await tx.commands.add(command("cmd_b", client_id=HALL, after=30))
        assert await tx.commands.forget(minutes(20)) == 1
        await tx.clients.remove(HOME, HALL)
        for name in ("cmd_a", "cmd_b"):
            with pytest.raises(CommandNotFound):
                await tx.commands.get(HOME, CommandId(name))


async def test_activities_are_listed_newest_first_and_found_when_they_are_due(
    transactions: Transactions,
) -> None:
    async with transactions.begin() as tx:
        await tx.activities.add(samples.activity("act_a", due_at=minutes(5)))
        await tx.activities.add(samples.activity("act_b", at=minutes(1), due_at=minutes(3)))
        await tx.activities.add(samples.activity("act_c", at=minutes(2)))
        over = samples.activity("act_d", at=minutes(3), due_at=minutes(1)).over(
            ActivityStatus.STOPPED, minutes(4)
        )
        await tx.activities.add(over)
    async with transactions.begin() as tx:
        assert await tx.activities.next_due() == minutes(3)
        assert [one.id for one in await tx.activities.due(minutes(5), 10)] == ["act_b", "act_a"]
        assert [one.id for one in await tx.activities.due(minutes(5), 1)] == ["act_b"]
        assert await tx.activities.due(minutes(2), 10) == ()
        assert [one.id for one in await tx.activities.running(HOME)] == ["act_a", "act_b", "act_c"]
        listed = await tx.activities.list(HOME, ActivityStatus.RUNNING, Page(limit=2))
        assert ([one.id for one in listed.items], listed.total) == (["act_c", "act_b"], 3)
        assert (await tx.activities.list(HOME, None, Page())).items[0].id == "act_d"


async def test_a_pairing_offer_is_taken_once_and_in_time(transactions: Transactions) -> None:
    def offer(name: str, code_hash: str, minutes_long: float) -> PairingOffer:
        return PairingOffer(
            id=PairingId(name),
            network_id=HOME,
            code_hash=code_hash,
            room="Hall",
            created_at=NOON,
            expires_at=minutes(minutes_long),
        )

    async with transactions.begin() as tx:
        await tx.pairings.add(offer("pair_a", "aa", 10))
        await tx.pairings.add(offer("pair_b", "bb", 10))
        await tx.pairings.add(offer("pair_c", "cc", 1))
        with pytest.raises(Conflict):
            await tx.pairings.add(offer("pair_d", "aa", 10))
    async with transactions.begin() as tx:
        assert await tx.pairings.take("aa", minutes(5)) == offer("pair_a", "aa", 10)
        for code_hash in ("aa", "cc", "zz"):
            with pytest.raises(PairingCodeUnknown):
                await tx.pairings.take(code_hash, minutes(5))
        assert await tx.pairings.forget(minutes(5)) == 1
        assert await tx.pairings.forget(minutes(15)) == 1


async def test_a_session_is_handed_over_by_the_one_who_has_it(transactions: Transactions) -> None:
    async with transactions.begin() as tx:
        await tx.sessions.add(samples.session("sess_a"))
        await tx.sessions.add(samples.session("sess_b", client_id=HALL, at=minutes(1)))
        await tx.sessions.add(samples.session("sess_c", status=SessionStatus.ENDED))
    async with transactions.begin() as tx:
        moved = (await tx.sessions.get(HOME, SessionId("sess_a"))).moved_to(HALL, minutes(2))
        assert not await tx.sessions.hand_over(moved, HALL)
        assert await tx.sessions.hand_over(moved, KITCHEN)
        assert not await tx.sessions.hand_over(moved, KITCHEN)
        ended = await tx.sessions.get(HOME, SessionId("sess_c"))
        assert not await tx.sessions.hand_over(ended.moved_to(HALL, minutes(2)), KITCHEN)
        nowhere = evolve(moved, id=SessionId("sess_none"))
        assert not await tx.sessions.hand_over(nowhere, KITCHEN)
    async with transactions.snapshot() as tx:
        assert await tx.sessions.live_of(HOME, HALL, minutes(3)) == moved
        assert await tx.sessions.live_of(HOME, KITCHEN, minutes(3)) is None
        with pytest.raises(SessionNotFound):
            await tx.sessions.get(SHOP, SessionId("sess_a"))


async def test_broadcasts_are_forgotten_in_time(transactions: Transactions) -> None:
    async with transactions.begin() as tx:
        for number in range(3):
            await tx.broadcasts.add(
                Broadcast(
                    id=BroadcastId(f"b_{number}"),
                    network_id=HOME,
                    event_type="tea",
                    payload={"n": number},
                    sent_to=(),
                    offline=(KITCHEN,),
                    sent_at=NOON + timedelta(minutes=number),
                )
            )
        assert await tx.broadcasts.forget(minutes(2)) == 2
        assert (await tx.broadcasts.get(HOME, BroadcastId("b_2"))).payload == {"n": 2}
