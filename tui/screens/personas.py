"""Personas: who can answer in a network."""

from collections.abc import Mapping, Sequence

from rich.text import Text

from adapters.hub import Hub
from adapters.hub.personas import Persona
from tui.screens.table_page import ReadPage
from tui.theme import Palette
from tui.widgets.described import described
from tui.widgets.grid import Column


class PersonasPage(ReadPage[Persona]):
    """The personas that a network knows."""

    NAME = "personas"
    TITLE_OF_TABLE = "Personas"
    ABOUT = (
        "Who can answer in a network: those shipped with the product, and its own. P on 3 switches a client."
    )
    EMPTY = "No persona is known here."
    COLUMNS = (
        Column[Persona](
            title="name",
            show=lambda one, _: Text(one.name, style="bold"),
            order=lambda one: one.name.lower(),
            width=16,
            grow=1,
        ),
        Column[Persona](title="id", show=lambda one, _: one.id, order=lambda one: one.id, width=16, grow=1),
        Column[Persona](
            title="from",
            show=lambda one, colours: Text(
                one.source, style=colours.dim if one.source == "shipped" else colours.accent
            ),
            order=lambda one: one.source,
            width=8,
            rank=1,
        ),
        Column[Persona](
            title="adapts",
            show=lambda one, _: one.adaptation_mode,
            order=lambda one: one.adaptation_mode,
            width=9,
            rank=2,
        ),
        Column[Persona](
            title="version", show=lambda one, _: one.version, order=lambda one: one.version, width=7, rank=3
        ),
        Column[Persona](
            title="about",
            show=lambda one, colours: Text(one.description, style=colours.dim),
            width=20,
            grow=3,
            rank=4,
        ),
    )

    def key(self, item: Persona) -> object:
        """Its id."""
        return item.id

    async def read(self, hub: Hub, network_id: str) -> list[Persona]:
        """All of them, whole."""
        found = await hub.personas(network_id=network_id)
        return [await hub.persona(one.id, network_id=network_id) for one in found]

    def words_of(self, item: Persona) -> Sequence[str | None]:
        """What it is called, and for."""
        return (item.name, item.id, item.description, *item.tags)

    def details_of(self, item: Persona, colours: Palette) -> Text:
        """How it sounds and acts."""
        rows = [
            ("id", item.id),
            ("from", item.source),
            ("version", item.version),
            ("adapts", item.adaptation_mode),
            ("for", item.tags),
            ("changed", item.updated_at),
        ]
        text = described(item.name, rows, colours)
        text.append(f"{item.description}\n\n", style=colours.text)
        text.append_text(described("Voice", _rows(item.voice_config), colours))
        text.append("\n")
        text.append_text(described("Behaviour", _rows(item.behavior_config), colours))
        return text


def _rows(config: Mapping[str, object]) -> list[tuple[str, object]]:
    return [(name.replace("_", " "), value) for name, value in config.items()]
