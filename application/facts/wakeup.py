"""A nudge between tasks: something happened, look again."""

import asyncio
from datetime import timedelta

from attrs import field, frozen


@frozen
class Wakeup:
    """Wakes one sleeping task; a nudge while it is awake is kept for its next sleep."""

    _nudged: asyncio.Event = field(factory=asyncio.Event, init=False)

    def nudge(self) -> None:
        """Wake the sleeper."""
        self._nudged.set()

    async def wait(self, longest: timedelta) -> None:
        """Sleep until nudged, or for so long."""
        try:
            async with asyncio.timeout(longest.total_seconds()):
                await self._nudged.wait()
        except TimeoutError:
            pass
        self._nudged.clear()
