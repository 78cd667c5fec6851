"""A table that draws only the rows in sight, so that ten thousand cost no more than ten."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, ClassVar, Final, Generic, TypeVar

from attrs import field, frozen
from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from rich.text import Text
from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Region, Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from tui.theme import Palette, palette_of

Item = TypeVar("Item")
GAP: Final = 2
HEADER: Final = 1


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
        self._widths: list[int] = []
        self._fitted_to = 0
        self.touched = False

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
        self.refresh()
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
        width = self.size.width
        colours = palette_of(self.app)
        if width != self._fitted_to:
            self._fitted_to, self._widths = width, self._fit(width)
        if y == 0:
            return self._header(width, colours)
        row = y - HEADER + self.scroll_offset.y
        if row >= len(self.items):
            if row == 1 and not self.items:
                return self._strip(Text(f"  {self.empty}", style=f"italic {colours.dim}"), width, None)
            return Strip.blank(width, self.rich_style)
        item = self.items[row]
        line = Text(no_wrap=True, end="")
        for column, room in zip(self.columns, self._widths, strict=True):
            if room:
                line.append_text(_fitted(column.show(item, colours), room, right=column.right))
                line.append(" " * GAP)
        return self._strip(line, width, self._row_style(row, colours))

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
            if self.columns[column].order is not None and self._widths and self._widths[column]:
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
        self.refresh()

    def _click_header(self, x: int) -> None:
        start = 0
        for number, room in enumerate(self._widths):
            if room and start <= x < start + room + GAP and self.columns[number].order is not None:
                if number == self.sorted_by:
                    self.action_turn()
                else:
                    self._sort_by(number)
                return
            start += room + GAP if room else 0

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

    def _fit(self, width: int) -> list[int]:
        """How much room each column gets: 0 for those that there is no room for."""
        shown = set(range(len(self.columns)))
        while True:
            needed = sum(self.columns[i].width for i in shown) + GAP * len(shown) - 1
            if needed <= width or len(shown) == 1:
                break
            shown.discard(max(shown, key=lambda i: (self.columns[i].rank, i)))
        left = max(0, width - needed)
        growing = sum(self.columns[i].grow for i in shown) or 1
        return [
            column.width + left * column.grow // growing if i in shown else 0
            for i, column in enumerate(self.columns)
        ]

    def _header(self, width: int, colours: Palette) -> Strip:
        line = Text(no_wrap=True, end="")
        for number, (column, room) in enumerate(zip(self.columns, self._widths, strict=True)):
            if room:
                is_sorted = number == self.sorted_by and column.order is not None
                mark = ("▼" if self.reverse else "▲") if is_sorted else ""
                title = Text(f"{column.title}{mark}", style=colours.accent if is_sorted else colours.dim)
                line.append_text(_fitted(title, room, right=column.right))
                line.append(" " * GAP)
        return self._strip(line, width, Style(bold=True, bgcolor=colours.panel))

    def _row_style(self, row: int, colours: Palette) -> Style:
        if row != self.cursor:
            return Style(color=colours.text, bgcolor=colours.surface)
        if self.has_focus:
            return Style(color=colours.cursor_text, bgcolor=colours.cursor, bold=True)
        return Style(color=colours.text, bgcolor=colours.panel)

    def _strip(self, line: Text, width: int, over: Style | None) -> Strip:
        line.truncate(width, overflow="crop")
        below = self.rich_style if over is None else over
        segments = [
            Segment(part.text, below + _over(part.style, below)) for part in line.render(self.app.console)
        ]
        return Strip(segments).adjust_cell_length(width, below)


def _over(style: Style | None, below: Style) -> Style:
    """A style to lay over another: on a bright cursor the text keeps the cursor's own colour."""
    if style is None:
        return Style()
    if below.bold and below.color is not None and below.color.name == "#000000":
        return Style(bold=style.bold, italic=style.italic, underline=style.underline)
    return style


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
