"""What every store tells of all networks at once."""

from attrs import evolve

from application.ports.census import ClientFilter, NetworkCounts, Search
from application.ports.paging import Page
from application.ports.storage import Transactions
from domain.agenda import ReminderStatus
from domain.clients import ConnectionStatus
from domain.events import NetworkUpdated
from domain.ids import NetworkId
from tests import samples
from tests.samples import HOME, NOON, SHOP, minutes


async def furnish(transactions: Transactions) -> None:
    """Two networks, the home with more in it."""
    async with transactions.begin() as tx:
        await tx.networks.add(samples.network(HOME, name="Home by the Sea", at=minutes(1)))
        await tx.networks.add(samples.network(SHOP, name="Shop_100%", at=minutes(2)))
        kitchen = evolve(
            samples.client("kitchen", HOME), connection_status=ConnectionStatus.CONNECTED, room="Scullery"
        )
        await tx.clients.add(kitchen)
        await tx.clients.add(samples.client("hall", HOME))
        await tx.clients.add(samples.client("kitchen", SHOP))
        await tx.conversations.add(samples.conversation("conv_a", HOME))
        await tx.interactions.add(samples.interaction("int_old", HOME, at=minutes(-60)))
        await tx.interactions.add(samples.interaction("int_new", HOME, at=minutes(5)))
        await tx.agenda.add_reminder(samples.reminder("rem_a", HOME))
        await tx.agenda.add_reminder(samples.reminder("rem_b", HOME, status=ReminderStatus.COMPLETED))
        await tx.agenda.add_event(samples.calendar_event("cal_a", HOME, start=NOON, end=NOON))
        await tx.sessions.add(samples.session("sess_a", HOME))


async def test_networks_are_found_by_a_text_in_their_names_or_ids(transactions: Transactions) -> None:
    await furnish(transactions)
    async with transactions.snapshot() as tx:

        async def found(text: str) -> list[str]:
            return [network.id for network in (await tx.census.networks(text, Page())).items]

        assert await found("") == [SHOP, HOME]
        assert await found("by the SEA") == [HOME]
        assert await found(HOME[:8]) == [HOME]
        assert await found("100%") == [SHOP]
        assert await found("_") == [SHOP, HOME]
        assert await found("10_%") == []
        assert (await tx.census.networks("", Page(limit=1))).total == 2


async def test_counts_are_of_each_network(transactions: Transactions) -> None:
    await furnish(transactions)
    async with transactions.snapshot() as tx:
        counts = await tx.census.counts([HOME, SHOP, NetworkId("net_nobody")], NOON)
    assert counts == {
        HOME: NetworkCounts(clients=2, connected=1, interactions=1, reminders=1, events=1),
        SHOP: NetworkCounts(clients=1),
        "net_nobody": NetworkCounts(),
    }


async def test_clients_are_found_across_networks(transactions: Transactions) -> None:
    await furnish(transactions)
    async with transactions.snapshot() as tx:

        async def found(**wanted: object) -> set[tuple[str, str]]:
            listing = await tx.census.clients(ClientFilter(**wanted), Page())
            assert listing.total == len(listing.items)
            return {(client.network_id, client.id) for client in listing.items}

        assert await found() == {(HOME, "kitchen"), (HOME, "hall"), (SHOP, "kitchen")}
        assert await found(text="KITCH") == {(HOME, "kitchen"), (SHOP, "kitchen")}
        assert await found(text="scull") == {(HOME, "kitchen")}
        assert await found(text="kitchen", network_id=SHOP) == {(SHOP, "kitchen")}
        assert await found(connected=True) == {(HOME, "kitchen")}
        assert await found(connected=False) == {(HOME, "hall"), (SHOP, "kitchen")}


async def test_sessions_are_those_of_a_network(transactions: Transactions) -> None:
    await furnish(transactions)
    async with transactions.snapshot() as tx:
        assert [one.id for one in (await tx.census.sessions(HOME, Page())).items] == ["sess_a"]
        assert (await tx.census.sessions(SHOP, Page())).total == 0


async def test_what_waits_is_what_did_not_leave_the_outbox(transactions: Transactions) -> None:
    await furnish(transactions)
    async with transactions.begin() as tx:
        facts = [await tx.outbox.append(HOME, NetworkUpdated(name="Home", at=NOON)) for _ in range(3)]
        await tx.outbox.mark_published(facts[:1])
    async with transactions.snapshot() as tx:
        assert await tx.census.waiting() == 2


async def test_a_search_finds_what_holds_every_word_in_all_networks(transactions: Transactions) -> None:
    await furnish(transactions)
    async with transactions.begin() as tx:
        spoken = samples.interaction("int_said", HOME, at=minutes(9))
        await tx.interactions.add(evolve(spoken, text="Where are my pills?", response="In the Scullery."))
        await tx.personas.add(samples.persona("pers_a", SHOP, name="Shop keeper"))
        await tx.personas.add(samples.persona("pers_a", SHOP, name="Shop owner", revision=2))
        await tx.activities.add(samples.activity("act_a", SHOP))
        await tx.agenda.add_reminder(evolve(samples.reminder("rem_c", SHOP), title="100% pills"))
    async with transactions.snapshot() as tx:

        async def found(*words: str, said: bool = False, limit: int = 10) -> list[tuple[str, str, str]]:
            finds = await tx.census.find(Search(words=words, said=said), limit)
            return [(find.sort.value, find.network_id, find.id) for find in finds]

        assert await found("REM_A") == [("reminder", HOME, "rem_a")]
        assert await found("int_", limit=2) == [
            ("interaction", HOME, "int_said"),
            ("interaction", HOME, "int_new"),
        ]
        assert await found("pills") == [("reminder", SHOP, "rem_c")], "what people said is not looked through"
        assert ("interaction", HOME, "int_said") in await found("PILLS", "scullery", said=True)
        assert await found("pills", "rem_a") == []
        assert await found("0%", "pills") == [("reminder", SHOP, "rem_c")]
        assert await found("owner") == [("persona", SHOP, "pers_a")]
        assert await found("keeper") == [], "the latest revision is the persona"
        assert await found("act_a") == [("activity", SHOP, "act_a")]
        assert await found("cal_") == [("event", HOME, "cal_a")]
        assert await found("sess") == [("session", HOME, "sess_a")]
        (reminder,) = await tx.census.find(Search(words=("0%",)), 1)
        assert reminder.title == "100% pills"
