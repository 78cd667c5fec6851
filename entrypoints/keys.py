"""The hub's own secrets in its data folder: the key that signs tokens, and the operator's token."""

import os
import secrets
import time
from pathlib import Path
from typing import Final

from attrs import frozen

from entrypoints.configuration import SHORTEST_SECRET, WrongSetting

KEY_FILE: Final = "signing.key"
OPERATOR_FILE: Final = "operator.token"
OPERATOR_VERSION_FILE: Final = "operator.version"
FIRST_VERSION: Final = 1
NOBODYS_VERSION: Final = 0
KEY_BYTES: Final = 48


@frozen
class OperatorSeal:
    """Says which operator's token is good: the version in the data folder, read anew whenever one is shown.

    So a hub that runs notices at once when `mira token operator --rotate` has replaced it.
    """

    folder: Path

    def __call__(self) -> int:
        """The version: the first one where none was ever replaced, nobody's where it cannot be read."""
        try:
            return int(self._path.read_text())
        except FileNotFoundError:
            return FIRST_VERSION
        except ValueError:
            return NOBODYS_VERSION

    def rotate(self) -> int:
        """End every operator's token made so far, and answer the version of the next."""
        version = max(self() + 1, time.time_ns() // 1000)
        keep_secret(self._path, str(version).encode(), replace=True)
        return version

    @property
    def _path(self) -> Path:
        return self.folder / OPERATOR_VERSION_FILE


def signing_key(folder: Path, given: bytes | None) -> bytes:
    """The key that tokens are signed with: the given one, or the folder's own, made on the first start.

    Raises:
        WrongSetting: the folder's key is not whole any more.
    """
    if given is not None:
        return given
    path = folder / KEY_FILE
    if not path.exists():
        keep_secret(path, secrets.token_bytes(KEY_BYTES), replace=False)
    key = path.read_bytes()
    if len(key) < SHORTEST_SECRET:
        raise WrongSetting(f"{path} is not whole; restore it, or remove it, which ends all tokens")
    return key


def private_folder(folder: Path) -> Path:
    """Make a folder that only its owner can look into, unless it is there already.

    Raises:
        WrongSetting: it cannot be made.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise WrongSetting(f"{folder} cannot be used as the data folder ({error.strerror})") from error
    return folder


def keep_secret(path: Path, content: bytes, *, replace: bool) -> None:
    """Write a file that only its owner can read, whole or not at all; two hubs may do so at once."""
    private_folder(path.parent)
    draft = path.with_name(f"{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    try:
        _write(draft, content)
        if replace:
            draft.replace(path)
        else:
            os.link(draft, path)
    except FileExistsError:
        return
    finally:
        draft.unlink(missing_ok=True)


def _write(path: Path, content: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
