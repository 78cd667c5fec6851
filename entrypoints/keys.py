"""The hub's own secrets in its data folder: the key that signs tokens, and the operator's token."""

import os
import secrets
from pathlib import Path
from typing import Final

from entrypoints.settings import SHORTEST_SECRET, WrongSetting

KEY_FILE: Final = "signing.key"
OPERATOR_FILE: Final = "operator.token"
KEY_BYTES: Final = 48


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
