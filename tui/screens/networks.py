"""Networks: all of the hub's, with what is in them, and all that can be done with them."""

from collections.abc import Iterable, Mapping, Sequence
from typing import ClassVar, Final

from rich.text import Text
from textual import work
from textual.binding import Binding, BindingType

from adapters.hub import Hub
from adapters.hub.answers import NewNetwork
from adapters.hub.networks import SettingsChanges
from adapters.hub.operating import NetworkSeen
from tui.dialogs.asking import Confirm, Secret
from tui.dialogs.form import Field, between, needed, one_of
from tui.marks import age, number, spark
from tui.screens.table_page import TablePage
from tui.theme import Palette
from tui.tracks import NetworkTrack
from tui.widgets.described import described
from tui.widgets.grid import Column, Grid

SPARK: Final = 10
LIMITS: Final = (
    ("interactions_per_minute", "turns a minute"),
    ("audio_uploads_per_minute", "uploads a minute"),
    ("websocket_connections", "sockets at once"),
    ("api_requests_per_hour", "requests an hour"),
    ("client_audio_uploads_per_minute", "uploads of a client a minute"),
    ("client_status_updates_per_minute", "status updates of a client a minute"),
    ("client_websocket_messages_per_minute", "messages of a client a minute"),
)


def _errors(track: NetworkTrack) -> float:
    return track.seen.metrics.error_rate * 100


