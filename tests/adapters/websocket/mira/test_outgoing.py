"""What clients of a network are told, word for word."""

from datetime import UTC, datetime
from typing import Any

import orjson
import pytest

from adapters.websocket.mira.announcing import MiraVoice
from adapters.websocket.wire import write
from domain.clients import LeaveReason
from domain.events import (
    ActionExecuted,
    AnswerInterrupted,
    AnswerSpokenElsewhere,
    AudioStreamSelected,
    ClientDeregistered,
    ClientJoined,
    ClientLeft,
    ClientRegistered,
    ContextUpdated,
    ErrorOccurred,
    Fact,
    FactEvent,
    InteractionAnswered,
    InteractionCreated,
    LiveEvent,
    LiveNews,
    NetworkCreated,
    NetworkDeleted,
    NetworkUpdated,
    ReminderDue,
    StreamsMeasured,
    TokenRotated,
)
from domain.ids import (
    ActionId,
    BlobId,
    ClientId,
    ConversationId,
    EventId,
    InteractionId,
    NetworkId,
    ReminderId,
)
from domain.interactions import Action, ProcessingStatus, StreamReport
from tests.samples import interaction, reminder

AT = datetime(2024, 1, 15, 10, 30, tzinfo=UTC)
STAMP = "2024-01-15T10:30:00Z"
HOME = NetworkId("net_home")
PHONE, TABLET = ClientId("client_789xyz1234567890"), ClientId("tablet")
REPORT = StreamReport(
    client_id=PHONE, score=8.5, measures={"snr": 25.5}, selected=True, reason="highest_quality"
)
STREAM = {
    "client_id": PHONE,
    "quality_score": 8.5,
    "metrics": {"snr": 25.5},
    "selected": True,
    "reason": "highest_quality",
}


def link(network_id: NetworkId, blob_id: BlobId) -> str:
    return f"http://hub/{network_id}/{blob_id}"


def new_token(network_id: NetworkId, rotated: TokenRotated) -> str:
    return f"{network_id}/{rotated.client_id}/{rotated.version}"


def said(event: FactEvent | LiveEvent, to: ClientId = PHONE) -> dict[str, Any] | None:
    """What a client reads of an event."""
    voice = MiraVoice(to, link, new_token)
    if isinstance(event, AnswerInterrupted | AudioStreamSelected | StreamsMeasured | ErrorOccurred):
        message = voice(LiveNews(network_id=HOME, event=event))
    else:
        message = voice(Fact(id=EventId("evt_1"), network_id=HOME, position=1, event=event))
    return None if message is None else orjson.loads(write(message))


