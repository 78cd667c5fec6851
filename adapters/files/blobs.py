"""Blobs as files in a folder."""

import asyncio
import hashlib
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import BinaryIO, Final

import orjson
from attrs import frozen

from application.ports.blobs import Blob
from domain.errors import NotFound, Overloaded
from domain.ids import BlobId, NetworkId

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
UNFINISHED: Final = ".part"
UNFINISHED_FOR: Final = timedelta(hours=1)
LONGEST_LABEL: Final = 4096


@frozen(kw_only=True)
class Label:
    """The first line of a blob's file: what its bytes are, how many, and until when they are kept."""

    media_type: str
    size: int
    expires: int

    def line(self) -> bytes:
        """Write it, with the end of the line."""
        text = {"media_type": self.media_type, "size": self.size, "expires": self.expires}
        return orjson.dumps(text) + b"\n"

    @classmethod
    def read(cls, file: BinaryIO) -> "Label | None":
        """Read it off a file, if there is one."""
        try:
            return cls(**orjson.loads(file.readline(LONGEST_LABEL)))
        except (orjson.JSONDecodeError, TypeError):
            return None


@frozen
class FileBlobs:
    """Keeps each blob in a file of its own, in a folder for its network, both named by hashes of the ids.

    So no id can lead out of the folder, however it is written. A file appears whole or not at all; it is
    not forced to the disk, since what expires within the day need not outlive a power cut, and one that a
    power cut has shortened is as good as missing.
    """

    folder: Path

    async def put(self, network_id: NetworkId, blob_id: BlobId, blob: Blob, expires_at: datetime) -> None:
        """Keep some bytes; they can be read as soon as this returns.

        Raises:
            Overloaded: the disk is full or does not answer.
        """
        expires = (expires_at - EPOCH) // timedelta(microseconds=1)
        label = Label(media_type=blob.media_type, size=len(blob.content), expires=expires)
        await asyncio.to_thread(self._write, self._path(network_id, blob_id), label, blob.content)

    async def get(self, network_id: NetworkId, blob_id: BlobId) -> Blob:
        """Read them, or raise NotFound."""
        blob = await asyncio.to_thread(_read, self._path(network_id, blob_id))
        if blob is None:
            raise NotFound("There is nothing with this id in the network.", blob_id=blob_id)
        return blob

    async def remove(self, network_id: NetworkId, blob_id: BlobId) -> None:
        """Drop them before they expire; what is not there is left alone."""
        await asyncio.to_thread(self._remove, self._path(network_id, blob_id))

    async def remove_network(self, network_id: NetworkId) -> None:
        """Drop everything that a network has."""
        await asyncio.to_thread(shutil.rmtree, self.folder / _hashed(network_id), ignore_errors=True)

    async def remove_expired(self, now: datetime) -> int:
        """Drop what has expired, and what was begun an hour ago and never finished; count the former."""
        return await asyncio.to_thread(self._remove_expired, now)

    def _path(self, network_id: NetworkId, blob_id: BlobId) -> Path:
        return self.folder / _hashed(network_id) / _hashed(blob_id)

    def _write(self, path: Path, label: Label, content: bytes) -> None:
        unfinished = path.with_name(secrets.token_hex(16) + UNFINISHED)
        with _disk():
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            try:
                with unfinished.open("xb") as file:
                    file.write(label.line())
                    file.write(content)
                os.replace(unfinished, path)
            except BaseException:
                unfinished.unlink(missing_ok=True)
                raise

    def _remove(self, path: Path) -> None:
        with _disk():
            path.unlink(missing_ok=True)

    def _remove_expired(self, now: datetime) -> int:
        moment = (now - EPOCH) // timedelta(microseconds=1)
        removed = 0
        with _disk():
            for path in self.folder.glob("*/*"):
                if path.suffix == UNFINISHED:
                    _remove_if_old(path, now)
                elif _expires(path) <= moment:
                    path.unlink(missing_ok=True)
                    removed += 1
        return removed


def _read(path: Path) -> Blob | None:
    try:
        with path.open("rb") as file:
            label = Label.read(file)
            content = file.read()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise Overloaded("The hub's disk does not answer; try again.") from error
    if label is None or label.size != len(content):
        return None
    return Blob(content=content, media_type=label.media_type)


def _expires(path: Path) -> int:
    """When a blob expires, in microseconds since the Unix epoch; at once if it cannot be read."""
    try:
        with path.open("rb") as file:
            label = Label.read(file)
    except FileNotFoundError:
        return 0
    return 0 if label is None else label.expires


def _remove_if_old(path: Path, now: datetime) -> None:
    try:
        begun = datetime.fromtimestamp(path.stat().st_mtime, UTC)
        if now - begun > UNFINISHED_FOR:
            path.unlink()
    except FileNotFoundError:
        return


def _hashed(key: str) -> str:
    return hashlib.sha256(key.encode(errors="surrogatepass")).hexdigest()


@contextmanager
def _disk() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise Overloaded("The hub's disk is full or does not answer; try again.") from error
