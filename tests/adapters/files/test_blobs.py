"""Blobs in files: what only files can do wrong."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from adapters.files.blobs import FileBlobs
from application.ports.blobs import Blob
from domain.errors import NotFound, Overloaded
from domain.ids import BlobId, NetworkId

HOME = NetworkId("net_home")
ANSWER = BlobId("blob_answer")
SOUND = Blob(content=b"sound", media_type="audio/wav")
LATER = datetime(2099, 1, 1, tzinfo=UTC)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "data" / "blobs"


@pytest.fixture
def blobs(folder: Path) -> FileBlobs:
    return FileBlobs(folder)


def files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


@pytest.mark.parametrize("wicked", ["../../../outside", "/tmp/outside", "..", "a/../../b"])
async def test_no_id_leads_out_of_the_folder(blobs: FileBlobs, tmp_path: Path, wicked: str) -> None:
    await blobs.put(NetworkId(wicked), BlobId(wicked), SOUND, LATER)
    found = files(tmp_path)
    assert len(found) == 1
    assert found[0].parent.parent == blobs.folder
    assert {len(part) for part in found[0].parts[-2:]} == {64}


async def test_blobs_outlive_the_object_that_kept_them(blobs: FileBlobs, folder: Path) -> None:
    await blobs.put(HOME, ANSWER, SOUND, LATER)
    assert await FileBlobs(folder).get(HOME, ANSWER) == SOUND


@pytest.mark.parametrize("left", [0, 3, 20, -1])
async def test_a_shortened_file_is_missing_and_expires_at_once_without_its_label(
    blobs: FileBlobs, folder: Path, left: int
) -> None:
    await blobs.put(HOME, ANSWER, SOUND, LATER)
    (path,) = files(folder)
    path.write_bytes(path.read_bytes()[:left])
    with pytest.raises(NotFound):
        await blobs.get(HOME, ANSWER)
    removed = await blobs.remove_expired(datetime(2026, 1, 1, tzinfo=UTC))
    assert removed == (0 if left == -1 else 1)


async def test_nothing_unfinished_is_left_by_a_write_that_fails(blobs: FileBlobs, folder: Path) -> None:
    await blobs.put(HOME, ANSWER, SOUND, LATER)
    (path,) = files(folder)
    path.unlink()
    path.mkdir()
    (path / "in the way").touch()
    with pytest.raises(Overloaded):
        await blobs.put(HOME, ANSWER, SOUND, LATER)
    assert [found.name for found in files(folder)] == ["in the way"]


async def test_what_a_crash_left_unfinished_is_removed_an_hour_later(blobs: FileBlobs, folder: Path) -> None:
    await blobs.put(HOME, ANSWER, SOUND, LATER)
    (path,) = files(folder)
    unfinished = path.with_name("abc.part")
    unfinished.write_bytes(b"{")
    now = datetime.now(UTC)
    assert await blobs.remove_expired(now) == 0
    assert unfinished.exists()
    begun = (now - timedelta(hours=2)).timestamp()
    os.utime(unfinished, (begun, begun))
    assert await blobs.remove_expired(now) == 0
    assert files(folder) == [path]


async def test_a_folder_that_is_not_there_yet_is_empty(blobs: FileBlobs) -> None:
    assert await blobs.remove_expired(LATER) == 0
    await blobs.remove_network(HOME)
    with pytest.raises(NotFound):
        await blobs.get(HOME, ANSWER)
