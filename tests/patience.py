"""How patient tests are: no machine is so slow that what must come comes too late for them."""

import asyncio
from collections.abc import Callable

PATIENCE = 150.0
"""Seconds after which a test gives up on what must come; where all is well it takes a small part of them."""


async def settled() -> None:
    """Let all that is under way in this process come to rest: it takes rounds of the loop, not seconds.

    Whoever is called back, woken or sent something within the process is served in one of the next rounds,
    however long the machine lets each of them take.
    """
    for _ in range(60):
        await asyncio.sleep(0.001)


async def eventually(true: Callable[[], object]) -> None:
    """Wait until something is so."""
    async with asyncio.timeout(PATIENCE):
        while not true():  # noqa: ASYNC110 - anything may be waited for
            await asyncio.sleep(0.005)
