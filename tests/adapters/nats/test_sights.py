"""What operators see of other instances, on a real server."""

import asyncio
from contextlib import AsyncExitStack

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.memory.watchtower import InProcessWatchtower
from adapters.nats.connection import NatsConnection, NatsOptions
from adapters.nats.sights import NatsSights, read_sight, write_sight
from application.ports.watching import LimitHit, Sight, TroubleSeen, TurnSeen
from domain.errors import InvalidValue
from domain.events import ErrorOccurred, Fact, FactEvent, LiveNews
from domain.ids import ClientId, EventId, InteractionId
from tests.composed_strategies import facts
from tests.patience import PATIENCE
from tests.samples import HOME, NOON

HALL = ClientId("hall")
LIMIT = LimitHit(limit="api_requests_per_hour", subject=HOME, at=NOON)
SIGHTS: tuple[Sight, ...] = (
    LIMIT,
    LiveNews(network_id=HOME, event=ErrorOccurred(code="ODD", message="odd", at=NOON), recipient=HALL),
    TroubleSeen(code="ODD", message="odd", status=500, place="GET /", network_id=HOME, at=NOON),
    TurnSeen(
        network_id=HOME,
        client_id=HALL,
        interaction_id=InteractionId("int_1"),
        stage="reply",
        spoken=True,
        started_at=NOON,
        at=NOON,
        text="höre",
        took={"transcription": 1.5},
    ),
)


@pytest.mark.parametrize("sight", SIGHTS)
def test_a_sight_comes_back_equal(sight: Sight) -> None:
    assert read_sight(write_sight(sight)) == sight


@given(event=facts(HOME), recipient=st.none() | st.just(HALL))
def test_a_fact_comes_back_equal(event: FactEvent, recipient: ClientId | None) -> None:
    fact = Fact(id=EventId("evt_1"), network_id=HOME, position=7, event=event, recipient=recipient)
    assert read_sight(write_sight(fact)) == fact


@given(st.binary(max_size=60) | st.sampled_from([b"{}", b"[]", b'{"kind": "limit", "content": {}}']))
def test_what_is_no_sight_is_refused(content: bytes) -> None:
    with pytest.raises(InvalidValue):
        read_sight(content)


@pytest.mark.slow
async def test_who_watches_at_one_instance_sees_what_happens_at_another(nats_url: str) -> None:
    async with AsyncExitStack() as stack:
        here, there = [await _instance(stack, nats_url) for _ in range(2)]
        with here.watch() as lookout:
            async with asyncio.timeout(PATIENCE):
                seen = asyncio.create_task(lookout.next())
                while not seen.done():
                    there.show(LIMIT)
                    await asyncio.sleep(0.1)
            assert seen.result() == LIMIT
        assert here.lately().limits == {}


async def _instance(stack: AsyncExitStack, url: str) -> InProcessWatchtower:
    """The tower of an instance that is connected to others."""
    connection = NatsConnection(NatsOptions(url=url))
    tower = InProcessWatchtower()
    sights = NatsSights(connection, tower)
    tower.on_show = sights.tell
    await stack.enter_async_context(connection.running())
    running = asyncio.create_task(sights.run())
    stack.callback(running.cancel)
    async with asyncio.timeout(PATIENCE):
        while not connection.ready:  # noqa: ASYNC110 - a client of a server that starts
            await asyncio.sleep(0.01)
    return tower
