"""Sockets coming and going."""

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from application.networks import connecting
from application.networks.clients import DeregisterClient
from application.networks.connecting import Connect, Connection, Disconnect
from domain.clients import Client, ConnectionStatus, LeaveReason
from domain.errors import ClientNotFound, InvalidValue, MiraError, NetworkNotFound
from domain.events import ClientJoined, ClientLeft, InteractionAnswered, NetworkUpdated
from domain.ids import ClientId, EventId, NetworkId
from tests.application.household import (
    HALL,
    KITCHEN,
    OPERATOR,
    Household,
    as_client,
    owner,
)
from tests.samples import NOON, SHOP


async def connect(
    hub: Household,
    network_id: NetworkId,
    client_id: ClientId = KITCHEN,
    *,
    capabilities: tuple[str, ...] | None = None,
    last: EventId | None = None,
) -> Connection:
    use_case = Connect(hub.transactions, hub.clock)
    who = as_client(network_id, client_id)
    return await use_case(who, network_id, client_id, capabilities=capabilities, last_event_id=last)


async def disconnect(
    hub: Household,
    network_id: NetworkId,
    client_id: ClientId = KITCHEN,
    reason: LeaveReason = LeaveReason.DISCONNECTED,
    since: datetime | None = None,
) -> None:
    await Disconnect(hub.transactions, hub.clock)(network_id, client_id, reason, since=since)


async def presence(hub: Household, network_id: NetworkId) -> list[tuple[str, str]]:
    """Who came and who left why, in order."""
    return [
        (event.client_id, "joined" if isinstance(event, ClientJoined) else event.reason.value)
        for event in await hub.events(network_id)
        if isinstance(event, ClientJoined | ClientLeft)
    ]


async def test_a_socket_that_opens_makes_its_client_connected_and_is_announced(hub: Household) -> None:
    home = await hub.home(capabilities=("audio",))
    later = hub.clock.pass_by(minutes=1)
    connection = await connect(hub, home)

    client = await hub.client(home)
    assert connection.client == client
    assert connection.network.id == home
    assert (client.connected, client.connected_since, client.last_seen_at) == (True, later, later)
    joined = ClientJoined(client_id=KITCHEN, device_type="phone", capabilities=("audio",), at=later)
    assert await hub.events(home, ClientJoined) == [joined]
    assert connection.event_id == (await hub.facts(home))[-1].id


async def test_a_handshake_may_say_anew_what_the_client_can_do(hub: Household) -> None:
    home = await hub.home(capabilities=("audio",))
    assert (await connect(hub, home)).client.capabilities == ("audio",)
    assert (await connect(hub, home, capabilities=())).client.capabilities == ()
    assert (await connect(hub, home, capabilities=("display",))).client.capabilities == ("display",)
    with pytest.raises(InvalidValue):
        await connect(hub, home, capabilities=("",))
    assert (await hub.client(home)).capabilities == ("display",)


async def test_a_newer_socket_replaces_the_older_one(hub: Household) -> None:
    home = await hub.home()
    first = (await connect(hub, home)).client.connected_since
    hub.clock.pass_by(seconds=1)
    second = (await connect(hub, home)).client.connected_since
    assert await presence(hub, home) == [
        ("kitchen", "joined"),
        ("kitchen", "replaced"),
        ("kitchen", "joined"),
    ]

    await disconnect(hub, home, since=first)
    assert (await hub.client(home)).connected
    await disconnect(hub, home, since=second)
    assert not (await hub.client(home)).connected
    assert (await presence(hub, home))[3:] == [("kitchen", "disconnected")]


async def test_a_status_that_was_reported_lasts_as_long_as_the_socket(hub: Household) -> None:
    home = await hub.home()
    await connect(hub, home)
    await hub.change_client(home, reported_status="recording")
    assert (await connect(hub, home)).client.shown_status == "connected"
    await hub.change_client(home, reported_status="recording")
    await disconnect(hub, home)
    assert (await hub.client(home)).shown_status == "disconnected"


@pytest.mark.parametrize("reason", [LeaveReason.DISCONNECTED, LeaveReason.TIMEOUT])
async def test_leaving_is_told_once_however_often_it_is_said(hub: Household, reason: LeaveReason) -> None:
    home = await hub.home()
    await connect(hub, home)
    later = hub.clock.pass_by(minutes=1)
    for _ in range(3):
        await disconnect(hub, home, reason=reason)

    client = await hub.client(home)
    assert (client.connection_status, client.connected_since) == (ConnectionStatus.DISCONNECTED, None)
    assert client.last_seen_at == later
    assert await hub.events(home, ClientLeft) == [ClientLeft(client_id=KITCHEN, reason=reason, at=later)]


