"""The hub's own tasks: each runs until the hub stops, and is started again should it break."""

import asyncio
from collections.abc import Iterable
from contextlib import AsyncExitStack
from typing import Final

import structlog

from domain.errors import Overloaded
from entrypoints.fabric import Run

log = structlog.get_logger(__name__)

RESTART_SECONDS: Final = 1.0


def keep_running(
    stack: AsyncExitStack, works: Iterable[tuple[str, Run]], *, restart_seconds: float = RESTART_SECONDS
) -> None:
    """Run each work, by its name, until `stack` is left; what ends is started again after a while."""
    for name, work in works:
        task = asyncio.create_task(_kept_running(name, work, restart_seconds), name=name)
        stack.push_async_callback(ended, task)


async def _kept_running(name: str, work: Run, restart_seconds: float) -> None:
    while True:
        try:
            await work()
        except* Overloaded:
            log.warning("the store is busy; a task of the hub tries again", task=name)
        except* Exception:
            log.exception("a task of the hub broke and is started again", task=name)
        await asyncio.sleep(restart_seconds)


async def ended(task: "asyncio.Task[None]") -> None:
    """Cancel a task and see it through; what it raised is its own affair."""
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
