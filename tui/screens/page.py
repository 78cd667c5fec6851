"""What every page is: bars at the top, keys at the bottom, and a body that is kept up to date."""

from collections.abc import Iterable
from time import monotonic
from typing import TYPE_CHECKING, Any, ClassVar, Final, cast

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.css.query import NoMatches
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Input

from tui.picture import Picture
from tui.widgets.grid import Grid
from tui.widgets.key_bar import KeyBar
from tui.widgets.lines import entitle
from tui.widgets.top_bar import TopBar, Vitals

if TYPE_CHECKING:
    from tui.app import Dashboard

TABLES_EVERY: Final = 0.4
"""Tables are filled anew at most so often, in seconds; meters move faster."""
PATIENCE: Final = 20.0
"""A table that takes long to fill is filled less often: it has a twentieth of the time."""


FILTER_HINT: Final = "filter: every word must be found; Enter keeps it, Esc clears it"


class Page(Screen[None]):
    """One page of the dashboard."""

    NAME: ClassVar[str] = ""
    ABOUT: ClassVar[str] = ""
    """What the page is for, in a few words, as its help says it."""
    MEANINGS: ClassVar[tuple[tuple[str, str], ...]] = ()
    """Signs on the page, and what they mean."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("slash", "filter", "Filter"),
        Binding("escape", "clear", "Clear", show=False),
    ]

    def __init__(self, picture: Picture) -> None:
        super().__init__()
        self.picture = picture
        self.words: tuple[str, ...] = ()
        self._filled_at = 0.0
        self._fill_took = 0.0
        self._waiting: set[str] = set()
        self.ready = False

    @property
    def dashboard(self) -> "Dashboard":
        """The application."""
        return cast("Dashboard", self.app)

    @property
    def scope(self) -> str | None:
        """The network that is chosen; None for all."""
        return self.dashboard.scope

    def compose(self) -> ComposeResult:
        """Put the parts together."""
        with Vertical(id="top"):
            yield TopBar(self.NAME, self.picture)
            yield Vitals(self.picture)
        yield from self.body()
        field = Input(placeholder=FILTER_HINT, id="filter", compact=True)
        field.display = False
        yield field
        yield KeyBar()

    def body(self) -> Iterable[Widget]:
        """What is between the bars."""
        return ()

    def fill(self) -> None:
        """Show what is known now, in the tables."""

    def move(self, parts: frozenset[str]) -> None:
        """Show what moves: meters, lines."""

    def changed(self, parts: frozenset[str]) -> None:
        """Parts of the picture have changed: what moves at once, tables when it is time."""
        self._waiting |= parts
        self.move(parts)
        now = monotonic()
        if now - self._filled_at >= max(TABLES_EVERY, self._fill_took * PATIENCE):
            self._filled_at = now
            self._waiting.clear()
            self.fill()
            self._fill_took = monotonic() - now

    def beat(self) -> None:
        """A second has passed."""
        self.query_one(Vitals).refresh()
        if self._waiting:
            self.changed(frozenset())

    def on_mount(self) -> None:
        """Show what is known as soon as all parts are there."""
        self.call_after_refresh(self._get_ready)

    def _get_ready(self) -> None:
        """Begin once all parts are there, which takes more than one refresh on a busy machine."""
        try:
            self.show_all()
        except NoMatches:
            self.call_after_refresh(self._get_ready)
            return
        self.ready = True
        self.focus_main()

    def on_screen_resume(self) -> None:
        """The page is looked at again: show what has changed meanwhile."""
        if self.ready:
            self.show_all()

    def show_all(self) -> None:
        """Show everything anew."""
        self.query_one(TopBar).scope = self.scope
        self.query_one(TopBar).refresh()
        self.chosen()
        self.fill()
        self.move(frozenset())

    def chosen(self) -> None:
        """Another network was chosen, or may have been."""

    def passes(self, *texts: str | None) -> bool:
        """Whether every word of the filter is found in some texts."""
        whole = " ".join(filter(None, texts)).lower()
        return all(map(whole.__contains__, self.words))

    def action_filter(self) -> None:
        """Open the filter, where the keys stand else: nothing else moves."""
        self._open_filter(True)
        self.query_one("#filter", Input).focus()

    def action_clear(self) -> None:
        """Take the filter away, or let all networks be seen again."""
        field = self.query_one("#filter", Input)
        if field.display or self.words:
            self.words = ()
            with field.prevent(Input.Changed):
                field.value = ""
            self._open_filter(False)
            self.focus_main()
            self.fill()
        elif self.scope is not None:
            self.dashboard.choose(None)

    def focus_main(self) -> None:
        """Put the focus where it belongs."""
        for grid in self.query(Grid):
            grid.focus()
            return

    def on_input_changed(self, event: Input.Changed) -> None:
        """Filter as one types."""
        if event.input.id == "filter":
            self.words = tuple(event.value.lower().split())
            self.fill()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Enter leaves the filter as it is, and goes back to what is filtered."""
        if event.input.id == "filter":
            self._open_filter(False)
            self.focus_main()

    def tell_count(self, grid: Grid[Any], title: str, shown: int, among: int) -> None:
        """Write above a table what is in it, and by which words it is filtered."""
        filtered = " ".join(self.words)
        grid.filtered = bool(filtered)
        entitle(
            grid,
            f"{title}  /{filtered}" if filtered else title,
            f"{shown} of {among}" if filtered else f"{among}",
        )

    def _open_filter(self, opened: bool) -> None:
        self.query_one("#filter", Input).display = opened
        self.query_one(KeyBar).display = not opened
