"""The page of the sockets, made from their AsyncAPI document."""

from collections.abc import Mapping
from typing import Any

from attrs import frozen

from adapters.pages.fields import Field, Shapes
from adapters.pages.rendering import render

Document = Mapping[str, Any]


@frozen(kw_only=True)
class Message:
    """One message, in one direction."""

    name: str
    anchor: str
    meaning: str
    fields: tuple[Field, ...]


@frozen(kw_only=True)
class Channel:
    """One address of sockets: what may be said there, and what is told."""

    name: str
    address: str
    meaning: str
    taken: tuple[Message, ...]
    told: tuple[Message, ...]


def sockets_page(document: Document) -> bytes:
    """Show every message of an AsyncAPI document, and how sockets end."""
    shapes = Shapes(document["components"]["schemas"])
    channels = [
        Channel(
            name=name,
            address=channel["address"],
            meaning=channel["summary"],
            taken=_messages(document, f"{name}_receive", shapes),
            told=_messages(document, f"{name}_send", shapes),
        )
        for name, channel in document["channels"].items()
    ]
    info = document["info"]
    endings = info["x-close-codes"]
    return render("sockets.html", here="sockets", up="../", info=info, channels=channels, endings=endings)


def _messages(document: Document, operation: str, shapes: Shapes) -> tuple[Message, ...]:
    names = [one["$ref"].rpartition("/")[2] for one in document["operations"][operation]["messages"]]
    return tuple(
        Message(
            name=told["name"],
            anchor=name,
            meaning=told["summary"],
            fields=tuple(shapes.fields(told["payload"])),
        )
        for name in names
        for told in (document["components"]["messages"][name],)
    )
