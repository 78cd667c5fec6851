"""What everything that keeps blobs does."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from adapters.files.blobs import FileBlobs
from adapters.memory.blobs import MemoryBlobs
from adapters.sql.blobs import SqlBlobs
from adapters.sql.engine import open_engine
from application.ports.blobs import Blob, Blobs
from domain.errors import NotFound
from domain.ids import BlobId, NetworkId
from tests import strategies
from tests.samples import HOME, NOON, SHOP, minutes

ANSWER = BlobId("blob_answer")
SOUND = Blob(content=b"RIFF\n{}\n\x00\xff", media_type="audio/wav")


@pytest.fixture(params=["memory", "files", "sqlite", pytest.param("postgresql", marks=pytest.mark.slow)])
def where(request: pytest.FixtureRequest, tmp_path: Path) -> str | Blobs:
    """Something that keeps blobs, or the URL of the database that is to."""
    match request.param:
        case "memory":
            return MemoryBlobs()
        case "files":
            return FileBlobs(tmp_path / "blobs")
        case "sqlite":
            path = tmp_path / "blobs.db"
            shutil.copy(request.getfixturevalue("sqlite_template"), path)
            return f"sqlite+aiosqlite:///{path}"
        case _:
            url: str = request.getfixturevalue("postgresql_url")
            return url


@pytest.fixture
async def blobs(where: str | Blobs) -> AsyncIterator[Blobs]:
    if not isinstance(where, str):
        yield where
        return
    async with open_engine(where) as engine:
        async with engine.begin() as connection:
            await connection.execute(text("DELETE FROM blobs"))
        yield SqlBlobs(engine)


@strategies.on_a_store
@given(content=st.binary(max_size=200), media_type=strategies.texts)
async def test_what_was_put_is_got(blobs: Blobs, content: bytes, media_type: str) -> None:
    blob_id, blob = BlobId(uuid4().hex), Blob(content=content, media_type=media_type)
    await blobs.put(HOME, blob_id, blob, minutes(1))
    assert await blobs.get(HOME, blob_id) == blob


async def test_networks_do_not_see_each_others(blobs: Blobs) -> None:
    other = Blob(content=b"other", media_type="audio/flac")
    await blobs.put(HOME, ANSWER, SOUND, minutes(1))
    with pytest.raises(NotFound):
        await blobs.get(SHOP, ANSWER)
    await blobs.put(SHOP, ANSWER, other, minutes(1))
    await blobs.remove_network(HOME)
    with pytest.raises(NotFound):
        await blobs.get(HOME, ANSWER)
    assert await blobs.get(SHOP, ANSWER) == other
    await blobs.put(HOME, ANSWER, SOUND, minutes(1))
    assert await blobs.get(HOME, ANSWER) == SOUND


async def test_the_last_one_put_stays(blobs: Blobs) -> None:
    await blobs.put(HOME, ANSWER, SOUND, minutes(1))
    await blobs.put(HOME, ANSWER, Blob(content=b"", media_type="text/plain"), minutes(9))
    assert await blobs.remove_expired(minutes(5)) == 0
    assert (await blobs.get(HOME, ANSWER)).media_type == "text/plain"


async def test_what_has_expired_goes_and_the_rest_stays(blobs: Blobs) -> None:
    for number in range(4):
        await blobs.put(HOME, BlobId(f"blob_{number}"), SOUND, minutes(number))
    assert await blobs.remove_expired(minutes(-1)) == 0
    assert await blobs.remove_expired(minutes(1)) == 2
    assert await blobs.remove_expired(minutes(1)) == 0
    for gone in ("blob_0", "blob_1"):
        with pytest.raises(NotFound):
            await blobs.get(HOME, BlobId(gone))
    assert await blobs.get(HOME, BlobId("blob_2")) == SOUND


async def test_what_is_removed_is_gone_and_nothing_else(blobs: Blobs) -> None:
    for network_id in (HOME, SHOP):
        await blobs.put(network_id, ANSWER, SOUND, minutes(1))
    await blobs.remove(HOME, ANSWER)
    await blobs.remove(HOME, ANSWER)
    with pytest.raises(NotFound):
        await blobs.get(HOME, ANSWER)
    assert await blobs.get(SHOP, ANSWER) == SOUND


async def test_nothing_of_an_unknown_network_is_removed(blobs: Blobs) -> None:
    await blobs.put(HOME, ANSWER, SOUND, minutes(1))
    await blobs.remove_network(NetworkId("net_nobody"))
    assert await blobs.get(HOME, ANSWER) == SOUND


@pytest.mark.parametrize(
    "strange", ["", ".", "..", "../../etc/passwd", "/etc/passwd", "a/b", "a\x00b", "\ud800"]
)
async def test_strange_ids_are_ids_like_others(blobs: Blobs, strange: str) -> None:
    with pytest.raises(NotFound):
        await blobs.get(NetworkId(strange), BlobId(strange))
    await blobs.put(HOME, ANSWER, SOUND, minutes(1))
    await blobs.put(NetworkId(strange), BlobId(strange), SOUND, minutes(1))
    assert await blobs.get(NetworkId(strange), BlobId(strange)) == SOUND
    await blobs.remove_network(NetworkId(strange))
    assert await blobs.get(HOME, ANSWER) == SOUND


async def test_many_may_put_and_get_at_once(blobs: Blobs) -> None:
    async def use(number: int) -> None:
        blob = Blob(content=bytes([number]) * 1000, media_type="audio/wav")
        await blobs.put(HOME, ANSWER, blob, NOON)
        seen = await blobs.get(HOME, ANSWER)
        assert len(seen.content) == 1000
        assert len(set(seen.content)) == 1

    await asyncio.gather(*(use(number) for number in range(20)))
