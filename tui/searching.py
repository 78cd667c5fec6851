"""Search everywhere, in the command palette: what can be done here, networks and clients, and what the hub
finds in all networks: personas, sessions, turns, plans, activities."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING, Final, cast

from attrs import frozen
from textual.command import DiscoveryHit, Hit, Hits, Provider
from textual.content import Content
from textual.markup import escape

from adapters.hub.operating import Find
from tui.marks import clock, short
from tui.screens.table_page import ReadPage
from tui.widgets.top_bar import PAGES

if TYPE_CHECKING:
    from tui.app import Dashboard

MOST_KNOWN: Final = 40
OF_EACH_SORT: Final = 10
STILL_SECONDS: Final = 0.2
"""The hub is asked once nothing was typed for so long."""
LOOKED_AT_ONCE: Final = 256
"""So many names are looked at before keys are served again."""
PLACES: Final = {
    "persona": "personas",
    "session": "sessions",
    "interaction": "interactions",
    "reminder": "agenda",
    "event": "agenda",
    "activity": "activities",
}
"""The page on which each sort of find is seen."""


@frozen
class Candidate:
    """Something that may be meant: its title, what tells it from others, and what taking it does."""

    title: str
    about: str
    act: Callable[[], object]


class HubSearch(Provider):
    """Finds what the dashboard knows at once, and what the hub finds as soon as typing rests."""

    async def discover(self) -> Hits:
        """What can be done here, the pages and ways to look, before anything is typed."""
        for one in self._commands():
            yield DiscoveryHit(one.title, one.act, help=escape(one.about))

    async def search(self, query: str) -> Hits:
        """What fits: commands, then networks and clients with every word in them, then what the hub finds."""
        matcher = self.matcher(query)
        for one in self._commands():
            score = matcher.match(one.title)
            if score > 0:
                yield Hit(score, matcher.highlight(one.title), one.act, help=escape(one.about))
        words = query.lower().split()
        async for one in self._known(words):
            yield self._hit(one, words, matcher.match(one.title) or 0.2)
        for one in await self._everywhere(query):
            yield self._hit(one, words, 0.1)

    @property
    def _dashboard(self) -> "Dashboard":
        return cast("Dashboard", self.app)

    def _hit(self, one: Candidate, words: Sequence[str], score: float) -> Hit:
        """A hit, with the words that were looked for marked in it; names may hold any letters."""
        title, style = Content(one.title), "bold underline"
        for word in words:
            at = one.title.lower().find(word)
            if at >= 0:
                title = title.stylize(style, at, at + len(word))
        return Hit(score, title, one.act, text=one.title, help=escape(one.about))

    def _commands(self) -> Iterator[Candidate]:
        app = self._dashboard
        page = app.current_page
        for active in page.active_bindings.values() if page is not None else ():
            binding = active.binding
            if binding.show and active.node is page:
                key = app.get_key_display(binding)
                yield Candidate(binding.description, f"here: {key}", partial(app.simulate_key, binding.key))
        for position, (name, title) in enumerate(PAGES, 1):
            yield Candidate(f"Open {title}", f"page {position}", partial(app.action_page, name))
        yield Candidate("All networks", "choose none of them", partial(app.choose, None))
        yield Candidate("Show or hide what people say", "transcripts", app.toggle_transcripts)
        yield Candidate("Next theme", "dark, light, high contrast", app.action_theme)

    async def _known(self, words: Sequence[str]) -> AsyncIterator[Candidate]:
        """Networks and clients with every word in what they are called, as many as one cares to see."""
        found = 0
        for seen, one in enumerate(self._networks_and_clients()):
            whole = f"{one.title} {one.about}".lower()
            if all(map(whole.__contains__, words)):
                yield one
                found += 1
            if found == MOST_KNOWN:
                return
            if seen % LOOKED_AT_ONCE == 0:
                await asyncio.sleep(0)

    def _networks_and_clients(self) -> Iterator[Candidate]:
        app = self._dashboard
        for network_id, track in list(app.picture.networks.items()):
            go = partial(self._go, network_id, "live")
            yield Candidate(f"Network {track.seen.name}", network_id, go)
        for client in list(app.picture.clients.values()):
            name = f"{client.name} " if client.name else ""
            about = f"{app.picture.name_of(client.network_id)} {client.device_type} {client.room or ''}"
            key = (client.network_id, client.client_id)
            act = partial(app.show_item, "clients", client.network_id, key)
            yield Candidate(f"Client {name}{client.client_id}", about, act)

    async def _everywhere(self, query: str) -> Sequence[Candidate]:
        """What the hub finds once typing rests; whoever types on ends the search before."""
        await asyncio.sleep(STILL_SECONDS)
        app = self._dashboard
        hub = app.link.hub
        if hub is None or not query:
            return ()
        finds = await app.quietly(hub.search(query, said=app.transcripts, limit=OF_EACH_SORT)) or ()
        known = {(find.network_id, find.id) for find in finds}
        return [*(self._found(find) for find in finds), *await self._personas(query, known)]

    def _found(self, find: Find) -> Candidate:
        app, page = self._dashboard, PLACES.get(find.sort, "live")
        is_of_client = find.sort in {"session", "interaction"}
        title = app.picture.called(find.network_id, find.title) if is_of_client else find.title
        about = (app.picture.name_of(find.network_id), short(find.id), clock(find.at), find.about)
        act = partial(app.show_item, page, find.network_id, find.id)
        return Candidate(f"{dict(PAGES)[page]}: {title}", "  ".join(filter(None, about)), act)

    async def _personas(self, query: str, known: set[tuple[str, str]]) -> Sequence[Candidate]:
        """Those of the network that is looked at, which come with the hub and are in no search of it."""
        app = self._dashboard
        page = app.pages["personas"](app.picture)
        current = app.current_page
        looked_at = current if isinstance(current, ReadPage) else page
        network_id, hub = cast("ReadPage[object]", looked_at).network_id, app.link.hub
        if network_id is None or hub is None:
            return ()
        words = query.lower().split()
        return [
            Candidate(
                f"Personas: {one.name}",
                f"{app.picture.name_of(network_id)}  {one.id}",
                partial(app.show_item, "personas", network_id, one.id),
            )
            for one in await app.quietly(hub.personas(network_id=network_id)) or ()
            if (network_id, one.id) not in known
            and all(word in f"{one.name} {one.id}".lower() for word in words)
        ]

    def _go(self, network_id: str, page: str) -> None:
        self._dashboard.choose(network_id)
        self._dashboard.action_page(page)
