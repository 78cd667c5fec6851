"""A page as a picture, without a terminal."""

import asyncio
from pathlib import Path
from typing import Final

from textual.pilot import Pilot

from tui.app import Dashboard
from tui.picture import LinkState

PATIENCE_SECONDS: Final = 20.0
LOOK_SECONDS: Final = 0.1


class NoPicture(Exception):
    """The hub could not be drawn; the message says why."""


async def draw(
    dashboard: Dashboard, path: Path, *, size: tuple[int, int], after: float = 2.0, keys: tuple[str, ...] = ()
) -> None:
    """Draw the first page of a dashboard into an SVG file, so many seconds after it has read the hub's state.

    Raises:
        NoPicture: the hub does not answer, or refuses.
    """
    async with dashboard.run_test(size=size) as pilot:
        await _loaded(dashboard)
        await pilot.press(*keys)
        await asyncio.sleep(after)
        await _drawn(pilot)
        drawing = dashboard.export_screenshot(title="mira tui")
    await asyncio.to_thread(path.write_text, drawing, "utf-8")


async def _loaded(dashboard: Dashboard) -> None:
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            while not dashboard.picture.loaded:
                if dashboard.picture.link in {LinkState.LOST, LinkState.REFUSED}:
                    raise NoPicture(dashboard.picture.trouble_with_link)
                await asyncio.sleep(LOOK_SECONDS)
    except TimeoutError as error:
        raise NoPicture("the hub does not answer in time") from error


async def _drawn(pilot: Pilot[None]) -> None:
    await pilot.pause()
