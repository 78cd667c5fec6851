"""The hub's own secrets in its data folder: the key that signs tokens, and the operator's token."""

import os
import secrets
from pathlib import Path
from typing import Final

KEY_FILE: Final = "signing.key"
OPERATOR_FILE: Final = "operator.token"
KEY_BYTES: Final = 48


def signing_key(folder: Path, given: bytes | None) -> bytes:
    """The key that tokens are signed with: the given one, or the folder's own, made on the first start."""
    if given is not None:
        return given
    path = folder / KEY_FILE
    try:
        return path.read_bytes()
    except FileNotFoundError:
        keep_secret(path, secrets.token_bytes(KEY_BYTES), replace=False)
        return path.read_bytes()


def keep_secret(path: Path, content: bytes, *, replace: bool) -> None:
    """Write a file that only its owner can read, whole or not at all; two hubs may do so at once."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = path.with_name(f"{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    try:
        if replace:
            draft.replace(path)
        else:
            os.link(draft, path)
    except FileExistsError:
        return
    finally:
        draft.unlink(missing_ok=True)
