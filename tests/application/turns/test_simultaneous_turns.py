"""Several turns at once."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from application.ports.dialogue import Prompt, ReplyPart, Toolbox
from application.turns.turns import (
    Turn,
    TurnEnded,
)
from application.turns.waiting_lines import LONGEST_LINE
from domain.errors import (
    ModelInferenceFailed,
    Overloaded,
)
from domain.events import (
    InteractionAnswered,
    InteractionCreated,
)
from domain.ids import ClientId
from domain.interactions import Interaction
from tests.application.household import (
    HALL,
    KITCHEN,
    Household,
    typed,
)
from tests.application.turns.turning import (
    heard,
    held_open,
    no_turn_is_left_open,
    spoken,
    until,
)
from tests.fakes.dialogue import Parrot, Scripted


async def test_what_one_client_types_is_answered_one_after_the_other(hub: Household) -> None:
    home = await hub.home()
    hub.interlocutor, waits, go_on = await held_open()
    converse = hub.converse()

    async def say(text: str, client_id: ClientId = KITCHEN) -> Interaction:
        events = [event async for event in converse(typed(home, text, client_id))]
        assert isinstance(events[-1], TurnEnded)
        return events[-1].interaction

    first = asyncio.create_task(say("first"))
    await waits.wait()
    second = asyncio.create_task(say("second"))
    for _ in range(20):
        await asyncio.sleep(0)
    assert [turn.text for turn in await hub.interactions(home)] == ["first"]
    go_on.set()
    assert (await first).text == "first"
    assert (await second).text == "second"


async def test_what_others_type_or_anyone_says_waits_for_nobody(hub: Household) -> None:
    home = await hub.home()
    await hub.register(home, HALL)
    hub.interlocutor, _, go_on = await held_open()
    converse = hub.converse()

    async def three_turns() -> bool:
        return len(await hub.interactions(home)) == 3

    async def hold(turn: Turn) -> None:
        async for _ in converse(turn):
            pass

    turns = [typed(home, "first"), typed(home, "from the hall", HALL), spoken(hub, home, heard("spoken"))]
    tasks = [asyncio.create_task(hold(turn)) for turn in turns]
    await until(three_turns)
    go_on.set()
    await asyncio.gather(*tasks)
    assert await no_turn_is_left_open(hub)


async def test_a_line_that_is_too_long_takes_no_more(hub: Household) -> None:
    home = await hub.home()
    hub.interlocutor, waits, go_on = await held_open()
    converse = hub.converse()

    async def say(text: str) -> None:
        async for _ in converse(typed(home, text)):
            pass

    tasks = [asyncio.create_task(say(f"number {number}")) for number in range(LONGEST_LINE)]
    await waits.wait()
    with pytest.raises(Overloaded):
        await say("one too many")
    tasks[-1].cancel()
    await asyncio.gather(tasks[-1], return_exceptions=True)
    tasks[-1] = asyncio.create_task(say("in its place"))
    go_on.set()
    await asyncio.gather(*tasks)

    turns = await hub.interactions(home)
    expected = [*(f"number {number}" for number in range(LONGEST_LINE - 1)), "in its place"]
    assert sorted(turn.text for turn in turns) == sorted(expected)
    await say("afterwards")


async def test_turns_that_end_at_once_leave_the_conversation_with_all_of_them(hub: Household) -> None:
    home = await hub.home()
    await hub.say(home, "zero")
    hub.interlocutor, _, go_on = await held_open()
    converse = hub.converse()

    async def three_turns() -> bool:
        return len(await hub.interactions(home)) == 3

    async def hold(text: str) -> None:
        async for _ in converse(spoken(hub, home, heard(text))):
            pass

    tasks = [asyncio.create_task(hold(text)) for text in ("one", "two")]
    await until(three_turns)
    go_on.set()
    await asyncio.gather(*tasks)
    (conversation,) = await hub.conversations(home)
    assert set(conversation.summary.split("; ")) == {"zero", "one", "two"}


@given(
    st.lists(
        st.tuples(
            st.sampled_from([0, 1]), st.sampled_from(["hello", "remind me to water the ferns", "fail"])
        ),
        max_size=8,
    )
)
async def test_whatever_is_said_in_two_networks_each_hears_its_own_turns_once_and_whole(
    said: list[tuple[int, str]],
) -> None:
    hub = Household()
    networks = [await hub.home(), await hub.home()]

    async def script(prompt: Prompt, tools: Toolbox) -> AsyncIterator[ReplyPart]:
        if prompt.text == "fail":
            raise ModelInferenceFailed("Nobody answers.")
        async for part in Parrot().answer(prompt, tools):
            yield part

    hub.interlocutor = Scripted(script)
    converse = hub.converse()

    async def hold(place: int, text: str) -> None:
        async for _ in converse(typed(networks[place], text)):
            pass

    results = await asyncio.gather(*(hold(*turn) for turn in said), return_exceptions=True)
    assert [isinstance(result, ModelInferenceFailed) for result in results] == [
        text == "fail" for _, text in said
    ]
    assert await no_turn_is_left_open(hub)
    for place, network_id in enumerate(networks):
        turns = await hub.interactions(network_id)
        assert sorted(turn.text for turn in turns) == sorted(text for at, text in said if at == place)
        created = [event.interaction for event in await hub.events(network_id, InteractionCreated)]
        assert sorted(turn.id for turn in created) == sorted(turn.id for turn in turns)
        assert {turn.network_id for turn in created} <= {network_id}
        answered = await hub.events(network_id, InteractionAnswered)
        assert len(answered) == sum(text != "fail" for at, text in said if at == place)
        positions = [fact.position for fact in await hub.facts(network_id)]
        assert positions == list(range(1, len(positions) + 1))
