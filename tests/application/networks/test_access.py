"""Who may do what, and what a token proves."""

import base64
import json
from datetime import timedelta

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from adapters.jwt.mint import JwtTokenMint
from application.networks.access import (
    OPEN_OPERATIONS,
    RULES,
    SCOPES,
    Authenticate,
    Principal,
    network_of,
    permit,
    scope_of,
    within,
)
from application.networks.clients import ClientDetails, DeregisterClient, RegisterClient
from application.networks.networks import DeleteNetwork
from application.ports.tokens import Claims, TokenKind
from domain.errors import Forbidden, InvalidValue, NetworkNotFound, ScopeMissing, Unauthorized
from domain.ids import ClientId, NetworkId
from tests.application.household import HALL, KITCHEN, OPERATOR, Household, as_client, newcomer, owner
from tests.application.permitted import PERMITTED, SCOPES_OF
from tests.samples import HOME, SHOP

kinds = st.sampled_from(TokenKind)


def principal(kind: TokenKind, network_id: NetworkId | None = HOME) -> Principal:
    return Principal(kind=kind, subject="somebody", network_id=network_id, scopes=SCOPES[kind])


@pytest.mark.parametrize("kind", TokenKind)
def test_a_kind_of_token_may_do_what_the_table_says_and_nothing_else(kind: TokenKind) -> None:
    for operation in {*RULES, *OPEN_OPERATIONS, "mira.nothing", ""}:
        if operation in PERMITTED[kind]:
            permit(principal(kind), operation)
        else:
            with pytest.raises(Forbidden) as refused:
                permit(principal(kind), operation)
            assert refused.value.details == {"operation": operation, "token_kind": kind.value}


def test_each_kind_of_token_has_these_scopes() -> None:
    told = {kind: " ".join(sorted(scopes)) for kind, scopes in SCOPES.items()}
    assert told == SCOPES_OF


@pytest.mark.parametrize("kind", TokenKind)
def test_a_token_without_the_scope_of_something_may_not_do_it(kind: TokenKind) -> None:
    for operation in PERMITTED[kind]:
        permit(evolve(principal(kind), scopes=frozenset({scope_of(operation)})), operation)
        lesser = evolve(principal(kind), scopes=SCOPES[kind] - {scope_of(operation)})
        with pytest.raises(ScopeMissing) as refused:
            permit(lesser, operation)
        assert refused.value.details == {"operation": operation, "scope": scope_of(operation)}


@given(kind=kinds, own=st.sampled_from([HOME, SHOP, None]), asked=st.sampled_from([HOME, SHOP]))
def test_nobody_but_the_operator_leaves_their_network(
    kind: TokenKind, own: NetworkId | None, asked: NetworkId
) -> None:
    somebody = principal(kind, own)
    if kind is TokenKind.OPERATOR or own == asked:
        assert within(somebody, asked) == asked
    else:
        with pytest.raises(NetworkNotFound):
            within(somebody, asked)


@given(kind=kinds, own=st.sampled_from([HOME, SHOP, None]), named=st.sampled_from([HOME, SHOP, None]))
def test_a_call_without_a_network_in_its_path_is_about_ones_own_or_the_one_named(
    kind: TokenKind, own: NetworkId | None, named: NetworkId | None
) -> None:
    somebody = principal(kind, own)
    wanted = named or own
    if wanted is None:
        with pytest.raises(InvalidValue) as refused:
            network_of(somebody, named)
        assert refused.value.details["field"] == "X-Network-Id"
    elif kind is TokenKind.OPERATOR or wanted == own:
        assert network_of(somebody, named) == wanted
    else:
        with pytest.raises(NetworkNotFound):
            network_of(somebody, named)


async def test_each_token_proves_who_its_bearer_is(hub: Household) -> None:
    made = await hub.new_network()
    home = made.network.id
    kitchen = await hub.register(home)
    authenticate = Authenticate(hub.mint, hub.transactions)

    assert await authenticate(hub.tokens.operator()) == OPERATOR
    assert await authenticate(made.network_token) == owner(home)
    assert await authenticate(made.registration_token) == newcomer(home)
    assert await authenticate(kitchen.token) == as_client(home)
    assert (await authenticate(kitchen.token)).client_id == KITCHEN
    assert owner(home).client_id is None


async def refuses(hub: Household, token: str | None) -> bool:
    try:
        await Authenticate(hub.mint, hub.transactions)(token)
    except Unauthorized:
        return True
    return False


@pytest.mark.parametrize("token", [None, "", "x", "a.b.c", "e30.e30.", "\x00", "\ud800", "x" * 10_000])
async def test_what_is_no_token_proves_nothing(hub: Household, token: str | None) -> None:
    assert await refuses(hub, token)


