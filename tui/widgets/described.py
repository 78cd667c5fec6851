"""All that is known of one thing: names with values, beside a table or in a window of their own."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Final

from rich.text import Text

from tui.marks import when
from tui.theme import Palette
from tui.widgets.lines import Lines, entitle

VALUES_AT: Final = 13
"""The column that values begin in."""


class Described(Lines):
    """What is known of the current row of a table."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's own word
        super().__init__(id=id)
        self.text = Text()
        entitle(self, "Details")

    def show(self, text: Text) -> None:
        """Show another text."""
        self.text = text
        self.redraw()

    def lines(self, width: int, height: int, colours: Palette) -> Sequence[Text]:
        """The text, broken where it is too long."""
        return [part for line in self.text.split("\n") for part in self._broken(line, width)]

    def _broken(self, line: Text, width: int) -> Sequence[Text]:
        """A line in as many as it needs; those after the first begin where values do."""
        first, *rest = line.wrap(self.app.console, width) or [line]
        if not rest or width <= 2 * VALUES_AT:
            return [first, *rest]
        after = line[len(first.plain) :]
        parts = after[len(after.plain) - len(after.plain.lstrip()) :].wrap(
            self.app.console, width - VALUES_AT
        )
        for part in parts:
            part.pad_left(VALUES_AT)
        return [first, *parts]


def described(title: str, rows: Iterable[tuple[str, object]], colours: Palette) -> Text:
    """A title, and names with values."""
    text = Text()
    text.append(f"{title}\n", style=f"bold {colours.accent}")
    for name, value in rows:
        if value in (None, "", (), {}):
            continue
        text.append(f"{name:<{VALUES_AT - 1}} ", style=colours.dim)
        if isinstance(value, Text):
            text.append_text(value)
        else:
            text.append(_said(value), style=colours.text)
        text.append("\n")
    return text


def _said(value: object) -> str:
    match value:
        case datetime():
            return f"{value.astimezone():%Y-%m-%d %H:%M:%S}  ({when(value)})"
        case Mapping():
            return ", ".join(f"{name} {one}" for name, one in value.items())
        case tuple() | list():
            return ", ".join(map(str, value))
        case bool():
            return "yes" if value else "no"
        case _:
            return str(value)
