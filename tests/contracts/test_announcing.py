"""What everything that carries announcements to an audience does."""

import asyncio
from contextlib import ExitStack
from typing import Protocol

import pytest
from attrs import frozen
from hypothesis import given
from hypothesis import strategies as st

from adapters.memory.audience import InProcessAudience
from application.ports.announcing import Announcer, Audience, Inbox
from domain.clients import LeaveReason
from domain.events import Announcement, ErrorOccurred, Fact, LiveNews, NetworkUpdated
from domain.ids import ClientId, EventId, NetworkId
from tests import strategies
from tests.patience import PATIENCE
from tests.samples import HOME, NOON, SHOP

KITCHEN, HALL = ClientId("kitchen"), ClientId("hall")
MOST_FACTS, MOST_NEWS = 8, 4


class House(Announcer, Audience, Protocol):
    """Both sides at once."""


@frozen(kw_only=True)
class Scene:
    """Where announcements are made and heard, with room for eight facts and four pieces of news."""

    announcer: Announcer
    audience: Audience


@pytest.fixture(params=["in process"])
def scene(request: pytest.FixtureRequest) -> Scene:
    house: House = InProcessAudience(most_facts=MOST_FACTS, most_news=MOST_NEWS)
    return Scene(announcer=house, audience=house)


def fact(position: int, network_id: NetworkId = HOME, recipient: ClientId | None = None) -> Fact:
    return Fact(
        id=EventId(f"evt_{network_id}_{position}"),
        network_id=network_id,
        position=position,
        event=NetworkUpdated(name=str(position), at=NOON),
        recipient=recipient,
    )


def news(number: int, network_id: NetworkId = HOME, recipient: ClientId | None = None) -> LiveNews:
    event = ErrorOccurred(code="ODD", message=str(number), at=NOON)
    return LiveNews(network_id=network_id, event=event, recipient=recipient)


async def read(inbox: Inbox) -> list[Announcement]:
    """Everything that is in an inbox now, until it is empty or closed."""
    found: list[Announcement] = []
    while True:
        try:
            async with asyncio.timeout(0.02):
                announcement = await inbox.next()
        except TimeoutError:
            return found
        if announcement is None:
            return found
        found.append(announcement)


async def is_over(inbox: Inbox) -> bool:
    async with asyncio.timeout(PATIENCE):
        return await inbox.next() is None and await inbox.next() is None


async def test_facts_and_news_come_in_the_order_of_their_arrival(scene: Scene) -> None:
    with scene.audience.join(HOME, KITCHEN) as inbox:
        await scene.announcer.publish(fact(1))
        scene.announcer.tell(news(1))
        await scene.announcer.publish(fact(2))
        scene.announcer.tell(news(2))
        assert await read(inbox) == [fact(1), news(1), fact(2), news(2)]
        assert (inbox.dropped, inbox.overflowed, inbox.leave_reason) == (0, False, None)


async def test_whoever_waits_is_woken(scene: Scene) -> None:
    with scene.audience.join(HOME, KITCHEN) as inbox:
        for announcement in (fact(1), news(1)):
            waiting = asyncio.create_task(inbox.next())
            await asyncio.sleep(0.01)
            assert not waiting.done()
            if isinstance(announcement, Fact):
                await scene.announcer.publish(announcement)
            else:
                scene.announcer.tell(announcement)
            async with asyncio.timeout(PATIENCE):
                assert await waiting == announcement


async def test_a_reader_that_stops_waiting_loses_nothing(scene: Scene) -> None:
    with scene.audience.join(HOME, KITCHEN) as inbox:
        waiting = asyncio.create_task(inbox.next())
        await asyncio.sleep(0)
        waiting.cancel()
        await scene.announcer.publish(fact(1))
        await asyncio.gather(waiting, return_exceptions=True)
        assert await read(inbox) == [fact(1)]


