"""Which deeds count against which quotas, and for whom."""

from collections.abc import Mapping

import pytest
from attrs import evolve

from adapters.memory.limits import MemoryLimits
from application.networks.access import Authenticate, Principal
from application.networks.limiting import AdmitTurn, GetLimits, Limit, SetLimits, Throttle
from domain.errors import InvalidValue, NetworkNotFound, RateLimitExceeded
from domain.ids import ClientId, NetworkId
from domain.quotas import Quotas
from tests.application.household import HALL, KITCHEN, OPERATOR, Household, as_client, owner
from tests.application.turns.turning import heard, spoken
from tests.samples import HOME, SHOP


def throttle(**overrides: int) -> Throttle:
    return Throttle(MemoryLimits(lambda: 1000.0), Quotas().with_overrides(overrides))


async def refused(gate: Throttle, who: Principal, sort: Limit) -> str | None:
    """The limit that refuses a deed, if one does."""
    try:
        await gate.deed(who, sort)
    except RateLimitExceeded as error:
        return str(error.details["limited"])
    return None


async def test_all_tokens_of_a_network_draw_on_one_quota_and_on_none_of_another() -> None:
    gate = throttle(api_requests_per_hour=3)
    for who in (owner(HOME), as_client(HOME), as_client(HOME, HALL)):
        assert await refused(gate, who, Limit.REQUEST) is None
    assert await refused(gate, owner(HOME), Limit.REQUEST) == "api_requests_per_hour"
    assert await refused(gate, owner(SHOP), Limit.REQUEST) is None
    assert await refused(gate, as_client(SHOP), Limit.REQUEST) is None


async def test_each_client_has_quotas_of_its_own() -> None:
    gate = throttle(client_status_updates_per_minute=1, client_websocket_messages_per_minute=2)
    assert await refused(gate, as_client(HOME), Limit.STATUS) is None
    assert await refused(gate, as_client(HOME), Limit.STATUS) == "client_status_updates_per_minute"
    assert await refused(gate, as_client(HOME), Limit.STATUS_MESSAGE) == "client_status_updates_per_minute"
    for who in (as_client(HOME, HALL), as_client(SHOP)):
        assert await refused(gate, who, Limit.STATUS_MESSAGE) is None
        assert await refused(gate, who, Limit.MESSAGE) is None
        assert await refused(gate, who, Limit.MESSAGE) == "client_websocket_messages_per_minute"


async def test_an_upload_counts_for_the_client_and_for_the_network() -> None:
    gate = throttle(audio_uploads_per_minute=3, client_audio_uploads_per_minute=2)
    assert [await refused(gate, as_client(HOME), Limit.UPLOAD) for _ in range(3)] == [
        None,
        None,
        "client_audio_uploads_per_minute",
    ]
    assert [await refused(gate, as_client(HOME, HALL), Limit.UPLOAD) for _ in range(2)] == [
        None,
        "audio_uploads_per_minute",
    ]


@pytest.mark.parametrize("sort", Limit)
async def test_whoever_runs_the_hub_is_not_limited(sort: Limit) -> None:
    gate = throttle(**dict.fromkeys(["api_requests_per_hour", "audio_uploads_per_minute"], 1))
    for _ in range(3):
        assert await gate.deed(OPERATOR, sort) is None


async def test_strangers_are_counted_by_address() -> None:
    gate = evolve(throttle(), openings=2)
    for _ in range(2):
        await gate.opening("192.0.2.1")
    with pytest.raises(RateLimitExceeded) as limited:
        await gate.opening("192.0.2.1")
    assert limited.value.details["limited"] == "networks_per_minute"
    await gate.opening("192.0.2.2")


async def test_a_refusal_says_when_to_come_again() -> None:
    gate = throttle(client_websocket_messages_per_minute=1)
    await gate.deed(as_client(HOME), Limit.MESSAGE)
    with pytest.raises(RateLimitExceeded) as limited:
        await gate.deed(as_client(HOME), Limit.MESSAGE)
    assert limited.value.details == {
        "limited": "client_websocket_messages_per_minute",
        "limit": 1,
        "remaining": 0,
        "retry_after": 60.0,
        "resets_in": 60.0,
    }


