"""What clients of a network say."""

import contextlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.websocket.mira.incoming import (
    AudioData,
    AudioEnd,
    ClientStatus,
    Handshake,
    Heartbeat,
    LocationBody,
    MiraMessage,
    QualityMetrics,
    decode,
)
from domain.errors import InvalidValue

CLIENT = "client_789xyz1234567890"

DOCUMENTED: list[tuple[dict[str, object], MiraMessage]] = [
    (
        {
            "type": "handshake",
            "client_id": CLIENT,
            "capabilities": ["audio", "notifications"],
            "version": "1.0.0",
        },
        Handshake(client_id=CLIENT, capabilities=("audio", "notifications"), version="1.0.0"),
    ),
    (
        {
            "type": "audio_data",
            "client_id": CLIENT,
            "audio_buffer": "AAAA",
            "quality_metrics": {"snr": 25.5, "speech_clarity": 85.2, "volume_level": 0.7},
            "timestamp": "2024-01-15T10:30:00Z",
        },
        AudioData(
            client_id=CLIENT,
            audio_buffer="AAAA",
            quality_metrics=QualityMetrics(snr=25.5, speech_clarity=85.2, volume_level=0.7),
            timestamp="2024-01-15T10:30:00Z",
        ),
    ),
    (
        {
            "type": "client_status",
            "client_id": CLIENT,
            "status": "connected",
            "capabilities": ["audio", "notifications"],
            "location": {"latitude": 37.7749, "longitude": -122.4194, "accuracy": 10.0},
        },
        ClientStatus(
            client_id=CLIENT,
            status="connected",
            capabilities=("audio", "notifications"),
            location=LocationBody(latitude=37.7749, longitude=-122.4194, accuracy=10.0),
        ),
    ),
    (
        {"type": "heartbeat", "client_id": CLIENT, "timestamp": "2024-01-15T10:30:00Z"},
        Heartbeat(client_id=CLIENT, timestamp="2024-01-15T10:30:00Z"),
    ),
    ({"type": "audio_end"}, AudioEnd()),
    ({"type": "heartbeat", "timestamp": 1705314600000000}, Heartbeat(timestamp=1705314600000000)),
]


@pytest.mark.parametrize(("said", "meant"), DOCUMENTED)
def test_the_documented_messages_are_understood(said: dict[str, object], meant: MiraMessage) -> None:
    assert decode(json.dumps(said)) == meant


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({}, "type"),
        ({"type": None}, "type"),
        ({"type": "hello"}, "type"),
        ({"type": "interaction_created"}, "type"),
        ({"type": "handshake", "client_id": 5}, "client_id"),
        ({"type": "handshake", "capabilities": "audio"}, "capabilities"),
        ({"type": "handshake", "version": 1}, "version"),
        ({"type": "handshake", "capabilities": ["a"] * 33}, "capabilities"),
        ({"type": "client_status", "capabilities": [""]}, "capabilities"),
        ({"type": "audio_data"}, "audio_buffer"),
        ({"type": "audio_data", "audio_buffer": [1]}, "audio_buffer"),
        ({"type": "audio_data", "audio_buffer": "AAAA", "timestamp": "soon"}, "timestamp"),
        (
            {"type": "audio_data", "audio_buffer": "AAAA", "quality_metrics": {"snr": "high"}},
            "quality_metrics.snr",
        ),
        ({"type": "client_status", "location": {"latitude": 1.0}}, "location.longitude"),
        ({"type": "heartbeat", "timestamp": "10000-01-01T00:00:00Z"}, "timestamp"),
        ({"type": "heartbeat", "timestamp": 1.5}, "timestamp"),
    ],
)
def test_what_is_wrong_is_named(said: dict[str, object], field: str) -> None:
    with pytest.raises(InvalidValue) as caught:
        decode(json.dumps(said))
    assert caught.value.details["field"] == field


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)
names = st.sampled_from(
    ["type", "client_id", "capabilities", "version", "audio_buffer", "location", "timestamp", "last_event_id"]
)
tags = st.sampled_from(["handshake", "audio_data", "audio_end", "client_status", "heartbeat"])


@given(said=anything | st.dictionaries(names, anything))
def test_anything_at_all_is_understood_or_refused(said: object) -> None:
    understood_or_refused(json.dumps(said))


@given(tag=tags, fields=st.dictionaries(names, anything))
def test_any_field_at_all_is_understood_or_refused(tag: str, fields: dict[str, object]) -> None:
    understood_or_refused(json.dumps({**fields, "type": tag}))


@given(text=st.text())
def test_any_text_is_understood_or_refused(text: str) -> None:
    understood_or_refused(text)


def understood_or_refused(text: str) -> None:
    with contextlib.suppress(InvalidValue):
        assert decode(text)
