"""What the demo shows: who hears how well, what is chosen, said, done and told, as it happens."""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from attrs import define, field
from rich.console import Console
from rich.table import Table
from rich.terminal_theme import MONOKAI
from rich.text import Text

BAR_WIDTH: Final = 6
WIDTH: Final = 110
GOOD: Final = 7.0
USABLE: Final = 5.0
FONT: Final = "DejaVu Sans Mono, Menlo, Consolas"


@define(eq=False)
class Timeline:
    """Prints the demo line by line, with the seconds since the request began."""

    console: Console = field(factory=lambda: Console(width=WIDTH, highlight=False, record=True))
    steps: int = field(default=0, init=False)

    def title(self, text: str) -> None:
        """Begin the demo."""
        self.console.print(Text(text, style="bold"))

    def fact(self, name: str, text: str) -> None:
        """Say something about the setting."""
        self.console.print(f"  [dim]{name:<10}[/] {text}")

    def request(self, text: str) -> None:
        """Begin a request."""
        self.steps += 1
        self.console.print()
        self.console.rule(f"[bold]{self.steps}[/]  {text}", align="left", style="dim")

    def meters(self, seconds: float, scores: Mapping[str, float], selected: str | None) -> None:
        """Show how well each stream hears just now; the selected one is marked."""
        line = self._stamp(seconds)
        for name, score in scores.items():
            chosen = name == selected
            line.append("● " if chosen else "  ", style="bold bright_green")
            line.append(f"{name} ", style="bold" if chosen else "")
            line.append(_bar(score), style=_color(score))
            line.append(f" {score:4.1f} ")
        self.console.print(line)

    def event(self, seconds: float, name: str, text: str, style: str = "") -> None:
        """Show something that happened."""
        line = self._stamp(seconds)
        line.append(f"{name:<12}", style="bright_cyan")
        line.append(text, style=style)
        self.console.print(line)

    def table(self, headings: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        """Show a few rows."""
        table = Table(box=None, pad_edge=False, header_style="dim", padding=(0, 2, 0, 2))
        for heading in headings:
            table.add_column(heading)
        for row in rows:
            table.add_row(*row)
        self.console.print(table)

    def outcome(self, good: bool, text: str) -> None:
        """Say how it ended."""
        self.console.print()
        self.console.print(
            Text(("✔ " if good else "✘ ") + text, style="bold bright_green" if good else "bold bright_red")
        )

    def save_picture(self, path: Path) -> None:
        """Draw all that was shown, in a font that every machine has."""
        picture = self.console.export_svg(title="mira demo", theme=MONOKAI, font_aspect_ratio=0.602)
        picture = re.sub(r"@font-face \{.*?\}\s*", "", picture, flags=re.DOTALL)
        path.write_text(picture.replace("Fira Code", FONT))

    def _stamp(self, seconds: float) -> Text:
        return Text(f"{seconds:6.2f} s  ", style="dim")


def _bar(score: float) -> str:
    filled = round(max(0.0, min(score, 10.0)) / 10 * BAR_WIDTH)
    return "█" * filled + "░" * (BAR_WIDTH - filled)


def _color(score: float) -> str:
    return "bright_green" if score >= GOOD else "bright_yellow" if score >= USABLE else "bright_red"