async def test_networks_and_recipients_are_kept_apart(scene: Scene) -> None:
    with ExitStack() as stack:
        kitchen, hall, scale = (
            stack.enter_context(scene.audience.join(*place))
            for place in ((HOME, KITCHEN), (HOME, HALL), (SHOP, KITCHEN))
        )
        await scene.announcer.publish(fact(1, HOME))
        await scene.announcer.publish(fact(2, HOME, KITCHEN))
        await scene.announcer.publish(fact(1, SHOP, HALL))
        scene.announcer.tell(news(1, HOME, HALL))
        scene.announcer.tell(news(1, SHOP))
        scene.announcer.tell(news(2, SHOP, KITCHEN))
        assert await read(kitchen) == [fact(1, HOME), fact(2, HOME, KITCHEN)]
        assert await read(hall) == [fact(1, HOME), news(1, HOME, HALL)]
        assert await read(scale) == [news(1, SHOP), news(2, SHOP, KITCHEN)]


async def test_nobody_is_told_what_happened_before_they_came_or_after_they_left(scene: Scene) -> None:
    await scene.announcer.publish(fact(1))
    with scene.audience.join(HOME, KITCHEN) as inbox:
        assert await read(inbox) == []
    await scene.announcer.publish(fact(2))
    scene.announcer.tell(news(1))
    assert await is_over(inbox)


async def test_a_slow_reader_loses_the_oldest_news_and_no_fact(scene: Scene) -> None:
    with scene.audience.join(HOME, KITCHEN) as inbox:
        for number in range(MOST_FACTS):
            await scene.announcer.publish(fact(number))
            scene.announcer.tell(news(number))
        found = await read(inbox)
        assert [one for one in found if isinstance(one, Fact)] == [fact(n) for n in range(MOST_FACTS)]
        kept = range(MOST_FACTS - MOST_NEWS, MOST_FACTS)
        assert [one for one in found if isinstance(one, LiveNews)] == [news(n) for n in kept]
        assert inbox.dropped == MOST_FACTS - MOST_NEWS
        assert not inbox.overflowed


async def test_too_many_facts_close_the_inbox_and_none_is_skipped(scene: Scene) -> None:
    with scene.audience.join(HOME, KITCHEN) as slow, scene.audience.join(HOME, HALL) as quick:
        for number in range(MOST_FACTS + 3):
            await scene.announcer.publish(fact(number))
            assert await read(quick) == [fact(number)]
        assert slow.overflowed
        assert slow.leave_reason is None
        assert await read(slow) == [fact(n) for n in range(MOST_FACTS)]
        assert await is_over(slow)
        assert not quick.overflowed
        assert scene.audience.present(HOME) == {HALL}


async def test_a_second_inbox_of_a_client_closes_the_first(scene: Scene) -> None:
    with ExitStack() as older, scene.audience.join(HOME, HALL):
        old = older.enter_context(scene.audience.join(HOME, KITCHEN))
        await scene.announcer.publish(fact(1))
        with scene.audience.join(HOME, KITCHEN) as new:
            assert old.leave_reason is LeaveReason.REPLACED
            await scene.announcer.publish(fact(2))
            assert await read(old) == [fact(1)]
            assert await is_over(old)
            older.close()
            assert scene.audience.present(HOME) == {KITCHEN, HALL}
            await scene.announcer.publish(fact(3))
            assert await read(new) == [fact(2), fact(3)]
            assert new.leave_reason is None
        assert scene.audience.present(HOME) == {HALL}


async def test_a_client_is_dismissed_with_the_facts_that_it_has_not_read(scene: Scene) -> None:
    with scene.audience.join(HOME, KITCHEN) as kitchen, scene.audience.join(HOME, HALL) as hall:
        await scene.announcer.publish(fact(1))
        scene.announcer.tell(news(1))
        scene.audience.dismiss(HOME, KITCHEN, LeaveReason.DEREGISTERED)
        await scene.announcer.publish(fact(2))
        assert kitchen.leave_reason is LeaveReason.DEREGISTERED
        assert await read(kitchen) == [fact(1)]
        assert await is_over(kitchen)
        assert hall.leave_reason is None
        assert await read(hall) == [fact(1), news(1), fact(2)]


