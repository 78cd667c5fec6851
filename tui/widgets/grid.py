"""A table that draws only the rows in sight, so that ten thousand cost no more than ten."""

from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import Any, ClassVar, Final, Generic, TypeVar

from attrs import field, frozen
from rich.cells import cell_len
from rich.style import Style
from rich.text import Text
from textual import events
from textual.binding import Binding, BindingType
from textual.cache import LRUCache
from textual.geometry import Region, Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from tui.theme import Palette, palette_of
from tui.widgets.lines import look, regions, strip_of

Item = TypeVar("Item")
GAP: Final = 2
HEADER: Final = 1
NOTHING_FITS: Final = "Nothing here fits the filter: Esc takes it away."
STRIPS_KEPT: Final = 512
"""Rows as they were drawn last: most look so again when they are scrolled to or filled in."""


@frozen(kw_only=True)
class Column(Generic[Item]):
    """One column: what it shows of an item, what it is ordered by, and how much room it needs.

    width is what it needs at least, grow its share of the room that is left, and rank says which columns go
    first where there is too little room: those of the highest rank.
    """

    title: str
    show: Callable[[Item, Palette], str | Text]
    order: Callable[[Item], Any] | None = None
    width: int
    grow: int = 0
    rank: int = 0
    right: bool = False
    descending: bool = field(default=False)


