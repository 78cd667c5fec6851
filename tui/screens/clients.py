"""Clients: of all networks, or of the chosen one, and what can be done with them."""

from collections.abc import Iterable, Mapping, Sequence
from typing import ClassVar, Final

from rich.text import Text
from textual import work
from textual.binding import Binding, BindingType

from adapters.hub import Hub
from adapters.hub.answers import RegisteredClient
from adapters.hub.operating import ClientSeen
from tui.dialogs.asking import Confirm, Secret
from tui.dialogs.form import Field, needed
from tui.marks import age, clock, short
from tui.screens.table_page import TablePage
from tui.theme import Palette
from tui.widgets.described import described
from tui.widgets.grid import Column

ONLINE_FIRST: Final = 1e11
"""Seconds that put whoever is online before all others; one number is ordered faster than two."""


def _client(client: ClientSeen, colours: Palette) -> Text:
    colour = colours.good if client.connected else colours.dim
    return Text.assemble(("● " if client.connected else "○ ", colour), (_name(client), "bold"))


def _name(client: ClientSeen) -> str:
    return client.name or short(client.client_id)


COLUMNS: Final = (
    Column[ClientSeen](title="client", show=_client, order=lambda one: _name(one).lower(), width=18, grow=2),
    Column[ClientSeen](
        title="type", show=lambda one, _: one.device_type, order=lambda one: one.device_type, width=13
    ),
    Column[ClientSeen](
        title="room",
        show=lambda one, _: one.room or "",
        order=lambda one: one.room or "",
        width=12,
        rank=3,
    ),
    Column[ClientSeen](
        title="status",
        show=lambda one, _: one.connection_status,
        order=lambda one: one.connection_status,
        width=13,
        rank=1,
    ),
    Column[ClientSeen](
        title="persona",
        show=lambda one, _: one.persona_id or "",
        order=lambda one: one.persona_id or "",
        width=12,
        rank=5,
    ),
    Column[ClientSeen](
        title="seen",
        show=lambda one, _: "now" if one.connected else age(one.last_seen_at),
        order=lambda one: one.last_seen_at.timestamp() + ONLINE_FIRST * one.connected,
        width=5,
        right=True,
        rank=1,
        descending=True,
    ),
)


