import asyncio
from contextlib import AsyncExitStack

import pytest
from structlog.testing import capture_logs

from domain.errors import MiraError, Overloaded
from entrypoints.tasks import keep_running


class Breaking:
    """A work that breaks at its first run, and goes on for good at its second."""

    def __init__(self, error: Exception | None) -> None:
        self._error = error
        self._runs = 0
        self.again = asyncio.Event()
        self.stopped = False

    async def run(self) -> None:
        self._runs += 1
        if self._runs == 1:
            if self._error is not None:
                raise self._error
            return
        self.again.set()
        try:
            await asyncio.Event().wait()
        finally:
            self.stopped = True


BUSY, FAULT = Overloaded("The store is busy."), MiraError("The store failed.")


@pytest.mark.parametrize(
    ("error", "levels"),
    [
        (None, []),
        (BUSY, ["warning"]),
        (ExceptionGroup("of a task group", [BUSY]), ["warning"]),
        (FAULT, ["error"]),
        (ValueError("a defect"), ["error"]),
        (ExceptionGroup("of a task group", [BUSY, FAULT]), ["warning", "error"]),
    ],
)
async def test_what_breaks_is_started_again_and_a_busy_store_is_no_defect(
    error: Exception | None, levels: list[str]
) -> None:
    work = Breaking(error)
    with capture_logs() as logged:
        async with AsyncExitStack() as stack:
            keep_running(stack, [("reminders", work.run)], restart_seconds=0.001)
            await work.again.wait()
    assert work.stopped
    assert [line["log_level"] for line in logged] == levels
    assert all(line["task"] == "reminders" for line in logged)
