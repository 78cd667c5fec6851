"""Dropping what nobody can ask for any more."""

import asyncio
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from application.operating.tidying import FACTS_KEPT_FOR, TidyUp
from application.ports.blobs import Blob
from domain.events import Fact, NetworkUpdated
from domain.ids import BlobId, NetworkId
from tests.application.household import Household
from tests.application.turns.turning import until
from tests.samples import NOON, minutes

SOUND = Blob(content=b"RIFF", media_type="audio/wav")


def tidy(hub: Household) -> TidyUp:
    return TidyUp(hub.transactions, hub.blobs, hub.clock)


async def append(hub: Household, network_id: NetworkId) -> Fact:
    async with hub.store.begin() as tx:
        return await tx.outbox.append(network_id, NetworkUpdated(name="Home", at=hub.clock.now()))


@given(ages=st.lists(st.integers(0, 48), min_size=1, max_size=8), told=st.booleans())
async def test_clients_can_catch_up_on_a_day_and_what_nobody_was_told_of_is_never_dropped(
    ages: list[int], told: bool
) -> None:
    hub = Household()
    hub.clock.shown = NOON - timedelta(days=2)
    home = await hub.open_network()
    facts = []
    for age in sorted(ages, reverse=True):
        hub.clock.shown = NOON - timedelta(hours=age)
        facts.append(await append(hub, home))
    hub.clock.shown = NOON
    if told:
        await hub.relay()
    await tidy(hub)()

    async with hub.store.snapshot() as tx:
        for place, fact in enumerate(facts):
            later = await tx.outbox.since(home, fact.id, 100)
            if told and fact.event.at < NOON - FACTS_KEPT_FOR:
                assert later is None
            else:
                assert later == tuple(facts[place + 1 :])


async def test_sounds_are_dropped_once_they_have_expired(hub: Household) -> None:
    home = await hub.open_network()
    for number in (1, 2, 3):
        await hub.blobs.put(home, BlobId(f"blob_{number}"), SOUND, minutes(number))
    hub.clock.shown = minutes(2)
    assert await tidy(hub)() == 2
    assert set(hub.blobs.kept) == {(home, "blob_3")}
    assert await tidy(hub)() == 0


async def test_a_hub_tidies_up_as_soon_as_it_runs(hub: Household) -> None:
    home = await hub.open_network()
    await hub.blobs.put(home, BlobId("blob_1"), SOUND, NOON)
    running = asyncio.create_task(tidy(hub).run())

    async def is_gone() -> bool:
        return not hub.blobs.kept

    await until(is_gone)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