WORDS: list[tuple[FactEvent | LiveEvent, dict[str, Any]]] = [
    (
        InteractionCreated(
            interaction=interaction(
                InteractionId("int_abc123def456"),
                text="Set a reminder for tomorrow at 3 PM",
                response="I will remind you.",
                client_id=PHONE,
                conversation_id=ConversationId("conv_abc123def456"),
                speaker_id="person_123",
                status=ProcessingStatus.COMPLETED,
            ),
            at=AT,
        ),
        {
            "type": "interaction_created",
            "event_id": "evt_1",
            "interaction_id": "int_abc123def456",
            "conversation_id": "conv_abc123def456",
            "text": "Set a reminder for tomorrow at 3 PM",
            "response": "I will remind you.",
            "speaker_id": "person_123",
            "client_id": "client_789xyz1234567890",
            "timestamp": "2024-01-15T10:30:00Z",
            "processing_status": "completed",
        },
    ),
    (
        AudioStreamSelected(
            client_id=PHONE,
            score=8.5,
            reason="highest_quality",
            provisional=False,
            streams=(REPORT,),
            at=AT,
        ),
        {
            "type": "audio_stream_selected",
            "selected_client_id": "client_789xyz1234567890",
            "quality_score": 8.5,
            "reason": "highest_quality",
            "provisional": False,
            "streams": [STREAM],
            "timestamp": "2024-01-15T10:30:00Z",
        },
    ),
    (
        AnswerInterrupted(interaction_id=InteractionId("int_1"), client_id=PHONE, at=AT),
        {
            "type": "interaction_interrupted",
            "interaction_id": "int_1",
            "client_id": PHONE,
            "timestamp": STAMP,
        },
    ),
    (
        StreamsMeasured(streams=(REPORT,), at=AT),
        {"type": "streams_measured", "streams": [STREAM], "timestamp": STAMP},
    ),
    (
        ClientJoined(client_id=TABLET, device_type="mobile", capabilities=("audio", "notifications"), at=AT),
        {
            "type": "client_joined",
            "event_id": "evt_1",
            "client_id": "tablet",
            "device_type": "mobile",
            "capabilities": ["audio", "notifications"],
            "timestamp": "2024-01-15T10:30:00Z",
        },
    ),
    (
        ClientLeft(client_id=TABLET, reason=LeaveReason.DISCONNECTED, at=AT),
        {
            "type": "client_left",
            "event_id": "evt_1",
            "client_id": "tablet",
            "reason": "disconnected",
            "timestamp": "2024-01-15T10:30:00Z",
        },
    ),
    (
        ActionExecuted(
            interaction_id=InteractionId("int_1"),
            client_id=PHONE,
            action=Action(
                id=ActionId("act_abc123def456"),
                type="create_reminder",
                result={
                    "reminder_id": "rem_xyz789",
                    "title": "Meeting with team",
                    "due_time": "2024-01-16T15:00:00Z",
                },
                executed_at=AT,
            ),
            at=AT,
        ),
        {
            "type": "action_executed",
            "event_id": "evt_1",
            "action_id": "act_abc123def456",
            "action_type": "create_reminder",
            "result": {
                "reminder_id": "rem_xyz789",
                "title": "Meeting with team",
                "due_time": "2024-01-16T15:00:00Z",
            },
            "interaction_id": "int_1",
            "client_id": "client_789xyz1234567890",
            "timestamp": "2024-01-15T10:30:00Z",
        },
    ),
    (
        ContextUpdated(
            conversation_id=ConversationId("conv_abc123def456"),
            summary="Discussion about project timeline and deadlines",
            participants=("person_123", "person_456"),
            at=AT,
        ),
        {
            "type": "context_updated",
            "event_id": "evt_1",
            "conversation_id": "conv_abc123def456",
            "context_summary": "Discussion about project timeline and deadlines",
            "participants": ["person_123", "person_456"],
            "timestamp": "2024-01-15T10:30:00Z",
        },
    ),
    (
        ErrorOccurred(
            code="AUDIO_PROCESSING_FAILED",
            message="Failed to process audio buffer",
            client_id=PHONE,
            details={"seconds": 3},
            at=AT,
        ),
        {
            "type": "error",
            "error_code": "AUDIO_PROCESSING_FAILED",
            "message": "Failed to process audio buffer",
            "client_id": "client_789xyz1234567890",
            "details": {"seconds": 3},
            "timestamp": "2024-01-15T10:30:00Z",
        },
    ),
    (
        InteractionAnswered(
            interaction_id=InteractionId("int_1"),
            client_id=PHONE,
            text="I will remind you.",
            speech=BlobId("blob_1"),
            at=AT,
        ),
        {
            "type": "interaction_response",
            "event_id": "evt_1",
            "interaction_id": "int_1",
            "client_id": "client_789xyz1234567890",
            "text": "I will remind you.",
            "audio_url": "http://hub/net_home/blob_1",
            "complete": True,
            "timestamp": STAMP,
        },
    ),
    (
        AnswerSpokenElsewhere(
            interaction_id=InteractionId("int_1"), client_id=PHONE, spoken_by=TABLET, text="Yes.", at=AT
        ),
        {
            "type": "answer_spoken_elsewhere",
            "event_id": "evt_1",
            "interaction_id": "int_1",
            "client_id": "client_789xyz1234567890",
            "spoken_by": TABLET,
            "text": "Yes.",
            "complete": True,
            "timestamp": STAMP,
        },
    ),
    (
        ReminderDue(
            reminder=reminder(
                ReminderId("rem_xyz789"),
                title="Meeting with team",
                due_time=datetime(2024, 1, 15, 10, 30, tzinfo=UTC),
            ),
            at=AT,
        ),
        {
            "type": "reminder_due",
            "event_id": "evt_1",
            "reminder_id": "rem_xyz789",
            "title": "Meeting with team",
            "due_time": "2024-01-15T10:30:00Z",
            "status": "pending",
            "timestamp": STAMP,
        },
    ),
    (
        TokenRotated(client_id=PHONE, version=7, expires_at=AT, at=AT),
        {
            "type": "token_rotated",
            "event_id": "evt_1",
            "client_token": f"net_home/{PHONE}/7",
            "expires_at": STAMP,
            "timestamp": STAMP,
        },
    ),
]


@pytest.mark.parametrize(("event", "words"), WORDS)
def test_every_event_has_its_words(event: FactEvent | LiveEvent, words: dict[str, Any]) -> None:
    assert said(event) == words


def test_an_answer_without_sound_has_no_address() -> None:
    answered = InteractionAnswered(
        interaction_id=InteractionId("int_1"), client_id=PHONE, text="Yes.", speech=None, at=AT
    )
    words = said(answered)
    assert words is not None
    assert words["audio_url"] is None


@pytest.mark.parametrize("reason", LeaveReason)
def test_every_reason_to_leave_has_a_word(reason: LeaveReason) -> None:
    words = said(ClientLeft(client_id=TABLET, reason=reason, at=AT))
    assert words is not None
    assert words["reason"] in {"disconnected", "timeout", "replaced", "deregistered", "network_deleted"}


@pytest.mark.parametrize(
    "event",
    [
        ClientJoined(client_id=PHONE, device_type="mobile", capabilities=(), at=AT),
        ClientLeft(client_id=PHONE, reason=LeaveReason.REPLACED, at=AT),
        NetworkCreated(name="Home", at=AT),
        NetworkUpdated(name="Home", at=AT),
        NetworkDeleted(at=AT),
        ClientRegistered(client_id=TABLET, device_type="mobile", at=AT),
        ClientDeregistered(client_id=TABLET, at=AT),
        TokenRotated(client_id=TABLET, version=7, expires_at=AT, at=AT),
    ],
)
def test_some_things_are_not_said(event: FactEvent) -> None:
    assert said(event) is None