async def test_nobody_minds_the_goodbye_of_a_client_that_is_gone(hub: Household) -> None:
    home = await hub.home()
    await connect(hub, home)
    await DeregisterClient(hub.transactions, hub.clock)(owner(home), KITCHEN)
    await disconnect(hub, home)
    await disconnect(hub, SHOP)
    assert await presence(hub, home) == [("kitchen", "joined"), ("kitchen", "deregistered")]


async def test_only_a_client_itself_connects_and_only_in_its_network(hub: Household) -> None:
    home, shop = await hub.home(), await hub.home()
    use_case = Connect(hub.transactions, hub.clock)
    for who in (owner(home), OPERATOR, as_client(home, HALL)):
        with pytest.raises(ClientNotFound):
            await use_case(who, home, KITCHEN)
    with pytest.raises(NetworkNotFound):
        await use_case(as_client(shop), home, KITCHEN)
    with pytest.raises(ClientNotFound):
        await use_case(as_client(home, HALL), home, HALL)
    assert await presence(hub, home) == []


async def test_a_client_that_comes_back_hears_what_was_meant_for_it_meanwhile(hub: Household) -> None:
    home, shop = await hub.home(), await hub.home()
    await hub.register(home, HALL)
    first = await connect(hub, home)
    await hub.say(shop, "not for you")
    await hub.say(home, "for the hall", HALL)
    await hub.say(home, "for the kitchen", KITCHEN)
    again = await connect(hub, home, last=first.event_id)

    assert again.resumed
    assert {fact.network_id for fact in again.missed} == {home}
    answers = [fact.event for fact in again.missed if isinstance(fact.event, InteractionAnswered)]
    assert [answer.text for answer in answers] == ["You said: for the kitchen."]
    positions = [fact.position for fact in again.missed]
    assert positions == sorted(positions)
    assert not any(fact.id == again.event_id for fact in again.missed)


async def test_a_visit_that_is_not_known_is_no_resumption(hub: Household) -> None:
    home, shop = await hub.home(), await hub.home()
    elsewhere = await connect(hub, shop)
    assert not (await connect(hub, home)).resumed
    for last in (EventId("evt_unknown"), elsewhere.event_id):
        connection = await connect(hub, home, last=last)
        assert (connection.resumed, connection.missed) == (False, ())


@given(told=st.integers(0, 30), last=st.integers(0, 30), at_once=st.integers(1, 7))
async def test_however_much_was_missed_it_is_all_there_in_order_or_not_resumed(
    told: int, last: int, at_once: int
) -> None:
    hub = Household()
    home = await hub.home()
    async with hub.store.begin() as tx:
        facts = [await tx.outbox.append(home, NetworkUpdated(name=str(n), at=NOON)) for n in range(told + 1)]
    seen = facts[min(last, told)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(connecting, "MISSED_AT_ONCE", at_once)
        patch.setattr(connecting, "MOST_MISSED", 20)
        connection = await connect(hub, home, last=seen.id)

    wanted = tuple(facts[min(last, told) + 1 :])
    if connection.resumed:
        assert connection.missed == wanted
    else:
        assert connection.missed == ()
        assert len(wanted) >= 20


async def test_a_hub_that_starts_again_finds_nobody_connected(hub: Household) -> None:
    home, shop = await hub.home(), await hub.home()
    await hub.register(home, HALL)
    for network_id, client_id in ((home, KITCHEN), (home, HALL), (shop, KITCHEN)):
        await connect(hub, network_id, client_id)
    await disconnect(hub, home, HALL)

    await hub.sweep()
    await hub.sweep()
    for network_id in (home, shop):
        left = await hub.events(network_id, ClientLeft)
        assert [event.client_id for event in left].count(KITCHEN) == 1
        client: Client = await hub.client(network_id)
        assert not client.connected
    async with hub.store.snapshot() as tx:
        assert await tx.clients.count_connected() == 0


async def test_what_cannot_be_announced_is_not_noted(hub: Household) -> None:
    home = await hub.home()
    hub.transactions.break_at = lambda event: isinstance(event, ClientJoined)
    with pytest.raises(MiraError):
        await connect(hub, home)
    assert not (await hub.client(home)).connected
