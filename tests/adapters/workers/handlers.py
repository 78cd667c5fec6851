"""Jobs for the worker processes of the tests: each is looked up by name, as real ones are."""

import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path


def prepare(*arguments: str) -> Callable[[bytes], bytes]:
    def handle(job: bytes) -> bytes:
        verb, _, rest = job.partition(b" ")
        match verb:
            case b"echo":
                return rest
            case b"pid":
                return str(os.getpid()).encode()
            case b"arguments":
                return " ".join(arguments).encode()
            case b"modules":
                return "\n".join(sys.modules).encode()
            case b"environment":
                return "\n".join(os.environ).encode()
            case b"files":
                return "\n".join(_open_files()).encode()
            case b"die":
                os.kill(os.getpid(), signal.SIGKILL)
            case b"die-once":
                return _die_once(Path(rest.decode()))
            case b"print":
                sys.stdout.write("noise on standard output")
                sys.stdout.flush()
                os.write(1, b"more noise")
                return b"quiet"
            case b"wait":
                signal.pause()
        raise LookupError(verb)

    return handle


def refuse() -> Callable[[bytes], bytes]:
    raise RuntimeError("there is nothing to work with")


def _open_files() -> list[str]:
    found = []
    for entry in Path("/proc/self/fd").iterdir():
        try:
            found.append(f"{entry.name} {entry.readlink()}")
        except OSError:
            continue
    return found


def _die_once(mark: Path) -> bytes:
    if mark.exists():
        return b"alive"
    mark.touch()
    os.kill(os.getpid(), signal.SIGKILL)
    return b""
