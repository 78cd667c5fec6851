"""Waiting for a moment of this machine's clock."""

import asyncio
import time


async def until(moment: int) -> None:
    """Wait until a moment, in microseconds since 1970; what has passed is not waited for."""
    await asyncio.sleep(max(0, moment - time.time_ns() // 1000) / 1_000_000)
