"""Two instances that both take themselves for the one that arbitrates: still one of them decides."""

import asyncio
from collections.abc import AsyncIterator, Collection
from contextlib import AsyncExitStack
from pathlib import Path

import numpy as np
import pytest
from attrs import evolve, field, frozen
from nats.js.errors import KeyWrongLastSequenceError

from adapters.nats.bench import NatsBench
from adapters.nats.decisions import NatsDecisions
from adapters.nats.leases import NatsLeases
from domain.audio import testimony
from domain.audio.testimony import Place, Stage
from domain.ids import InstanceId
from tests.contracts.test_arbitrating import on_nats, spoken
from tests.patience import PATIENCE
from tests.samples import HOME
from tests.servers import nats_server

__all__ = ["spoken"]
pytestmark = pytest.mark.slow


@frozen
class Sure:
    """Leases of one who takes everything for its own, as one that stood still does for a moment."""

    holder: InstanceId
    keys: Collection[str] = field(factory=frozenset)

    def holds(self, key: str) -> bool:
        return True

    async def owner(self, key: str) -> InstanceId:
        return self.holder

    async def renew(self, keys: Collection[str]) -> None:
        """They are never lost."""

    async def release(self, keys: Collection[str]) -> None:
        """They are never given back."""


@pytest.fixture
async def benches(tmp_path: Path) -> AsyncIterator[list[NatsBench]]:
    """Two benches on one server, each of which takes itself for the only one."""
    async with AsyncExitStack() as stack:
        url, made = stack.enter_context(nats_server(tmp_path / "nats")), []
        for name in ("inst_one", "inst_two"):
            bench = await stack.enter_async_context(on_nats(url, name))
            assert isinstance(bench, NatsBench)
            bench.leases = Sure(InstanceId(name))  # type: ignore[assignment]
            made.append(bench)
        yield made


async def used(bench: NatsBench, told: testimony.Testimony) -> testimony.Ruling:
    """The ruling on what is over, once there is one."""
    async with asyncio.timeout(PATIENCE):
        while True:
            ruling = await bench.ask(HOME, told)
            if ruling is not None and ruling.place in {Place.USED, Place.PASSED_OVER}:
                return ruling
            await asyncio.sleep(0.02)


async def test_of_two_that_both_decide_only_one_does(benches: list[NatsBench], spoken) -> None:
    told = [
        evolve(one, stage=Stage.ENDED, speech_ended_at=one.heard_until) for one in (spoken.near, spoken.noisy)
    ]
    rulings = await asyncio.gather(*map(used, benches, told))
    assert sorted(ruling.place.value for ruling in rulings) == ["passed_over", "used"]


async def test_what_was_decided_is_read_as_it_was_written(benches: list[NatsBench], spoken) -> None:
    first, second = (bench.decisions for bench in benches)
    written = await first.write(HOME, [spoken.near], 0)
    read = await second.read(HOME)
    (kept,) = read.used
    assert read.revision == written.revision
    assert (kept.id, kept.client_id, kept.started_at) == (
        spoken.near.id,
        spoken.near.client_id,
        spoken.near.started_at,
    )
    np.testing.assert_allclose(kept.rows, spoken.near.rows, atol=0.07)
    await _refuses_whoever_has_not_read_it(second, spoken.noisy)
    assert len((await first.write(HOME, [spoken.near, spoken.noisy], read.revision)).used) == 2


async def _refuses_whoever_has_not_read_it(decisions: NatsDecisions, told: testimony.Testimony) -> None:
    with pytest.raises(KeyWrongLastSequenceError):
        await decisions.write(HOME, [told], 0)
    with pytest.raises(KeyWrongLastSequenceError):
        await decisions.write(HOME, [told], 77)


async def test_a_lease_is_owned_by_one_until_it_is_given_back(benches: list[NatsBench]) -> None:
    one, two = (NatsLeases(bench.connection, bench.instance_id) for bench in benches)
    assert await one.owner(HOME) == await two.owner(HOME) == "inst_one"
    await one.release([HOME])
    assert await two.owner(HOME) == await one.owner(HOME) == "inst_two"
