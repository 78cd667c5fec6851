"""Live: what every network does, and the streams, turns and words of one of them as they come."""

from collections.abc import Iterable
from typing import ClassVar, Final

from rich.text import Text
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.widget import Widget

from adapters.hub.operator_events import Selection
from tui.marks import number, spark
from tui.picture import Picture
from tui.screens.page import Page
from tui.theme import Palette
from tui.tracks import NetworkTrack
from tui.widgets.flow import Flow
from tui.widgets.grid import Column, Grid
from tui.widgets.lines import entitle
from tui.widgets.meters import Meters
from tui.widgets.stages import Stages

SPARK: Final = 9
FLOW_TITLE: Final = "Transcript and events"


def _is_heard(track: NetworkTrack) -> bool:
    return bool(track.sound) and track.sound[-1] > 0


def _name(track: NetworkTrack, colours: Palette) -> Text:
    live = _is_heard(track)
    return Text.assemble(
        ("◉ " if live else "○ ", colours.good if live else colours.dim), (track.seen.name, "")
    )


COLUMNS: Final = (
    Column[NetworkTrack](
        title="network", show=_name, order=lambda one: one.seen.name.lower(), width=12, grow=1
    ),
    Column[NetworkTrack](
        title="online",
        show=lambda one, _: f"{one.connected}/{one.clients}",
        order=lambda one: one.connected,
        width=6,
        right=True,
        rank=2,
        descending=True,
    ),
    Column[NetworkTrack](
        title="activity",
        show=lambda one, colours: spark(one.busy[-SPARK:], SPARK, colours.accent, most=3.0),
        order=lambda one: one.lately,
        width=SPARK,
        rank=1,
        descending=True,
    ),
    Column[NetworkTrack](
        title="turns",
        show=lambda one, _: number(one.turns),
        order=lambda one: one.turns,
        width=5,
        right=True,
        rank=3,
        descending=True,
    ),
)


class LivePage(Page):
    """The page that is open first."""

    NAME = "live"
    ABOUT = "Every network at a glance, and one of them as it lives: streams, turns, words."
    MEANINGS = (
        ("◉ ○", "a network that is being heard, or is quiet"),
        ("▶ ● ○", "a stream that is used, that hears speech, that is idle"),
        ("█ ▓ ░", "a stage that is over (milliseconds), under way, to come"),
        ("✓ ? ✗", "a turn that was completed, not understood, failed"),
        ("» + - * !", "a turn, a client that joined or left, something done, trouble"),
    )
    CSS = """
    LivePage #left { width: 2fr; min-width: 42; max-width: 64; }
    LivePage #right { width: 5fr; }
    LivePage #networks { border: round $border; }
    LivePage.-narrow #left { width: 31; min-width: 22; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("t", "transcripts", "Words"),
        Binding("space", "hold", "Hold"),
        Binding("enter", "scope", "Choose", show=False),
    ]
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-wide")]  # noqa: RUF012 - Textual's own declaration

    def body(self) -> Iterable[Widget]:
        """Networks at the left, one of them at the right."""
        grid = Grid(COLUMNS, key=lambda one: one.seen.network_id, sort=2, id="networks")
        yield Horizontal(
            Vertical(grid, id="left"),
            Vertical(Meters(self.picture), Stages(self.picture), Flow(self.picture), id="right"),
        )

    def __init__(self, picture: Picture) -> None:
        super().__init__(picture)
        self.held = False

    def fill(self) -> None:
        """Show the networks."""
        tracks = [
            track
            for track in self.picture.networks.values()
            if self.passes(track.seen.name, track.seen.network_id)
        ]
        grid = self.query_one("#networks", Grid)
        self.tell_count(grid, "Networks", len(tracks), len(self.picture.networks))
        held = [item.seen.network_id for item in grid.items] if self.held else None
        grid.put(tracks if held is None else [track for track in tracks if track.seen.network_id in held])
        self._follow(grid)
        self._look()

    def move(self, parts: frozenset[str]) -> None:
        """Let the meters move."""
        if self.held:
            return
        if not parts or "streams" in parts:
            self.query_one(Meters).redraw()
        if not parts or parts & {"turns", "figures"} or self.picture.turns:
            self.query_one(Stages).redraw()
        if not parts or "flow" in parts:
            self.query_one(Flow).redraw()

    def chosen(self) -> None:
        """Look at the network that is chosen, or at the one under the cursor."""
        self._look()

    def on_grid_moved(self) -> None:
        """Look at another network."""
        self._look()

    def on_grid_chosen(self, event: Grid.Chosen) -> None:
        """Choose a network, for all pages."""
        self.dashboard.choose(event.item.seen.network_id)

    def action_transcripts(self) -> None:
        """Show what people say, or hide it again."""
        self.dashboard.show_transcripts(not self.dashboard.transcripts)
        self._look()

    def action_hold(self) -> None:
        """Hold the picture still, or let it move again."""
        self.held = not self.held
        self.notify("held: space lets it move again" if self.held else "moving again", timeout=2)

    @property
    def network_id(self) -> str | None:
        """The network that is looked at."""
        current = self.query_one("#networks", Grid).current
        return self.scope or (current.seen.network_id if current else None)

    def _follow(self, grid: Grid[NetworkTrack]) -> None:
        """Go where somebody speaks, as long as the operator has not gone anywhere."""
        current = grid.current
        if grid.touched or self.scope is not None or current is None or _is_heard(current):
            return
        heard = next((track for track in grid.items if _is_heard(track)), None)
        if heard is not None:
            grid.point_at(heard.seen.network_id)

    def _look(self) -> None:
        network_id = self.network_id
        name = self.picture.name_of(network_id)
        meters, stages, flow = self.query_one(Meters), self.query_one(Stages), self.query_one(Flow)
        meters.network_id = stages.network_id = flow.network_id = network_id
        flow.transcripts = self.dashboard.transcripts
        selection = self.picture.streams.get(network_id or "")
        chosen = selection.chosen if selection else None
        entitle(meters, f"Streams of {name}" if name else "Streams", _choice(chosen) if chosen else "")
        entitle(flow, FLOW_TITLE, "words shown" if flow.transcripts else "words hidden, t shows them")
        for widget in (meters, stages, flow):
            widget.redraw()
        self.dashboard.watch_networks((network_id,) if network_id else ())


def _choice(chosen: Selection) -> str:
    """Which stream is used and why, in a few words."""
    settled = " (for now)" if chosen.provisional else ""
    return f"▶ {chosen.client_id}: {chosen.reason.replace('_', ' ')}{settled}"
