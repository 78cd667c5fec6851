"""A form while the hub thinks about it."""

import asyncio
from collections.abc import Mapping

from tests.tui.seeing import until
from tests.tui.standing_hub import StandingLink
from tests.tui.standstill import standing_picture
from tui.app import Dashboard
from tui.dialogs.form import Field, Form


async def test_a_form_is_sent_once_and_can_be_left_before_it_is_answered() -> None:
    asked: list[Mapping[str, str]] = []

    async def never_answered(values: Mapping[str, str]) -> None:
        asked.append(values)
        await asyncio.Event().wait()

    app = Dashboard(StandingLink(standing_picture()), page="networks")
    async with app.run_test(size=(120, 40)) as pilot:
        await until(pilot, lambda: app.current_page and app.current_page.ready)
        form = Form("Name it", [Field(name="word", label="Word", value="rose")], never_answered)
        app.push_screen(form)
        await until(pilot, lambda: app.screen is form and form.query("#send"))
        await pilot.press("ctrl+s", "ctrl+s", "enter")
        await until(pilot, lambda: asked)
        await pilot.press("escape")
        await until(pilot, lambda: app.screen is app.current_page)
    assert asked == [{"word": "rose"}]
