"""Worker processes do their jobs, die alone, are replaced, and never outlive the hub."""

import asyncio
import os
import signal
import socket
import sys
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from adapters.workers.pool import WorkerPool
from adapters.workers.process import Work
from domain.errors import AudioProcessingFailed, Overloaded
from tests.patience import eventually

HERE = Path(__file__).parent
ROOT = HERE.parents[2]

PARENT = """
import asyncio, sys
from adapters.workers.pool import WorkerPool
from adapters.workers.process import Work

async def main():
    async with WorkerPool.open(Work(target="handlers:prepare", folders=(sys.argv[1],)), count=2) as pool:
        while len(pool.pids) < 2:
            await asyncio.sleep(0.02)
        busy = asyncio.create_task(pool.do(b"wait"))
        print(*pool.pids, flush=True)
        await busy

asyncio.run(main())
"""


def work(*arguments: str, name: str = "prepare") -> Work:
    return Work(target=f"handlers:{name}", arguments=arguments, folders=(str(HERE),))


@pytest.fixture
async def pool() -> AsyncIterator[WorkerPool]:
    async with WorkerPool.open(work("one", "two words"), most_waiting=2) as opened:
        yield opened


def running(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


async def test_a_job_is_answered_whole(pool: WorkerPool) -> None:
    content = os.urandom(3_000_000)
    assert await pool.do(b"echo " + content) == content
    assert await pool.do(b"echo ") == b""


async def test_a_worker_gets_its_arguments(pool: WorkerPool) -> None:
    assert await pool.do(b"arguments") == b"one two words"


async def test_what_a_job_prints_is_not_taken_for_an_answer(pool: WorkerPool) -> None:
    assert await pool.do(b"print") == b"quiet"
    assert await pool.do(b"echo still in step") == b"still in step"


async def test_a_job_that_raises_is_our_error_and_the_worker_lives_on(pool: WorkerPool) -> None:
    before = await pool.do(b"pid")
    with pytest.raises(AudioProcessingFailed) as caught:
        await pool.do(b"nonsense secret words")
    assert "secret" not in f"{caught.value} {caught.value.details}"
    assert await pool.do(b"pid") == before


async def test_a_worker_that_dies_is_replaced_and_its_job_done_again(
    pool: WorkerPool, tmp_path: Path
) -> None:
    before = await pool.do(b"pid")
    assert await pool.do(b"die-once " + str(tmp_path / "mark").encode()) == b"alive"
    assert await pool.do(b"pid") != before


async def test_a_job_that_kills_every_worker_fails_and_the_next_is_done(pool: WorkerPool) -> None:
    with pytest.raises(AudioProcessingFailed):
        await pool.do(b"die")
    assert await pool.do(b"echo on") == b"on"


async def test_a_worker_killed_while_idle_is_replaced(pool: WorkerPool) -> None:
    await pool.do(b"echo")
    os.kill(pool.pids[0], signal.SIGKILL)
    assert await pool.do(b"echo again") == b"again"


async def test_a_worker_says_that_it_is_there_and_a_lost_one_is_replaced_by_asking(pool: WorkerPool) -> None:
    await pool.roll_call()
    (pid,) = pool.pids
    os.kill(pid, signal.SIGKILL)
    await pool.roll_call()
    assert pool.pids != (pid,)
    assert pool.waiting == 0


async def test_a_job_that_takes_too_long_costs_its_worker() -> None:
    async with WorkerPool.open(work(), job_seconds=0.2) as pool:
        with pytest.raises(AudioProcessingFailed):
            await pool.do(b"wait")
        assert len(pool.pids) == 0


async def test_more_jobs_than_may_wait_are_refused_at_once(pool: WorkerPool) -> None:
    await pool.ready()
    busy = [asyncio.create_task(pool.do(b"wait")) for _ in range(3)]
    await asyncio.sleep(0)
    with pytest.raises(Overloaded):
        await pool.do(b"echo")
    for task in busy:
        task.cancel()
    assert all(
        isinstance(end, asyncio.CancelledError) for end in await asyncio.gather(*busy, return_exceptions=True)
    )


async def test_a_cancelled_job_that_waits_is_dropped(pool: WorkerPool, tmp_path: Path) -> None:
    await pool.ready()
    first = asyncio.create_task(pool.do(b"die-once " + str(tmp_path / "first").encode()))
    second = asyncio.create_task(pool.do(b"die-once " + str(tmp_path / "second").encode()))
    await asyncio.sleep(0)
    second.cancel()
    assert await first == b"alive"
    assert await pool.do(b"echo after") == b"after"
    assert not (tmp_path / "second").exists()


async def test_a_cancelled_job_that_is_being_done_leaves_the_worker_in_step(pool: WorkerPool) -> None:
    await pool.ready()
    for number in range(20):
        job = asyncio.create_task(pool.do(b"echo old"))
        for _ in range(number % 4):
            await asyncio.sleep(0)
        job.cancel()
        assert await pool.do(b"echo %d" % number) == b"%d" % number


async def test_a_worker_that_cannot_start_is_our_error() -> None:
    for impossible in (work(name="refuse"), work(name="missing"), Work(target="no_such_module:prepare")):
        async with WorkerPool.open(impossible) as pool:
            with pytest.raises(AudioProcessingFailed):
                await pool.do(b"echo")


async def test_a_pool_can_be_closed_while_it_starts_and_while_it_works() -> None:
    async with WorkerPool.open(work(), count=2):
        pass
    async with WorkerPool.open(work(), count=2) as pool:
        await pool.do(b"echo")
        busy = asyncio.create_task(pool.do(b"wait"))
        await asyncio.sleep(0)
        pids = pool.pids
    assert pids
    with pytest.raises(asyncio.CancelledError):
        await busy
    assert not any(running(pid) for pid in pids)


async def test_a_worker_holds_nothing_of_the_hub_but_its_pipes(pool: WorkerPool, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, (tmp_path / "lock").open("w") as lock:
        os.set_inheritable(server.fileno(), True)
        os.set_inheritable(lock.fileno(), True)
        ours = {os.readlink(f"/proc/self/fd/{fd}") for fd in (server.fileno(), lock.fileno())}
        async with WorkerPool.open(work()) as late:
            theirs = dict(line.split(" ", 1) for line in (await late.do(b"files")).decode().splitlines())
    assert not ours & set(theirs.values())
    assert [theirs.pop(standard) for standard in ("0", "1", "2")] == ["/dev/null"] * 3
    kinds = sorted(name.partition(":")[0] for name in theirs.values() if not name.startswith("/proc/"))
    assert kinds in (["pipe", "pipe"], ["pipe", "socket"])


async def test_a_worker_sees_neither_the_keys_nor_the_heavy_modules(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "not-for-workers")
    async with WorkerPool.open(work()) as pool:
        assert b"OPENAI_API_KEY" not in await pool.do(b"environment")
        modules = set((await pool.do(b"modules")).decode().splitlines())
    assert not modules & {"numpy", "numba", "sqlalchemy", "quart", "openai", "structlog", "attrs", "asyncio"}


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a process that its parent has died")
@pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGTERM])
async def test_workers_end_with_their_parent_even_in_the_middle_of_a_job(end: signal.Signals) -> None:
    parent = await asyncio.create_subprocess_exec(
        sys.executable, "-c", PARENT, str(HERE), stdout=PIPE, env={**os.environ, "PYTHONPATH": str(ROOT)}
    )
    assert parent.stdout is not None
    pids = [int(word) for word in (await parent.stdout.readline()).split()]
    assert len(pids) == 2
    assert all(running(pid) for pid in pids)
    parent.send_signal(end)
    await parent.wait()
    await eventually(lambda: not any(running(pid) for pid in pids))


async def test_ctrl_c_does_not_reach_the_workers(pool: WorkerPool) -> None:
    before = await pool.do(b"pid")
    assert os.getpgid(int(before)) != os.getpgrp()
    os.kill(int(before), signal.SIGINT)
    assert await pool.do(b"pid") == before


async def test_who_did_the_last_job_about_a_thing_does_the_next_one_too() -> None:
    async with WorkerPool.open(work(), count=2) as pool:
        await eventually(lambda: len(pool.pids) == 2)
        first, second = await asyncio.gather(pool.do(b"pid", "one"), pool.do(b"pid", "other"))
        assert first != second
        for about, pid in (("other", second), ("one", first), ("one", first), ("other", second)):
            assert await pool.do(b"pid", about) == pid
        assert {await pool.do(b"pid"), await pool.do(b"pid")} == {first, second}
