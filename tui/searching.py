"""Search everywhere: pages, networks and clients by name, in the command palette."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING, Final, cast

from textual.command import DiscoveryHit, Hit, Hits, Provider

from tui.widgets.top_bar import PAGES

if TYPE_CHECKING:
    from tui.app import Dashboard

MOST_HITS: Final = 40
Candidate = tuple[str, str, Callable[[], object]]


class HubSearch(Provider):
    """Finds what the dashboard knows."""

    async def discover(self) -> Hits:
        """The pages and ways to look, before anything is typed."""
        for title, about, act in self._commands():
            yield DiscoveryHit(title, act, help=about)

    async def search(self, query: str) -> Hits:
        """What fits: commands, then networks and clients in which every word is found."""
        matcher = self.matcher(query)
        for title, about, act in self._commands():
            score = matcher.match(title)
            if score > 0:
                yield Hit(score, matcher.highlight(title), act, help=about)
        words = query.lower().split()
        found = 0
        for title, about, act in self._things():
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
        for position, (name, title) in enumerate(PAGES, 1):
            yield f"Open {title}", f"page {position}", partial(app.action_page, name)
        yield "All networks", "choose none of them", partial(app.choose, None)
        yield "Show or hide what people say", "transcripts", app.toggle_transcripts
        yield "Next theme", "dark, light, high contrast", app.action_theme

    def _things(self) -> Iterator[Candidate]:
        """Networks first, then clients."""
        app = self._dashboard
        for network_id, track in app.picture.networks.items():
            yield f"Network {track.seen.name}", network_id, partial(self._go, network_id, "live")
        for client in app.picture.clients.values():
            about = f"{app.picture.name_of(client.network_id)} {client.device_type} {client.room or ''}"
            act = partial(app.show_client, client.network_id, client.client_id)
            yield f"Client {client.client_id}", about, act

    def _go(self, network_id: str, page: str) -> None:
        self._dashboard.choose(network_id)
        self._dashboard.action_page(page)
