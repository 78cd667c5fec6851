"""What happens in a network as CloudEvents 1.0 in JSON, and back again between instances."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final, get_args

import orjson
from attrs import frozen
from cattrs import Converter
from cattrs.errors import BaseValidationError

from domain import events
from domain.errors import InvalidValue, MiraError
from domain.events import Fact, FactEvent, LiveEvent, LiveNews
from domain.ids import ClientId, EventId, NetworkId
from domain.moments import utc_text

VERSION: Final = "1.0"
PREFIX: Final = "mira.v1."
MEDIA_TYPE: Final = "application/cloudevents+json"
OTHERWISE: Final[Mapping[type, str]] = {
    events.InteractionAnswered: "interaction_response",
    events.ErrorOccurred: "error",
}
"""Events that the documents call otherwise than the code."""


def kind_of(event: type) -> str:
    """What an event is called on NATS: its subject's last word, which consumers filter by."""
    return OTHERWISE.get(event) or re.sub(r"(?<!^)(?=[A-Z])", "_", event.__name__).lower()


KINDS: Final[Mapping[type, str]] = {
    event: kind_of(event) for event in (*get_args(FactEvent), *get_args(LiveEvent))
}
FACTS: Final[Mapping[str, type]] = {KINDS[kind]: kind for kind in get_args(FactEvent)}
UNREADABLE: Final = (ValueError, LookupError, TypeError, AttributeError, BaseValidationError, MiraError)
"""What comes of reading what is no event."""
LIVE: Final[Mapping[str, type]] = {KINDS[kind]: kind for kind in get_args(LiveEvent)}


@frozen(kw_only=True)
class Message:
    """What is published: the last word of its subject, and the event."""

    kind: str
    content: bytes


def of_fact(fact: Fact) -> Message:
    """A fact as it leaves the hub; `sequence` is its place in its network's order."""
    kind = KINDS[type(fact.event)]
    told = _envelope(fact.network_id, kind, fact.event, fact.recipient)
    told |= {"id": fact.id, "sequence": f"{fact.position:020}"}
    return Message(kind=kind, content=orjson.dumps(told))


def of_news(news: LiveNews, news_id: str) -> Message:
    """Live news as it leaves the hub."""
    kind = KINDS[type(news.event)]
    told = _envelope(news.network_id, kind, news.event, news.recipient) | {"id": news_id}
    return Message(kind=kind, content=orjson.dumps(told))


def read_fact(content: bytes) -> Fact:
    """A fact that another instance has told.

    Raises:
        InvalidValue: it is none.
    """
    try:
        told = orjson.loads(content)
        kind = FACTS[told["type"].removeprefix(PREFIX)]
        recipient = told.get("recipient")
        return Fact(
            id=EventId(told["id"]),
            network_id=NetworkId(told["source"].rpartition("/")[2]),
            position=int(told["sequence"]),
            event=CONVERTER.structure(told["data"], kind),
            recipient=None if recipient is None else ClientId(recipient),
        )
    except UNREADABLE as error:
        raise InvalidValue("event", "must be a fact of this hub") from error


def read_news(network_id: NetworkId, content: bytes) -> LiveNews:
    """Live news that another instance has told.

    Raises:
        InvalidValue: it is none.
    """
    try:
        told = orjson.loads(content)
        kind = LIVE[told["type"].removeprefix(PREFIX)]
        event: LiveEvent = CONVERTER.structure(told["data"], kind)
        recipient = told.get("recipient")
    except UNREADABLE as error:
        raise InvalidValue("live", "must be news of this hub") from error
    return LiveNews(
        network_id=network_id, event=event, recipient=None if recipient is None else ClientId(str(recipient))
    )


def _envelope(
    network_id: NetworkId, kind: str, event: FactEvent | LiveEvent, recipient: ClientId | None
) -> dict[str, Any]:
    """What the specification wants of every event, and who it is for where that is not everybody."""
    told = {
        "specversion": VERSION,
        "type": PREFIX + kind,
        "source": f"mira/networks/{network_id}",
        "time": utc_text(event.at),
        "datacontenttype": "application/json",
        "data": CONVERTER.unstructure(event),
    }
    return told if recipient is None else told | {"recipient": recipient}


def _converter() -> Converter:
    converter = Converter(prefer_attrib_converters=False)
    converter.register_unstructure_hook(datetime, lambda moment: utc_text(moment.astimezone(UTC)))
    converter.register_structure_hook(datetime, lambda text, _: datetime.fromisoformat(text))
    converter.register_structure_hook_func(lambda kind: kind is object, lambda value, _: value)
    return converter


CONVERTER: Final = _converter()