class Grid(ScrollView, Generic[Item], can_focus=True):
    """Rows of items under a header, with a cursor that stays on its item whatever comes and goes."""

    DEFAULT_CSS = """
    Grid { background: $surface; height: 1fr; scrollbar-size-vertical: 1; scrollbar-size-horizontal: 0; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "move(-1)", "Up", show=False),
        Binding("down,j", "move(1)", "Down", show=False),
        Binding("pageup,ctrl+b", "page(-1)", "Page up", show=False),
        Binding("pagedown,ctrl+f", "page(1)", "Page down", show=False),
        Binding("home,g", "jump(0)", "First", show=False),
        Binding("end,G", "jump(-1)", "Last", show=False),
        Binding("enter", "choose", "Open", show=False),
        Binding("s", "sort(1)", "Sort", show=False),
        Binding("S", "turn", "Reverse", show=False),
    ]

    class Moved(Message):
        """The cursor is on another item."""

        def __init__(self, grid: "Grid[Any]", item: Any) -> None:
            super().__init__()
            self.grid, self.item = grid, item

        @property
        def control(self) -> "Grid[Any]":
            """The grid."""
            return self.grid

    class Chosen(Message):
        """An item was chosen, by Enter or a second click."""

        def __init__(self, grid: "Grid[Any]", item: Any) -> None:
            super().__init__()
            self.grid, self.item = grid, item

        @property
        def control(self) -> "Grid[Any]":
            """The grid."""
            return self.grid

    def __init__(
        self,
        columns: Sequence[Column[Item]],
        key: Callable[[Item], object],
        *,
        empty: str = "Nothing here yet.",
        sort: int = 0,
        id: str | None = None,  # noqa: A002 - Textual's own word
    ) -> None:
        super().__init__(id=id)
        self.columns, self.key, self.empty = tuple(columns), key, empty
        self.items: list[Item] = []
        self.cursor = 0
        self.sorted_by = sort
        self.reverse = self.columns[sort].descending
        self._shown: Sequence[Column[Item]] = ()
        self._rooms: Sequence[tuple[int, bool]] = ()
        self._fitted_to: tuple[int, str] = (0, "")
        self._strips: LRUCache[Hashable, Strip] = LRUCache(STRIPS_KEPT)
        self._drawn: dict[int, Hashable] = {}
        self.touched = False
        self.filtered = False

    @property
    def current(self) -> Item | None:
        """The item under the cursor."""
        return self.items[self.cursor] if 0 <= self.cursor < len(self.items) else None

    def put(self, items: Iterable[Item]) -> None:
        """Show these items, in the order that was asked for; the cursor stays on its item."""
        before = None if self.current is None else self.key(self.current)
        order = self.columns[self.sorted_by].order
        self.items = list(items) if order is None else sorted(items, key=order, reverse=self.reverse)
        found = self._row_of(before)
        self.cursor = min(self.cursor, max(0, len(self.items) - 1)) if found is None else found
        self.virtual_size = Size(self.size.width, len(self.items) + HEADER)
        self._redraw()
        after = None if self.current is None else self.key(self.current)
        if after != before:
            self._moved()

    def _row_of(self, key: object) -> int | None:
        """Where the item is that is known by a key; most often it is where it was."""
        if self.current is not None and self.key(self.current) == key:
            return self.cursor
        return next((row for row, item in enumerate(self.items) if self.key(item) == key), None)

    def point_at(self, key: object) -> bool:
        """Put the cursor on the item that is known by a key; whether it is here."""
        found = self._row_of(key)
        if found is not None:
            touched = self.touched
            self._go(found)
            self.touched = touched
        return found is not None

    def render_line(self, y: int) -> Strip:
        """Draw a line: the header stays at the top, whatever the scroll."""
        cells, rooms, below = self._line(y)
        key = self._drawn[y] = (tuple(map(look, cells)), below)
        strip = self._strips.get(key)
        if strip is None:
            line = Text(no_wrap=True)
            for cell, (room, right) in zip(cells, rooms, strict=True):
                line.append_text(_fitted(cell, room, right=right))
                line.append(" " * GAP)
            strip = self._strips[key] = strip_of(line, self.size.width, below, self.app.console)
        return strip

    def _redraw(self) -> None:
        """Draw anew those lines that are not as they were drawn."""
        if not self._drawn:
            self.refresh()
            return
        changed = [y for y in range(self.size.height) if self._drawn.get(y) != self._key(y)]
        if changed:
            self.refresh(*regions(changed, self.size.width))

    def _key(self, y: int) -> Hashable:
        """What tells whether a line is drawn as it was."""
        cells, _, below = self._line(y)
        return tuple(map(look, cells)), below

    def _line(self, y: int) -> tuple[Sequence[str | Text], Sequence[tuple[int, bool]], Style]:
        """The cells of a line, the room of each and whether it is filled from the left, and its style."""
        if self._fitted_to != (self.size.width, self.app.theme):
            self._fit()
        colours = palette_of(self.app)
        if y == 0:
            return self._titles(colours), self._rooms, self._below_titles
        row = y - HEADER + self.scroll_offset.y
        if row < len(self.items):
            item = self.items[row]
            cells = [column.show(item, colours) for column in self._shown]
            below = self._below_cursor[self.has_focus] if row == self.cursor else self._below
            return cells, self._rooms, below
        if row == 1 and not self.items:
            words = Text(f"  {NOTHING_FITS if self.filtered else self.empty}", style=f"italic {colours.dim}")
            return [words], [(self.size.width - GAP, False)], self._below
        return (), (), self._below

    def action_move(self, steps: int) -> None:
        """Move the cursor by so many rows."""
        self._go(self.cursor + steps)

    def action_page(self, pages: int) -> None:
        """Move the cursor by so many pages."""
        self._go(self.cursor + pages * max(1, self.size.height - HEADER - 1))

    def action_jump(self, row: int) -> None:
        """Move the cursor to a row, counted from the end where it is negative."""
        self._go(row if row >= 0 else len(self.items) + row)

    def action_choose(self) -> None:
        """Choose the item under the cursor."""
        if self.current is not None:
            self.post_message(self.Chosen(self, self.current))

    def action_sort(self, steps: int) -> None:
        """Order by the next column that has an order."""
        count = len(self.columns)
        for step in range(1, count + 1):
            column = (self.sorted_by + step * steps) % count
            if self.columns[column].order is not None and self.columns[column] in self._shown:
                self._sort_by(column)
                return

    def action_turn(self) -> None:
        """Turn the order round."""
        self.reverse = not self.reverse
        self.put(self.items)

    def on_click(self, event: events.Click) -> None:
        """A click moves the cursor, a second one chooses; one on the header orders by that column."""
        if event.y == 0:
            self._click_header(event.x)
            return
        row = event.y - HEADER + self.scroll_offset.y
        if row < len(self.items):
            again = row == self.cursor and event.chain > 1
            self._go(row)
            if again:
                self.action_choose()

    def on_resize(self) -> None:
        """Fit the columns anew."""
        self.virtual_size = Size(self.size.width, len(self.items) + HEADER)

    def watch_has_focus(self, value: bool) -> None:
        """Draw the cursor as it is with or without the focus."""
        super().watch_has_focus(value)
        self._redraw()

    def _click_header(self, x: int) -> None:
        start = 0
        for column, (room, _) in zip(self._shown, self._rooms, strict=True):
            if start <= x < start + room + GAP and column.order is not None:
                number = self.columns.index(column)
                if number == self.sorted_by:
                    self.action_turn()
                else:
                    self._sort_by(number)
                return
            start += room + GAP

    def _sort_by(self, column: int) -> None:
        self.sorted_by, self.reverse = column, self.columns[column].descending
        self.put(self.items)

    def _go(self, row: int) -> None:
        row = max(0, min(row, len(self.items) - 1))
        if row == self.cursor:
            return
        before, self.cursor = self.cursor, row
        self.touched = True
        height = max(1, self.size.height - HEADER)
        top = self.scroll_offset.y
        if row < top:
            self.scroll_to(y=row, animate=False, force=True)
        elif row >= top + height:
            self.scroll_to(y=row - height + 1, animate=False, force=True)
        elif top <= before < top + height:
            self.refresh(*(Region(0, one - top + HEADER, self.size.width, 1) for one in (before, row)))
        else:
            self.refresh()
        self._moved()

    def _moved(self) -> None:
        self.post_message(self.Moved(self, self.current))

    def _fit(self) -> None:
        """Give each column its room, and leave those out that there is none for; take the colours in."""
        width, colours = self.size.width, palette_of(self.app)
        shown = list(self.columns)
        while (needed := sum(one.width + GAP for one in shown) - 1) > width and len(shown) > 1:
            shown.remove(max(reversed(shown), key=lambda one: one.rank))
        left, growing = max(0, width - needed), sum(one.grow for one in shown) or 1
        self._shown = shown
        self._rooms = [(one.width + left * one.grow // growing, one.right) for one in shown]
        self._below = Style(color=colours.text, bgcolor=colours.surface)
        self._below_titles = Style(bold=True, bgcolor=colours.panel)
        self._below_cursor = {
            True: Style(color=colours.cursor_text, bgcolor=colours.cursor, bold=True),
            False: Style(color=colours.text, bgcolor=colours.panel),
        }
        self._strips.clear()
        self._fitted_to = (width, self.app.theme)

    def _titles(self, colours: Palette) -> Sequence[Text]:
        titles = []
        for column in self._shown:
            is_sorted = column is self.columns[self.sorted_by] and column.order is not None
            mark = ("▼" if self.reverse else "▲") if is_sorted else ""
            titles.append(Text(f"{column.title}{mark}", style=colours.accent if is_sorted else colours.dim))
        return titles


def _fitted(shown: str | Text, room: int, *, right: bool) -> Text:
    """A cell, cut or filled to its room."""
    text = Text(shown, no_wrap=True) if isinstance(shown, str) else shown.copy()
    if cell_len(text.plain) > room:
        text.truncate(room, overflow="ellipsis")
    missing = room - cell_len(text.plain)
    if right:
        text.pad_left(missing)
    else:
        text.pad_right(missing)
    return text