class ClientsPage(TablePage[ClientSeen]):
    """Devices and apps."""

    NAME = "clients"
    TITLE_OF_TABLE = "Clients"
    ABOUT = "Devices and apps: of all networks, or of the chosen one (Esc: all)."
    EMPTY = "No client here: a registers one, p pairs one, o shows all or only those online."
    MEANINGS = (("● ○", "online, offline"),)
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("a", "register", "Register"),
        Binding("p", "pair", "Pair"),
        Binding("x", "disconnect", "Disconnect"),
        Binding("P", "persona", "Persona"),
        Binding("R", "rotate", "Rotate token"),
        Binding("D", "deregister", "Deregister"),
        Binding("o", "online", "Online only"),
    ]

    def __init__(self, *arguments: object) -> None:
        super().__init__(*arguments)  # type: ignore[arg-type]
        self.online_only = False

    def columns(self) -> Sequence[Column[ClientSeen]]:
        """The columns; a network is told by its name."""
        return (*COLUMNS[:1], self._network_column(), *COLUMNS[1:])

    def _network_column(self) -> Column[ClientSeen]:
        def name(client: ClientSeen) -> str:
            return self.picture.name_of(client.network_id)

        return Column(
            title="network",
            show=lambda one, colours: Text(name(one), style=colours.dim),
            order=lambda one: name(one).lower(),
            width=14,
            grow=1,
            rank=2,
        )

    SORT = 6

    def key(self, item: ClientSeen) -> object:
        """Its network's id and its own."""
        return (item.network_id, item.client_id)

    def items(self) -> Iterable[ClientSeen]:
        """The clients of the chosen network, or all."""
        scope, online = self.scope, self.online_only
        if scope is None and not online:
            return self.picture.clients.values()
        return (
            client
            for client in self.picture.clients.values()
            if scope in {None, client.network_id} and (client.connected or not online)
        )

    def words_of(self, item: ClientSeen) -> Sequence[str | None]:
        """All that it is called."""
        name = self.picture.name_of(item.network_id)
        return (item.client_id, item.name, item.device_type, item.room, item.group_id, name, item.network_id)

    def caption(self) -> str:
        """Whose clients they are."""
        whose = self.picture.name_of(self.scope) if self.scope else "all networks"
        return f"Clients of {whose}{', online only' if self.online_only else ''}"

    def details_of(self, item: ClientSeen, colours: Palette) -> Text:
        """All that is known of it."""
        online = Text("● online" if item.connected else "○ offline")
        online.stylize(colours.good if item.connected else colours.dim)
        rows = [
            ("is", online),
            ("says it is", item.connection_status),
            ("name", item.name),
            ("network", self.picture.name_of(item.network_id)),
            ("network id", item.network_id),
            ("type", item.device_type),
            ("room", item.room),
            ("group", item.group_id),
            ("persona", item.persona_id),
            ("can", item.capabilities),
            ("about", dict(item.device_info)),
            ("hears", None if item.audio_quality_score is None else f"{item.audio_quality_score:.1f} of 10"),
            ("online since", item.connected_since),
            ("last seen", item.last_seen_at),
            ("registered", item.registered_at),
        ]
        return described(item.client_id, rows, colours)

    def action_online(self) -> None:
        """Show only those that are online, or all again."""
        self.online_only = not self.online_only
        self.fill()

    @work(exclusive=True, group="act")
    async def action_register(self) -> None:
        """Register a client in the chosen network, and show its token once."""
        network_id = self._network_meant()
        if network_id is None:
            return
        fields = [
            Field(name="client_id", label="Id", hint="letters, digits, _ . : -", check=needed),
            Field(name="device_type", label="Type", value="mobile", check=needed),
            Field(name="room", label="Room"),
            Field(name="group", label="Group", sent_as="group_id"),
            Field(name="capabilities", label="Can do, by commas", value="audio"),
        ]
        title = f"Register a client in {self.picture.name_of(network_id)}"
        taken = await self.dashboard.fill_in(
            title, fields, lambda hub, given: _registered(hub, network_id, given), act="Register"
        )
        if taken is not None:
            made = taken.answer
            await self.app.push_screen_wait(
                Secret(f"{made.client_id} is registered", {"client token": made.client_token})
            )

    @work(exclusive=True, group="act")
    async def action_pair(self) -> None:
        """Make a code by which one device comes into the chosen network, and show it once."""
        network_id = self._network_meant()
        if network_id is None:
            return
        fields = [
            Field(name="name", label="Name", hint="empty: as the device calls itself"),
            Field(name="room", label="Room", hint="empty: as the device says", sent_as="location"),
            Field(name="group", label="Group", sent_as="group_id"),
        ]
        title = f"Pair a device with {self.picture.name_of(network_id)}"
        taken = await self.dashboard.fill_in(
            title,
            fields,
            lambda hub, given: hub.pairing_code(
                name=given["name"] or None,
                location=given["room"] or None,
                group_id=given["group"] or None,
                network_id=network_id,
            ),
            act="Make a code",
        )
        if taken is not None:
            made = taken.answer
            until = clock(made.expires_at)
            await self.app.push_screen_wait(
                Secret(f"Type this in at the device, until {until}", {"pairing code": made.code})
            )

    @work(exclusive=True, group="act")
    async def action_disconnect(self) -> None:
        """Close the socket of a client."""
        client = self.current
        if client is None or not await self._sure("Disconnect", client, "It may come back at once."):
            return
        await self.dashboard.act(
            f"{client.client_id} is disconnected",
            lambda hub: hub.disconnect_client(client.network_id, client.client_id),
        )

    @work(exclusive=True, group="act")
    async def action_deregister(self) -> None:
        """Take a client out of its network."""
        client = self.current
        about = "Its token is good no more; what was said through it stays."
        if client is None or not await self._sure("Deregister", client, about):
            return
        done = await self.dashboard.act(
            f"{client.client_id} is deregistered",
            lambda hub: hub.remove_client(client.network_id, client.client_id),
        )
        if done:
            self.picture.forget_client(client.network_id, client.client_id)

    @work(exclusive=True, group="act")
    async def action_persona(self) -> None:
        """Let another persona answer at a client."""
        client = self.current
        if client is None:
            return
        known = await self.dashboard.call(lambda hub: hub.personas(network_id=client.network_id))
        if known is None:
            return
        names = [persona.id for persona in known]
        fields = [
            Field(
                name="persona",
                sent_as="target_persona_id",
                label=f"Persona: {', '.join(names)}",
                value=client.persona_id or "",
                check=lambda text: None if text in names else "is none of these",
            ),
            Field(name="message", label="Said when it comes (may be empty)", sent_as="transition_message"),
        ]
        taken = await self.dashboard.fill_in(
            f"Switch the persona of {client.client_id}",
            fields,
            lambda hub, given: hub.switch_persona(
                client.client_id,
                given["persona"],
                transition_message=given["message"] or None,
                network_id=client.network_id,
            ),
            act="Switch",
        )
        if taken is not None:
            heard = "" if taken.answer.success else "; the device has not confirmed it yet"
            self.notify(f"{taken.values['persona']} answers at {client.client_id}{heard}", timeout=5)

    @work(exclusive=True, group="act")
    async def action_rotate(self) -> None:
        """Replace the token of a client; one that is online is handed the new one by itself."""
        client = self.current
        about = "Its old token is good no more at once; if it is online it is told the new one."
        if client is None or not await self._sure("Rotate the token of", client, about):
            return
        token = await self.dashboard.call(
            lambda hub: hub.rotate_token(client.network_id, "client", client_id=client.client_id)
        )
        if token is not None:
            await self.app.push_screen_wait(
                Secret(f"New token of {client.client_id}", {"client token": token.token})
            )

    def _network_meant(self) -> str | None:
        """The chosen network, or that of the current client; where there is neither a toast says so."""
        current = self.current
        network_id = self.scope or (current.network_id if current else None)
        if network_id is None:
            self.notify("choose a network first (2, then Enter)", severity="warning")
        return network_id

    async def _sure(self, what: str, client: ClientSeen, about: str) -> bool:
        name = self.picture.name_of(client.network_id)
        dialog = Confirm(f"{what} {client.client_id} of {name}?", about)
        return await self.app.push_screen_wait(dialog)


async def _registered(hub: Hub, network_id: str, given: Mapping[str, str]) -> RegisteredClient:
    can = [word.strip() for word in given["capabilities"].split(",") if word.strip()]
    return await hub.register_client(
        network_id,
        given["client_id"],
        given["device_type"],
        capabilities=can,
        room=given["room"] or None,
        group_id=given["group"] or None,
    )
