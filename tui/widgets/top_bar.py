"""The lines at the top of every page: where one is, how the hub is, and whether it is there at all."""

from typing import Final, assert_never

from rich.text import Text
from textual import events
from textual.app import RenderResult
from textual.widget import Widget

from adapters.hub.operating import Figures
from tui.marks import age, number, spark, state
from tui.picture import LinkState, Picture
from tui.theme import Palette, palette_of

PAGES: Final = (
    ("live", "Live"),
    ("networks", "Networks"),
    ("clients", "Clients"),
    ("personas", "Personas"),
    ("sessions", "Sessions"),
    ("interactions", "Interactions"),
    ("agenda", "Agenda"),
    ("activities", "Activities"),
    ("health", "Health"),
)
"""The pages, in the order of the keys 1 to 9."""
LETTERS: Final = 4
LONGEST: Final = 12


class TopBar(Widget):
    """The pages as tabs, and the network that is chosen."""

    DEFAULT_CSS = """
    TopBar { height: 1; text-wrap: nowrap; text-overflow: clip; background: $panel; }
    """

    def __init__(self, page: str, picture: Picture) -> None:
        super().__init__()
        self.page, self.picture = page, picture
        self.scope: str | None = None
        self._places: list[tuple[int, int, str]] = []

    def render(self) -> RenderResult:
        """Draw as many letters of each page as there is room for."""
        colours = palette_of(self.app)
        scope = self.picture.name_of(self.scope) if self.scope else "all networks"
        right = Text.assemble((" ⌂ ", colours.dim), (scope, f"bold {colours.accent}"), " ", no_wrap=True)
        letters, gap = self._letters(right.cell_len)
        line = Text(" mira", style=f"bold {colours.accent}", no_wrap=True, end="")
        self._places = []
        for position, (name, title) in enumerate(PAGES, 1):
            chosen = name == self.page
            words = title if chosen else title[:letters]
            start = line.cell_len
            if chosen:
                line.append(f" {position} {words} ", style=f"bold reverse {colours.accent}")
            else:
                line.append(" " * (gap - line.plain.endswith(" ")))
                line.append(f"{position} ", style=colours.dim)
                line.append(words, style=colours.text)
            self._places.append((start, line.cell_len, name))
        room = self.size.width - line.cell_len
        if room >= 8:
            right.truncate(room, overflow="ellipsis")
            line.append(" " * (room - right.cell_len))
            line.append_text(right)
        return line

    def _letters(self, taken: int) -> tuple[int, int]:
        """How many letters of each page there is room for, and how much between them."""
        for letters, gap in ((LONGEST, 2), *((letters, 1) for letters in range(LONGEST, LETTERS, -1))):
            titles = sum(len(title if name == self.page else title[:letters]) for name, title in PAGES)
            if titles + (gap + 2) * len(PAGES) + taken + 6 <= self.size.width:
                return letters, gap
        return LETTERS, 1

    async def on_click(self, event: events.Click) -> None:
        """Open the page that was clicked."""
        for start, end, name in self._places:
            if start <= event.x < end:
                await self.app.run_action(f"page('{name}')")


class Vitals(Widget):
    """How the hub is, in a line; a lost connection is said here, in so many words."""

    DEFAULT_CSS = """
    Vitals { height: 1; text-wrap: nowrap; text-overflow: clip; background: $surface; }
    """

    def __init__(self, picture: Picture) -> None:
        super().__init__()
        self.picture = picture

    def render(self) -> RenderResult:
        """Draw it for the room that there is."""
        colours, picture = palette_of(self.app), self.picture
        match picture.link:
            case LinkState.CONNECTED:
                return self._line(colours)
            case LinkState.CONNECTING:
                return Text(" … connecting", style=f"bold {colours.warn}")
            case LinkState.LOST:
                words = f" ✗ CONNECTION LOST {age(picture.since)} ago, trying again; what you see may be old "
            case LinkState.REFUSED:
                words = f" ✗ THE HUB REFUSES THIS TOKEN: {picture.trouble_with_link} "
            case _:
                assert_never(picture.link)
        return Text(words.ljust(self.size.width), style=f"bold {colours.surface} on {colours.bad}")

    def _line(self, colours: Palette) -> Text:
        picture = self.picture
        line = Text(" ", no_wrap=True, end="")
        line.append_text(state(picture.status or "unhealthy", colours))
        figures = picture.figures[-1] if picture.figures else None
        if figures is None:
            return line
        parts = _parts(picture, figures, colours)
        for part in parts:
            if line.cell_len + part.cell_len + 3 > self.size.width:
                break
            line.append(" │ ", style=colours.faint)
            line.append_text(part)
        return line


def _parts(picture: Picture, figures: Figures, colours: Palette) -> list[Text]:
    """What is said of the hub, the most important first."""
    levels, rates = figures.levels, figures.rates
    requests = [one.rates.get("requests", 0.0) for one in picture.figures]
    facts = [one.rates.get("facts", 0.0) for one in picture.figures]
    latency = figures.latencies.get("requests")
    sound = rates.get("sound", 0.0)
    instance = picture.instance
    return [
        _pair("networks", number(levels.get("networks", 0.0)), colours),
        _pair("online", number(levels.get("clients", 0.0)), colours),
        _pair("req/s", number(rates.get("requests", 0.0)), colours, spark(requests, 10, colours.accent)),
        _pair("events/s", number(rates.get("facts", 0.0)), colours, spark(facts, 10, colours.warm)),
        _pair("hearing", f"{sound:.1f}", colours),
        _pair("p95", f"{latency.p95:.0f} ms" if latency else "-", colours),
        _pair("turns", str(len(picture.turns)), colours),
        _pair("outbox", number(levels.get("outbox", 0.0)), colours),
        _pair("cpu", f"{rates.get('cpu', 0.0) * 100:.0f}%", colours),
        _pair("mem", f"{number(levels.get('memory', 0.0))}", colours),
        _pair("up", age(instance.started_at) if instance else "-", colours),
        _pair("hub", f"{instance.name} {instance.version}" if instance else "-", colours),
    ]


def _pair(name: str, value: str, colours: Palette, drawn: Text | None = None) -> Text:
    text = Text.assemble((f"{name} ", colours.dim), (value, colours.text))
    if drawn is not None:
        text.append(" ")
        text.append_text(drawn)
    return text
