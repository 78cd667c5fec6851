"""Opening, changing and closing networks."""

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from application.networks.networks import (
    CreateNetwork,
    DeleteNetwork,
    GetNetwork,
    NetworkChanges,
    UpdateNetwork,
)
from application.ports.blobs import Blob
from domain.clients import LeaveReason
from domain.errors import Forbidden, InvalidValue, MiraError, NetworkNotFound, Overloaded, Unauthorized
from domain.events import NetworkCreated, NetworkDeleted, NetworkUpdated
from domain.ids import BlobId, NetworkId
from domain.networks import Network, NetworkSettings
from tests.application.household import (
    HALL,
    KITCHEN,
    OPERATOR,
    Household,
    as_client,
    newcomer,
    owner,
    waiting_in,
)
from tests.fakes.storage import KeptBlobs
from tests.samples import NOON, SHOP
from tests.strategies import labels, network_settings

SOUND = Blob(content=b"RIFF", media_type="audio/wav")


def create(hub: Household, *, open_registration: bool) -> CreateNetwork:
    return CreateNetwork(hub.transactions, hub.tokens, hub.ids, hub.clock, open_registration)


def delete(hub: Household) -> DeleteNetwork:
    return DeleteNetwork(hub.transactions, hub.blobs, hub.clock)


async def kept(hub: Household, network_id: NetworkId) -> Network:
    return (await GetNetwork(hub.transactions)(OPERATOR, network_id)).network


async def test_where_registration_is_open_anyone_opens_a_network(hub: Household) -> None:
    settings = NetworkSettings(max_clients=3, timezone="Asia/Kolkata")
    made = await create(hub, open_registration=True)(None, "  Home ", "Ours.", settings)

    assert made.network == await kept(hub, made.network.id)
    assert (made.network.name, made.network.description, made.network.settings) == ("Home", "Ours.", settings)
    assert made.network.created_at == made.network.updated_at == NOON
    assert await hub.events(made.network.id) == [NetworkCreated(name="Home", at=NOON)]


async def test_where_it_is_closed_a_token_is_needed(hub: Household) -> None:
    closed = create(hub, open_registration=False)
    with pytest.raises(Unauthorized):
        await closed(None, "Home", "", NetworkSettings())
    assert (await closed(OPERATOR, "Home", "", NetworkSettings())).network.name == "Home"


@pytest.mark.parametrize("open_registration", [True, False])
async def test_a_token_of_the_wrong_kind_opens_no_network(hub: Household, open_registration: bool) -> None:
    for somebody in (owner(SHOP), newcomer(SHOP), as_client(SHOP)):
        with pytest.raises(Forbidden):
            await create(hub, open_registration=open_registration)(somebody, "Home", "", NetworkSettings())


@pytest.mark.parametrize(("name", "description"), [("", ""), (" \t", ""), ("x" * 101, ""), ("x", "x" * 1001)])
async def test_a_network_that_cannot_be_is_refused_and_leaves_nothing(
    hub: Household, name: str, description: str
) -> None:
    with pytest.raises(InvalidValue):
        await create(hub, open_registration=True)(None, name, description, NetworkSettings())
    async with hub.store.snapshot() as tx:
        assert await tx.networks.count() == 0
        assert await tx.outbox.unpublished(10) == ()


@given(
    before=network_settings,
    after=st.fixed_dictionaries(
        {},
        optional={
            "audio_quality_threshold": st.floats(0, 1),
            "max_clients": st.integers(1, 10_000),
            "language": st.sampled_from(["en", "pt-BR"]),
            "timezone": st.sampled_from(["UTC", "Europe/Berlin"]),
        },
    ),
    name=st.none() | labels,
    description=st.none() | st.sampled_from(["", "Ours."]),
)
async def test_a_change_changes_what_it_names_and_nothing_else(
    before: NetworkSettings, after: Mapping[str, Any], name: str | None, description: str | None
) -> None:
    hub = Household()
    made = await create(hub, open_registration=True)(None, "Home", "First.", before)
    later = hub.clock.pass_by(minutes=1)
    changes = NetworkChanges(name=name, description=description, settings=after)
    changed = (
        await UpdateNetwork(hub.transactions, hub.clock)(owner(made.network.id), made.network.id, changes)
    ).network

    assert changed == await kept(hub, made.network.id)
    assert changed.name == ("Home" if name is None else name.strip())
    assert changed.description == ("First." if description is None else description)
    for setting in ("audio_quality_threshold", "max_clients", "language", "timezone"):
        assert getattr(changed.settings, setting) == after.get(setting, getattr(before, setting))
    assert (changed.created_at, changed.updated_at) == (NOON, later)
    assert (await hub.events(changed.id))[-1] == NetworkUpdated(name=changed.name, at=later)


