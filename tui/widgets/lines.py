"""Text that is drawn line by line, and anew only where it is not as it was drawn: most of what changes
several times a second looks as before."""

from collections.abc import Hashable, Iterable, Sequence
from typing import Final

from rich.console import Console
from rich.segment import Segment
from rich.style import Style
from rich.text import Text
from textual.content import Content
from textual.geometry import Region, Size
from textual.scroll_view import ScrollView
from textual.selection import Selection
from textual.strip import Strip
from textual.widget import Widget

from tui.theme import Palette, palette_of

CLOSE: Final = 2
"""Lines so near to each other are drawn anew together with those between them."""


def look(shown: str | Text) -> Hashable:
    """What tells whether two texts are drawn alike."""
    return shown if isinstance(shown, str) else (shown.plain, shown.style, tuple(shown.spans))


def strip_of(text: Text, width: int, below: Style, console: Console) -> Strip:
    """A text as a line of so many columns, on a style that lies below it."""
    line = Text(no_wrap=True, end="")
    line.append_text(text)
    line.truncate(width, overflow="crop")
    segments = [Segment(part.text, below + _over(part.style, below)) for part in line.render(console)]
    return Strip(segments).adjust_cell_length(width, below)


def regions(rows: Iterable[int], width: int) -> list[Region]:
    """The regions that some rows, in ascending order, lie in."""
    found: list[Region] = []
    for row in rows:
        if found and row - found[-1].bottom < CLOSE:
            found[-1] = Region(0, found[-1].y, width, row + 1 - found[-1].y)
        else:
            found.append(Region(0, row, width, 1))
    return found


def entitle(widget: Widget, title: str, subtitle: str = "") -> None:
    """Write on the border of a widget, which is drawn anew only where other words come to stand there."""
    for place, words in (("border_title", title), ("border_subtitle", subtitle)):
        content = Content(words)
        if getattr(widget, place) != content.markup:
            setattr(widget, place, content)


class Lines(ScrollView, can_focus=False):
    """Draws the lines that a subclass says; those for which there is no room can be scrolled to."""

    DEFAULT_CSS = """
    Lines { background: $surface; scrollbar-size-vertical: 1; scrollbar-size-horizontal: 0; }
    """

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's own word
        super().__init__(id=id)
        self._lines: Sequence[Text] = ()
        self._looks: Sequence[Hashable] = ()
        self._theme = ""

    def lines(self, width: int, height: int, colours: Palette) -> Sequence[Text]:
        """What is to be seen, for so many columns and rows."""
        return ()

    def redraw(self) -> None:
        """Draw anew what is not as it was drawn."""
        before, top, height = self._looks, self.scroll_offset.y, self.size.height
        self._take_lines()
        rows = (row for row in range(height) if _line(before, row + top) != _line(self._looks, row + top))
        if changed := regions(rows, self.size.width):
            self.refresh(*changed)

    def on_resize(self) -> None:
        """Draw for the room that there is now."""
        self._take_lines()
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """Draw a line."""
        if self._theme != self.app.theme:
            self._take_lines()
        row = y + self.scroll_offset.y
        if row >= len(self._lines):
            return Strip.blank(self.size.width, self.rich_style)
        line, selection = self._lines[row], self.text_selection
        span = None if selection is None else selection.get_span(row)
        if span is not None:
            line, (start, end) = line.copy(), span
            selected = self.screen.get_component_rich_style("screen--selection")
            line.stylize(selected, start, len(line) if end < 0 else end)
        strip = strip_of(line, self.size.width, self.rich_style, self.app.console)
        return strip.apply_offsets(self.scroll_offset.x, row)

    def get_selection(self, selection: Selection) -> tuple[str, str] | None:
        """What the mouse has selected, which can be copied."""
        return selection.extract("\n".join(line.plain for line in self._lines)), "\n"

    def selection_updated(self, selection: Selection | None) -> None:
        """Draw what is selected as selected."""
        self.refresh()

    def _take_lines(self) -> None:
        if not self.is_mounted or not self.size:
            return
        width, height = self.size
        self._theme = self.app.theme
        self._lines = self.lines(width, height, palette_of(self.app))
        self._looks = [look(line) for line in self._lines]
        self.virtual_size = Size(width, max(len(self._lines), height))


def _line(looks: Sequence[Hashable], row: int) -> Hashable:
    return looks[row] if row < len(looks) else None


def _over(style: Style | None, below: Style) -> Style:
    """A style to lay over another: on a bright cursor the text keeps the cursor's own colour."""
    if style is None:
        return Style()
    if below.bold and below.color is not None and below.color.name == "#000000":
        return Style(bold=style.bold, italic=style.italic, underline=style.underline)
    return style
