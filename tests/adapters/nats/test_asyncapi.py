"""What the hub has on NATS is documented, whole, and the way it is."""

import json
from typing import Any, get_args

import jsonschema
from hypothesis import given
from hypothesis import strategies as st

from adapters.http.options import HttpOptions
from adapters.nats.asyncapi import nats_sections
from adapters.nats.cloudevents import KINDS, of_fact, of_news
from adapters.nats.subjects import (
    audio_subject,
    command_subject,
    event_subject,
    live_subject,
    stream_subject,
    told_subject,
)
from domain.events import AudioStreamSelected, ErrorOccurred, Fact, FactEvent, LiveEvent, LiveNews
from domain.ids import ClientId, EventId, NetworkId
from domain.interactions import StreamReport
from entrypoints.commands import commands_of, served
from tests.composed_strategies import facts
from tests.samples import HOME, NOON

COMMANDS = commands_of(served(), HttpOptions(version="1.2.3"))
SECTIONS = nats_sections(COMMANDS)
NETWORK, CLIENT = NetworkId("{network_id}"), ClientId("{client_id}")


def fits(message: str, content: bytes) -> None:
    """Hold what is published against the schema that is documented."""
    payload = SECTIONS["messages"][message]["payload"]
    jsonschema.validate(json.loads(content), {**payload, "components": {"schemas": SECTIONS["schemas"]}})


def test_the_subjects_are_those_that_are_used() -> None:
    told = set()
    for channel in SECTIONS["channels"].values():
        words = channel["parameters"].get("type") or channel["parameters"].get("operation") or {"enum": [""]}
        told |= {
            channel["address"].replace("{type}", word).replace("{operation}", word) for word in words["enum"]
        }
    assert told == {
        *(event_subject(NETWORK, KINDS[kind]) for kind in get_args(FactEvent)),
        *(live_subject(NETWORK, KINDS[kind]) for kind in get_args(LiveEvent)),
        *(command_subject(operation.id, NETWORK) for operation in served()),
        *(subject(NETWORK, CLIENT) for subject in (stream_subject, audio_subject, told_subject)),
    }


def test_each_channel_has_the_messages_of_its_operations() -> None:
    for name, channel in SECTIONS["channels"].items():
        ours = [one for one in SECTIONS["operations"].values() if one["channel"]["$ref"].endswith(f"/{name}")]
        used = {
            one["$ref"].rpartition("/")[2]
            for operation in ours
            for one in (*operation["messages"], *operation.get("reply", {"messages": ()})["messages"])
        }
        assert used == set(channel["messages"]) <= set(SECTIONS["messages"])


def test_every_reference_leads_somewhere() -> None:
    def references(part: Any) -> list[str]:
        if isinstance(part, dict):
            own = [part["$ref"]] if isinstance(part.get("$ref"), str) else []
            return own + [one for value in part.values() for one in references(value)]
        return [one for value in part for one in references(value)] if isinstance(part, list) else []

    wanted = {one.rpartition("/")[2] for one in references([SECTIONS["messages"], SECTIONS["schemas"]])}
    assert wanted <= set(SECTIONS["schemas"])


@given(event=facts(HOME), recipient=st.none() | st.just(ClientId("hall")))
def test_every_fact_fits_its_schema(event: FactEvent, recipient: ClientId | None) -> None:
    fact = Fact(id=EventId("evt_1"), network_id=HOME, position=7, event=event, recipient=recipient)
    message = of_fact(fact)
    fits(f"event_{message.kind}", message.content)


def test_live_news_fits_its_schema() -> None:
    report = StreamReport(client_id=ClientId("hall"), score=7, measures={}, selected=True, reason="x")
    for event in (
        ErrorOccurred(code="ODD", message="odd", details={"a": [1, None]}, at=NOON),
        AudioStreamSelected(
            client_id=ClientId("hall"), score=7.5, reason="x", provisional=True, streams=(report,), at=NOON
        ),
    ):
        message = of_news(LiveNews(network_id=HOME, event=event), "live_1")
        fits(f"live_{message.kind}", message.content)
