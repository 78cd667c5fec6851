"""`mira explain`: why a stream was used."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest

from adapters.hub.answers import Hearing, Interaction, Stream
from adapters.hub.client import Hub
from entrypoints.explaining import as_text, explain
from tests.adapters.websocket.house import House, open_house


@pytest.fixture
async def house() -> AsyncIterator[House]:
    """A hub on a real port."""
    async with open_house() as opened:
        yield opened


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


async def test_without_a_name_the_latest_turn_of_the_only_network_is_explained(
    house: House, capsys: pytest.CaptureFixture[str]
) -> None:
    def run(*arguments: str) -> tuple[int, str]:
        code = explain([*arguments, "--url", house.url, "--token", house.tokens.operator()])
        told = capsys.readouterr()
        return code, told.out + told.err

    async def explained(*arguments: str) -> tuple[int, str]:
        return await asyncio.to_thread(run, *arguments)

    code, told = await explained()
    assert (code, "there are 0 (see mira networks)" in told) == (2, True)
    home = await house.network()
    code, told = await explained()
    assert (code, f"nothing has been said in {home.id} yet" in told) == (2, True)
    async with Hub(house.url, house.tokens.network(home)) as owner:
        kitchen = await owner.register_device("kitchen", "tablet")
        for text in ("what time is it", "what day is it"):
            await owner.send_message(kitchen.device_id, text)
        latest = (await owner.interactions(home.id)).items[0].interaction_id
    code, told = await explained()
    assert (code, told.splitlines()[:2]) == (
        0,
        [f"{latest}, completed", "It was typed: no stream was heard."],
    )
    await house.network("net_shop")
    code, told = await explained()
    assert (code, "there are 2 (see mira networks)" in told) == (2, True)
    assert (await explained("--network", home.id))[0] == 0
