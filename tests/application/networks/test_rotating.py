"""Replacing tokens and ending them."""

import asyncio

import pytest

from application.networks.access import Authenticate, Principal
from application.networks.clients import ClientDetails, RegisterClient
from application.networks.connecting import Connect
from application.networks.rotating import (
    HandOverToken,
    RevokeClientToken,
    RevokeNetworkToken,
    RevokeRegistrationToken,
    RotateClientToken,
    RotateNetworkToken,
    RotateRegistrationToken,
)
from domain.clients import LeaveReason
from domain.errors import ClientNotFound, Conflict, InvalidValue, NetworkNotFound, Unauthorized
from domain.events import TokenRotated
from domain.ids import ClientId, NetworkId
from tests.application.household import HALL, KITCHEN, OPERATOR, Household, as_client, newcomer, owner


async def proves(hub: Household, token: str) -> bool:
    try:
        await Authenticate(hub.mint, hub.transactions)(token)
    except Unauthorized:
        return False
    return True


async def join(hub: Household, principal: Principal, network_id: NetworkId, name: str) -> None:
    details = ClientDetails(client_id=ClientId(name), device_type="phone")
    await RegisterClient(hub.transactions, hub.tokens, hub.clock)(principal, network_id, details)


async def left(hub: Household, network_id: NetworkId) -> int:
    async with hub.store.snapshot() as tx:
        return (await tx.networks.get(network_id)).registrations_left


async def test_a_rotated_token_replaces_its_own_kind_only(hub: Household) -> None:
    made = await hub.new_network()
    home = made.network.id
    kitchen, hall = await hub.register(home), await hub.register(home, HALL)

    network = await RotateNetworkToken(hub.transactions, hub.tokens)(owner(home), home)
    assert not await proves(hub, made.network_token)
    registration = await RotateRegistrationToken(hub.transactions, hub.tokens)(owner(home), home, 7)
    assert not await proves(hub, made.registration_token)
    client = await RotateClientToken(hub.transactions, hub.tokens, hub.clock)(owner(home), home, KITCHEN)
    assert not await proves(hub, kitchen.token)

    assert registration.uses == await left(hub, home) == 7
    for issued in (network, registration.issued, client):
        assert await proves(hub, issued.token)
        assert hub.mint.read(issued.token).expires_at == issued.expires_at
    assert await proves(hub, hall.token)


@pytest.mark.parametrize("principal", [OPERATOR, owner, as_client])
async def test_who_may_replace_a_clients_token(hub: Household, principal: object) -> None:
    home = await hub.home()
    who = principal if isinstance(principal, Principal) else principal(home)  # type: ignore[operator]
    issued = await RotateClientToken(hub.transactions, hub.tokens, hub.clock)(who, home, KITCHEN)
    assert await proves(hub, issued.token)


async def test_a_client_replaces_no_token_but_its_own(hub: Household) -> None:
    home = await hub.home()
    hall = await hub.register(home, HALL)
    rotate = RotateClientToken(hub.transactions, hub.tokens, hub.clock)
    revoke = RevokeClientToken(hub.transactions, hub.clock)
    for use in (rotate, revoke):
        with pytest.raises(ClientNotFound):
            await use(as_client(home), home, HALL)
        with pytest.raises(ClientNotFound):
            await use(owner(home), home, ClientId("nobody"))
    assert await proves(hub, hall.token)


async def test_nobody_reaches_into_another_network(hub: Household) -> None:
    home, shop = await hub.home(), await hub.home()
    mine = owner(shop)
    with pytest.raises(NetworkNotFound):
        await RotateNetworkToken(hub.transactions, hub.tokens)(mine, home)
    with pytest.raises(NetworkNotFound):
        await RotateRegistrationToken(hub.transactions, hub.tokens)(mine, home, None)
    with pytest.raises(NetworkNotFound):
        await RotateClientToken(hub.transactions, hub.tokens, hub.clock)(mine, home, KITCHEN)
    with pytest.raises(NetworkNotFound):
        await RevokeNetworkToken(hub.transactions)(mine, home)
    with pytest.raises(NetworkNotFound):
        await RevokeRegistrationToken(hub.transactions)(mine, home)
    with pytest.raises(NetworkNotFound):
        await RevokeClientToken(hub.transactions, hub.clock)(mine, home, KITCHEN)


