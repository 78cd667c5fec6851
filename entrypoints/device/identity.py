"""Who a device is: its id, its token and its hub, in a file that nobody else may read."""

from pathlib import Path
from typing import Final

import attrs
import orjson
from attrs import field, frozen

from entrypoints.device.refusals import CannotRun
from entrypoints.device.status import write_atomically

FILE: Final = "device.json"


@frozen(kw_only=True)
class Identity:
    """A device of a hub, and the token that proves it."""

    hub: str
    device_id: str
    token: str = field(repr=False)


def read_identity(folder: Path) -> Identity | None:
    """Who this device is, or nothing where it was never paired.

    Raises:
        CannotRun: the file cannot be read, or others may read it.
    """
    path = folder / FILE
    try:
        content = path.read_bytes()
        mode = path.stat().st_mode & 0o777
        kept = orjson.loads(content)
        identity = Identity(hub=kept["hub"], device_id=kept["device_id"], token=kept["token"])
    except FileNotFoundError:
        return None
    except OSError as error:
        raise CannotRun(f"{path} cannot be read ({error.strerror}); run as the user it belongs to") from error
    except (ValueError, KeyError, TypeError) as error:
        raise CannotRun(f"{path} is broken; remove it, and pair this device anew") from error
    if mode & 0o077:
        raise CannotRun(f"others may read {path}, which holds a token: chmod 600 {path}")
    return identity


def keep_identity(folder: Path, identity: Identity) -> None:
    """Remember who this device is.

    Raises:
        CannotRun: the folder cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        write_atomically(folder / FILE, orjson.dumps(attrs.asdict(identity)), mode=0o600)
    except OSError as error:
        raise CannotRun(f"{folder} cannot be written ({error.strerror}); give another --data-dir") from error
