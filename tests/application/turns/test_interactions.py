"""Reading what was said and done."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from application.ports.storage import InteractionFilter, Page
from application.turns.interactions import GetInteraction, ListConversations, ListInteractions
from domain.errors import InteractionNotFound, NetworkNotFound
from domain.ids import InteractionId
from tests.application.household import EVERYTHING, HALL, KITCHEN, OPERATOR, Household, owner
from tests.samples import SHOP


async def test_interactions_are_listed_newest_first_by_filter(hub: Household) -> None:
    home = await hub.home()
    await hub.register(home, HALL)
    for text, client_id in (("one", KITCHEN), ("two", HALL), ("three", KITCHEN)):
        hub.clock.pass_by(minutes=1)
        await hub.say(home, text, client_id)
    interactions = ListInteractions(hub.transactions)

    listing = await interactions(owner(home), home, InteractionFilter(), Page(limit=2))
    assert ([turn.text for turn in listing.items], listing.total) == (["three", "two"], 3)
    of_kitchen = await interactions(owner(home), home, InteractionFilter(client_id=KITCHEN), Page())
    assert [turn.text for turn in of_kitchen.items] == ["three", "one"]


async def test_an_interaction_is_read_as_it_is_kept(hub: Household) -> None:
    home = await hub.home()
    said = (await hub.say(home, "remind me to water the ferns")).interaction
    get = GetInteraction(hub.transactions)
    assert await get(owner(home), home, said.id) == said
    with pytest.raises(InteractionNotFound):
        await get(owner(home), home, InteractionId("int_none"))


@given(st.lists(st.sampled_from([KITCHEN, HALL]), max_size=8), st.booleans())
async def test_conversations_come_with_their_own_turns_in_order_or_with_none(
    speakers: list[str], with_turns: bool
) -> None:
    hub = Household()
    home = await hub.home()
    await hub.register(home, HALL)
    for number, speaker in enumerate(speakers):
        hub.clock.pass_by(minutes=1)
        await hub.say(home, f"number {number}", speaker)  # type: ignore[arg-type]
    listing = await ListConversations(hub.transactions)(
        owner(home), home, EVERYTHING, include_interactions=with_turns
    )

    latest_first = list(dict.fromkeys(reversed(speakers)))
    assert [talk.conversation.client_id for talk in listing.items] == latest_first
    assert listing.total == len(latest_first)
    for talk in listing.items:
        wanted = [
            f"number {number}"
            for number, speaker in enumerate(speakers)
            if speaker == talk.conversation.client_id
        ]
        assert [turn.text for turn in talk.interactions] == (wanted if with_turns else [])


async def test_what_is_said_in_a_network_is_read_in_it_only(hub: Household) -> None:
    home, shop = await hub.home(), await hub.home()
    said = (await hub.say(home, "a secret")).interaction
    get, interactions = GetInteraction(hub.transactions), ListInteractions(hub.transactions)
    conversations = ListConversations(hub.transactions)

    with pytest.raises(InteractionNotFound):
        await get(owner(shop), shop, said.id)
    assert (await interactions(owner(shop), shop, InteractionFilter(), Page())).total == 0
    assert (await conversations(owner(shop), shop, Page(), include_interactions=True)).total == 0
    for who, asked in ((owner(shop), home), (OPERATOR, SHOP)):
        with pytest.raises(NetworkNotFound):
            await get(who, asked, said.id)
        with pytest.raises(NetworkNotFound):
            await interactions(who, asked, InteractionFilter(), Page())
        with pytest.raises(NetworkNotFound):
            await conversations(who, asked, Page(), include_interactions=True)
