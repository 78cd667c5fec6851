"""Handing facts to the sockets of an instance, whichever instance committed them."""

import asyncio
from contextlib import ExitStack

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.memory.audience import InProcessAudience
from adapters.memory.inboxes import BoundedInbox
from application.facts import delivering
from application.facts.delivering import DeliverFacts
from application.facts.wakeup import Wakeup
from application.networks.connecting import Connect, Disconnect
from application.operating.instances import LEASE, KeepAlive
from application.operating.operating import DisconnectClient
from domain.clients import LeaveReason
from domain.events import Fact, NetworkUpdated
from domain.ids import ClientId, InstanceId, NetworkId
from domain.interactions import ProcessingStatus
from tests.application.household import HALL, KITCHEN, OPERATOR, Household, as_client, typed, waiting_in
from tests.application.turns.turning import until
from tests.samples import NOON

HERE, THERE = InstanceId("inst_here"), InstanceId("inst_there")


class Instance:
    """One of several instances over a hub's store: its own audience, its own way to it."""

    def __init__(self, hub: Household, instance_id: InstanceId) -> None:
        self.hub, self.id = hub, instance_id
        self.audience = InProcessAudience()
        self.deliver = DeliverFacts(hub.transactions, self.audience, self.audience, Wakeup())

    async def connect(self, inbox: BoundedInbox, network_id: NetworkId, client_id: ClientId) -> None:
        """A client whose socket has opened here."""
        connect = Connect(self.hub.transactions, self.hub.clock, self.id)
        connection = await connect(as_client(network_id, client_id), network_id, client_id)
        inbox.begin(connection.position)

    def keep_alive(self) -> KeepAlive:
        """Its heart."""
        return KeepAlive(transactions=self.hub.transactions, clock=self.hub.clock, instance_id=self.id)


async def rename(hub: Household, network_id: NetworkId, name: str) -> None:
    async with hub.store.begin() as tx:
        await tx.outbox.append(network_id, NetworkUpdated(name=name, at=NOON))


async def names_in(inbox: BoundedInbox) -> list[str]:
    """The names that were told in an inbox."""
    facts = [one.event for one in await waiting_in(inbox) if isinstance(one, Fact)]
    return [event.name for event in facts if isinstance(event, NetworkUpdated)]


async def test_every_instance_hands_each_fact_to_its_own_sockets_once(hub: Household) -> None:
    home = await hub.home()
    await hub.register(home, HALL)
    here, there = Instance(hub, HERE), Instance(hub, THERE)
    with here.audience.join(home, KITCHEN) as kitchen, there.audience.join(home, HALL) as hall:
        await here.connect(kitchen, home, KITCHEN)
        await there.connect(hall, home, HALL)
        for number in range(3):
            await rename(hub, home, str(number))
        for instance in (here, there, here, there):
            await instance.deliver()
        assert await names_in(kitchen) == await names_in(hall) == ["0", "1", "2"]


async def test_nobody_hears_what_was_before_and_nothing_falls_between(hub: Household) -> None:
    home = await hub.home()
    here = Instance(hub, HERE)
    await rename(hub, home, "before")
    with here.audience.join(home, KITCHEN) as kitchen:
        assert await here.deliver() == 0
        connect = Connect(hub.transactions, hub.clock, HERE)
        connection = await connect(as_client(home), home, KITCHEN)
        await rename(hub, home, "after it came, before it listens")
        assert await here.deliver() == 0
        kitchen.begin(connection.position)
        await here.deliver()
        assert await names_in(kitchen) == ["after it came, before it listens"]


async def test_a_client_that_comes_to_another_instance_leaves_its_old_socket(hub: Household) -> None:
    home = await hub.home()
    here, there = Instance(hub, HERE), Instance(hub, THERE)
    with here.audience.join(home, KITCHEN) as old, there.audience.join(home, KITCHEN) as new:
        await here.connect(old, home, KITCHEN)
        await there.connect(new, home, KITCHEN)
        await here.deliver()
        await there.deliver()
        assert old.leave_reason is LeaveReason.REPLACED
        assert not new.closed
        assert (await hub.client(home)).instance_id == THERE


async def test_an_operator_sends_a_client_away_whichever_instance_has_its_socket(hub: Household) -> None:
    home = await hub.home()
    await hub.register(home, HALL)
    there = Instance(hub, THERE)
    send_away = DisconnectClient(hub.transactions, Disconnect(hub.transactions, hub.clock))
    with ExitStack() as stack:
        kitchen = stack.enter_context(there.audience.join(home, KITCHEN))
        hall = stack.enter_context(there.audience.join(home, HALL))
        await there.connect(kitchen, home, KITCHEN)
        await there.connect(hall, home, HALL)
        await send_away(OPERATOR, home, KITCHEN)
        await there.deliver()
        assert (kitchen.closed, kitchen.overflowed) == (True, True)
        assert not hall.closed
        assert not (await hub.client(home)).connected
        again = stack.enter_context(there.audience.join(home, KITCHEN))
        await there.connect(again, home, KITCHEN)
        await there.deliver()
        assert not again.closed


