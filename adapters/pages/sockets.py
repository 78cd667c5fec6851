"""The page of the sockets and subjects, made from their AsyncAPI document."""

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
    """One address of sockets, or one subject: what may be said there, and what is told."""

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
            taken=_messages(document, name, "receive", shapes),
            told=_messages(document, name, "send", shapes),
        )
        for name, channel in document["channels"].items()
    ]
    info = document["info"]
    endings = info["x-close-codes"]
    return render("sockets.html", here="sockets", up="../", info=info, channels=channels, endings=endings)


def _messages(document: Document, channel: str, action: str, shapes: Shapes) -> tuple[Message, ...]:
    """What the hub does on a channel: takes messages in, or sends them, replies too."""
    found = [one for one in document["operations"].values() if one["channel"]["$ref"].endswith(f"/{channel}")]
    listed = [ref for one in found if one["action"] == action for ref in one["messages"]]
    if action == "send":
        listed += [ref for one in found for ref in one.get("reply", {}).get("messages", ())]
    names = [ref["$ref"].rpartition("/")[2] for ref in listed]
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
