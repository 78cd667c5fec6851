"""Every page in three sizes, of a hub that stands still."""

import time
from collections.abc import Callable, Iterator

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from tests.tui.seeing import shown, until
from tests.tui.standing_hub import StandingLink
from tests.tui.standstill import NOW, standing_picture
from tui import marks
from tui.app import Dashboard
from tui.widgets.top_bar import PAGES

SIZES = {"small": (80, 24), "usual": (120, 40), "wide": (220, 50)}
Compare = Callable[..., bool]


@pytest.fixture(autouse=True)
def the_same_everywhere() -> Iterator[None]:
    """Time stands still, in UTC, and nobody has asked for no colours."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(marks, "now", lambda: NOW)
        patch.setenv("TZ", "UTC")
        patch.delenv("NO_COLOR", raising=False)
        time.tzset()
        yield
    time.tzset()


def dashboard(page: str, theme: str = "dark") -> Dashboard:
    app = Dashboard(StandingLink(standing_picture()), page=page, theme=theme)
    app.animation_level = "none"
    return app


async def settle(pilot: Pilot[None]) -> None:
    for _ in range(20):
        await pilot.pause(0.02)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("page", [name for name, _ in PAGES])
def test_page(snap_compare: Compare, page: str, size: str) -> None:
    assert snap_compare(dashboard(page), terminal_size=SIZES[size], run_before=settle)


@pytest.mark.parametrize("theme", ["light", "contrast"])
def test_theme(snap_compare: Compare, theme: str) -> None:
    assert snap_compare(dashboard("live", theme), terminal_size=SIZES["usual"], run_before=settle)


def test_help(snap_compare: Compare) -> None:
    assert snap_compare(
        dashboard("live"), terminal_size=SIZES["usual"], run_before=settle, press=["question_mark"]
    )


def test_a_form(snap_compare: Compare) -> None:
    async def open_form(pilot: Pilot[None]) -> None:
        await settle(pilot)
        await pilot.press("c")
        await settle(pilot)
        for field in pilot.app.screen.query(Input):
            field.cursor_blink = False
        await settle(pilot)

    assert snap_compare(dashboard("networks"), terminal_size=SIZES["usual"], run_before=open_form)


def test_a_filter_that_nothing_fits(snap_compare: Compare) -> None:
    async def filter_for_nothing(pilot: Pilot[None]) -> None:
        await settle(pilot)
        await pilot.press("slash")
        await until(pilot, lambda: isinstance(pilot.app.focused, Input))
        await pilot.press(*"xyzzy", "enter")
        await until(pilot, lambda: "Nothing here fits" in shown(pilot) and "q Quit" in shown(pilot))
        await settle(pilot)

    assert snap_compare(dashboard("clients"), terminal_size=SIZES["small"], run_before=filter_for_nothing)