class NetworksPage(TablePage[NetworkTrack]):
    """All networks."""

    NAME = "networks"
    TITLE_OF_TABLE = "Networks"
    ABOUT = "All networks of the hub; Enter chooses one and shows its clients."
    EMPTY = "No network yet: c creates one."
    COLUMNS = (
        Column[NetworkTrack](
            title="name",
            show=lambda one, colours: Text(one.seen.name, style="bold"),
            order=lambda one: one.seen.name.lower(),
            width=18,
            grow=2,
        ),
        Column[NetworkTrack](
            title="online",
            show=lambda one, _: f"{one.connected}/{one.clients}",
            order=lambda one: one.connected,
            width=7,
            right=True,
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
            title="turns 24h",
            show=lambda one, _: number(one.turns),
            order=lambda one: one.turns,
            width=9,
            right=True,
            rank=2,
            descending=True,
        ),
        Column[NetworkTrack](
            title="requests",
            show=lambda one, _: number(one.seen.metrics.requests),
            order=lambda one: one.seen.metrics.requests,
            width=8,
            right=True,
            rank=5,
            descending=True,
        ),
        Column[NetworkTrack](
            title="errors",
            show=lambda one, colours: Text(
                f"{_errors(one):.0f}%", style=colours.bad if _errors(one) >= 5 else colours.dim
            ),
            order=_errors,
            width=6,
            right=True,
            rank=3,
            descending=True,
        ),
        Column[NetworkTrack](
            title="mean ms",
            show=lambda one, _: f"{one.seen.metrics.response_time_ms:.0f}",
            order=lambda one: one.seen.metrics.response_time_ms,
            width=8,
            right=True,
            rank=6,
            descending=True,
        ),
        Column[NetworkTrack](
            title="reminders",
            show=lambda one, _: number(one.seen.counts.reminders),
            order=lambda one: one.seen.counts.reminders,
            width=10,
            right=True,
            rank=7,
            descending=True,
        ),
        Column[NetworkTrack](
            title="age",
            show=lambda one, _: age(one.seen.created_at),
            order=lambda one: one.seen.created_at,
            width=5,
            right=True,
            rank=4,
            descending=True,
        ),
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("c", "create", "Create"),
        Binding("e", "change", "Change"),
        Binding("l", "limits", "Limits"),
        Binding("R", "rotate", "Rotate token"),
        Binding("D", "delete", "Delete"),
    ]

    def key(self, item: NetworkTrack) -> object:
        """Its id."""
        return item.seen.network_id

    def items(self) -> Iterable[NetworkTrack]:
        """All networks."""
        return self.picture.networks.values()

    def words_of(self, item: NetworkTrack) -> Sequence[str | None]:
        """Its name, its id and its description."""
        return (item.seen.name, item.seen.network_id, item.seen.description)

    def details_of(self, item: NetworkTrack, colours: Palette) -> Text:
        """Settings, counts, metrics and limits."""
        seen, metrics = item.seen, item.seen.metrics
        text = described(
            seen.name,
            [
                ("id", seen.network_id),
                ("description", seen.description),
                ("status", seen.status),
                ("created", seen.created_at),
                ("changed", seen.updated_at),
            ],
            colours,
        )
        text.append("\n")
        settings = [
            ("threshold", f"{seen.settings.audio_quality_threshold:.2f}"),
            ("most clients", seen.settings.max_clients),
            ("language", seen.settings.language),
            ("time zone", seen.settings.timezone),
            ("own limits", dict(seen.limits) or "none"),
        ]
        text.append_text(described("Settings", settings, colours))
        text.append("\n")
        counted = [
            ("clients", f"{item.connected} online of {item.clients}"),
            ("turns", f"{item.turns} in 24 hours"),
            ("reminders", seen.counts.reminders),
            ("events", seen.counts.events),
            ("requests", f"{metrics.requests}, {metrics.response_time_ms:.1f} ms in the mean"),
            ("refused", f"{metrics.error_rate * 100:.1f}%"),
            ("heard", f"{metrics.audio_processing_volume:.0f} s of sound"),
            ("announced", dict(metrics.websocket_events)),
        ]
        text.append_text(described("Since the hub started", counted, colours))
        return text

    def on_grid_chosen(self, event: Grid.Chosen) -> None:
        """Choose the network, and show its clients."""
        self.dashboard.choose(event.item.seen.network_id)
        self.dashboard.action_page("clients")

    @work(exclusive=True, group="act")
    async def action_create(self) -> None:
        """Create a network, and show its tokens once."""
        fields = [
            Field(name="name", label="Name", check=needed),
            Field(name="description", label="Description"),
            Field(name="timezone", label="Time zone", value="UTC", hint="as in Europe/Berlin"),
            Field(name="language", label="Language", value="en"),
        ]
        taken = await self.dashboard.fill_in("Create a network", fields, _created, act="Create")
        if taken is not None:
            made = taken.answer
            tokens = {
                "network token": made.network_token,
                "registration token": made.client_registration_token,
            }
            await self.app.push_screen_wait(Secret(f"{made.name} is created", tokens))

    @work(exclusive=True, group="act")
    async def action_change(self) -> None:
        """Rename a network, or set its threshold and other settings."""
        if self.current is None:
            return
        seen = self.current.seen
        fields = [
            Field(name="name", label="Name", value=seen.name, check=needed),
            Field(name="description", label="Description", value=seen.description),
            Field(
                name="threshold",
                sent_as="audio_quality_threshold",
                label="Quality that a stream needs, 0 to 1",
                value=f"{seen.settings.audio_quality_threshold:g}",
                check=between(0, 1),
            ),
            Field(
                name="most",
                sent_as="max_clients",
                label="Most clients",
                value=str(seen.settings.max_clients),
                check=between(1, 1_000_000),
            ),
            Field(name="timezone", label="Time zone", value=seen.settings.timezone, check=needed),
            Field(name="language", label="Language", value=seen.settings.language, check=needed),
            Field(
                name="spoken_by",
                sent_as="answers_spoken_by",
                label="Answers are spoken by who asks (own), or by the room",
                value=seen.settings.answers_spoken_by,
                check=one_of("own", "room"),
            ),
        ]
        taken = await self.dashboard.fill_in(
            f"Change {seen.name}", fields, lambda hub, given: _changed(hub, seen, given)
        )
        if taken is not None:
            self.notify(f"{taken.values['name']} is changed", timeout=4)

    @work(exclusive=True, group="act")
    async def action_limits(self) -> None:
        """Set the limits of a network; what is left empty is as on the whole hub."""
        if self.current is None:
            return
        seen = self.current.seen
        limits = await self.dashboard.call(lambda hub: hub.limits(seen.network_id))
        if limits is None:
            return
        fields = [
            Field(
                name=name,
                label=label,
                value=str(limits.overrides.get(name, "")),
                hint=f"as on the hub: {limits.limits[name]}",
                check=between(1, 1_000_000_000),
            )
            for name, label in LIMITS
        ]

        async def set_limits(hub: Hub, given: Mapping[str, str]) -> None:
            overrides = {name: int(float(text)) for name, text in given.items() if text.strip()}
            await hub.set_limits(seen.network_id, overrides)

        if await self.dashboard.fill_in(f"Limits of {seen.name}", fields, set_limits):
            self.notify("the limits are set", timeout=4)

    @work(exclusive=True, group="act")
    async def action_rotate(self) -> None:
        """Replace the token of a network."""
        if self.current is None:
            return
        seen = self.current.seen
        question = "Its old token is good no more at once; whatever uses it needs the new one."
        if await self.app.push_screen_wait(Confirm(f"Rotate the token of {seen.name}?", question)):
            token = await self.dashboard.call(lambda hub: hub.rotate_token(seen.network_id, "network"))
            if token is not None:
                await self.app.push_screen_wait(
                    Secret(f"New token of {seen.name}", {"network token": token.token})
                )

    @work(exclusive=True, group="act")
    async def action_delete(self) -> None:
        """Delete a network with everything in it."""
        if self.current is None:
            return
        seen = self.current.seen
        question = (
            f"{self.current.clients} clients, {self.current.turns} turns of the last day and all else in it "
            "are gone for good; its sockets are closed."
        )
        dialog = Confirm(f"Delete {seen.name}?", question, word=seen.name, act="Delete")
        if await self.app.push_screen_wait(dialog):
            await self.dashboard.act(
                f"{seen.name} is deleted", lambda hub: hub.delete_network(seen.network_id)
            )
            if self.dashboard.scope == seen.network_id:
                self.dashboard.choose(None)


async def _created(hub: Hub, given: Mapping[str, str]) -> NewNetwork:
    settings = SettingsChanges(timezone=given["timezone"] or "UTC", language=given["language"] or "en")
    return await hub.create_network(
        given["name"], description=given["description"] or None, settings=settings
    )


async def _changed(hub: Hub, seen: NetworkSeen, given: Mapping[str, str]) -> None:
    now = seen.settings
    settings = SettingsChanges(
        audio_quality_threshold=float(given["threshold"] or now.audio_quality_threshold),
        max_clients=int(float(given["most"] or now.max_clients)),
        timezone=given["timezone"],
        language=given["language"],
        answers_spoken_by="room" if (given["spoken_by"] or now.answers_spoken_by) == "room" else "own",
    )
    await hub.update_network(
        seen.network_id, name=given["name"], description=given["description"], settings=settings
    )
