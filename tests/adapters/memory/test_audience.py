"""The audience of one process: what the contract leaves to it."""

import gc
import weakref

from adapters.memory.audience import InProcessAudience
from adapters.memory.inboxes import BoundedInbox
from domain.clients import LeaveReason
from domain.events import ErrorOccurred, Fact, LiveNews
from domain.ids import ClientId, EventId
from tests import samples
from tests.samples import HOME, NOON

KITCHEN = ClientId("kitchen")


def fact(position: int) -> Fact:
    return Fact(id=EventId(f"evt_{position}"), network_id=HOME, position=position, event=samples.renamed("a"))


def news(number: int) -> LiveNews:
    return LiveNews(network_id=HOME, event=ErrorOccurred(code="ODD", message=str(number), at=NOON))


async def test_nothing_is_left_of_a_listener_that_has_gone() -> None:
    house = InProcessAudience()
    with house.join(HOME, KITCHEN) as inbox:
        await house.publish(fact(1))
        gone = weakref.ref(inbox)
    del inbox
    gc.collect()
    assert gone() is None
    assert house._inboxes == {}


async def test_a_closed_inbox_takes_nothing_in_and_keeps_its_first_reason() -> None:
    inbox = BoundedInbox()
    inbox.put_fact(fact(1))
    inbox.put_news(news(1))
    inbox.close(LeaveReason.REPLACED)
    inbox.put_fact(fact(2))
    inbox.put_news(news(2))
    inbox.close(LeaveReason.TIMEOUT)
    assert inbox.leave_reason is LeaveReason.REPLACED
    assert [await inbox.next(), await inbox.next()] == [fact(1), None]
    assert inbox.dropped == 0


async def test_facts_may_fill_the_inbox_to_the_brim_again_and_again() -> None:
    inbox = BoundedInbox(most_facts=2)
    for position in range(0, 10, 2):
        inbox.put_fact(fact(position))
        inbox.put_fact(fact(position + 1))
        assert [await inbox.next(), await inbox.next()] == [fact(position), fact(position + 1)]
    assert not inbox.closed