async def test_a_connected_client_alone_is_handed_its_new_token(hub: Household) -> None:
    home = await hub.home()
    rotate = RotateClientToken(hub.transactions, hub.tokens, hub.clock)
    await rotate(owner(home), home, KITCHEN)
    assert await hub.events(home, TokenRotated) == []

    await hub.connect(home)
    issued = await rotate(owner(home), home, KITCHEN)
    [fact] = [fact for fact in await hub.facts(home) if isinstance(fact.event, TokenRotated)]
    assert fact.recipient == KITCHEN
    assert isinstance(fact.event, TokenRotated)
    handed = HandOverToken(hub.tokens)(home, fact.event)
    assert hub.mint.read(handed) == hub.mint.read(issued.token)
    assert handed not in repr(fact)
    assert await proves(hub, handed)


async def test_a_token_that_was_handed_over_late_is_as_old_as_it_is(hub: Household) -> None:
    home = await hub.home()
    await hub.connect(home)
    rotate = RotateClientToken(hub.transactions, hub.tokens, hub.clock)
    await rotate(owner(home), home, KITCHEN)
    [first] = await hub.events(home, TokenRotated)
    await rotate(owner(home), home, KITCHEN)
    assert not await proves(hub, HandOverToken(hub.tokens)(home, first))


async def test_a_revoked_token_ends_and_takes_the_socket_with_it(hub: Household) -> None:
    made = await hub.new_network()
    home = made.network.id
    kitchen = await hub.register(home)
    with hub.audience.join(home, KITCHEN) as inbox:
        await hub.connect(home, KITCHEN, inbox)
        await RevokeClientToken(hub.transactions, hub.clock)(owner(home), home, KITCHEN)
        await hub.deliver()
        assert inbox.closed
        assert inbox.leave_reason is LeaveReason.DISCONNECTED
    await RevokeRegistrationToken(hub.transactions)(owner(home), home)
    await RevokeNetworkToken(hub.transactions)(owner(home), home)

    for token in (made.network_token, made.registration_token, kitchen.token):
        assert not await proves(hub, token)
    assert (await hub.client(home)).id == KITCHEN
    assert await left(hub, home) == 0


async def test_a_socket_asked_for_with_a_token_that_ended_meanwhile_stays_shut(hub: Household) -> None:
    home = await hub.home()
    kitchen = await hub.register(home)
    proven = await Authenticate(hub.mint, hub.transactions)(kitchen.token)
    await RevokeClientToken(hub.transactions, hub.clock)(owner(home), home, KITCHEN)
    with pytest.raises(Unauthorized):
        await Connect(hub.transactions, hub.clock)(proven, home, KITCHEN)


async def test_a_registration_token_takes_in_as_many_as_it_says_and_no_more(hub: Household) -> None:
    home = await hub.open_network()
    await RotateRegistrationToken(hub.transactions, hub.tokens)(owner(home), home, 3)
    tries = [join(hub, newcomer(home), home, f"client-{number}") for number in range(10)]
    outcomes = await asyncio.gather(*tries, return_exceptions=True)

    assert outcomes.count(None) == 3
    assert sum(isinstance(outcome, Unauthorized) for outcome in outcomes) == 7
    assert await left(hub, home) == 0
    await join(hub, owner(home), home, "the owner's")
    await RotateRegistrationToken(hub.transactions, hub.tokens)(owner(home), home, None)
    await join(hub, newcomer(home), home, "client-10")
    assert await left(hub, home) == 24


async def test_only_those_taken_in_use_a_registration_token_up(hub: Household) -> None:
    home = await hub.open_network(max_clients=1)
    await join(hub, newcomer(home), home, "kitchen")
    uses = await left(hub, home)
    with pytest.raises(Conflict):
        await join(hub, newcomer(home), home, "kitchen")
    with pytest.raises(Exception, match="max_clients"):
        await join(hub, newcomer(home), home, "hall")
    assert await left(hub, home) == uses


async def test_a_registration_token_that_was_replaced_meanwhile_takes_nobody_in(hub: Household) -> None:
    made = await hub.new_network()
    home = made.network.id
    proven = await Authenticate(hub.mint, hub.transactions)(made.registration_token)
    await RotateRegistrationToken(hub.transactions, hub.tokens)(owner(home), home, 5)
    with pytest.raises(Unauthorized):
        await join(hub, proven, home, "kitchen")
    assert await left(hub, home) == 5


@pytest.mark.parametrize("uses", [0, -1, 100_001])
async def test_an_impossible_number_of_uses_is_refused(hub: Household, uses: int) -> None:
    made = await hub.new_network()
    with pytest.raises(InvalidValue):
        await RotateRegistrationToken(hub.transactions, hub.tokens)(
            owner(made.network.id), made.network.id, uses
        )
    assert await proves(hub, made.registration_token)
