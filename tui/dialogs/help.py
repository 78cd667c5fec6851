"""Help: what a page is for, its keys, and its signs."""

from typing import Final

from rich.text import Text
from textual.binding import Binding

from tui.dialogs.details import Details
from tui.screens.page import Page
from tui.theme import Palette, palette_of

EVERYWHERE: Final = (
    ("1 to 9", "the pages; [ and ] or H and L go to the one beside"),
    ("j k ↑ ↓", "down and up; g and G or Home and End first and last; PgUp PgDn or ctrl+b ctrl+f"),
    ("Enter", "choose, or look closely; Esc goes back, and in the end to all networks"),
    ("/", "filter as you type"),
    ("s S", "order by the next column, turn the order round; or click a header"),
    (": ctrl+p", "the palette: every command, and whatever is in any network"),
    ("T", "the next theme: dark, light, high contrast"),
    ("?", "this help"),
    ("q", "leave"),
)


def help_for(page: Page) -> Details:
    """The help of a page."""
    colours = palette_of(page.app)
    text = Text()
    text.append(f"\n{page.ABOUT}\n", style=f"bold {colours.text}")
    own = [
        (binding.key.replace("slash", "/"), binding.description)
        for binding in Binding.make_bindings([*type(page).BINDINGS, *Page.BINDINGS])
        if binding.description
    ]
    _section(text, "On this page", own, colours)
    _section(text, "Everywhere", list(EVERYWHERE), colours)
    if page.MEANINGS:
        _section(text, "Signs", list(page.MEANINGS), colours)
    return Details(f"Help: {page.NAME}", text)


def _section(text: Text, title: str, rows: list[tuple[str, str]], colours: Palette) -> None:
    text.append(f"\n{title}\n", style=f"bold {colours.accent}")
    for keys, meaning in rows:
        text.append(f"  {keys:<12}", style=f"bold {colours.text}")
        text.append(f"{meaning}\n", style=colours.dim)
