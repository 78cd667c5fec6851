"""Activities: what devices of a network do together; starting and stopping it, and broadcasts."""

from collections.abc import Mapping, Sequence
from typing import ClassVar, Final

import orjson
from rich.text import Text
from textual import work
from textual.binding import Binding, BindingType

from adapters.hub import Hub
from adapters.hub.operating import ActivitySeen
from tui.dialogs.asking import Confirm
from tui.dialogs.form import Field, needed
from tui.marks import age
from tui.screens.table_page import ReadPage
from tui.theme import Palette
from tui.widgets.described import described
from tui.widgets.grid import Column

KINDS: Final = ("trivia", "story", "sync_playback")
RUNNING: Final = "running"


def _state(activity: ActivitySeen, colours: Palette) -> Text:
    running = activity.status == RUNNING
    return Text(
        f"{'▶' if running else '■'} {activity.status}", style=colours.good if running else colours.dim
    )


def _kind(text: str) -> str | None:
    return None if text in KINDS else f"must be one of {', '.join(KINDS)}"


def _object(text: str) -> str | None:
    try:
        return None if isinstance(orjson.loads(text or "{}"), dict) else "must be a JSON object"
    except orjson.JSONDecodeError:
        return "must be a JSON object"


def _devices(text: str) -> list[str]:
    return [word.strip() for word in text.split(",") if word.strip()]


class ActivitiesPage(ReadPage[ActivitySeen]):
    """The activities of a network."""

    NAME = "activities"
    TITLE_OF_TABLE = "Activities"
    ABOUT = "What devices of a network do together: trivia, stories, playback; and broadcasts to them."
    EMPTY = "No activity yet: a starts one."
    MEANINGS = (("▶ ■", "running; finished or stopped"),)
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("a", "start", "Start"),
        Binding("x", "stop", "Stop"),
        Binding("b", "broadcast", "Broadcast"),
    ]

    def columns(self) -> Sequence[Column[ActivitySeen]]:
        """What it is, who takes part, since when."""
        return (
            Column(title="state", show=_state, order=lambda one: one.status != RUNNING, width=11),
            Column(
                title="what",
                show=lambda one, _: Text(one.activity_type, style="bold"),
                order=lambda one: one.activity_type,
                width=14,
            ),
            Column(
                title="devices",
                show=lambda one, _: self._who(one.devices),
                order=lambda one: len(one.devices),
                width=20,
                grow=2,
            ),
            Column(
                title="persona",
                show=lambda one, _: one.persona_id,
                order=lambda one: one.persona_id,
                width=14,
                rank=1,
            ),
            Column(
                title="began",
                show=lambda one, _: age(one.started_at),
                order=lambda one: one.started_at,
                width=6,
                right=True,
                rank=2,
                descending=True,
            ),
        )

    def key(self, item: ActivitySeen) -> object:
        """Its id."""
        return item.activity_id

    async def read(self, hub: Hub, network_id: str) -> list[ActivitySeen]:
        """The latest activities."""
        return list((await hub.activities(network_id)).items)

    def words_of(self, item: ActivitySeen) -> Sequence[str | None]:
        """What it is, who takes part, how it stands."""
        return (item.activity_type, item.status, item.persona_id, item.activity_id, *item.devices)

    def details_of(self, item: ActivitySeen, colours: Palette) -> Text:
        """All that is known of it."""
        rows: list[tuple[str, object]] = [
            ("is", _state(item, colours)),
            ("id", item.activity_id),
            ("persona", item.persona_id),
            ("devices", self._who(item.devices)),
            ("offline", self._who(item.offline_devices)),
            ("began", item.started_at),
            ("ended", item.ended_at),
        ]
        text = described(item.activity_type, rows, colours)
        text.append("\n")
        text.append_text(described("Settings", list(item.config.items()), colours))
        return text

    @work(exclusive=True, group="act")
    async def action_start(self) -> None:
        """Start an activity."""
        network_id = self.network_id
        if network_id is None:
            return
        fields = [
            Field(
                name="kind",
                sent_as="activity_type",
                label=f"What: {', '.join(KINDS)}",
                value="trivia",
                check=_kind,
            ),
            Field(name="devices", label="Devices, by commas", value=self._free(network_id), check=needed),
            Field(name="persona", sent_as="persona_id", label="Persona", value="entertainer", check=needed),
            Field(name="media", sent_as="media_url", label="Media URL, of sync_playback only"),
            Field(name="config", label="Settings, as JSON", value="{}", check=_object),
        ]
        taken = await self.dashboard.fill_in(
            "Start an activity",
            fields,
            lambda hub, given: _started(hub, given, network_id),
            act="Start",
        )
        if taken is not None:
            self.notify(f"{taken.values['kind']} is started", timeout=4)
            self.action_read()

    @work(exclusive=True, group="act")
    async def action_stop(self) -> None:
        """Stop an activity that runs."""
        activity, network_id = self.current, self.network_id
        if activity is None or network_id is None or activity.status != RUNNING:
            return
        title = f"Stop {activity.activity_type}?"
        if await self.app.push_screen_wait(Confirm(title, "Its devices are told so.", act="Stop")) and (
            await self.dashboard.act(
                f"{activity.activity_type} is stopped",
                lambda hub: hub.stop_activity(activity.activity_id, network_id=network_id),
            )
        ):
            self.action_read()

    @work(exclusive=True, group="act")
    async def action_broadcast(self) -> None:
        """Tell something to several devices at once."""
        network_id = self.network_id
        if network_id is None:
            return
        fields = [
            Field(name="event", label="Event", value="announcement", check=needed),
            Field(name="devices", label="Devices, by commas, or all", value="all", check=needed),
            Field(
                name="payload",
                label="What is told, as JSON",
                value='{"message": ""}',
                check=_object,
            ),
            Field(name="room", label="Room, of all only"),
            Field(name="group", sent_as="group_id", label="Group, of all only"),
        ]
        title = f"Broadcast in {self.picture.name_of(network_id)}"
        taken = await self.dashboard.fill_in(
            title,
            fields,
            lambda hub, given: hub.broadcast(
                given["event"],
                orjson.loads(given["payload"] or "{}"),
                devices=_devices(given["devices"]),
                room=given["room"] or None,
                group_id=given["group"] or None,
                network_id=network_id,
            ),
            act="Broadcast",
        )
        if taken is not None:
            told = taken.answer
            self.notify(f"told {len(told.delivered)} devices, {len(told.offline)} were offline", timeout=5)

    def _who(self, devices: Sequence[str]) -> str:
        return ", ".join(self.picture.called(self.network_id, one) for one in devices)

    def _free(self, network_id: str) -> str:
        """The devices that are online and take part in nothing."""
        busy = {one for activity in self.found if activity.status == RUNNING for one in activity.devices}
        return ", ".join(
            client.client_id
            for client in self.picture.clients.values()
            if client.network_id == network_id and client.connected and client.client_id not in busy
        )


async def _started(hub: Hub, given: Mapping[str, str], network_id: str) -> None:
    media = {"media_url": given["media"]} if given["media"] else {}
    await hub.start_activity(
        given["kind"],
        _devices(given["devices"]),
        given["persona"],
        config=media | orjson.loads(given["config"] or "{}"),
        network_id=network_id,
    )
