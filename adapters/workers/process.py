"""One worker process as its parent sees it."""

import asyncio
import os
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Final

from attrs import define, frozen

import adapters
from adapters.workers.child import DONE, FAILED, LENGTH, READY

LARGEST_ANSWER: Final = 256 * 1024 * 1024
_BUFFER: Final = 1024 * 1024
_KEPT_VARIABLES: Final = ("HOME", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "PATH", "TMPDIR", "TZ")


class WorkerGone(Exception):
    """The process ended, stalled or spoke nonsense before its answer was whole."""


class JobFailed(Exception):
    """The process did the job and failed; the text is the name of what it raised."""


@frozen(kw_only=True)
class Work:
    """What a worker is for: the function (`package.module:name`) that makes its handler, with arguments.

    The module is found beside our packages, or in the folders given.
    """

    target: str
    arguments: tuple[str, ...] = ()
    folders: tuple[str, ...] = ()

    def command(self) -> tuple[str, ...]:
        """The command line of a worker process; the running directory is kept off its import path."""
        return (
            sys.executable,
            "-P",
            "-m",
            "adapters.workers.child",
            str(os.getpid()),
            self.target,
            *self.arguments,
        )

    def environment(self) -> Mapping[str, str]:
        """The few variables that a worker may see: none of the hub's keys, and where our packages are.

        It computes on one thread: more of them wait for each other on a machine that is busy.
        """
        kept = {name: os.environ[name] for name in _KEPT_VARIABLES if name in os.environ}
        roots = [str(Path(folder).resolve().parent) for folder in adapters.__path__]
        return {**kept, "OPENBLAS_NUM_THREADS": "1", "PYTHONPATH": os.pathsep.join([*roots, *self.folders])}


@define(eq=False)
class WorkerProcess:
    """A running worker; it takes one job at a time.

    It has a process group of its own, so Ctrl-C in a terminal reaches the hub only, and inherits nothing
    that is open here but its two pipes.
    """

    _process: Process

    @classmethod
    async def start(cls, work: Work, seconds: float) -> "WorkerProcess":
        """Start a process, and wait until it is ready for jobs.

        Raises:
            WorkerGone: it ended, or was not ready in time.
            JobFailed: it could not make its handler; the text says why.
        """
        process = await asyncio.create_subprocess_exec(
            *work.command(),
            stdin=PIPE,
            stdout=PIPE,
            stderr=DEVNULL,
            env=work.environment(),
            limit=_BUFFER,
            process_group=0,
        )
        worker = cls(process)
        try:
            async with asyncio.timeout(seconds):
                await worker._expect(READY)
        except TimeoutError as error:
            await worker.end()
            raise WorkerGone from error
        except BaseException:
            await worker.end()
            raise
        return worker

    @property
    def pid(self) -> int:
        """The process id."""
        return self._process.pid

    @property
    def alive(self) -> bool:
        """Whether it has not ended, as far as is known."""
        return self._process.returncode is None

    @property
    def exit_status(self) -> int | None:
        """How it ended: minus the signal's number when one ended it."""
        return self._process.returncode

    async def ask(self, job: bytes, seconds: float) -> bytes:
        """Have a job done.

        Raises:
            WorkerGone: the process ended, or took longer than it may.
            JobFailed: the job raised.
        """
        try:
            async with asyncio.timeout(seconds):
                await self._send(job)
                return await self._expect(DONE)
        except TimeoutError as error:
            raise WorkerGone from error

    async def _send(self, job: bytes) -> None:
        stdin = self._process.stdin
        if stdin is None:
            raise WorkerGone
        try:
            stdin.write(LENGTH.pack(len(job)) + job)
            await stdin.drain()
        except (ConnectionError, RuntimeError) as error:
            raise WorkerGone from error

    async def _expect(self, expected: bytes) -> bytes:
        stdout = self._process.stdout
        if stdout is None:
            raise WorkerGone
        try:
            size = LENGTH.unpack(await stdout.readexactly(LENGTH.size))[0]
            if not 1 <= size <= LARGEST_ANSWER:
                raise WorkerGone
            message = await stdout.readexactly(size)
        except (asyncio.IncompleteReadError, ConnectionError) as error:
            raise WorkerGone from error
        kind, content = message[:1], message[1:]
        if kind == FAILED:
            raise JobFailed(content.decode(errors="replace"))
        if kind != expected:
            raise WorkerGone
        return content

    async def end(self) -> None:
        """End the process now, and wait until it is gone."""
        if self._process.stdin is not None:
            self._process.stdin.close()
        if self.alive:
            with suppress(ProcessLookupError):
                self._process.kill()
        await self._process.wait()
