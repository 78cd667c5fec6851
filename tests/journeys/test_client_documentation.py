"""The page about the client library: every piece of its code runs, from top to bottom, on a real hub."""

import ast
import inspect
import re
import shutil
from pathlib import Path
from types import CodeType

import pytest

from adapters.hub.client import Hub
from tests.journeys.conftest import StartHub

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "client.md"
SPEECH = ROOT / "tests" / "sounds" / "speech_pills.flac"
PIECE = re.compile(r"^```python\n(.*?)^```", re.MULTILINE | re.DOTALL)
ADDRESS = "http://127.0.0.1:8080"


def pieces() -> list[CodeType]:
    """Every piece of code, which tells its line of the page where it fails."""
    text = PAGE.read_text()
    return [
        compile(
            "\n" * text.count("\n", 0, found.start(1)) + found[1],
            str(PAGE),
            "exec",
            flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT,
        )
        for found in PIECE.finditer(text)
    ]


@pytest.mark.slow
async def test_the_code_of_the_page_runs(
    start_hub: StartHub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copy(SPEECH, tmp_path / "request.flac")
    monkeypatch.chdir(tmp_path)
    known: dict[str, object] = {}
    async with start_hub() as process, Hub(process.url) as hub:
        for piece in pieces():
            names = tuple(process.url if one == ADDRESS else one for one in piece.co_consts)
            running = eval(piece.replace(co_consts=names), known)
            if inspect.isawaitable(running):
                await running
            known["hub"] = hub
    told = capsys.readouterr().out

    assert len(pieces()) >= 12
    for words in (
        "pills",
        "phone is gone: disconnected",
        "INVALID_NETWORK_ID",
        "choir",
        "2 turns",
        "completed int_",
    ):
        assert words in told, told