async def test_a_dismissal_wakes_whoever_waits(scene: Scene) -> None:
    with scene.audience.join(HOME, KITCHEN) as inbox:
        waiting = asyncio.create_task(inbox.next())
        await asyncio.sleep(0)
        scene.audience.dismiss(HOME, KITCHEN, LeaveReason.TIMEOUT)
        async with asyncio.timeout(PATIENCE):
            assert await waiting is None
        scene.audience.dismiss(HOME, None, LeaveReason.NETWORK_DELETED)
        assert inbox.leave_reason is LeaveReason.TIMEOUT


async def test_a_whole_network_is_dismissed_and_no_other(scene: Scene) -> None:
    with ExitStack() as stack:
        inboxes = [stack.enter_context(scene.audience.join(HOME, name)) for name in (KITCHEN, HALL)]
        other = stack.enter_context(scene.audience.join(SHOP, KITCHEN))
        scene.audience.dismiss(HOME, None, LeaveReason.NETWORK_DELETED)
        scene.audience.dismiss(NetworkId("net_nobody"), KITCHEN, LeaveReason.TIMEOUT)
        assert {inbox.leave_reason for inbox in inboxes} == {LeaveReason.NETWORK_DELETED}
        assert other.leave_reason is None
        assert (scene.audience.present(HOME), scene.audience.present(SHOP)) == (frozenset(), {KITCHEN})
        assert scene.audience.count() == 1


async def test_presence_is_counted(scene: Scene) -> None:
    joined = scene.audience.join(HOME, KITCHEN)
    assert scene.audience.count() == 0
    with joined, scene.audience.join(HOME, HALL), scene.audience.join(SHOP, KITCHEN):
        assert scene.audience.present(HOME) == {KITCHEN, HALL}
        assert scene.audience.present(SHOP) == {KITCHEN}
        assert scene.audience.count() == 3
    assert scene.audience.count() == 0
    assert scene.audience.present(HOME) == frozenset()


Step = tuple[str, NetworkId, ClientId | None]
steps = st.lists(
    st.tuples(
        st.sampled_from(["fact", "fact", "news", "read"]),
        st.sampled_from([HOME, SHOP]),
        st.sampled_from([None, KITCHEN, HALL]),
    ),
    max_size=60,
)


@strategies.on_a_store
@given(steps=steps)
async def test_whatever_happens_facts_arrive_in_order_without_a_gap_and_only_where_they_belong(
    steps: list[Step],
) -> None:
    house = InProcessAudience(most_facts=MOST_FACTS, most_news=MOST_NEWS)
    sent: dict[tuple[NetworkId, ClientId], list[Fact]] = {}
    seen: dict[tuple[NetworkId, ClientId], list[Fact]] = {}
    with ExitStack() as stack:
        places = [(network_id, name) for network_id in (HOME, SHOP) for name in (KITCHEN, HALL)]
        inboxes = {place: stack.enter_context(house.join(*place)) for place in places}
        for number, (kind, network_id, recipient) in enumerate(steps):
            meant = [place for place in places if place[0] == network_id and recipient in (None, place[1])]
            match kind:
                case "fact":
                    await house.publish(fact(number, network_id, recipient))
                    for place in meant:
                        sent.setdefault(place, []).append(fact(number, network_id, recipient))
                case "news":
                    house.tell(news(number, network_id, recipient))
                case _:
                    for place in meant:
                        seen.setdefault(place, []).extend(_waiting(inboxes[place]))
        for place, inbox in inboxes.items():
            whole = seen.get(place, []) + _waiting(inbox)
            assert whole == sent.get(place, [])[: len(whole)]
            assert inbox.overflowed or len(whole) == len(sent.get(place, []))


def _waiting(inbox: Inbox) -> list[Fact]:
    """The facts in an inbox, taken out without waiting for more."""
    found: list[Fact] = []
    while True:
        step = inbox.next().__await__()
        try:
            next(step)
        except StopIteration as done:
            if done.value is None:
                return found
            if isinstance(done.value, Fact):
                found.append(done.value)
        else:
            step.close()
            return found
