"""Facts with numbers, and which of them a socket hears."""

import asyncio
from datetime import UTC, datetime

from adapters.hub import NetworkSocket
from adapters.hub.events import (
    ContextUpdated,
    Reconnected,
)
from domain import events as facts
from domain.ids import ConversationId
from tests.patience import PATIENCE

AT = datetime(2026, 3, 1, 12, tzinfo=UTC)


def moved_on(number: int) -> facts.ContextUpdated:
    """A fact with a number."""
    return facts.ContextUpdated(
        conversation_id=ConversationId(f"conv_{number}"), summary="x", participants=(), at=AT
    )


async def numbers(socket: NetworkSocket, last: int) -> tuple[list[int], list[bool]]:
    """The numbers of the facts that come, up to the last one; and how each reconnection went."""
    heard: list[int] = []
    resumed: list[bool] = []
    async with asyncio.timeout(PATIENCE):
        async for event in socket:
            match event:
                case ContextUpdated():
                    heard.append(int(event.conversation_id.removeprefix("conv_")))
                    if heard[-1] == last:
                        break
                case Reconnected():
                    resumed.append(event.resumed)
                case _:
                    continue
    return heard, resumed
