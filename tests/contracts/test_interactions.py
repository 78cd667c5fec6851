"""What every store of interactions does."""

from itertools import product
from uuid import uuid4

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from application.ports.storage import InteractionFilter, Page, Transactions
from domain.errors import Conflict, InteractionNotFound, InvalidValue, NotFound
from domain.ids import ClientId, ConversationId, InteractionId
from domain.interactions import Action, Interaction, ProcessingStatus
from tests import samples, strategies
from tests.samples import HOME, NOON, SHOP, minutes

CONVERSATION = ConversationId("conv_a")


@pytest.fixture(autouse=True)
async def conversations(transactions: Transactions) -> None:
    async with transactions.begin() as tx:
        for network_id in (HOME, SHOP):
            await tx.networks.add(samples.network(network_id))
            for conversation_id in ("conv_a", "conv_b", "conv_c"):
                await tx.conversations.add(samples.conversation(conversation_id, network_id))


async def add(transactions: Transactions, *turns: Interaction) -> None:
    async with transactions.begin() as tx:
        for turn in turns:
            await tx.interactions.add(turn)


@strategies.on_a_store
@given(data=st.data())
async def test_what_was_added_or_updated_comes_back_equal(
    transactions: Transactions, data: st.DataObject
) -> None:
    key = InteractionId(f"int_{uuid4().hex}")
    first = evolve(data.draw(strategies.interactions(HOME, CONVERSATION)), id=key)
    second = evolve(data.draw(strategies.interactions(HOME, CONVERSATION)), id=key)
    async with transactions.begin() as tx:
        await tx.interactions.add(first)
        assert await tx.interactions.get(HOME, key) == first
        await tx.interactions.update(second)
    async with transactions.snapshot() as tx:
        assert await tx.interactions.get(HOME, key) == second


async def test_networks_do_not_see_each_others(transactions: Transactions) -> None:
    at_home, in_shop = samples.interaction("int_a"), samples.interaction("int_a", SHOP, text="open the till")
    await add(transactions, at_home)
    async with transactions.begin() as tx:
        with pytest.raises(InteractionNotFound):
            await tx.interactions.get(SHOP, at_home.id)
        with pytest.raises(InteractionNotFound):
            await tx.interactions.update(in_shop)
        await tx.interactions.add(in_shop)
        with pytest.raises(Conflict):
            await tx.interactions.add(in_shop)
    async with transactions.snapshot() as tx:
        assert (await tx.interactions.list(HOME, InteractionFilter(), Page())).items == (at_home,)
        assert (await tx.interactions.list(SHOP, InteractionFilter(), Page())).items == (in_shop,)
        assert await tx.interactions.of_conversations(SHOP, [CONVERSATION], 5) == (in_shop,)


async def test_a_turn_needs_its_conversation(transactions: Transactions) -> None:
    with pytest.raises(NotFound):
        await add(transactions, samples.interaction("int_a", conversation_id=ConversationId("conv_x")))


@pytest.mark.parametrize(
    "result", [{"a": float("nan")}, {"a": NOON}, {"a": b"x"}, {"a\x00": 1}, {"a": ["\ud800"]}, {"a": 2**64}]
)
async def test_a_result_that_is_not_plain_is_refused(
    transactions: Transactions, result: dict[str, object]
) -> None:
    action = Action(id="act_a", type="create_reminder", result=result, executed_at=NOON)
    with pytest.raises(InvalidValue):
        await add(transactions, samples.interaction("int_a", actions=(action,)))


async def test_filters_pick_by_client_speaker_and_time(transactions: Transactions) -> None:
    turns = [
        samples.interaction("int_0", at=minutes(0)),
        samples.interaction("int_1", at=minutes(1), client_id=ClientId("hall")),
        samples.interaction("int_2", at=minutes(2), speaker_id="Ada"),
        samples.interaction("int_3", at=minutes(3), client_id=ClientId("hall"), speaker_id="Ada"),
    ]
    await add(transactions, *turns, samples.interaction("int_2", SHOP, at=minutes(2), speaker_id="Ada"))
    expected = [
        (InteractionFilter(), [3, 2, 1, 0]),
        (InteractionFilter(client_id=ClientId("hall")), [3, 1]),
        (InteractionFilter(speaker_id="Ada"), [3, 2]),
        (InteractionFilter(client_id=ClientId("hall"), speaker_id="Ada"), [3]),
        (InteractionFilter(start=minutes(1), end=minutes(3)), [2, 1]),
        (InteractionFilter(start=minutes(4)), []),
        (InteractionFilter(client_id=ClientId("a\x00b")), []),
        (InteractionFilter(speaker_id="\ud800"), []),
    ]
    async with transactions.snapshot() as tx:
        for wanted, numbers in expected:
            listing = await tx.interactions.list(HOME, wanted, Page())
            assert [turn.id for turn in listing.items] == [f"int_{number}" for number in numbers]
            assert listing.total == len(numbers)


