"""Registering, changing and deregistering clients."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from application.networks.access import Principal
from application.networks.clients import (
    ClientChanges,
    ClientDetails,
    DeregisterClient,
    ListClients,
    RegisterClient,
    RegisteredClient,
    UpdateClient,
)
from application.ports.storage import Page
from domain.clients import LeaveReason, Location
from domain.errors import (
    ClientLimitReached,
    ClientNotFound,
    Conflict,
    Forbidden,
    InvalidValue,
    MiraError,
    NetworkNotFound,
)
from domain.events import ClientDeregistered, ClientJoined, ClientLeft, ClientRegistered
from domain.ids import ClientId, NetworkId
from tests.application.household import (
    HALL,
    KITCHEN,
    OPERATOR,
    Household,
    as_client,
    newcomer,
    owner,
)
from tests.samples import NOON, SHOP
from tests.strategies import ids, locations

BERLIN = Location(latitude=52.5, longitude=13.4, accuracy=10)


def details(client_id: ClientId = KITCHEN, **others: Any) -> ClientDetails:
    return ClientDetails(client_id=client_id, **{"device_type": "phone", **others})


async def register(
    hub: Household, who: Principal, network_id: NetworkId, said: ClientDetails
) -> RegisteredClient:
    return await RegisterClient(hub.transactions, hub.tokens, hub.clock)(who, network_id, said)


async def deregister(hub: Household, who: Principal, client_id: ClientId = KITCHEN) -> None:
    await DeregisterClient(hub.transactions, hub.clock)(who, client_id)


async def test_a_client_is_kept_as_it_described_itself(hub: Household) -> None:
    home = await hub.open_network()
    said = details(
        name="Kitchen",
        device_info={"os": "linux"},
        capabilities=("audio",),
        location=BERLIN,
        room="kitchen",
        group_id="down",
    )
    made = await register(hub, newcomer(home), home, said)

    assert made.client == await hub.client(home)
    assert made.network.id == home
    assert (made.client.name, made.client.room, made.client.group_id) == ("Kitchen", "kitchen", "down")
    assert (made.client.device_info, made.client.capabilities) == ({"os": "linux"}, ("audio",))
    assert made.client.location == BERLIN
    assert made.client.registered_at == made.client.last_seen_at == NOON
    assert not made.client.connected
    assert hub.mint.read(made.token).version == made.client.token_version
    registered = ClientRegistered(client_id=KITCHEN, device_type="phone", at=NOON)
    assert await hub.events(home, ClientRegistered) == [registered]


async def test_the_limit_of_clients_counts_those_that_are_there(hub: Household) -> None:
    home = await hub.open_network(max_clients=2)
    await hub.register(home, KITCHEN)
    await hub.register(home, HALL)
    with pytest.raises(ClientLimitReached) as refused:
        await register(hub, newcomer(home), home, details(ClientId("attic")))
    assert refused.value.details == {"max_clients": 2}

    await hub.register(home, HALL)
    await deregister(hub, owner(home), HALL)
    await register(hub, newcomer(home), home, details(ClientId("attic")))


@pytest.mark.parametrize("who", [owner, as_client, lambda network_id: OPERATOR])
async def test_the_owner_the_operator_and_the_client_itself_renew_it(hub: Household, who: Any) -> None:
    home = await hub.open_network()
    said = details(name="Kitchen", room="kitchen", location=BERLIN, capabilities=("audio",))
    first = await register(hub, newcomer(home), home, said)
    later = hub.clock.pass_by(hours=1)
    again = await register(hub, who(home), home, details(device_type="tablet", capabilities=("display",)))

    assert again.client == await hub.client(home)
    assert again.client.token_version == first.client.token_version + 1
    assert (again.client.device_type, again.client.capabilities) == ("tablet", ("display",))
    assert (again.client.name, again.client.room, again.client.location) == ("Kitchen", "kitchen", BERLIN)
    assert (again.client.registered_at, again.client.last_seen_at) == (NOON, later)
    assert len(await hub.events(home, ClientRegistered)) == 2


async def test_a_registration_token_takes_no_client_over(hub: Household) -> None:
    home = await hub.home()
    before = await hub.client(home)
    with pytest.raises(Conflict):
        await register(hub, newcomer(home), home, details(device_type="spy"))
    assert await hub.client(home) == before


async def test_a_client_token_registers_no_other_client(hub: Household) -> None:
    home = await hub.home()
    with pytest.raises(Forbidden):
        await register(hub, as_client(home), home, details(HALL))


async def test_nobody_registers_in_a_network_that_is_not_theirs(hub: Household) -> None:
    home, shop = await hub.open_network(), await hub.open_network("Shop")
    for who, where in (
        (owner(shop), home),
        (newcomer(shop), home),
        (as_client(shop), home),
        (OPERATOR, SHOP),
    ):
        with pytest.raises(NetworkNotFound):
            await register(hub, who, where, details())


@pytest.mark.parametrize(
    "wrong",
    [
        {"device_type": ""},
        {"device_type": "x" * 65},
        {"name": ""},
        {"room": "x" * 101},
        {"capabilities": ("x",) * 33},
        {"device_info": {"key": "x" * 257}},
        {"name": "a\x00b"},
    ],
)
async def test_a_client_that_cannot_be_is_refused_and_leaves_nothing(
    hub: Household, wrong: dict[str, Any]
) -> None:
    home = await hub.open_network()
    with pytest.raises(InvalidValue):
        await register(hub, owner(home), home, details(**wrong))
    async with hub.store.snapshot() as tx:
        assert await tx.clients.count(home) == 0
    assert await hub.events(home, ClientRegistered) == []


async def test_clients_are_listed_newest_first_and_to_their_own_network(hub: Household) -> None:
    home, shop = await hub.open_network(), await hub.open_network("Shop")
    for name in ("a", "b", "c"):
        await hub.register(home, ClientId(name))
        hub.clock.pass_by(seconds=1)
    await hub.register(shop, KITCHEN)
    listing = await ListClients(hub.transactions)(owner(home), home, Page(limit=2))

    assert [client.id for client in listing.items] == ["c", "b"]
    assert listing.total == 3
    with pytest.raises(NetworkNotFound):
        await ListClients(hub.transactions)(owner(shop), home, Page())
    with pytest.raises(NetworkNotFound):
        await ListClients(hub.transactions)(OPERATOR, SHOP, Page())


@given(
    changes=st.builds(
        ClientChanges,
        status=st.none() | st.sampled_from(["idle", "charging"]),
        audio_quality_score=st.none() | st.floats(0, 10),
        capabilities=st.none() | st.sampled_from([(), ("display",)]),
        location=st.none() | locations,
    )
)
async def test_a_client_changes_what_it_names_of_itself_and_nothing_else(changes: ClientChanges) -> None:
    hub = Household()
    home = await hub.home(capabilities=("audio",), location=BERLIN, name="Kitchen")
    before = await hub.client(home)
    later = hub.clock.pass_by(minutes=1)
    after = await UpdateClient(hub.transactions, hub.clock)(as_client(home), KITCHEN, changes)

    assert after == await hub.client(home)
    assert after.last_seen_at == later
    assert after.reported_status == changes.status
    assert after.audio_quality_score == changes.audio_quality_score
    assert after.capabilities == (("audio",) if changes.capabilities is None else changes.capabilities)
    assert after.location == (changes.location or BERLIN)
    assert (after.name, after.token_version, after.device_type) == (
        before.name,
        before.token_version,
        before.device_type,
    )


async def test_a_status_that_cannot_be_is_refused(hub: Household) -> None:
    home = await hub.home()
    for status in ("", "x" * 101):
        with pytest.raises(InvalidValue):
            await UpdateClient(hub.transactions, hub.clock)(
                as_client(home), KITCHEN, ClientChanges(status=status)
            )
    assert (await hub.client(home)).reported_status is None


async def test_a_client_touches_itself_only(hub: Household) -> None:
    home, shop = await hub.home(), await hub.home()
    await hub.register(home, HALL)
    update = UpdateClient(hub.transactions, hub.clock)
    for who, whom in ((as_client(home), HALL), (as_client(home, HALL), KITCHEN), (OPERATOR, KITCHEN)):
        with pytest.raises(ClientNotFound):
            await update(who, whom, ClientChanges(status="mine"))
        with pytest.raises(ClientNotFound):
            await deregister(hub, who, whom)
    await deregister(hub, as_client(home))
    with pytest.raises(ClientNotFound):
        await update(as_client(home), KITCHEN, ClientChanges(status="gone"))
    assert (await hub.client(shop)).reported_status is None
    assert (await hub.client(home, HALL)).reported_status is None


async def test_deregistering_a_client_that_is_away_tells_that_it_is_out(hub: Household) -> None:
    home = await hub.home()
    await deregister(hub, owner(home))
    with pytest.raises(ClientNotFound):
        await hub.client(home)
    assert await hub.events(home, ClientLeft) == []
    assert await hub.events(home, ClientDeregistered) == [ClientDeregistered(client_id=KITCHEN, at=NOON)]


async def test_deregistering_a_connected_client_also_closes_its_socket(hub: Household) -> None:
    home = await hub.home()
    await hub.register(home, HALL)
    with hub.audience.join(home, KITCHEN) as kitchen, hub.audience.join(home, HALL) as hall:
        await hub.connect(home, KITCHEN, kitchen)
        await hub.connect(home, HALL, hall)
        await deregister(hub, as_client(home))
        await hub.deliver()

        assert kitchen.closed
        assert kitchen.leave_reason is LeaveReason.DEREGISTERED
        assert hall.leave_reason is None
    assert [type(event) for event in await hub.events(home)][-4:] == [
        ClientJoined,
        ClientJoined,
        ClientLeft,
        ClientDeregistered,
    ]
    assert (await hub.events(home, ClientLeft))[0].reason is LeaveReason.DEREGISTERED


async def test_what_was_said_stays_when_its_client_goes(hub: Household) -> None:
    home = await hub.home()
    said = await hub.say(home, "hello")
    await deregister(hub, owner(home))
    assert await hub.interaction(home, said.interaction.id) == said.interaction
    async with hub.store.snapshot() as tx:
        assert await tx.sessions.live_of(home, KITCHEN, hub.clock.now()) is None


async def test_what_cannot_be_announced_is_not_done(hub: Household) -> None:
    home = await hub.home()
    hub.transactions.break_at = lambda event: isinstance(event, ClientDeregistered | ClientRegistered)
    with hub.audience.join(home, KITCHEN) as inbox:
        with pytest.raises(MiraError):
            await deregister(hub, owner(home))
        assert inbox.leave_reason is None
    with pytest.raises(MiraError):
        await register(hub, owner(home), home, details(HALL))
    assert (await hub.client(home)).id == KITCHEN
    with pytest.raises(ClientNotFound):
        await hub.client(home, HALL)


@given(st.lists(ids, unique=True, max_size=6), st.lists(ids, unique=True, max_size=6))
async def test_two_networks_may_have_clients_of_the_same_ids_and_never_mix(
    homes: list[str], shops: list[str]
) -> None:
    hub = Household()
    home, shop = await hub.open_network(), await hub.open_network("Shop")
    for network_id, names in ((home, homes), (shop, shops)):
        for name in names:
            await hub.register(network_id, ClientId(name), room=str(network_id))
    for name in homes:
        await deregister(hub, owner(home), ClientId(name))

    listing = await ListClients(hub.transactions)(owner(shop), shop, Page())
    assert {client.id for client in listing.items} == set(shops)
    assert {client.room for client in listing.items} <= {str(shop)}
    assert (await ListClients(hub.transactions)(owner(home), home, Page())).total == 0