async def test_an_override_counts_from_the_next_call_on(hub: Household) -> None:
    made = await hub.new_network()
    gate = throttle(api_requests_per_hour=1)
    authenticate = Authenticate(hub.mint, hub.transactions)
    assert await refused(gate, await authenticate(made.network_token), Limit.REQUEST) is None
    assert await refused(gate, await authenticate(made.network_token), Limit.REQUEST) is not None

    await SetLimits(hub.transactions, gate)(OPERATOR, made.network.id, {"api_requests_per_hour": 2})
    assert await refused(gate, await authenticate(made.network_token), Limit.REQUEST) is None
    assert await refused(gate, await authenticate(made.network_token), Limit.REQUEST) is not None


async def test_the_limits_of_a_network_are_the_hubs_but_for_those_that_were_set(hub: Household) -> None:
    home, shop = await hub.open_network(), await hub.open_network()
    gate = throttle(websocket_connections=7)
    read, write = GetLimits(hub.transactions, gate), SetLimits(hub.transactions, gate)

    await write(OPERATOR, home, {"interactions_per_minute": 5})
    overrides: Mapping[str, int] = {"websocket_connections": 9}
    assert await write(OPERATOR, home, overrides) == await read(OPERATOR, home)
    found = await read(OPERATOR, home)
    assert (found.overrides, found.quotas) == (overrides, Quotas(websocket_connections=9))
    assert (await read(OPERATOR, shop)).quotas == Quotas(websocket_connections=7)
    for wrong in ({"colour": 1}, {"websocket_connections": 0}):
        with pytest.raises(InvalidValue):
            await write(OPERATOR, home, wrong)
    assert (await read(OPERATOR, home)).overrides == overrides
    with pytest.raises(NetworkNotFound):
        await write(OPERATOR, NetworkId("net_nobody"), {})


async def test_a_turn_too_many_is_refused_and_leaves_nothing(hub: Household) -> None:
    home, shop = await hub.home(), await hub.home()
    gate = throttle(interactions_per_minute=2)
    hub.admit = AdmitTurn(gate, hub.transactions)
    for text in ("one", "two"):
        await hub.say(home, text)
    with pytest.raises(RateLimitExceeded) as limited:
        await hub.say(home, "three")
    assert limited.value.details["limited"] == "interactions_per_minute"
    assert [turn.text for turn in await hub.interactions(home)] == ["one", "two"]
    await hub.say(shop, "one")


async def test_a_spoken_turn_counts_too_and_one_too_many_is_not_even_made_out(hub: Household) -> None:
    home = await hub.home()
    hub.admit = AdmitTurn(throttle(interactions_per_minute=2), hub.transactions)
    await hub.say(home, "one")
    await hub.hold(spoken(hub, home, heard("two")))

    def nobody_listens() -> None:
        pytest.fail("it was made out")

    with pytest.raises(RateLimitExceeded):
        await hub.hold(spoken(hub, home, nobody_listens))
    assert [turn.text for turn in await hub.interactions(home)] == ["one", "two"]


async def test_a_network_has_so_many_sockets_and_no_more(hub: Household) -> None:
    gate = throttle(websocket_connections=1)
    async with gate.seat(as_client(HOME), KITCHEN):
        with pytest.raises(RateLimitExceeded) as limited:
            async with gate.seat(as_client(HOME, HALL), HALL):
                pytest.fail("there was no seat")
        assert limited.value.details["limited"] == "websocket_connections"
        async with gate.seat(as_client(SHOP), KITCHEN):
            pass
        more = evolve(as_client(HOME, HALL), overrides={"websocket_connections": 2})
        async with gate.seat(more, HALL):
            pass
    async with gate.seat(as_client(HOME, HALL), ClientId("hall")):
        pass