@pytest.mark.parametrize(
    "settings",
    [
        {"colour": "blue"},
        {"timezone": "Mars/Olympus"},
        {"audio_quality_threshold": 1.5},
        {"audio_quality_threshold": float("nan")},
        {"max_clients": 0},
        {"language": ""},
    ],
)
async def test_a_setting_that_cannot_be_is_refused_by_name(hub: Household, settings: dict[str, Any]) -> None:
    home = await hub.open_network()
    with pytest.raises(InvalidValue) as refused:
        await UpdateNetwork(hub.transactions, hub.clock)(owner(home), home, NetworkChanges(settings=settings))
    assert next(iter(settings)) in refused.value.message
    assert (await kept(hub, home)).settings == NetworkSettings()


async def test_a_network_counts_its_own_clients_only(hub: Household) -> None:
    home, shop = await hub.open_network(), await hub.open_network("Shop")
    await hub.register(home)
    await hub.register(home, HALL)
    await hub.register(shop)

    assert (await GetNetwork(hub.transactions)(owner(home), home)).client_count == 2
    changed = await UpdateNetwork(hub.transactions, hub.clock)(owner(shop), shop, NetworkChanges())
    assert changed.client_count == 1


async def test_someone_elses_network_is_answered_like_a_missing_one(hub: Household) -> None:
    home, shop = await hub.open_network(), await hub.open_network("Shop")
    for principal, asked in ((owner(shop), home), (OPERATOR, SHOP)):
        with pytest.raises(NetworkNotFound):
            await GetNetwork(hub.transactions)(principal, asked)
        with pytest.raises(NetworkNotFound):
            await UpdateNetwork(hub.transactions, hub.clock)(principal, asked, NetworkChanges(name="Mine"))
        with pytest.raises(NetworkNotFound):
            await delete(hub)(principal, asked)
    assert (await kept(hub, home)).name == "Home"


async def test_deleting_sends_the_clients_away_and_drops_the_sounds(hub: Household) -> None:
    home, shop = await hub.home(), await hub.home()
    for network_id in (home, shop):
        await hub.blobs.put(network_id, BlobId("blob_1"), SOUND, NOON)
    with hub.audience.join(home, KITCHEN) as mine, hub.audience.join(shop, KITCHEN) as other:
        await hub.connect(home, KITCHEN, mine)
        await hub.connect(shop, KITCHEN, other)
        await delete(hub)(owner(home), home)
        await hub.deliver()

        assert mine.closed
        assert mine.leave_reason is LeaveReason.NETWORK_DELETED
        assert other.leave_reason is None
        assert hub.audience.present(shop) == {KITCHEN}
        assert await waiting_in(other) == []
    assert set(hub.blobs.kept) == {(shop, BlobId("blob_1"))}
    assert await hub.events(home) == [NetworkDeleted(at=NOON)]
    with pytest.raises(NetworkNotFound):
        await kept(hub, home)
    assert (await kept(hub, shop)).name == "Home"


async def test_a_network_is_gone_even_if_its_sounds_cannot_be_dropped_now(hub: Household) -> None:
    class StuckBlobs(KeptBlobs):
        async def remove_network(self, network_id: NetworkId) -> None:
            raise Overloaded("The disk does not answer.")

    home = await hub.home()
    hub.blobs = StuckBlobs()
    await delete(hub)(owner(home), home)
    with pytest.raises(NetworkNotFound):
        await kept(hub, home)


async def test_what_cannot_be_announced_is_not_done(hub: Household) -> None:
    home = await hub.home()
    hub.transactions.break_at = lambda event: True
    with hub.audience.join(home, KITCHEN) as inbox:
        with pytest.raises(MiraError):
            await delete(hub)(owner(home), home)
        with pytest.raises(MiraError):
            await UpdateNetwork(hub.transactions, hub.clock)(owner(home), home, NetworkChanges(name="Mine"))
        assert inbox.leave_reason is None
    assert (await kept(hub, home)).name == "Home"
    assert (await hub.client(home)).id == KITCHEN
