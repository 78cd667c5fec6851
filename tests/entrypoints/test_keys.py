"""The hub's own secrets in its data folder."""

import stat
import threading
from pathlib import Path

import pytest

from entrypoints.configuration import WrongSetting
from entrypoints.keys import KEY_FILE, keep_secret, private_folder, signing_key


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_key_is_made_on_the_first_start_and_kept(tmp_path: Path) -> None:
    folder = tmp_path / "data" / "mira"
    key = signing_key(folder, None)
    assert len(key) >= 32
    assert signing_key(folder, None) == key
    assert signing_key(tmp_path / "other", None) != key
    assert mode(folder / KEY_FILE) == 0o600
    assert mode(folder) == 0o700
    assert [path.name for path in folder.iterdir()] == [KEY_FILE]


def test_a_given_key_is_used_and_not_kept(tmp_path: Path) -> None:
    assert signing_key(tmp_path / "data", b"g" * 32) == b"g" * 32
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize("content", [b"", b"k" * 31])
def test_a_key_that_is_not_whole_stops_the_start(tmp_path: Path, content: bytes) -> None:
    (tmp_path / KEY_FILE).write_bytes(content)
    with pytest.raises(WrongSetting, match=KEY_FILE):
        signing_key(tmp_path, None)
    assert (tmp_path / KEY_FILE).read_bytes() == content


def test_hubs_that_start_at_once_in_one_folder_agree_on_the_key(tmp_path: Path) -> None:
    together = threading.Barrier(8)
    keys: list[bytes] = []

    def start() -> None:
        together.wait()
        keys.append(signing_key(tmp_path / "data", None))

    starts = [threading.Thread(target=start) for _ in range(8)]
    for one in starts:
        one.start()
    for one in starts:
        one.join()
    assert len(keys) == 8
    assert len(set(keys)) == 1
    assert [path.name for path in (tmp_path / "data").iterdir()] == [KEY_FILE]


def test_a_secret_replaces_an_older_one_only_if_it_is_meant_to(tmp_path: Path) -> None:
    path = tmp_path / "operator.token"
    path.write_text("old")
    path.chmod(0o644)
    keep_secret(path, b"new", replace=False)
    assert path.read_bytes() == b"old"
    keep_secret(path, b"new", replace=True)
    assert path.read_bytes() == b"new"
    assert mode(path) == 0o600
    assert list(tmp_path.glob("operator.token.*")) == []


def test_a_secret_that_cannot_be_written_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError, match="No space left"):
        keep_secret(tmp_path / "operator.token", b"new", replace=True)
    assert [path for path in tmp_path.iterdir() if path.is_file()] == []


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(WrongSetting, match="cannot be used as the data folder"):
        private_folder(tmp_path / "file" / "data")
    with pytest.raises(WrongSetting, match="cannot be used as the data folder"):
        private_folder(tmp_path / "file")
