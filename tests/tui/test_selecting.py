"""What stands beside a table can be selected with the mouse, and copied."""

from tests.tui.seeing import until
from tests.tui.standing_hub import StandingLink
from tests.tui.standstill import standing_picture
from tui.app import Dashboard
from tui.widgets.described import Described


async def test_an_id_is_selected_with_the_mouse() -> None:
    app = Dashboard(StandingLink(standing_picture()), page="networks")
    async with app.run_test(size=(160, 40)) as pilot:
        await until(pilot, lambda: app.current_page and app.current_page.query(Described))
        details = app.current_page.query_one(Described)
        await until(pilot, lambda: "net_" in details.text.plain)
        row = next(at for at, line in enumerate(details.text.plain.split("\n")) if line.startswith("id "))
        line = details.text.plain.split("\n")[row]
        at, gutter = line.index("net_"), details.content_offset
        start = (at + gutter.x, row + gutter.y)
        await pilot.mouse_down(details, offset=start)
        await pilot.hover(details, offset=(len(line) + gutter.x, row + gutter.y))
        await pilot.mouse_up(details, offset=(len(line) + gutter.x, row + gutter.y))
        await until(pilot, lambda: app.screen.get_selected_text() == line[at:])
