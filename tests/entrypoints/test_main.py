"""The `mira` command."""

import re
import subprocess
import sys
import tomllib
from collections.abc import Sequence
from pathlib import Path

import pytest

import domain
from entrypoints.main import COMMANDS, INTERRUPTED, USAGE, main
from entrypoints.version import VERSION
from tests.patience import PATIENCE

ROOT = Path(domain.__file__).parents[1]


@pytest.mark.parametrize("arguments", [[], ["-h"], ["--help"], ["help"]])
def test_help_names_every_command(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(arguments) == 0
    shown = capsys.readouterr().out
    listed = re.findall(r"^  (\w+)  +\S", shown.split("commands:")[1].split("options:")[0], re.MULTILINE)
    assert set(listed) == set(COMMANDS)
    assert shown == USAGE
    assert max(map(len, shown.splitlines())) <= 80


def test_the_version_is_that_of_the_project(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--version"]) == 0
    assert capsys.readouterr().out == f"mira {VERSION}\n"
    assert tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"] == VERSION


def test_an_unknown_command_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["sing"]) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    assert "'sing'" in shown.err
    assert len(shown.err.splitlines()) == 1


def test_a_command_gets_the_words_after_its_name_and_its_exit_code_is_kept(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    called: list[Sequence[str]] = []

    def command(arguments: Sequence[str]) -> int:
        called.append(arguments)
        return 7

    monkeypatch.setitem(COMMANDS, "serve", command)
    assert main(["serve", "--port", "9000"]) == 7
    assert called == [["--port", "9000"]]


def test_a_command_that_is_interrupted_ends_without_a_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    def command(arguments: Sequence[str]) -> int:
        raise KeyboardInterrupt

    monkeypatch.setitem(COMMANDS, "score", command)
    assert main(["score"]) == INTERRUPTED


@pytest.mark.parametrize("command", sorted(COMMANDS))
def test_every_command_has_help_with_an_example(command: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "entrypoints.main", command, "--help"],
        cwd=ROOT,
        check=False,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )
    assert done.returncode == 0, done.stderr
    assert f"mira {command}" in done.stdout
    assert "examples:" in done.stdout
    assert done.stderr == ""
