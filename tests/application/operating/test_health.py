"""Whether the hub is well."""

import asyncio
from datetime import timedelta

import pytest
from attrs import frozen
from hypothesis import given
from hypothesis import strategies as st

from adapters.soundfiles.codec import SndfileCodec
from application.operating.health import (
    CheckHealth,
    Health,
    Probe,
    ProbeCrews,
    ProbeDatabase,
    ProbeSounds,
    Wellness,
)
from domain.errors import AudioProcessingFailed, Overloaded
from tests.application.household import HALL, KITCHEN, Household
from tests.patience import PATIENCE
from tests.samples import NOON

wellness = st.sampled_from(Wellness)


def answering(how: Wellness) -> Probe:
    async def probe() -> Wellness:
        return how

    return probe


def failing(error: Exception) -> Probe:
    async def probe() -> Wellness:
        raise error

    return probe


async def hanging() -> Wellness:
    """A service that never answers."""
    await asyncio.Event().wait()
    return Wellness.HEALTHY


async def check(hub: Household, **probes: Probe) -> Health:
    patience = timedelta(milliseconds=20)
    return await CheckHealth(probes, hub.transactions, hub.clock, patience)()


async def test_a_hub_that_is_well_says_so_and_how_much_it_has_to_do(hub: Household) -> None:
    home, shop = await hub.home(), await hub.home()
    await hub.register(home, HALL)
    await hub.connect(home, KITCHEN)
    await hub.connect(shop, KITCHEN)
    found = await check(hub, database=ProbeDatabase(hub.transactions), speech=answering(Wellness.HEALTHY))

    assert found.overall is Wellness.HEALTHY
    assert found.services == {"database": Wellness.HEALTHY, "speech": Wellness.HEALTHY}
    assert (found.active_networks, found.active_clients, found.at) == (2, 2, NOON)


@given(database=wellness, others=st.lists(wellness, max_size=4))
async def test_it_is_ill_without_its_store_and_degraded_without_anything_else(
    database: Wellness, others: list[Wellness]
) -> None:
    probes = {f"service_{number}": answering(how) for number, how in enumerate(others)}
    found = await check(Household(), database=answering(database), **probes)
    if database is Wellness.UNHEALTHY:
        assert found.overall is Wellness.UNHEALTHY
    elif {database, *others} == {Wellness.HEALTHY}:
        assert found.overall is Wellness.HEALTHY
    else:
        assert found.overall is Wellness.DEGRADED


@pytest.mark.parametrize(
    "error", [Overloaded("Busy."), TimeoutError(), ConnectionRefusedError(), ZeroDivisionError()]
)
async def test_a_service_that_fails_is_ill_and_takes_nobody_with_it(hub: Household, error: Exception) -> None:
    found = await check(hub, database=ProbeDatabase(hub.transactions), speech=failing(error))
    assert found.services == {"database": Wellness.HEALTHY, "speech": Wellness.UNHEALTHY}
    assert found.overall is Wellness.DEGRADED


async def test_a_service_that_does_not_answer_is_ill(hub: Household) -> None:
    found = await check(hub, database=ProbeDatabase(hub.transactions), speech=hanging)
    assert found.services == {"database": Wellness.HEALTHY, "speech": Wellness.UNHEALTHY}


@frozen
class Workers:
    """Somebody who answers after a while, or not at all."""

    error: Exception | None = None
    seconds: float = 0.0

    async def roll_call(self) -> None:
        await asyncio.sleep(self.seconds)
        if self.error is not None:
            raise self.error


@pytest.mark.parametrize(
    ("ready", "crews", "how"),
    [
        (True, [Workers(), Workers()], Wellness.HEALTHY),
        (False, [Workers()], Wellness.DEGRADED),
        (True, [Workers(), Workers(seconds=60)], Wellness.DEGRADED),
        (True, [Workers(), Workers(error=Overloaded("Busy."))], Wellness.DEGRADED),
        (True, [Workers(), Workers(error=AudioProcessingFailed("Gone."))], Wellness.UNHEALTHY),
    ],
)
async def test_those_who_work_are_asked_for_a_sign_of_life(
    hub: Household, monkeypatch: pytest.MonkeyPatch, ready: bool, crews: list[Workers], how: Wellness
) -> None:
    patience = timedelta(seconds=0.02 if any(crew.seconds for crew in crews) else PATIENCE)
    monkeypatch.setattr("application.operating.health.ANSWER_MAY_TAKE", patience)
    probe = ProbeCrews(lambda: ready, tuple(crews))
    found = await CheckHealth({"ai_models": probe}, hub.transactions, hub.clock)()
    assert found.services == {"ai_models": how}


async def test_a_sound_file_is_really_written_and_read(hub: Household) -> None:
    async with SndfileCodec.open() as sounds, SndfileCodec.open(most_at_once=0) as busy:
        assert await ProbeSounds(lambda: True, sounds)() is Wellness.HEALTHY
        assert await ProbeSounds(lambda: False, sounds)() is Wellness.DEGRADED
        assert await ProbeSounds(lambda: True, busy)() is Wellness.DEGRADED


async def test_a_store_that_is_away_makes_the_hub_ill_and_it_still_answers(hub: Household) -> None:
    await hub.home()
    hub.transactions.closed = True
    found = await check(hub, database=ProbeDatabase(hub.transactions))
    assert found.overall is Wellness.UNHEALTHY
    assert (found.active_networks, found.active_clients) == (0, 0)
