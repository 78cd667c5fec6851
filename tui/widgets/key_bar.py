"""The keys of what has the focus, in a line at the bottom; how to get help and how to leave stay in sight."""

from collections.abc import Sequence
from typing import Final

from rich.text import Text
from textual import events
from textual.app import RenderResult
from textual.binding import Binding
from textual.widget import Widget

from tui.theme import Palette, palette_of

MORE: Final = " … "
"""There are more keys, which the help tells."""
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
        """Draw the keys that there is room for, a mark for the others, and those always good to know."""
        colours = palette_of(self.app)
        drawn = {one: self._drawn(one, colours) for one in self._shown()}
        always = [one for one in drawn if one.action in ALWAYS]
        room = self.size.width - sum(drawn[one].cell_len for one in always)
        others = [one for one in drawn if one not in always]
        is_cut = sum(drawn[one].cell_len for one in others) > room
        self._places = []
        line = Text(no_wrap=True, end="")
        for binding in others:
            if line.cell_len + drawn[binding].cell_len <= room - is_cut * len(MORE):
                self._put(binding, drawn[binding], line)
        line.append(MORE if is_cut else "", style=colours.dim)
        for binding in always:
            self._put(binding, drawn[binding], line)
        return line

    def _put(self, binding: Binding, drawn: Text, line: Text) -> None:
        self._places.append((line.cell_len, line.cell_len + drawn.cell_len, binding.key))
        line.append_text(drawn)

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
