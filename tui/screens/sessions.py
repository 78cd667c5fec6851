"""Sessions: which device talks with which persona, and handing a session over to another device."""

from collections.abc import Sequence
from typing import ClassVar

from rich.text import Text
from textual import work
from textual.binding import Binding, BindingType

from adapters.hub import Hub
from adapters.hub.operating import SessionSeen
from tui import marks
from tui.dialogs.form import Field, needed
from tui.marks import age, short, when
from tui.screens.table_page import ReadPage
from tui.theme import Palette
from tui.widgets.described import described
from tui.widgets.grid import Column


def _is_live(session: SessionSeen) -> bool:
    return session.status == "active" and session.expires_at > marks.now()


def _state(session: SessionSeen, colours: Palette) -> Text:
    live = _is_live(session)
    words = "live" if live else "expired" if session.status == "active" else session.status
    return Text(f"{'●' if live else '○'} {words}", style=colours.good if live else colours.dim)


class SessionsPage(ReadPage[SessionSeen]):
    """The sessions of a network."""

    NAME = "sessions"
    TITLE_OF_TABLE = "Sessions"
    ABOUT = "Which device talks with which persona, and until when; h hands a session over."
    EMPTY = "Nobody has talked here yet."
    MEANINGS = (("● ○", "live; expired or ended"),)
    BINDINGS: ClassVar[list[BindingType]] = [Binding("h", "hand_over", "Hand over")]

    def columns(self) -> Sequence[Column[SessionSeen]]:
        """Which device, with whom, until when."""
        return (
            Column(title="state", show=_state, order=_is_live, width=9, descending=True),
            Column(
                title="device",
                show=lambda one, _: Text(self.picture.called(self.network_id, one.device_id), style="bold"),
                order=lambda one: self.picture.called(self.network_id, one.device_id),
                width=18,
                grow=2,
            ),
            Column(
                title="persona",
                show=lambda one, _: one.persona_id,
                order=lambda one: one.persona_id,
                width=14,
                grow=1,
            ),
            Column(
                title="session",
                show=lambda one, colours: Text(short(one.session_id), style=colours.dim),
                order=lambda one: one.session_id,
                width=14,
                rank=2,
            ),
            Column(
                title="began",
                show=lambda one, _: age(one.created_at),
                order=lambda one: one.created_at,
                width=6,
                right=True,
                rank=1,
                descending=True,
            ),
            Column(
                title="ends",
                show=lambda one, _: when(one.expires_at),
                order=lambda one: one.expires_at,
                width=8,
                right=True,
                rank=1,
            ),
        )

    def key(self, item: SessionSeen) -> object:
        """Its id."""
        return item.session_id

    async def read(self, hub: Hub, network_id: str) -> list[SessionSeen]:
        """The latest sessions."""
        return list((await hub.sessions(network_id)).items)

    def words_of(self, item: SessionSeen) -> Sequence[str | None]:
        """Device, persona, ids."""
        device = self.picture.called(self.network_id, item.device_id)
        return (device, item.device_id, item.persona_id, item.session_id, item.conversation_id, item.status)

    def details_of(self, item: SessionSeen, colours: Palette) -> Text:
        """All that is known of it."""
        rows = [
            ("is", _state(item, colours)),
            ("id", item.session_id),
            ("device", self.picture.called(self.network_id, item.device_id)),
            ("device id", item.device_id),
            ("persona", item.persona_id),
            ("conversation", item.conversation_id),
            ("user", item.user_id),
            ("began", item.created_at),
            ("ends", item.expires_at),
        ]
        return described("Session", rows, colours)

    @work(exclusive=True, group="act")
    async def action_hand_over(self) -> None:
        """Let a session go on at another device."""
        session, network_id = self.current, self.network_id
        if session is None or network_id is None:
            return
        whose = self.picture.called(network_id, session.device_id)
        online = [
            client.client_id
            for client in self.picture.clients.values()
            if client.network_id == network_id and client.connected and client.client_id != session.device_id
        ]
        hint = f"online: {', '.join(online[:6])}" if online else "no other device is online"
        fields = [
            Field(
                name="to",
                sent_as="to_device_id",
                label="To the device",
                value=online[0] if online else "",
                hint=hint,
                check=needed,
            )
        ]
        taken = await self.dashboard.fill_in(
            f"Hand over the session of {whose}",
            fields,
            lambda hub, given: hub.hand_over_session(
                session.session_id, session.device_id, given["to"], network_id=network_id
            ),
            act="Hand over",
        )
        if taken is not None:
            self.notify(f"the session goes on at {taken.values['to']}", timeout=4)
            self.action_read()
