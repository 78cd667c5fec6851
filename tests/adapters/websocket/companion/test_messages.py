"""What devices say, and what they are told, word for word."""

import contextlib
import json
from datetime import UTC, datetime
from typing import Any

import orjson
import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from adapters.websocket.clocks import ClockOffset
from adapters.websocket.companion.announcing import CompanionVoice, refused
from adapters.websocket.companion.incoming import (
    Ack,
    AudioEnd,
    AudioStream,
    Button,
    ButtonPress,
    CompanionMessage,
    Heartbeat,
    Sound,
    TextInput,
    TypedText,
    decode,
)
from adapters.websocket.companion.ordering import OrderVoice
from adapters.websocket.wire import write
from domain.clients import LeaveReason
from domain.errors import ClientNotFound, InvalidValue, ModelInferenceFailed, Overloaded, RateLimitExceeded
from domain.events import (
    ActionExecuted,
    Announcement,
    AnswerInterrupted,
    AnswerSpokenElsewhere,
    AudioStreamSelected,
    ClientJoined,
    ClientLeft,
    ContextUpdated,
    ErrorOccurred,
    Fact,
    FactEvent,
    InteractionAnswered,
    InteractionCreated,
    LiveEvent,
    LiveNews,
    ReminderDue,
    StreamsMeasured,
    TokenRotated,
)
from domain.ids import ActionId, BlobId, ClientId, ConversationId, EventId, InteractionId, NetworkId
from domain.interactions import Action
from tests.samples import interaction, reminder

AT = datetime(2026, 1, 19, 10, 30, tzinfo=UTC)
STAMP = "2026-01-19T10:30:00Z"
CLOCK = ClockOffset()
CLOCK.note(sent_at=1_000_000, received_at=3_000_000)
DEVICE, OTHER = ClientId("dev_abc123"), ClientId("dev_other")
HOME = NetworkId("net_home")

SAID: list[tuple[dict[str, Any], CompanionMessage]] = [
    (
        {"type": "audio_stream", "payload": {"audio_b64": "AAAA"}, "timestamp": STAMP},
        AudioStream(payload=Sound(audio_b64="AAAA"), timestamp=STAMP),
    ),
    (
        {"type": "audio_stream", "payload": {"audio_b64": "AAAA"}},
        AudioStream(payload=Sound(audio_b64="AAAA")),
    ),
    (
        {"type": "text_input", "payload": {"text": "Good morning!"}, "timestamp": STAMP},
        TextInput(payload=TypedText(text="Good morning!"), timestamp=STAMP),
    ),
    (
        {"type": "button_press", "payload": {"button": "talk", "action": "hold"}, "timestamp": STAMP},
        ButtonPress(payload=Button(button="talk", action="hold"), timestamp=STAMP),
    ),
    ({"type": "heartbeat", "payload": {}, "timestamp": STAMP}, Heartbeat(timestamp=STAMP)),
    ({"type": "heartbeat"}, Heartbeat()),
    ({"type": "audio_end"}, AudioEnd()),
    (
        {"type": "ack", "payload": {"switch_complete": True, "latency_ms": 1200}},
        Ack(payload={"switch_complete": True, "latency_ms": 1200}),
    ),
]


@pytest.mark.parametrize(("said", "meant"), SAID)
def test_devices_are_understood(said: dict[str, Any], meant: CompanionMessage) -> None:
    assert decode(json.dumps(said)) == meant


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({}, "type"),
        ({"type": "audio_response", "payload": {}}, "type"),
        ({"type": "audio_stream"}, "payload"),
        ({"type": "audio_stream", "payload": None}, "payload"),
        ({"type": "audio_stream", "payload": {}}, "payload.audio_b64"),
        ({"type": "text_input", "payload": {"text": 5}}, "payload.text"),
        ({"type": "text_input", "payload": {"text": " "}}, "payload.text"),
        ({"type": "text_input", "payload": {"text": "a" * 4001}}, "payload.text"),
        ({"type": "button_press", "payload": {"button": "talk", "action": "kick"}}, "payload.action"),
        ({"type": "button_press", "payload": {"action": "press"}}, "payload.button"),
        ({"type": "ack", "payload": []}, "payload"),
        ({"type": "heartbeat", "timestamp": "noon"}, "timestamp"),
        ({"type": "heartbeat", "timestamp": {}}, "timestamp"),
    ],
)
def test_what_is_wrong_is_named(said: dict[str, Any], field: str) -> None:
    with pytest.raises(InvalidValue) as caught:
        decode(json.dumps(said))
    assert caught.value.details["field"] == field


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)
tags = st.sampled_from(["audio_stream", "audio_end", "text_input", "button_press", "heartbeat", "ack"])


@given(tag=tags | anything, payload=anything, timestamp=anything)
def test_anything_at_all_is_understood_or_refused(tag: object, payload: object, timestamp: object) -> None:
    with contextlib.suppress(InvalidValue):
        assert decode(json.dumps({"type": tag, "payload": payload, "timestamp": timestamp}))


