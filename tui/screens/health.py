"""Health: services, rates, latencies, queues, limits, errors with their request ids, and the log."""

from collections.abc import Iterable, Sequence
from typing import ClassVar, Final

from rich.text import Text
from textual.binding import Binding, BindingType
from textual.containers import Grid as Tiles
from textual.containers import Horizontal, Vertical
from textual.widget import Widget

from adapters.hub.operating import Trouble
from adapters.hub.operator_events import LogLine
from tui.dialogs.details import Details
from tui.marks import clock, short
from tui.screens.page import Page
from tui.theme import Palette, palette_of
from tui.widgets.charts import Chart, Latencies, Limits, Rates, Services
from tui.widgets.described import described
from tui.widgets.grid import Column, Grid

GRAVE: Final = frozenset({"error", "critical"})
SHOWN: Final = 500
SHORT: Final = {"warning": "warn", "critical": "fatal"}


def _level(line: LogLine, colours: Palette) -> Text:
    colour = colours.bad if line.level in GRAVE else colours.warn if line.level == "warning" else colours.dim
    return Text(SHORT.get(line.level, line.level), style=colour)


def _fields(line: LogLine, colours: Palette) -> Text:
    return Text(" ".join(f"{name}={value}" for name, value in line.fields.items()), style=colours.dim)


TROUBLES: Final = (
    Column[Trouble](
        title="at",
        show=lambda one, colours: Text(clock(one.at), style=colours.dim),
        order=lambda one: one.at,
        width=8,
        descending=True,
    ),
    Column[Trouble](
        title="code",
        show=lambda one, colours: Text(one.code, style=colours.bad if one.status >= 500 else colours.warn),
        order=lambda one: one.code,
        width=20,
        grow=1,
    ),
    Column[Trouble](
        title="",
        show=lambda one, _: str(one.status or "ws"),
        order=lambda one: one.status,
        width=3,
        right=True,
        rank=1,
    ),
    Column[Trouble](
        title="place", show=lambda one, _: one.place, order=lambda one: one.place, width=18, grow=2, rank=3
    ),
    Column[Trouble](
        title="request", show=lambda one, _: short(one.request_id or ""), width=12, grow=1, rank=2
    ),
)
LOG: Final = (
    Column[LogLine](
        title="at",
        show=lambda one, colours: Text(clock(one.at), style=colours.dim),
        order=lambda one: one.at,
        width=8,
        descending=True,
    ),
    Column[LogLine](title="level", show=_level, order=lambda one: one.level, width=5),
    Column[LogLine](title="what", show=lambda one, _: one.text, order=lambda one: one.text, width=12, grow=2),
    Column[LogLine](title="with", show=_fields, width=16, grow=3, rank=1),
)


class HealthPage(Page):
    """How the hub is."""

    NAME = "health"
    ABOUT = "How the hub is: services, rates, latencies, queues, limits being hit, errors, the log."
    MEANINGS = (
        ("✓ ! ✗", "healthy, degraded, unhealthy"),
        ("≤", "the highest of the last five minutes"),
        ("p50 p95 p99", "milliseconds that so many of a hundred did not exceed in the last minute"),
    )
    DEFAULT_CSS = """
    HealthPage #tiles { grid-size: 2; grid-columns: 3fr 2fr; grid-rows: 14 11; height: 25; }
    HealthPage #lists { height: 1fr; min-height: 6; }
    HealthPage #lists Grid { border: round $border; width: 1fr; }
    HealthPage.-narrow #tiles { grid-size: 2; grid-rows: 8 5; height: 13; }
    HealthPage.-wide #tiles { grid-size: 4; grid-columns: 3fr 2fr 3fr 2fr; grid-rows: 14; height: 14; }
    """
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-middle"), (170, "-wide")]  # noqa: RUF012 - Textual's
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("tab", "app.focus_next", "Errors/log"),
        Binding("v", "view", "View"),
    ]

    def body(self) -> Iterable[Widget]:
        """Charts above, errors and the log below."""
        troubles = Grid(TROUBLES, key=lambda one: (one.at, one.request_id), empty="No error.", id="troubles")
        log = Grid(LOG, key=lambda one: (one.at, one.text), empty="The log is quiet.", id="log")
        yield Vertical(
            Tiles(
                Rates(self.picture, "Rates, five minutes"),
                Services(self.picture, "Services, instances, queues"),
                Latencies(self.picture, "Latencies, one minute (ms)"),
                Limits(self.picture, "Limits and codes"),
                id="tiles",
            ),
            Horizontal(troubles, log, id="lists"),
        )

    def chosen(self) -> None:
        """The log is wanted as long as it is looked at."""
        self.dashboard.watch_log(True)

    def on_screen_suspend(self) -> None:
        """The log is not looked at any more."""
        self.dashboard.watch_log(False)

    def fill(self) -> None:
        """Show errors and the log, filtered."""
        scope = self.scope
        troubles = [
            one
            for one in self.picture.troubles
            if scope in {None, one.network_id}
            and self.passes(one.code, one.place, one.message, one.request_id, one.client_id)
        ]
        lines = [
            line for line in self.picture.log if self.passes(line.text, line.level, *line.fields.values())
        ]
        for name, title, shown, among in (
            ("troubles", "Errors", troubles, self.picture.troubles),
            ("log", "Log", lines, self.picture.log),
        ):
            grid = self.query_one(f"#{name}", Grid)
            self.tell_count(grid, title, len(shown), len(among))
            grid.put(shown[-SHOWN:])
        for chart in self._charts:
            chart.redraw()

    def on_grid_chosen(self) -> None:
        """Look closely."""
        self.action_view()

    def action_view(self) -> None:
        """Show all that is known of an error, or of a line of the log."""
        grid = self.focused
        item = grid.current if isinstance(grid, Grid) else None
        colours = palette_of(self.app)
        match item:
            case Trouble():
                rows = [
                    ("message", item.message),
                    ("status", item.status or "on a socket"),
                    ("place", item.place),
                    ("request", item.request_id),
                    ("network", self.picture.name_of(item.network_id)),
                    ("client", item.client_id),
                    ("at", item.at),
                ]
                self.app.push_screen(Details("Error", described(item.code, rows, colours)))
            case LogLine():
                rows = [("level", item.level), ("at", item.at), *item.fields.items()]
                self.app.push_screen(Details("Log", described(item.text, rows, colours)))
            case _:
                return

    @property
    def _charts(self) -> Sequence[Chart]:
        return [self.query_one(kind) for kind in (Rates, Services, Latencies, Limits)]