async def test_a_socket_that_was_replaced_before_it_could_begin_is_closed_as_it_begins(
    hub: Household,
) -> None:
    home = await hub.home()
    await hub.register(home, HALL)
    here, there = Instance(hub, HERE), Instance(hub, THERE)
    with ExitStack() as stack:
        old = stack.enter_context(here.audience.join(home, KITCHEN))
        hall = stack.enter_context(here.audience.join(home, HALL))
        new = stack.enter_context(there.audience.join(home, KITCHEN))
        await here.connect(hall, home, HALL)
        connect = Connect(hub.transactions, hub.clock, HERE)
        connection = await connect(as_client(home), home, KITCHEN)
        await there.connect(new, home, KITCHEN)
        await here.deliver()
        assert not old.closed
        old.begin(connection.position)
        assert old.leave_reason is LeaveReason.REPLACED


@given(
    steps=st.lists(st.sampled_from(["home", "shop", "here", "there"]), max_size=30),
    at_once=st.integers(1, 3),
)
async def test_whoever_delivers_when_all_hear_everything_in_order(steps: list[str], at_once: int) -> None:
    hub = Household()
    networks = {"home": await hub.home(), "shop": await hub.home()}
    instances = {"here": Instance(hub, HERE), "there": Instance(hub, THERE)}
    with pytest.MonkeyPatch.context() as patch, ExitStack() as stack:
        patch.setattr(delivering, "AT_ONCE", at_once)
        inboxes = []
        for name, network_id in networks.items():
            await hub.register(network_id, HALL)
            for client_id, instance in zip((KITCHEN, HALL), instances.values(), strict=True):
                inbox = stack.enter_context(instance.audience.join(network_id, client_id))
                await instance.connect(inbox, network_id, client_id)
                inboxes.append((name, inbox))
        for number, step in enumerate(steps):
            if step in networks:
                await rename(hub, networks[step], str(number))
            else:
                await instances[step].deliver()
        for instance in instances.values():
            while await instance.deliver():
                pass
        for name, inbox in inboxes:
            assert await names_in(inbox) == [str(number) for number, step in enumerate(steps) if step == name]


async def test_what_is_noticed_is_delivered_and_what_nobody_noticed_soon_after(
    hub: Household, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = await hub.home()
    here = Instance(hub, HERE)
    monkeypatch.setattr(delivering, "LONGEST_NAP", delivering.LONGEST_NAP / 50)
    with here.audience.join(home, KITCHEN) as kitchen:
        await here.connect(kitchen, home, KITCHEN)
        running = asyncio.create_task(here.deliver.run())
        await rename(hub, home, "unnoticed")
        await until(lambda: _has(kitchen, 1))
        await rename(hub, home, "noticed")
        here.deliver.notice([home])
        await until(lambda: _has(kitchen, 2))
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        assert await names_in(kitchen) == ["unnoticed", "noticed"]


async def _has(inbox: BoundedInbox, number: int) -> bool:
    return inbox.unread >= number


async def test_an_instance_that_is_not_seen_any_more_loses_its_clients_and_turns(hub: Household) -> None:
    home = await hub.home()
    await hub.register(home, HALL)
    here, there = Instance(hub, HERE), Instance(hub, THERE)
    with here.audience.join(home, KITCHEN) as kitchen, there.audience.join(home, HALL) as hall:
        await here.connect(kitchen, home, KITCHEN)
        await there.connect(hall, home, HALL)
        assert not await there.keep_alive()()
        assert not await here.keep_alive()()
        hub.clock.pass_by(seconds=LEASE.total_seconds())
        assert await here.keep_alive()()
        assert (await hub.client(home, HALL)).connected
        hub.clock.pass_by(seconds=LEASE.total_seconds() / 2)
        assert await here.keep_alive()()
        assert not (await hub.client(home, HALL)).connected
        assert (await hub.client(home)).connected
    assert not await there.keep_alive()()


async def test_turns_of_another_instance_are_left_alone_while_it_lives(hub: Household) -> None:
    home = await hub.home()
    events = hub.converse()(typed(home, "cut short"))
    await anext(events)
    here = Instance(hub, HERE)
    await here.keep_alive()()
    async with hub.store.begin() as tx:
        (turn,) = await tx.interactions.unfinished()
        assert turn.instance_id is not None
        await tx.instances.beat(turn.instance_id, hub.clock.now())
    await here.keep_alive()()
    assert (await hub.interaction(home, turn.id)).status is ProcessingStatus.PROCESSING
    await here.keep_alive().alone()
    assert (await hub.interaction(home, turn.id)).status is ProcessingStatus.PROCESSING
    hub.clock.pass_by(seconds=LEASE.total_seconds() * 2)
    await here.keep_alive()()
    assert (await hub.interaction(home, turn.id)).status is ProcessingStatus.FAILED
    await events.aclose()
