"""What every store of personas that owners made does."""

import pytest
from attrs import evolve

from application.ports.storage import Transactions
from domain.errors import Conflict, NetworkNotFound, PersonaNotFound
from domain.ids import NetworkId, PersonaId
from domain.personas import AdaptationMode, Behavior, Persona, QuietHours, Voice
from tests import samples
from tests.samples import HOME, SHOP, minutes

BUTLER, COOK = PersonaId("butler"), PersonaId("cook")
FULL = samples.persona(
    BUTLER,
    description="Knows the house.",
    tags=("house", "polite"),
    adaptation_mode=AdaptationMode.ADAPTIVE,
    voice=Voice(language="de", name="f2", rate=140, pitch=30),
    behavior=Behavior(
        instructions="Be brief.",
        greeting="You rang?",
        allowed_tools=("create_reminder",),
        model="openai:gpt-4o-mini",
        idle_minutes=5,
        quiet_hours=QuietHours(start="22:00", end="07:00"),
    ),
)


@pytest.fixture(autouse=True)
async def networks(transactions: Transactions) -> None:
    async with transactions.begin() as tx:
        await tx.networks.add(samples.network(HOME))
        await tx.networks.add(samples.network(SHOP))


def later(persona: Persona, revision: int) -> Persona:
    return evolve(persona, revision=revision, version=str(revision), updated_at=minutes(revision))


async def test_a_persona_is_its_latest_revision_and_comes_back_whole(transactions: Transactions) -> None:
    second = later(evolve(FULL, name="James"), 2)
    async with transactions.begin() as tx:
        for revision in (FULL, second, *(later(FULL, number) for number in range(3, 12))):
            await tx.personas.add(revision)
        await tx.personas.add(samples.persona(COOK))
    async with transactions.snapshot() as tx:
        assert await tx.personas.find(HOME, BUTLER) == later(FULL, 11)
        assert [one.id for one in await tx.personas.list(HOME)] == [BUTLER, COOK]
        assert (await tx.personas.list(HOME))[0] == later(FULL, 11)
        revisions = await tx.personas.revisions(HOME, BUTLER)
        assert [one.revision for one in revisions] == list(range(11, 0, -1))
        assert revisions[-2:] == (second, FULL)


async def test_networks_have_personas_of_their_own_under_the_same_ids(transactions: Transactions) -> None:
    theirs = samples.persona(BUTLER, SHOP, name="Another")
    async with transactions.begin() as tx:
        await tx.personas.add(FULL)
        await tx.personas.add(theirs)
        await tx.personas.remove(HOME, BUTLER)
    async with transactions.snapshot() as tx:
        assert await tx.personas.find(HOME, BUTLER) is None
        assert await tx.personas.list(HOME) == await tx.personas.revisions(HOME, BUTLER) == ()
        assert await tx.personas.list(SHOP) == (theirs,)


async def test_a_revision_is_kept_once_and_needs_a_network(transactions: Transactions) -> None:
    async with transactions.begin() as tx:
        await tx.personas.add(FULL)
        with pytest.raises(Conflict):
            await tx.personas.add(evolve(FULL, name="James"))
    async with transactions.snapshot() as tx:
        assert await tx.personas.find(HOME, BUTLER) == FULL
        assert await tx.personas.find(HOME, PersonaId("\0")) is None
    with pytest.raises(NetworkNotFound):
        async with transactions.begin() as tx:
            await tx.personas.add(samples.persona(BUTLER, NetworkId("net_nobody")))


async def test_what_is_not_there_cannot_be_removed_and_all_go_with_their_network(
    transactions: Transactions,
) -> None:
    with pytest.raises(PersonaNotFound):
        async with transactions.begin() as tx:
            await tx.personas.remove(HOME, BUTLER)
    async with transactions.begin() as tx:
        await tx.personas.add(FULL)
        await tx.networks.remove(HOME)
    async with transactions.snapshot() as tx:
        assert await tx.personas.list(HOME) == ()
