"""Search everywhere, in the command palette: what can be done here, networks and clients, and what the
network that is looked at holds: personas, sessions, turns, plans, activities."""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, Final, cast

from textual.command import DiscoveryHit, Hit, Hits, Provider

from adapters.hub import Hub
from tui.screens.page import Page
from tui.screens.table_page import ReadPage
from tui.widgets.top_bar import PAGES

if TYPE_CHECKING:
    from tui.app import Dashboard

MOST_HITS: Final = 40
Candidate = tuple[str, str, Callable[[], object]]


class HubSearch(Provider):
    """Finds what the dashboard knows, and what it reads of one network when the palette opens."""

    _reading: "asyncio.Task[Sequence[Candidate]] | None" = None

    async def startup(self) -> None:
        """Begin to read what the network that is looked at holds."""
        self._reading = asyncio.create_task(self._read())

    async def shutdown(self) -> None:
        """What was not read by now is not wanted any more."""
        if self._reading is not None:
            self._reading.cancel()

    async def discover(self) -> Hits:
        """What can be done here, the pages and ways to look, before anything is typed."""
        for title, about, act in self._commands():
            yield DiscoveryHit(title, act, help=about)

    async def search(self, query: str) -> Hits:
        """What fits: commands, then networks, clients and what else there is with every word in it."""
        matcher = self.matcher(query)
        for title, about, act in self._commands():
            score = matcher.match(title)
            if score > 0:
                yield Hit(score, matcher.highlight(title), act, help=about)
        words = query.lower().split()
        found = 0
        for things in (self._known, self._held):
            for title, about, act in await things():
                whole = f"{title} {about}".lower()
                if all(word in whole for word in words):
                    yield Hit(matcher.match(title) or 0.1, matcher.highlight(title), act, help=about)
                    found += 1
                    if found == MOST_HITS:
                        return

    @property
    def _dashboard(self) -> "Dashboard":
        return cast("Dashboard", self.app)

    def _commands(self) -> Iterator[Candidate]:
        app = self._dashboard
        page = app.current_page
        for active in page.active_bindings.values() if page is not None else ():
            binding = active.binding
            if binding.show and active.node is page:
                key = app.get_key_display(binding)
                yield binding.description, f"here: {key}", partial(app.simulate_key, binding.key)
        for position, (name, title) in enumerate(PAGES, 1):
            yield f"Open {title}", f"page {position}", partial(app.action_page, name)
        yield "All networks", "choose none of them", partial(app.choose, None)
        yield "Show or hide what people say", "transcripts", app.toggle_transcripts
        yield "Next theme", "dark, light, high contrast", app.action_theme

    async def _known(self) -> Iterator[Candidate]:
        """What the dashboard knows anyway."""
        return self._networks_and_clients()

    def _networks_and_clients(self) -> Iterator[Candidate]:
        """Networks first, then clients."""
        app = self._dashboard
        for network_id, track in app.picture.networks.items():
            yield f"Network {track.seen.name}", network_id, partial(self._go, network_id, "live")
        for client in app.picture.clients.values():
            about = f"{app.picture.name_of(client.network_id)} {client.device_type} {client.room or ''}"
            key = (client.network_id, client.client_id)
            act = partial(app.show_item, "clients", client.network_id, key)
            yield f"Client {client.name or ''} {client.client_id}".replace("  ", " "), about, act

    async def _held(self) -> Sequence[Candidate]:
        """What the network that is looked at holds; whoever types on does not end the reading."""
        return () if self._reading is None else await asyncio.shield(self._reading)

    async def _read(self) -> Sequence[Candidate]:
        pages = [make(self._dashboard.picture) for make in self._dashboard.pages.values()]
        hub = self._dashboard.link.hub
        if hub is None:
            return ()
        reading = (self._on_page(hub, page) for page in pages if isinstance(page, ReadPage))
        return [candidate for held in await asyncio.gather(*reading) for candidate in held]

    async def _on_page(self, hub: Hub, page: ReadPage[Any]) -> Sequence[Candidate]:
        """What one of the pages would show."""
        network_id = self._network_looked_at(page)
        if network_id is None:
            return ()
        title = dict(PAGES)[page.NAME]
        items = await self._dashboard.quietly(page.read(hub, network_id)) or ()
        held = []
        for item in items:
            words = [word for word in page.words_of(item) if word]
            act = partial(self._dashboard.show_item, page.NAME, network_id, page.key(item))
            held.append((f"{title}: {' '.join(words[:1])}", " ".join(words[1:]), act))
        return held

    def _network_looked_at(self, page: ReadPage[Any]) -> str | None:
        """That of the page that is open, if it is one of those; else the chosen one, or the liveliest."""
        current: Page | None = self._dashboard.current_page
        return (current if isinstance(current, ReadPage) else page).network_id

    def _go(self, network_id: str, page: str) -> None:
        self._dashboard.choose(network_id)
        self._dashboard.action_page(page)