def told(event: FactEvent | LiveEvent) -> dict[str, Any] | None:
    """What the device reads of an event."""
    announcement: Announcement
    if isinstance(event, AnswerInterrupted | AudioStreamSelected | StreamsMeasured | ErrorOccurred):
        announcement = LiveNews(network_id=HOME, event=event)
    else:
        announcement = Fact(id=EventId("evt_1"), network_id=HOME, position=1, event=event)
    voice = CompanionVoice(
        DEVICE,
        lambda network, blob: f"http://hub/{network}/{blob}",
        lambda network, rotated: f"{network}/{rotated.client_id}/{rotated.version}",
        OrderVoice(lambda network, blob: f"http://hub/{network}/{blob}", CLOCK),
    )
    command = voice(announcement)
    return None if command is None else orjson.loads(write(command))


def answer_to(device: ClientId) -> InteractionAnswered:
    return InteractionAnswered(
        interaction_id=InteractionId("int_1"), client_id=device, text="Hello.", speech=BlobId("blob_1"), at=AT
    )


def test_an_answer_is_an_audio_response() -> None:
    assert told(answer_to(DEVICE)) == {
        "type": "audio_response",
        "payload": {
            "text": "Hello.",
            "audio_url": "http://hub/net_home/blob_1",
            "complete": True,
            "interaction_id": "int_1",
            "event_id": "evt_1",
            "command_id": None,
        },
        "priority": 0,
    }


def test_who_asked_is_told_that_another_device_says_the_answer() -> None:
    elsewhere = AnswerSpokenElsewhere(
        interaction_id=InteractionId("int_1"),
        client_id=DEVICE,
        spoken_by=OTHER,
        text="Hello.",
        complete=False,
        at=AT,
    )
    assert told(elsewhere) == {
        "type": "sync_event",
        "payload": {
            "event": "answer_spoken_elsewhere",
            "event_id": "evt_1",
            "interaction_id": "int_1",
            "spoken_by": OTHER,
            "text": "Hello.",
            "complete": False,
        },
        "priority": 0,
    }
    assert told(evolve(elsewhere, client_id=OTHER)) is None


def test_an_answer_that_is_spoken_over_is_to_stop() -> None:
    assert told(AnswerInterrupted(interaction_id=InteractionId("int_1"), client_id=DEVICE, at=AT)) == {
        "type": "stop_audio",
        "payload": {"interaction_id": "int_1"},
        "priority": 10,
    }


def test_a_reminder_is_a_sync_event() -> None:
    due = ReminderDue(reminder=reminder("rem_1", title="tea", due_time=AT), at=AT)
    assert told(due) == {
        "type": "sync_event",
        "payload": {
            "event": "reminder_due",
            "event_id": "evt_1",
            "reminder_id": "rem_1",
            "title": "tea",
            "due_time": STAMP,
            "status": "pending",
        },
        "priority": 5,
    }


def test_a_new_token_is_a_command_to_its_device_alone() -> None:
    assert told(TokenRotated(client_id=DEVICE, version=7, expires_at=AT, at=AT)) == {
        "type": "token_rotated",
        "payload": {"event_id": "evt_1", "auth_token": f"net_home/{DEVICE}/7", "expires_at": STAMP},
        "priority": 5,
    }
    assert told(TokenRotated(client_id=OTHER, version=7, expires_at=AT, at=AT)) is None


def test_an_error_has_the_documents_fields() -> None:
    error = ErrorOccurred(
        code="MODEL_INFERENCE_FAILED", message="Nobody knew.", client_id=DEVICE, details={"a": 1}, at=AT
    )
    assert told(error) == {
        "type": "error",
        "payload": {"error_code": "LLM_API_ERROR", "message": "Nobody knew.", "details": {"a": 1}},
        "priority": 0,
    }


@pytest.mark.parametrize(
    "event",
    [
        answer_to(OTHER),
        InteractionCreated(interaction=interaction("int_1", client_id=DEVICE), at=AT),
        ActionExecuted(
            interaction_id=InteractionId("int_1"),
            client_id=DEVICE,
            action=Action(id=ActionId("act_1"), type="create_reminder", result={}, executed_at=AT),
            at=AT,
        ),
        ContextUpdated(conversation_id=ConversationId("conv_1"), summary="tea", participants=(), at=AT),
        ClientJoined(client_id=OTHER, device_type="tablet", capabilities=(), at=AT),
        ClientLeft(client_id=OTHER, reason=LeaveReason.TIMEOUT, at=AT),
        AudioStreamSelected(client_id=DEVICE, score=5, reason="only", provisional=True, streams=(), at=AT),
        StreamsMeasured(streams=(), at=AT),
        AnswerInterrupted(interaction_id=InteractionId("int_1"), client_id=OTHER, at=AT),
        ErrorOccurred(code="X", message="", client_id=OTHER, at=AT),
        ErrorOccurred(code="X", message="", client_id=None, at=AT),
    ],
)
def test_a_device_is_told_only_what_is_addressed_to_it(event: FactEvent | LiveEvent) -> None:
    assert told(event) is None


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (RateLimitExceeded("Too much.", retry_after=1.0), "RATE_LIMITED"),
        (ClientNotFound("dev_1"), "DEVICE_NOT_FOUND"),
        (ModelInferenceFailed("Nobody knew."), "LLM_API_ERROR"),
        (InvalidValue("type", "must be text"), "VALIDATION_ERROR"),
        (Overloaded("Later."), "OVERLOADED"),
    ],
)
def test_refusals_have_the_codes_of_the_document(error: Any, code: str) -> None:
    assert refused(error).payload.error_code == code
