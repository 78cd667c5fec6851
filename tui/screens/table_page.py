"""Pages with a table, and all that is known of its current row beside it where there is room."""

from collections.abc import Iterable, Sequence
from typing import Any, ClassVar, Final, Generic, TypeVar

from rich.text import Text
from textual import work
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.widget import Widget

from adapters.hub import Hub
from tui.dialogs.details import Details
from tui.picture import Picture
from tui.screens.page import Page
from tui.theme import Palette, palette_of
from tui.widgets.described import Described
from tui.widgets.grid import Column, Grid

Item = TypeVar("Item")
READ_EVERY: Final = 15.0
ROOM_FOR_SIDE: Final = 116


class TablePage(Page, Generic[Item]):
    """A table; subclasses say what is in it."""

    COLUMNS: ClassVar[Sequence[Column[Any]]] = ()
    SORT: ClassVar[int] = 0
    EMPTY: ClassVar[str] = "Nothing here yet."
    TITLE_OF_TABLE: ClassVar[str] = ""

    DEFAULT_CSS = """
    TablePage #table { border: round $border; width: 3fr; }
    TablePage #side {
        border: round $border; width: 2fr; min-width: 54; max-width: 80; padding: 0 1;
    }
    TablePage.-narrow #side { display: none; }
    """
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (ROOM_FOR_SIDE, "-wide")]  # noqa: RUF012 - Textual's own
    BINDINGS: ClassVar[list[BindingType]] = [Binding("v", "view", "View")]

    def __init__(self, picture: Picture) -> None:
        super().__init__(picture)
        self.sought: object | None = None

    def body(self) -> Iterable[Widget]:
        """The table, and what is beside it."""
        grid = Grid(self.columns(), key=self.key, empty=self.EMPTY, sort=self.SORT, id="table")
        yield Horizontal(grid, Described(id="side"))

    @property
    def grid(self) -> Grid[Item]:
        """The table."""
        return self.query_one("#table", Grid)

    @property
    def current(self) -> Item | None:
        """The item under the cursor."""
        return self.grid.current

    def columns(self) -> Sequence[Column[Item]]:
        """The columns of the table."""
        return self.COLUMNS

    def key(self, item: Item) -> object:
        """What an item is known by."""
        raise RuntimeError("every table says what its items are known by")

    def items(self) -> Iterable[Item]:
        """What is to be in the table."""
        return ()

    def words_of(self, item: Item) -> Sequence[str | None]:
        """The texts of an item in which the filter looks."""
        return ()

    def details_of(self, item: Item, colours: Palette) -> Text:
        """All that is known of an item."""
        return Text()

    def caption(self) -> str:
        """What stands above the table."""
        return self.TITLE_OF_TABLE

    def fill(self) -> None:
        """Fill the table anew; the cursor stays where it is."""
        everything = list(self.items())
        shown = (
            [item for item in everything if self.passes(*self.words_of(item))] if self.words else everything
        )
        grid = self.grid
        self.tell_count(grid, self.caption(), len(shown), len(everything))
        grid.put(shown)
        if self.sought is not None and grid.point_at(self.sought):
            self.sought = None
        self._look()

    def seek(self, key: object) -> None:
        """Put the cursor on an item, as soon as it is here."""
        self.sought = key
        if self.ready:
            self.fill()

    def on_grid_moved(self) -> None:
        """Show what is known of another item."""
        self._look()

    def on_grid_chosen(self, event: Grid.Chosen) -> None:
        """Look closely."""
        self.action_view()

    def action_view(self) -> None:
        """Show what is known of the current item, in a window."""
        if self.current is not None:
            self.app.push_screen(Details(self.caption(), self.details_of(self.current, palette_of(self.app))))

    def _look(self) -> None:
        """Show what is known of the current item, where there is room for it."""
        if self.has_class("-wide"):
            item = self.current
            text = Text() if item is None else self.details_of(item, palette_of(self.app))
            self.query_one(Described).show(text)


class ReadPage(TablePage[Item]):
    """A table of one network that is read over REST: when it is looked at, by r, and every now and then."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("r", "read", "Read again", show=False),
        Binding("n", "network(1)", "Next network"),
        Binding("N", "network(-1)", "Network before", show=False),
    ]

    def __init__(self, picture: Picture) -> None:
        super().__init__(picture)
        self.found: list[Item] = []
        self.read_of: str | None = None

    @property
    def network_id(self) -> str | None:
        """The network that is looked at: the chosen one, or the liveliest."""
        if self.scope is not None:
            return self.scope
        tracks = self.picture.networks.values()
        if self.read_of in self.picture.networks:
            return self.read_of
        liveliest = max(tracks, key=lambda track: (track.lately, track.turns, track.seen.name), default=None)
        return liveliest.seen.network_id if liveliest else None

    async def read(self, hub: Hub, network_id: str) -> list[Item]:
        """Read what is to be in the table."""
        return []

    def on_mount(self) -> None:
        """Read every now and then, as long as the page is looked at."""
        self.set_interval(READ_EVERY, self._read_if_seen)

    def items(self) -> Iterable[Item]:
        """What was read last."""
        return self.found

    def caption(self) -> str:
        """Of which network it is."""
        name = self.picture.name_of(self.network_id)
        return f"{self.TITLE_OF_TABLE} of {name}" if name else self.TITLE_OF_TABLE

    def chosen(self) -> None:
        """Read anew for another network."""
        self.action_read()

    def changed(self, parts: frozenset[str]) -> None:
        """Read anew when the network that is looked at has become known, or something has happened in it."""
        if self.network_id != self.read_of or "flow" in parts:
            self.action_read()
        super().changed(parts & {"link"})

    def fill(self) -> None:
        """Fill the table anew from what was read."""
        super().fill()

    @work(exclusive=True, group="read")
    async def action_read(self) -> None:
        """Read the table anew."""
        network_id, hub = self.network_id, self.dashboard.link.hub
        if network_id is None or hub is None:
            return
        if network_id != self.read_of:
            self.found, self.read_of = [], network_id
            self.fill()
        found = await self.dashboard.quietly(self.read(hub, network_id))
        if found is not None:
            self.found = found
            self.fill()
            if self.sought is not None:
                self.notify(f"{self.sought} is not among the latest, which are listed here", timeout=6)
                self.sought = None

    def action_network(self, steps: int) -> None:
        """Look at the next network."""
        ids = sorted(self.picture.networks, key=lambda one: self.picture.name_of(one).lower())
        if ids:
            at = ids.index(self.network_id) if self.network_id in ids else -1
            self.dashboard.choose(ids[(at + steps) % len(ids)])

    def _read_if_seen(self) -> None:
        if self.ready and self.app.screen is self:
            self.action_read()