async def test_lists_are_newest_first_and_paged(transactions: Transactions) -> None:
    await add(transactions, *(samples.interaction(f"int_{n}", at=minutes(n // 2)) for n in range(7)))
    async with transactions.snapshot() as tx:
        pages = [
            await tx.interactions.list(HOME, InteractionFilter(), Page(limit=3, offset=n)) for n in (0, 3, 6)
        ]
    assert [turn.id for page in pages for turn in page.items] == [f"int_{n}" for n in reversed(range(7))]
    assert {page.total for page in pages} == {7}


async def test_the_latest_turns_of_some_conversations_come_oldest_first(transactions: Transactions) -> None:
    turns = [
        samples.interaction(f"int_{n}", at=minutes(n), conversation_id=ConversationId(f"conv_{'abc'[n % 3]}"))
        for n in range(9)
    ]
    await add(transactions, *turns)
    wanted = [ConversationId("conv_a"), ConversationId("conv_b"), ConversationId("conv_a")]
    async with transactions.snapshot() as tx:
        latest = await tx.interactions.of_conversations(HOME, wanted, 2)
        none = await tx.interactions.of_conversations(HOME, [], 2)
    assert latest == (turns[3], turns[4], turns[6], turns[7])
    assert none == ()


async def test_every_combination_of_filters_picks_what_passes_all_of_them(
    transactions: Transactions,
) -> None:
    clients, speakers = (ClientId("kitchen"), ClientId("hall")), (None, "Ada", "Bob")
    turns = [
        samples.interaction(
            f"int_{n:02}", at=minutes(n), client_id=clients[n % 2], speaker_id=speakers[n % 3]
        )
        for n in range(12)
    ]
    await add(transactions, *turns)
    sides = (None, minutes(3), minutes(7))
    async with transactions.snapshot() as tx:
        for client, speaker, start, end in product((None, *clients), speakers, sides, sides):
            wanted = InteractionFilter(client_id=client, speaker_id=speaker, start=start, end=end)
            passing = [
                turn
                for turn in reversed(turns)
                if client in {None, turn.client_id}
                and speaker in {None, turn.speaker_id}
                and (start is None or turn.created_at >= start)
                and (end is None or turn.created_at < end)
            ]
            listing = await tx.interactions.list(HOME, wanted, Page(limit=3, offset=1))
            assert (list(listing.items), listing.total) == (passing[1:4], len(passing))


async def test_what_a_turn_came_to_before_is_kept_in_order_and_goes_with_it(
    transactions: Transactions,
) -> None:
    first = samples.interaction("int_a", response="Nine.")
    second = evolve(first, revision=2, response="Ten.", context="summer time")
    await add(transactions, first, samples.interaction("int_a", SHOP))
    async with transactions.begin() as tx:
        await tx.interactions.keep_earlier(first)
        await tx.interactions.keep_earlier(second)
        with pytest.raises(Conflict):
            await tx.interactions.keep_earlier(second)
    with pytest.raises(InteractionNotFound):
        async with transactions.begin() as tx:
            await tx.interactions.keep_earlier(evolve(first, id=InteractionId("int_x")))
    async with transactions.begin() as tx:
        assert await tx.interactions.earlier(HOME, first.id) == (second, first)
        assert await tx.interactions.earlier(SHOP, first.id) == ()
        await tx.networks.remove(HOME)
        assert await tx.interactions.earlier(HOME, first.id) == ()


async def test_unfinished_turns_of_all_networks_are_found(transactions: Transactions) -> None:
    begun, done = (
        samples.interaction("int_a"),
        samples.interaction("int_b", status=ProcessingStatus.COMPLETED),
    )
    begun_later = samples.interaction("int_c", SHOP, at=minutes(1))
    await add(transactions, begun_later, begun, done)
    async with transactions.begin() as tx:
        assert await tx.interactions.unfinished() == (begun, begun_later)
        await tx.interactions.update(evolve(begun, status=ProcessingStatus.FAILED))
        assert await tx.interactions.unfinished() == (begun_later,)
