"""The keys of what has the focus, in a line at the bottom; how to get help and how to leave stay in sight."""

from collections.abc import Sequence
from typing import Final

from rich.text import Text
from textual import events
from textual.app import RenderResult
from textual.binding import Binding
from textual.widget import Widget

from tui.theme import Palette, palette_of

ALWAYS: Final = ("help", "quit")


class KeyBar(Widget):
    """One line, drawn anew when keys change; a widget for each key would have to be laid out each time."""

    DEFAULT_CSS = """
    KeyBar { dock: bottom; height: 1; background: $panel; text-wrap: nowrap; text-overflow: clip; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._places: list[tuple[int, int, str]] = []

    def on_mount(self) -> None:
        """Draw the line anew whenever other keys do something."""
        self.screen.bindings_updated_signal.subscribe(self, self._keys_changed)

    def _keys_changed(self, _: object) -> None:
        self.refresh()

    def render(self) -> RenderResult:
        """Draw the keys that there is room for, and at the right those that are always good to know."""
        colours = palette_of(self.app)
        shown = self._shown()
        always = [one for one in shown if one.action in ALWAYS]
        room = self.size.width - sum(self._drawn(one, colours).cell_len for one in always)
        line = Text(no_wrap=True, end="")
        self._places = []
        for binding in [*(one for one in shown if one not in always), *always]:
            text = self._drawn(binding, colours)
            if binding not in always and line.cell_len + text.cell_len > room:
                continue
            self._places.append((line.cell_len, line.cell_len + text.cell_len, binding.key))
            line.append_text(text)
        return line

    def _shown(self) -> Sequence[Binding]:
        """Each action that is to be seen, once."""
        by_action: dict[str, Binding] = {}
        for active in self.screen.active_bindings.values():
            if active.binding.show and active.enabled:
                by_action.setdefault(active.binding.action, active.binding)
        return list(by_action.values())

    def _drawn(self, binding: Binding, colours: Palette) -> Text:
        key = self.app.get_key_display(binding)
        return Text.assemble((f" {key} ", f"bold {colours.accent}"), (f"{binding.description} ", colours.dim))

    def on_click(self, event: events.Click) -> None:
        """A click presses the key."""
        for start, end, key in self._places:
            if start <= event.x < end:
                self.app.simulate_key(key)
