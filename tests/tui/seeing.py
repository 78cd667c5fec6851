"""Using the dashboard as a person does: pressing keys, and waiting until something is seen."""

import asyncio
from collections.abc import Callable
from typing import Any

from textual.pilot import Pilot
from textual.widgets import Input, Static

from tests.patience import PATIENCE
from tui.app import Dashboard
from tui.dialogs.form import Form
from tui.widgets.grid import Grid


async def until(pilot: Pilot[None], seen: Callable[[], object]) -> None:
    """Wait until something is so; where it never is, the failure tells what was on the screen."""
    try:
        async with asyncio.timeout(PATIENCE):
            while not seen():
                await pilot.pause(0.05)
    except TimeoutError:
        raise AssertionError(f"this was seen instead:\n{shown(pilot)}\n{toasts(pilot)}") from None


async def fill_in(pilot: Pilot[None], **values: str) -> None:
    """Fill in the fields of the form that is open, and send it until it is taken or refused."""
    await until(pilot, lambda: all(pilot.app.screen.query(f"#{name}") for name in values))
    form = pilot.app.screen
    for name, value in values.items():
        form.query_one(f"#{name}", Input).value = value
    await pilot.press("ctrl+s")
    await until(pilot, lambda: form not in pilot.app.screen_stack or not form.query_one("#send").disabled)


async def answer(pilot: Pilot[None], dialog: type[object], *keys: str) -> None:
    """Wait for a dialog, and press keys in it until it is gone."""
    await until(pilot, lambda: isinstance(pilot.app.screen, dialog))
    await pilot.pause()
    await pilot.press(*keys)
    await until(pilot, lambda: not isinstance(pilot.app.screen, dialog))


def grid(pilot: Pilot[None]) -> Grid:
    """The table of the page that is open."""
    return pilot.app.current_page.query_one("#table", Grid)


def shown(pilot: Pilot[None]) -> str:
    """All text on the screen."""
    lines = pilot.app.screen._compositor.render_strips()
    return "\n".join("".join(segment.text for segment in strip) for strip in lines)


def problems(pilot: Pilot[None]) -> str:
    """What the form that is open says of what is wrong with it."""
    said = pilot.app.screen.query(Static) if isinstance(pilot.app.screen, Form) else ()
    return "\n".join(words for one in said if "✗" in (words := str(one.content)))


async def refused(pilot: Pilot[None], words: str, **kept: str) -> None:
    """Wait until the form that was sent is refused in some words, with what was filled in still there."""
    await until(pilot, lambda: words in problems(pilot))
    for name, value in kept.items():
        assert pilot.app.screen.query_one(f"#{name}", Input).value == value


class Rememberer(Dashboard):
    """The dashboard, with a memory for its toasts: they are gone after a few seconds."""

    toasts: str = ""

    def notify(self, message: str, *, title: str = "", **others: Any) -> None:
        """Show a toast, and remember it."""
        self.toasts += f"{title}\n{message}\n"
        super().notify(message, title=title, **others)


def toasts(pilot: Pilot[None]) -> str:
    """What the dashboard said of what was done."""
    return pilot.app.toasts if isinstance(pilot.app, Rememberer) else ""


async def go(pilot: Pilot[None], key: str, page: str) -> None:
    """Open a page by its key."""
    await pilot.press(key)
    await until(pilot, lambda: page == pilot.app.current_page.NAME and pilot.app.current_page.ready)
