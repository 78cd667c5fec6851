"""A page as a picture, without a terminal."""

import asyncio
from pathlib import Path
from typing import Final

from textual.pilot import Pilot

from tui.app import Dashboard
from tui.picture import LinkState

PATIENCE_SECONDS: Final = 60.0
LOOK_SECONDS: Final = 0.1
TRIES_SECONDS: Final = 8.0


class NoPicture(Exception):
    """The hub does not answer, so it could not be drawn; the message says more."""


class Refused(Exception):
    """The hub refuses the token; the message says why."""


async def draw(
    dashboard: Dashboard, path: Path, *, size: tuple[int, int], after: float = 2.0, keys: tuple[str, ...] = ()
) -> None:
    """Draw the first page of a dashboard into an SVG file, so many seconds after it has read the hub's state.

    Raises:
        NoPicture: the hub does not answer.
        Refused: the hub refuses the token.
    """
    async with dashboard.run_test(size=size) as pilot:
        await _loaded(dashboard)
        await pilot.press(*keys)
        await asyncio.sleep(after)
        await _drawn(pilot)
        drawing = dashboard.export_screenshot(title="mira tui")
    await asyncio.to_thread(path.write_text, drawing, "utf-8")


async def _loaded(dashboard: Dashboard) -> None:
    """Wait until the state is read; a hub that does not answer is given a few more tries."""
    picture = dashboard.picture
    began = asyncio.get_running_loop().time()
    while not picture.loaded:
        passed = asyncio.get_running_loop().time() - began
        if picture.link is LinkState.REFUSED:
            raise Refused(picture.trouble_with_link)
        lost = picture.link is LinkState.LOST and passed > TRIES_SECONDS
        if lost or passed > PATIENCE_SECONDS:
            raise NoPicture(picture.trouble_with_link or "the hub does not answer in time")
        await asyncio.sleep(LOOK_SECONDS)


async def _drawn(pilot: Pilot[None]) -> None:
    await pilot.pause()
