"""Devices, as the companion API sees clients."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from application.devices.devices import DeviceState, GetDeviceState, RegisterDevice
from application.networks.clients import ClientDetails, RegisterClient, RegisteredClient
from domain.errors import DeviceNotFound, NetworkNotFound
from domain.ids import ClientId, NetworkId
from domain.interactions import ProcessingStatus
from tests import samples
from tests.application.household import HALL, KITCHEN, OPERATOR, Household, as_client, owner, typed
from tests.samples import NOON, SHOP, minutes

ZONES = ("UTC", "Asia/Kolkata", "America/St_Johns", "Pacific/Kiritimati", "Europe/Berlin")


async def state(hub: Household, network_id: NetworkId, device_id: ClientId = KITCHEN) -> DeviceState:
    return await GetDeviceState(hub.transactions, hub.clock)(owner(network_id), network_id, device_id)


async def keep_turns(
    hub: Household, network_id: NetworkId, *moments: datetime, took: float | None = None
) -> None:
    """Keep turns of the kitchen that began at some moments and took so many milliseconds."""
    async with hub.store.begin() as tx:
        conversation = samples.conversation(hub.ids.conversation(), network_id)
        await tx.conversations.add(conversation)
        for moment in moments:
            turn = samples.interaction(
                hub.ids.interaction(),
                network_id,
                at=moment,
                conversation_id=conversation.id,
                status=ProcessingStatus.COMPLETED,
                timings={} if took is None else {"total": took},
            )
            await tx.interactions.add(turn)


async def test_a_device_gets_an_id_that_the_hub_chooses(hub: Household) -> None:
    home = await hub.open_network()
    register = RegisterDevice(RegisterClient(hub.transactions, hub.tokens, hub.clock), hub.ids)
    details = ClientDetails(client_id=ClientId(""), device_type="tablet", name="Tablet")
    made: list[RegisteredClient] = [await register(owner(home), home, details) for _ in range(2)]

    assert len({one.client.id for one in made}) == 2
    assert all(one.client.id.startswith("dev_") for one in made)
    assert await hub.client(home, made[0].client.id) == made[0].client


async def test_a_device_that_has_done_nothing_has_no_figures(hub: Household) -> None:
    home = await hub.home()
    hub.clock.pass_by(hours=1)
    found = await state(hub, home)
    assert found.client == await hub.client(home)
    assert (found.session, found.busy, found.uptime) == (None, False, timedelta(0))
    assert (found.interactions_today, found.average_latency_ms) == (0, 0.0)
    assert found.last_activity == NOON


async def test_it_is_up_since_it_connected(hub: Household) -> None:
    home = await hub.home()
    await hub.connect(home)
    hub.clock.pass_by(hours=2)
    assert (await state(hub, home)).uptime == timedelta(hours=2)
    hub.clock.pass_by(hours=-3)
    assert (await state(hub, home)).uptime == timedelta(0)


async def test_its_session_is_the_live_one(hub: Household) -> None:
    home = await hub.home()
    turn = (await hub.say(home, "hello")).interaction
    session = (await state(hub, home)).session
    assert session is not None
    assert session.id == turn.session_id
    hub.clock.pass_by(minutes=31)
    assert (await state(hub, home)).session is None


async def test_its_figures_are_of_its_own_turns_of_today(hub: Household) -> None:
    home, shop = await hub.home(), await hub.home()
    await keep_turns(hub, home, NOON - timedelta(days=1), took=900)
    await keep_turns(hub, home, minutes(1), minutes(2), took=100)
    await keep_turns(hub, home, minutes(3), took=400)
    await keep_turns(hub, home, minutes(4))
    await keep_turns(hub, shop, minutes(5), took=5000)
    found = await state(hub, home)
    assert (found.interactions_today, found.average_latency_ms) == (4, 200.0)
    assert found.last_activity == minutes(4)


async def test_yesterdays_turns_still_say_when_it_was_last_active(hub: Household) -> None:
    home = await hub.home()
    await keep_turns(hub, home, minutes(5))
    hub.clock.pass_by(days=3)
    found = await state(hub, home)
    assert (found.interactions_today, found.last_activity) == (0, minutes(5))


async def test_it_is_busy_while_a_turn_is_under_way_even_over_midnight(hub: Household) -> None:
    home = await hub.home()
    hub.clock.shown = datetime(2026, 3, 1, 23, 59, 59, tzinfo=UTC)
    events = hub.converse()(typed(home, "hello"))
    await anext(events)
    assert (await state(hub, home)).busy
    hub.clock.pass_by(seconds=2)
    assert (await state(hub, home)).busy
    await events.aclose()
    assert not (await state(hub, home)).busy


@given(
    zone=st.sampled_from(ZONES),
    now=st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    ago=st.lists(st.timedeltas(timedelta(0), timedelta(days=2)), max_size=6),
)
async def test_today_is_meant_in_the_networks_time_zone(
    zone: str, now: datetime, ago: list[timedelta]
) -> None:
    hub = Household()
    hub.clock.shown = now
    home = await hub.open_network(timezone=zone)
    await hub.register(home)
    moments = [now - length for length in ago]
    await keep_turns(hub, home, *moments)
    place = ZoneInfo(zone)
    today = [one for one in moments if one.astimezone(place).date() == now.astimezone(place).date()]
    assert (await state(hub, home)).interactions_today == len(today)


async def test_a_device_is_shown_to_itself_and_to_its_owner_only(hub: Household) -> None:
    home, shop = await hub.home(), await hub.home()
    await hub.register(home, HALL)
    get = GetDeviceState(hub.transactions, hub.clock)
    for who in (owner(home), OPERATOR, as_client(home)):
        assert (await get(who, home, KITCHEN)).client.id == KITCHEN
    with pytest.raises(DeviceNotFound):
        await get(as_client(home), home, HALL)
    with pytest.raises(DeviceNotFound):
        await get(owner(shop), shop, HALL)
    with pytest.raises(NetworkNotFound):
        await get(owner(shop), home, KITCHEN)
    with pytest.raises(NetworkNotFound):
        await get(OPERATOR, SHOP, KITCHEN)
