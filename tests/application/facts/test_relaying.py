"""Taking facts from the outbox to whoever listens."""

import asyncio
from collections.abc import AsyncIterator, Sequence

import pytest
from attrs import define, field
from hypothesis import given
from hypothesis import strategies as st

from application.facts import relaying
from application.facts.relaying import RelayFacts
from application.facts.wakeup import Wakeup
from application.ports.announcing import Publisher
from domain.errors import Overloaded
from domain.events import Fact, NetworkUpdated
from domain.ids import NetworkId
from tests.application.household import Household
from tests.application.turns.turning import until
from tests.samples import NOON


@define
class Pigeons:
    """A publisher that remembers what it carried, and drops dead when it has carried so many."""

    carried: list[Fact] = field(factory=list)
    strength: int | None = None
    ready: bool = True

    async def publish(self, facts: Sequence[Fact]) -> AsyncIterator[Fact]:
        for fact in facts:
            await asyncio.sleep(0)
            if self.strength is not None:
                if self.strength == 0:
                    raise Overloaded("The pigeon is dead.")
                self.strength -= 1
            self.carried.append(fact)
            yield fact


def relay(hub: Household, publisher: Publisher, wakeup: Wakeup | None = None) -> RelayFacts:
    return RelayFacts(hub.transactions, publisher, hub.clock, wakeup or Wakeup())


async def append(hub: Household, network_id: NetworkId, number: int) -> None:
    async with hub.store.begin() as tx:
        await tx.outbox.append(network_id, NetworkUpdated(name=f"number {number}", at=NOON))


def told(pigeons: Pigeons, network_id: NetworkId) -> list[str]:
    """The names that were told of a network, in order."""
    return [
        fact.event.name
        for fact in pigeons.carried
        if fact.network_id == network_id and isinstance(fact.event, NetworkUpdated)
    ]


async def test_every_fact_leaves_once_in_its_networks_order(hub: Household) -> None:
    home, shop = await hub.open_network(), await hub.open_network("Shop")
    for number in range(6):
        await append(hub, home if number % 2 else shop, number)
    pigeons = Pigeons()
    use_case = relay(hub, pigeons)
    assert await use_case() == 8
    assert await use_case() == 0
    assert told(pigeons, home) == ["number 1", "number 3", "number 5"]
    assert told(pigeons, shop) == ["number 0", "number 2", "number 4"]
    assert await hub.facts(home) == []


async def test_while_the_other_side_is_away_nothing_is_claimed_and_everything_waits(hub: Household) -> None:
    home = await hub.open_network()
    pigeons = Pigeons(ready=False)
    use_case = relay(hub, pigeons)
    assert await use_case() == 0
    assert len(await hub.facts(home)) == 1
    pigeons.ready = True
    assert await use_case() == 1


async def test_what_could_not_be_told_is_told_later_and_what_was_is_not_told_again(hub: Household) -> None:
    home = await hub.open_network()
    for number in range(5):
        await append(hub, home, number)
    pigeons = Pigeons(strength=3)
    use_case = relay(hub, pigeons)
    with pytest.raises(Overloaded):
        await use_case()
    assert told(pigeons, home) == ["number 0", "number 1"]
    pigeons.strength = None
    await use_case()
    assert told(pigeons, home) == [f"number {number}" for number in range(5)]


async def test_a_hub_that_dies_between_telling_and_noting_tells_again(hub: Household) -> None:
    home = await hub.open_network()
    await append(hub, home, 1)
    pigeons = Pigeons()

    class DyingPigeons(Pigeons):
        async def publish(self, facts: Sequence[Fact]) -> AsyncIterator[Fact]:
            async for fact in super().publish(facts):
                yield fact
            hub.transactions.closed = True

    with pytest.raises(Overloaded):
        await relay(hub, DyingPigeons(pigeons.carried))()
    hub.transactions.closed = False
    await relay(hub, pigeons)()
    assert told(pigeons, home) == ["number 1", "number 1"]
    assert len(pigeons.carried) == 4
    assert len({fact.id for fact in pigeons.carried}) == 2


@given(
    steps=st.lists(st.sampled_from(["home", "shop", "relay", "die"]), max_size=20),
    at_once=st.integers(1, 3),
)
async def test_whenever_it_dies_nothing_is_lost_and_nothing_overtakes(steps: list[str], at_once: int) -> None:
    hub = Household()
    networks = {"home": await hub.open_network(), "shop": await hub.open_network("Shop")}
    pigeons = Pigeons()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(relaying, "AT_ONCE", at_once)
        for number, step in enumerate(steps):
            match step:
                case "relay":
                    await relay(hub, pigeons)()
                case "die":
                    pigeons.strength = 1
                    await asyncio.gather(relay(hub, pigeons)(), return_exceptions=True)
                    pigeons.strength = None
                case _:
                    await append(hub, networks[step], number)
        while await relay(hub, pigeons)():
            pass
    for name, network_id in networks.items():
        expected = [f"number {number}" for number, step in enumerate(steps) if step == name]
        assert told(pigeons, network_id) == expected


async def test_two_calls_at_once_tell_everything_once(hub: Household) -> None:
    home = await hub.open_network()
    for number in range(5):
        await append(hub, home, number)
    pigeons = Pigeons()
    use_case = relay(hub, pigeons)
    await asyncio.gather(use_case(), use_case(), use_case())
    assert told(pigeons, home) == [f"number {number}" for number in range(5)]


async def test_a_running_relay_tells_what_is_committed_while_it_sleeps(
    hub: Household, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(relaying, "AT_ONCE", 2)
    home = await hub.open_network()
    wakeup, pigeons = Wakeup(), Pigeons()
    running = asyncio.create_task(relay(hub, pigeons, wakeup).run())
    for number in range(7):
        await append(hub, home, number)
    wakeup.nudge()

    async def all_told() -> bool:
        return len(told(pigeons, home)) == 7

    await until(all_told)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    assert told(pigeons, home) == [f"number {number}" for number in range(7)]
