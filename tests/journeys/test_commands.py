"""The commands that a newcomer types, as they are typed."""

import asyncio
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from adapters.soundfiles.files import decode
from tests.journeys.conftest import StartHub, home_on
from tests.journeys.test_sentences import ready
from tests.patience import PATIENCE

MIRA = [sys.executable, "-m", "entrypoints.main"]


def mira(*arguments: str, **variables: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [*MIRA, *arguments],
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE,
        env={**os.environ, **variables},
    )


@pytest.mark.parametrize(
    ("arguments", "variables", "said"),
    [
        (["serve", "--port", "many"], {}, "port"),
        (["serve", "--port", "70000"], {}, "65535"),
        (["serve"], {"MIRA_PROT": "1"}, "did you mean MIRA_PORT?"),
        (["serve"], {"JWT_SECRET_KEY": "short"}, "JWT_SECRET_KEY"),
        (["serve", "--database-url", "mysql://x"], {}, "database_url"),
        (["serve", "--config", "nowhere.toml"], {}, "nowhere.toml"),
        (["sing"], {}, "sing"),
    ],
)
def test_a_wrong_start_stops_with_one_line(
    arguments: list[str], variables: dict[str, str], said: str
) -> None:
    result = mira(*arguments, **variables)
    assert result.returncode == 2
    assert result.stdout == ""
    assert len(result.stderr.strip().splitlines()) == 1
    assert said in result.stderr


@pytest.mark.slow
def test_the_demo_happens_and_leaves_the_spoken_answers(tmp_path: Path) -> None:
    result = mira("demo", "--out", str(tmp_path))
    assert result.returncode == 0, result.stdout + result.stderr
    assert "All of it happened." in result.stdout
    assert "interrupted" not in result.stdout, "each answer was heard out"
    for number in (1, 2):
        assert decode((tmp_path / f"answer-{number}.wav").read_bytes()).seconds > 2.5


@pytest.mark.slow
async def test_a_hub_that_is_told_to_stop_answers_says_goodbye_and_exits_well(start_hub: StartHub) -> None:
    told: list[dict[str, Any]] = []
    async with start_hub() as process, home_on(process.url) as home, aiohttp.ClientSession() as web:
        await ready(home.owner)
        address = f"{home.device.websocket_url}?token={home.device.auth_token}"
        async with web.ws_connect(address) as socket:
            await socket.send_json({"type": "text_input", "payload": {"text": "what time is it"}})
            await socket.send_json({"type": "heartbeat", "payload": {}})
            while not told or told[-1]["type"] != "heartbeat_ack":
                told.append(await socket.receive_json(timeout=PATIENCE))
            os.kill(process.pid, signal.SIGTERM)
            told += [message.json() async for message in socket]
            assert socket.close_code == 1001
        async with asyncio.timeout(PATIENCE):
            assert await process.ended() == 0
    assert [message["type"] for message in told].count("audio_response") == 1
