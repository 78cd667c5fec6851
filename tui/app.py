"""The dashboard: its pages, its keys, and the beat that keeps what is shown true."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import ClassVar, Final, TypeVar

from textual.app import App
from textual.binding import Binding, BindingType
from textual.notifications import SeverityLevel
from textual.screen import Screen

from adapters.hub import Hub, HubError, HubUnreachable
from tui.dialogs.form import Field, Form, Sent
from tui.dialogs.help import help_for
from tui.link import Link
from tui.picture import Picture
from tui.screens.activities import ActivitiesPage
from tui.screens.agenda import AgendaPage
from tui.screens.clients import ClientsPage
from tui.screens.health import HealthPage
from tui.screens.interactions import InteractionsPage
from tui.screens.live import LivePage
from tui.screens.networks import NetworksPage
from tui.screens.page import Page
from tui.screens.personas import PersonasPage
from tui.screens.sessions import SessionsPage
from tui.screens.table_page import TablePage
from tui.searching import HubSearch
from tui.theme import DARK, PALETTES, themes
from tui.widgets.top_bar import PAGES

Answer = TypeVar("Answer")
FRAME_SECONDS: Final = 0.125
BEAT_SECONDS: Final = 1.0


class Dashboard(App[None]):
    """The operator's dashboard."""

    TITLE = "mira"
    ENABLE_COMMAND_PALETTE = True
    COMMAND_PALETTE_BINDING = "ctrl+p"
    COMMANDS = App.COMMANDS | {HubSearch}
    CSS = """
    Screen { background: $surface; color: $foreground; }
    ModalScreen { background: $surface 70%; }
    #top { dock: top; height: 2; }
    * { border-title-color: $dim; border-subtitle-color: $dim; }
    *:focus { border-title-color: $accent; }
    #filter { dock: bottom; height: 1; background: $panel; border: none; padding: 0 1; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        *(
            Binding(str(position), f"page('{name}')", title, show=False)
            for position, (name, title) in enumerate(PAGES, 1)
        ),
        Binding("right_square_bracket,L", "turn(1)", "Next page", show=False),
        Binding("left_square_bracket,H", "turn(-1)", "Page before", show=False),
        Binding("T", "theme", "Theme", show=False),
        Binding("colon", "command_palette", "Palette", show=False),
        Binding("question_mark", "help", "Help"),
        Binding("q", "quit", "Quit"),
    ]

    def __init__(
        self, link: Link, *, page: str = "live", theme: str = "dark", network_id: str | None = None
    ) -> None:
        super().__init__()
        self.link, self.picture = link, link.picture
        self.first_page, self.first_theme = page, theme
        self.scope = network_id
        self.transcripts = False
        self._watched: tuple[str, ...] = ()
        self._wants_log = False

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """The variables of our own that Textual's themes do not have."""
        return {"dim": DARK.dim, "faint": DARK.faint}

    @property
    def pages(self) -> dict[str, Callable[[Picture], Page]]:
        """The pages by name."""
        return {
            "live": LivePage,
            "networks": NetworksPage,
            "clients": ClientsPage,
            "personas": PersonasPage,
            "sessions": SessionsPage,
            "interactions": InteractionsPage,
            "agenda": AgendaPage,
            "activities": ActivitiesPage,
            "health": HealthPage,
        }

    def on_mount(self) -> None:
        """Show the first page, and connect."""
        for theme in themes():
            self.register_theme(theme)
        self.theme = self.first_theme
        for name, make in self.pages.items():
            self.add_mode(name, self._screen(make))
        self.switch_mode(self.first_page)
        self.run_worker(self.link.run(), name="link", exclusive=True, group="link", exit_on_error=True)
        self.set_interval(FRAME_SECONDS, self._frame)
        self.set_interval(BEAT_SECONDS, self._beat)

    def _screen(self, make: Callable[[Picture], Page]) -> Callable[[], Screen[None]]:
        return lambda: make(self.picture)

    @property
    def current_page(self) -> Page | None:
        """The page that is under whatever dialog is open."""
        return next((one for one in reversed(self.screen_stack) if isinstance(one, Page)), None)

    def action_page(self, name: str) -> None:
        """Open a page."""
        if isinstance(self.screen, Page) and name in self.pages:
            self.switch_mode(name)

    def action_turn(self, steps: int) -> None:
        """Open the next page, or the one before."""
        names = list(self.pages)
        self.action_page(names[(names.index(self.current_mode) + steps) % len(names)])

    def action_theme(self) -> None:
        """Show the next theme."""
        names = list(PALETTES)
        at = names.index(self.theme) if self.theme in names else -1
        self.theme = names[(at + 1) % len(names)]
        self.notify(f"theme: {self.theme}", timeout=2)

    def choose(self, network_id: str | None) -> None:
        """Choose a network for all pages, or none, which stands for all."""
        self.scope = network_id
        page = self.current_page
        if page is not None:
            page.show_all()

    def action_help(self) -> None:
        """Show what the page is for, its keys and its signs."""
        if isinstance(self.screen, Page):
            self.push_screen(help_for(self.screen))

    async def call(self, ask: Callable[[Hub], Awaitable[Answer]]) -> Answer | None:
        """Ask the hub for something; a refusal becomes a toast, and None is answered."""
        try:
            return await ask(self.link.connected_hub)
        except HubError as error:
            known = f"\n{error.request_id}" if error.request_id else ""
            self.notify(f"{error.message}{known}", title=error.code, severity="error", timeout=10)
        except HubUnreachable as error:
            self.notify(str(error), title="The hub does not answer", severity="error", timeout=10)
        return None

    async def act(self, done: str, ask: Callable[[Hub], Awaitable[object]]) -> bool:
        """Have the hub do something, say so, and read what has changed."""

        async def asked(hub: Hub) -> bool:
            await ask(hub)
            return True

        if not await self.call(asked):
            return False
        self.notify(done, timeout=4)
        self.link.read_again()
        return True

    async def fill_in(
        self,
        title: str,
        fields: Sequence[Field],
        send: Callable[[Hub, Mapping[str, str]], Awaitable[Answer]],
        *,
        act: str = "Save",
    ) -> Sent[Answer] | None:
        """Have a form filled in and sent until the hub takes it; None where it was left."""

        async def sent(given: Mapping[str, str]) -> Answer:
            return await send(self.link.connected_hub, given)

        taken = await self.push_screen_wait(Form(title, fields, sent, act=act))
        if taken is not None:
            self.link.read_again()
        return taken

    def notify(
        self,
        message: str,
        *,
        title: str = "",
        severity: SeverityLevel = "information",
        timeout: float | None = None,
        markup: bool = False,
    ) -> None:
        """Say something in passing; names in it may hold any letters, so nothing in it is markup."""
        super().notify(message, title=title, severity=severity, timeout=timeout, markup=markup)

    async def quietly(self, asked: Awaitable[Answer]) -> Answer | None:
        """Wait for what the hub answers; where it refuses a toast says so, and a lost hub is known anyway."""
        try:
            return await asked
        except HubError as error:
            self.notify(error.message, title=error.code, severity="warning")
        except HubUnreachable:
            return None
        return None

    def show_transcripts(self, shown: bool) -> None:
        """Have what people say told, or no more."""
        self.transcripts = shown
        self._wish()

    def toggle_transcripts(self) -> None:
        """Show what people say, or hide it again."""
        self.show_transcripts(not self.transcripts)
        if self.current_page is not None:
            self.current_page.show_all()

    def show_item(self, page: str, network_id: str, key: object) -> None:
        """Choose a network, open a page, and put the cursor on one of its items."""
        self.choose(network_id)
        self.action_page(page)
        self.call_after_refresh(self._seek, key)

    def _seek(self, key: object) -> None:
        if isinstance(self.current_page, TablePage):
            self.current_page.seek(key)

    def watch_networks(self, network_ids: tuple[str, ...]) -> None:
        """Have the streams of some networks told."""
        if network_ids != self._watched:
            self._watched = network_ids
            self._wish()

    def watch_log(self, wanted: bool) -> None:
        """Have the log told, or no more."""
        if wanted != self._wants_log:
            self._wants_log = wanted
            self._wish()

    def _wish(self) -> None:
        wish = self.link.watch(networks=self._watched, log=self._wants_log, transcripts=self.transcripts)
        self.run_worker(wish, name="wish", exclusive=True, group="wish", exit_on_error=False)

    def _frame(self) -> None:
        """Hand what has changed to the page that is looked at, all at once."""
        picture, page = self.picture, self._page_at_work
        if "stale" in picture.changed:
            picture.changed.discard("stale")
            self.link.read_again()
        if not picture.changed and not picture.turns:
            return
        parts = frozenset(picture.changed)
        picture.changed.clear()
        if page is not None:
            page.changed(parts)

    def _beat(self) -> None:
        page = self._page_at_work
        if page is not None:
            page.beat()

    @property
    def _page_at_work(self) -> Page | None:
        """The page that is open, once all its parts are there, and until they are taken down."""
        page = self.current_page
        return page if self.is_running and page is not None and page.ready else None
