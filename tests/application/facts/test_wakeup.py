"""A nudge between tasks."""

import asyncio
from datetime import timedelta

from application.facts.wakeup import Wakeup

LONG = timedelta(hours=1)


async def test_a_sleeper_wakes_when_it_is_nudged() -> None:
    wakeup = Wakeup()
    sleeper = asyncio.create_task(wakeup.wait(LONG))
    await asyncio.sleep(0)
    assert not sleeper.done()
    wakeup.nudge()
    await sleeper


async def test_a_nudge_that_came_while_it_was_awake_is_kept_for_one_sleep() -> None:
    wakeup = Wakeup()
    wakeup.nudge()
    wakeup.nudge()
    await wakeup.wait(LONG)
    again = asyncio.create_task(wakeup.wait(LONG))
    for _ in range(5):
        await asyncio.sleep(0)
    assert not again.done()
    again.cancel()
    await asyncio.gather(again, return_exceptions=True)


async def test_it_sleeps_no_longer_than_it_wants_to() -> None:
    await Wakeup().wait(timedelta(0))
    await Wakeup().wait(timedelta(milliseconds=1))


async def test_a_nudge_is_not_lost_to_a_sleep_of_no_length() -> None:
    wakeup = Wakeup()
    wakeup.nudge()
    await wakeup.wait(timedelta(0))
    assert not wakeup._nudged.is_set()
