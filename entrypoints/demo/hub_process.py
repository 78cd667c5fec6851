"""A hub of the demo's own: a real `mira serve` on a free port, with a store that nobody else uses."""

import asyncio
import os
import re
import signal
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Final

from attrs import frozen

from entrypoints.configuration import PREFIX

START_SECONDS: Final = 90.0
STOP_SECONDS: Final = 12.0
ADDRESS: Final = re.compile(r"listens on (\S+)")


class HubDidNotStart(Exception):
    """The hub ended before it listened; the message is what it said."""


@frozen(kw_only=True)
class HubProcess:
    """A running hub: its address, its process id, its data folder, and how to wait for its exit code."""

    url: str
    pid: int
    data_dir: Path
    ended: Callable[[], Awaitable[int]]


@asynccontextmanager
async def hub_process(data_dir: Path, *options: str) -> AsyncIterator[HubProcess]:
    """Run `mira serve` while the block lasts, and stop it as Ctrl-C would.

    Raises:
        HubDidNotStart: it ended, or said nothing for too long.
    """
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "entrypoints.main",
        "serve",
        *("--host", "127.0.0.1", "--port", "0", "--data-dir", str(data_dir), *options),
        stdout=asyncio.subprocess.PIPE,
        env={name: value for name, value in os.environ.items() if not name.startswith(PREFIX)},
        start_new_session=True,
    )
    try:
        url = await _address(process)
        yield HubProcess(url=url, pid=process.pid, data_dir=data_dir, ended=process.wait)
    finally:
        await _stop(process)


async def _address(process: asyncio.subprocess.Process) -> str:
    assert process.stdout is not None
    said = ""
    try:
        async with asyncio.timeout(START_SECONDS):
            while line := await process.stdout.readline():
                said += line.decode()
                if found := ADDRESS.search(said):
                    return found[1]
    except TimeoutError as error:
        raise HubDidNotStart(f"the hub did not listen within {START_SECONDS:g} s") from error
    raise HubDidNotStart(said.strip() or "the hub ended at once; its errors are above")


async def _stop(process: asyncio.subprocess.Process) -> None:
    if process.returncode is not None:
        return
    with suppress(ProcessLookupError):
        process.send_signal(signal.SIGINT)
    try:
        async with asyncio.timeout(STOP_SECONDS):
            await process.wait()
    except TimeoutError:
        process.kill()
        await process.wait()
