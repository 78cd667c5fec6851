"""The inside of a worker process: read a job, do it, write the answer, until the parent is gone.

Started as `python -m adapters.workers.child PARENT_PID MODULE:FUNCTION ARGUMENT...`; the function is called
once with the arguments, as text, and gives back the callable that does the jobs. It imports as little as
possible, so that a worker is small and up at once.

A message is its length as an unsigned 32-bit little-endian number, then that many bytes; the first byte
of a message to the parent says what it is.
"""

import ctypes
import os
import signal
import struct
import sys
from collections.abc import Callable
from importlib import import_module
from typing import BinaryIO, Final

READY: Final = b"r"
DONE: Final = b"d"
FAILED: Final = b"f"
LENGTH: Final = struct.Struct("<I")

_SET_PARENT_DEATH_SIGNAL: Final = 1

Handle = Callable[[bytes], bytes]


def die_with_parent(parent: int) -> None:
    """Ask the kernel to end this process when its parent ends, however that happens.

    Elsewhere than on Linux the end of the jobs' pipe does it, as soon as the job in hand is done.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_SET_PARENT_DEATH_SIGNAL, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:
        os._exit(0)


def take_pipes() -> tuple[BinaryIO, BinaryIO]:
    """Keep the pipes to the parent for messages alone: what a library prints must not end up in them."""
    jobs, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    silence = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(silence, standard)
    os.close(silence)
    return jobs, answers


def send(answers: BinaryIO, kind: bytes, content: bytes = b"") -> None:
    """Write one message to the parent."""
    answers.write(LENGTH.pack(len(kind) + len(content)) + kind + content)
    answers.flush()


def serve(handle: Handle, jobs: BinaryIO, answers: BinaryIO) -> None:
    """Do jobs until there is nobody to give any; a job that fails is answered with its error's name only.

    An empty job asks whether anybody is there, and is answered with nothing.
    """
    while len(head := jobs.read(LENGTH.size)) == LENGTH.size:
        size = LENGTH.unpack(head)[0]
        job = jobs.read(size)
        if len(job) < size:
            return
        try:
            result = handle(job) if job else b""
        except Exception as error:  # noqa: BLE001 - whatever a job raises is an answer, not the worker's end
            send(answers, FAILED, type(error).__name__.encode())
        else:
            send(answers, DONE, result)


def main(parent: str, target: str, *arguments: str) -> None:
    """Get ready, say so, and serve; what goes wrong on the way is said instead."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    die_with_parent(int(parent))
    jobs, answers = take_pipes()
    module, _, function = target.partition(":")
    try:
        handle: Handle = getattr(import_module(module), function)(*arguments)
    except Exception as error:  # noqa: BLE001 - the parent reports it
        send(answers, FAILED, f"{type(error).__name__}: {error}".encode())
        return
    try:
        send(answers, READY)
        serve(handle, jobs, answers)
    except BrokenPipeError:
        os._exit(0)


if __name__ == "__main__":
    main(*sys.argv[1:])
