"""What happens, line by line; what people said is hidden until it is asked for."""

from collections.abc import Mapping, Sequence
from typing import Final

from rich.text import Text

from tui.marks import clock
from tui.picture import FlowLine, Picture
from tui.theme import Palette
from tui.widgets.lines import Lines

SIGNS: Final[Mapping[str, str]] = {
    "turn": "»",
    "failed": "✗",
    "joined": "+",
    "left": "-",
    "action": "*",
    "trouble": "!",
}
HIDDEN: Final = "•••••••• (t shows what is said)"


class Flow(Lines):
    """The newest at the bottom."""

    DEFAULT_CSS = """
    Flow { height: 1fr; min-height: 4; border: round $border; padding: 0 1; }
    """

    def __init__(self, picture: Picture) -> None:
        super().__init__()
        self.picture = picture
        self.network_id: str | None = None
        self.transcripts = False

    def lines(self, width: int, height: int, colours: Palette) -> Sequence[Text]:
        """The last lines that there is room for."""
        lines: list[Text] = []
        for line in reversed(self.picture.flow):
            if self.network_id not in {None, line.network_id}:
                continue
            lines[:0] = self._drawn(line, width, colours)
            if len(lines) >= height:
                break
        if not lines:
            return [Text("  Nothing has happened yet.", style=f"italic {colours.dim}")]
        return lines[-height:]

    def _drawn(self, line: FlowLine, width: int, colours: Palette) -> list[Text]:
        colour = {
            "turn": colours.accent,
            "failed": colours.bad,
            "trouble": colours.warn,
            "action": colours.warm,
            "joined": colours.good,
        }.get(line.sort, colours.dim)
        head = Text.assemble(
            (f"{clock(line.at)} ", colours.dim), (f"{SIGNS.get(line.sort, ' ')} ", f"bold {colour}")
        )
        if self.network_id is None:
            head.append(f"{self.picture.name_of(line.network_id)[:14]:<15}", style=colours.dim)
        if line.who:
            head.append(
                f"{self.picture.called(line.network_id, line.who)[:16]} ", style=f"bold {colours.text}"
            )
        if line.sort == "turn":
            return self._turn(head, line, width, colours)
        said = line.text or line.answer
        head.append(said if line.sort == "action" else f"{line.sort} {said}", style=colour)
        head.truncate(width, overflow="ellipsis")
        return [head]

    def _turn(self, head: Text, line: FlowLine, width: int, colours: Palette) -> list[Text]:
        if not self.transcripts or not (line.text or line.answer):
            head.append(HIDDEN if not self.transcripts else "(said before you looked)", style=colours.dim)
            head.truncate(width, overflow="ellipsis")
            return [head]
        head.append(line.text or "(nothing understood)", style=colours.text)
        answer = Text.assemble((" " * 9, ""), ("↳ ", colours.good), (line.answer, colours.good))
        for text in (head, answer):
            text.truncate(width, overflow="ellipsis")
        return [head, answer]
