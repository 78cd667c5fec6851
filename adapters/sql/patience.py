"""Seeing a call of the driver through: it is never given up half way."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")


async def seen_through(call: Coroutine[Any, Any, T]) -> T:
    """Wait for a call to end, though whoever waits is cancelled meanwhile; that is raised afterwards.

    A driver that is cancelled half way gives its connection up. What SQLite has locked on it then stays
    locked until the garbage collector finds the last cursor, and no other writer gets its turn.
    """
    task = asyncio.ensure_future(call)
    cancellation: asyncio.CancelledError | None = None
    while not task.done():
        try:
            await asyncio.wait((task,))
        except asyncio.CancelledError as error:
            cancellation = error
    if cancellation is None:
        return task.result()
    if not task.cancelled():
        task.exception()
    raise cancellation
