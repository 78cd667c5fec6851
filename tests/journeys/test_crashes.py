"""Whatever happens to the hub, what somebody was told of is there afterwards, and reminders ring once."""

import asyncio
import os
import signal
from datetime import UTC, datetime, timedelta

import pytest

from adapters.hub.answers import Interaction, Listing
from adapters.hub.client import Hub
from adapters.hub.errors import HubError, HubUnreachable
from adapters.hub.events import ActionExecuted, InteractionCreated, ReminderDue
from tests.journeys.conftest import StartHub, home_on
from tests.patience import PATIENCE

pytestmark = pytest.mark.slow


async def test_what_was_told_survives_a_kill(start_hub: StartHub) -> None:
    told_turns: set[str] = set()
    told_reminders: set[str] = set()
    async with start_hub() as first, home_on(first.url) as home:
        witness = await home.owner.register_client(home.network.network_id, "witness", "mobile")
        async with home.owner.socket(home.network.network_id, "witness", witness.client_token) as socket:

            async def listen() -> None:
                async for event in socket:
                    match event:
                        case InteractionCreated():
                            told_turns.add(event.interaction_id)
                        case ActionExecuted():
                            told_reminders.add(event.result["reminder_id"])
                            if len(told_reminders) == 5:
                                os.kill(first.pid, signal.SIGKILL)
                                return

            async def talk() -> None:
                for number in range(50):
                    request = f"remind me in {number + 10} minutes to do thing {number}"
                    await home.owner.send_message(home.device.device_id, request)

            talking = asyncio.create_task(talk())
            async with asyncio.timeout(PATIENCE):
                await listen()
            with pytest.raises((HubUnreachable, HubError)):
                await talking
    assert len(told_reminders) == 5
    async with start_hub() as second, Hub(second.url, home.network.network_token) as owner:
        reminders = await owner.reminders(home.network.network_id, limit=200)
        async with asyncio.timeout(PATIENCE):
            while not settled(kept := await owner.interactions(home.network.network_id, limit=200)):  # noqa: ASYNC110 - turns that are given up are told to nobody
                await asyncio.sleep(0.5)
    assert told_turns <= {one.interaction_id for one in kept.items}
    assert told_reminders <= {one.reminder_id for one in reminders.items}


def settled(turns: Listing[Interaction]) -> bool:
    """Whether no turn is under way; those of a dead hub among several end some seconds later."""
    return all(one.processing_status in {"completed", "failed"} for one in turns.items)


FENCE = "nothing more is due"
"""A reminder that falls due last: when it rings, what was due before it has rung or never will."""


async def test_a_reminder_that_fell_due_while_the_hub_was_dead_rings_once(start_hub: StartHub) -> None:
    async with start_hub() as first, home_on(first.url) as home:
        answer = await home.owner.send_message(home.device.device_id, "remind me in 8 seconds to stretch")
        assert "stretch" in answer.response_text
        os.kill(first.pid, signal.SIGKILL)
    await asyncio.sleep(8)
    rung = [await _rings(start_hub, home.network.network_id, home.network.network_token) for _ in range(2)]
    assert rung == [["stretch"], []]


async def _rings(start_hub: StartHub, network_id: str, token: str) -> list[str]:
    """Start the hub, be there from the first moment one can, and say which reminders rang."""
    async with start_hub() as process, Hub(process.url, token) as owner:
        listener = await owner.register_client(network_id, "listener", "mobile")
        async with owner.socket(network_id, "listener", listener.client_token) as socket:
            await owner.create_reminder(network_id, FENCE, datetime.now(UTC) + timedelta(seconds=1))
            rung: list[str] = []
            while not rung or rung[-1] != FENCE:
                rung.append((await socket.expect(ReminderDue)).title)
        titles = [one.title for one in (await owner.reminders(network_id)).items]
        assert titles.count("stretch") == 1
        return rung[:-1]
