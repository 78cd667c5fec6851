"""Small jobs around a hub."""

import sqlite3
from pathlib import Path

import pytest

from adapters.jwt.mint import JwtTokenMint
from application.ports.tokens import TokenKind
from entrypoints import maintenance
from entrypoints.keys import (
    OPERATOR_FILE,
    OPERATOR_VERSION_FILE,
    OperatorSeal,
    keep_secret,
    signing_key,
)
from entrypoints.maintenance import doctor, migrate, token
from entrypoints.world import RandomIds, SystemClock


def data_dir(folder: Path) -> list[str]:
    return ["--data-dir", str(folder)]


def test_the_operators_token_is_printed_as_it_is_kept(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    keep_secret(tmp_path / OPERATOR_FILE, b"a.b.c", replace=True)
    assert token(["operator", *data_dir(tmp_path)]) == 0
    assert capsys.readouterr().out == "a.b.c\n"
    monkeypatch.setenv("MIRA_DATA_DIR", str(tmp_path))
    assert token(["operator"]) == 0
    assert capsys.readouterr().out == "a.b.c\n"


def test_a_hub_that_was_never_started_has_no_token(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert token(["operator", *data_dir(tmp_path)]) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    assert "mira serve" in shown.err


def test_a_rotated_token_replaces_the_one_that_is_kept(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    keep_secret(tmp_path / OPERATOR_FILE, b"a.b.c", replace=True)
    first = OperatorSeal(tmp_path)()
    assert token(["operator", "--rotate", *data_dir(tmp_path)]) == 0
    printed = capsys.readouterr().out.strip()
    mint = JwtTokenMint(secret=signing_key(tmp_path, None), clock=SystemClock(), ids=RandomIds())
    said = mint.read(printed)

    assert said.kind is TokenKind.OPERATOR
    assert said.version == OperatorSeal(tmp_path)() != first
    assert (tmp_path / OPERATOR_FILE).read_text() == printed
    assert token(["operator", "--rotate", *data_dir(tmp_path)]) == 0
    assert mint.read(capsys.readouterr().out.strip()).version > said.version


def test_a_version_that_cannot_be_read_is_nobodys(tmp_path: Path) -> None:
    keep_secret(tmp_path / OPERATOR_VERSION_FILE, b"", replace=True)
    assert OperatorSeal(tmp_path)() == 0
    assert OperatorSeal(tmp_path).rotate() == OperatorSeal(tmp_path)() > 1


def test_a_hub_that_was_never_started_has_nothing_to_rotate(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert token(["operator", "--rotate", *data_dir(tmp_path)]) == 2
    assert "mira serve" in capsys.readouterr().err
    assert list(tmp_path.glob("*.*")) == []


def test_a_token_that_may_not_be_read_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> str:
        raise PermissionError

    monkeypatch.setattr(Path, "read_text", refuse)
    assert token(["operator", *data_dir(tmp_path)]) == 2
    assert "may not be read" in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [[], ["client"]])
def test_only_the_operators_token_can_be_asked_for(arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as left:
        token(arguments)
    assert left.value.code == 2


def tables(path: Path) -> set[str]:
    connection = sqlite3.connect(path)
    try:
        rows = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        return {name for (name,) in rows}
    finally:
        connection.close()


def test_a_store_is_brought_up_to_date_and_may_be_again(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "data"
    for _ in range(2):
        assert migrate(data_dir(folder)) == 0
        assert "up to date" in capsys.readouterr().out
    assert {"networks", "clients", "interactions", "outbox"} <= tables(folder / "mira.db")
    assert folder.stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize(
    "arguments",
    [
        ["--port", "x"],
        ["--database-url", "mysql://db"],
        ["--database-url", "postgresql+asyncpg://nobody:hunter2@127.0.0.1:1/none"],
    ],
)
def test_a_store_that_cannot_be_reached_is_said_in_a_line(
    tmp_path: Path, arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert migrate([*data_dir(tmp_path), *arguments]) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    assert len(shown.err.splitlines()) == 1
    assert "hunter2" not in shown.err


def test_a_folder_that_cannot_be_made_is_said_in_a_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("")
    assert migrate(data_dir(tmp_path / "file" / "data")) == 2
    assert "data folder" in capsys.readouterr().err


def test_a_file_that_is_no_store_is_said_in_a_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "mira.db").write_bytes(b"this is no database, and long enough to be seen as none" * 50)
    assert migrate(data_dir(tmp_path)) == 2
    assert len(capsys.readouterr().err.splitlines()) == 1


def test_a_doctor_finds_nothing_where_all_is_well(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert doctor(data_dir(tmp_path / "not" / "yet")) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 3 + len(maintenance.NEEDED)
    assert all(line.startswith("ok ") for line in lines)
    assert not (tmp_path / "not").exists()


@pytest.mark.parametrize(
    ("target", "value", "said"),
    [
        ("entrypoints.maintenance.NEEDED", ("no_such_package",), "make setup"),
        ("entrypoints.maintenance.LEAST_ROOM", 2**80, "free at least 100 MB"),
        ("os.access", lambda *_: False, "let this user write there"),
    ],
)
def test_a_doctor_says_what_is_wrong_and_what_helps(
    tmp_path: Path,
    target: str,
    value: object,
    said: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(target, value)
    assert doctor(data_dir(tmp_path)) == 1
    (line,) = [line for line in capsys.readouterr().out.splitlines() if line.startswith("FAIL")]
    assert said in line


def test_a_doctor_is_told_wrong_settings_as_everyone_is(capsys: pytest.CaptureFixture[str]) -> None:
    assert doctor(["--port", "x"]) == 2
    assert "--port" in capsys.readouterr().err
