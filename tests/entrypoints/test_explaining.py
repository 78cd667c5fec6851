"""`mira explain`: why a stream was used."""

from datetime import UTC, datetime

import pytest

from adapters.hub.answers import Hearing, Interaction, Stream
from entrypoints.explaining import as_text, explain


def interaction(audio: Hearing | None) -> Interaction:
    return Interaction(
        interaction_id="int_1",
        conversation_id="conv_1",
        client_id="kitchen",
        speaker_id=None,
        text="what time is it",
        response="It's noon.",
        actions=(),
        audio=audio,
        timings={"end_of_turn": 500.2, "total": 610.0},
        processing_status="completed",
        timestamp=datetime(2026, 11, 22, tzinfo=UTC),
    )


def stream(client_id: str, score: float, *, selected: bool, reason: str) -> Stream:
    metrics = {"snr": 21.0, "speech_clarity": 70.0, "volume_level": 0.6}
    return Stream(client_id=client_id, quality_score=score, metrics=metrics, selected=selected, reason=reason)


def test_every_stream_has_a_line_with_its_reason_and_the_used_one_a_mark() -> None:
    streams = (
        stream("kitchen", 8.9, selected=True, reason="heard it best"),
        stream("hall", 3.1, selected=False, reason="0.42 below the selected stream"),
    )
    hearing = Hearing(
        selected_client_id="kitchen", quality_score=8.9, reason="final_quality", seconds=3.5, streams=streams
    )
    lines = as_text(interaction(hearing)).splitlines()
    assert "kitchen was used: final_quality, score 8.9 of 10" in lines[1]
    (kitchen,) = [line for line in lines if line.startswith("● kitchen")]
    (hall,) = [line for line in lines if line.startswith("  hall")]
    assert "heard it best" in kitchen
    assert "0.42 below" in hall
    assert lines[-1] == "milliseconds: end_of_turn 500, total 610"


def test_a_typed_turn_has_no_streams() -> None:
    assert "It was typed" in as_text(interaction(None))


def test_a_hub_that_is_not_there_is_said_in_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    call = ["int_1", "--network", "net_1", "--url", "http://127.0.0.1:9", "--token", "x"]
    assert explain(call) == 2
    assert len(capsys.readouterr().err.strip().splitlines()) == 1