async def test_a_token_of_another_hub_or_an_altered_one_proves_nothing(hub: Household) -> None:
    made = await hub.new_network()
    foreign = JwtTokenMint(secret=b"f" * 48, clock=hub.clock, ids=hub.ids)
    claims = hub.mint.read(made.network_token)
    head, body, signature = made.network_token.split(".")
    said = json.loads(base64.urlsafe_b64decode(body + "=="))
    grander = (
        base64.urlsafe_b64encode(json.dumps({**said, "kind": "operator"}).encode()).rstrip(b"=").decode()
    )

    assert await refuses(hub, foreign.issue(claims))
    assert await refuses(hub, f"{head}.{grander}.{signature}")
    assert await refuses(hub, f"{head}.{body}.")
    assert not await refuses(hub, hub.mint.issue(claims))


async def test_a_token_is_good_until_it_expires(hub: Household) -> None:
    made = await hub.new_network()
    kitchen = await hub.register(made.network.id)

    hub.clock.pass_by(hours=23, minutes=59)
    assert not await refuses(hub, made.registration_token)
    hub.clock.pass_by(minutes=1)
    assert await refuses(hub, made.registration_token)
    hub.clock.pass_by(days=364)
    assert await refuses(hub, kitchen.token)
    assert await refuses(hub, made.network_token)
    assert not await refuses(hub, hub.tokens.operator())


async def test_the_old_token_of_a_client_dies_when_it_registers_again(hub: Household) -> None:
    home = await hub.open_network()
    old = await hub.register(home)
    other = await hub.register(home, HALL)
    new = await hub.register(home)

    assert await refuses(hub, old.token)
    assert not await refuses(hub, new.token)
    assert not await refuses(hub, other.token)


async def test_the_token_of_a_deregistered_client_stays_dead_when_its_id_is_taken_again(
    hub: Household,
) -> None:
    home = await hub.open_network()
    earlier = await hub.register(home)
    await DeregisterClient(hub.transactions, hub.clock)(owner(home), KITCHEN)
    assert await refuses(hub, earlier.token)

    hub.clock.pass_by(microseconds=1)
    later = await hub.register(home)
    assert await refuses(hub, earlier.token)
    assert not await refuses(hub, later.token)


async def test_each_kind_of_token_of_a_network_has_a_version_of_its_own(hub: Household) -> None:
    made = await hub.new_network()
    kitchen = await hub.register(made.network.id)
    async with hub.store.begin() as tx:
        await tx.networks.update(made.network.without_owner_token())

    assert await refuses(hub, made.network_token)
    assert not await refuses(hub, made.registration_token)
    assert not await refuses(hub, kitchen.token)

    async with hub.store.begin() as tx:
        await tx.networks.update(made.network.without_registration_token(5))
    assert not await refuses(hub, made.network_token)
    assert await refuses(hub, made.registration_token)
    assert not await refuses(hub, kitchen.token)


async def test_the_operators_token_is_good_in_its_version_only(hub: Household) -> None:
    old = hub.tokens.operator()
    desk = evolve(hub.tokens, operator_version=lambda: 2)
    authenticate = Authenticate(hub.mint, hub.transactions, lambda: 2)

    assert await authenticate(desk.operator()) == OPERATOR
    with pytest.raises(Unauthorized):
        await authenticate(old)


async def test_all_tokens_of_a_deleted_network_die_with_it(hub: Household) -> None:
    made = await hub.new_network()
    kitchen = await hub.register(made.network.id)
    await DeleteNetwork(hub.transactions, hub.blobs, hub.clock)(OPERATOR, made.network.id)

    for token in (made.network_token, made.registration_token, kitchen.token):
        assert await refuses(hub, token)


async def test_a_token_without_a_network_proves_an_operator_only(hub: Household) -> None:
    for kind in TokenKind:
        token = hub.mint.issue(Claims(kind=kind, subject="somebody"))
        assert await refuses(hub, token) == (kind is not TokenKind.OPERATOR)


async def test_a_client_token_is_worth_nothing_in_another_network_with_the_same_client(
    hub: Household,
) -> None:
    home, shop = await hub.open_network(), await hub.open_network("Shop")
    mine = await hub.register(home)
    await hub.register(shop)
    proven = await Authenticate(hub.mint, hub.transactions)(mine.token)

    with pytest.raises(NetworkNotFound):
        within(proven, shop)
    register = RegisterClient(hub.transactions, hub.tokens, hub.clock)
    with pytest.raises(NetworkNotFound):
        await register(proven, shop, ClientDetails(client_id=KITCHEN, device_type="phone"))


@given(length=st.timedeltas(timedelta(seconds=1), timedelta(days=3650)))
async def test_whatever_its_lifetime_a_token_dies_at_its_end(length: timedelta) -> None:
    hub = Household()
    made = await hub.new_network()
    claims = evolve(hub.mint.read(made.network_token), expires_at=hub.clock.now() + length)
    token = hub.mint.issue(claims)

    assert not await refuses(hub, token)
    hub.clock.pass_by(seconds=length.total_seconds())
    assert await refuses(hub, token)


def test_a_client_has_a_client_id_and_nobody_else_has() -> None:
    for kind in TokenKind:
        expected = ClientId("somebody") if kind is TokenKind.CLIENT else None
        assert principal(kind).client_id == expected
