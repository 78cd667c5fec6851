"""All that is known of one thing, in a window of its own where there is no room beside the table."""

from typing import ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Static

from tui.widgets.lines import entitle


class Details(ModalScreen[None]):
    """Shows a text; Escape closes it."""

    CSS = """
    Details { align: center middle; }
    Details > VerticalScroll {
        width: 100; max-width: 95%; height: auto; max-height: 90%; background: $panel;
        border: round $accent; padding: 0 2; border-title-color: $accent; border-title-style: bold;
        scrollbar-size-vertical: 1;
    }
    Details Static { height: auto; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,enter", "leave", "Close"),
        Binding("j,down", "scroll(1)", show=False),
        Binding("k,up", "scroll(-1)", show=False),
    ]

    def __init__(self, title: str, text: Text) -> None:
        super().__init__()
        self.heading, self.text = title, text

    def compose(self) -> ComposeResult:
        """Put the text."""
        with VerticalScroll() as box:
            entitle(box, self.heading)
            yield Static(self.text)

    def action_leave(self) -> None:
        """Close it."""
        self.dismiss(None)

    def action_scroll(self, lines: int) -> None:
        """Scroll by some lines."""
        self.query_one(VerticalScroll).scroll_relative(y=lines, animate=False)
