"""What processes use: seconds of CPU and memory, read off /proc."""

import os
from collections.abc import Iterable
from pathlib import Path

from attrs import frozen

TICKS = os.sysconf("SC_CLK_TCK")
PAGE = os.sysconf("SC_PAGE_SIZE")


@frozen(kw_only=True)
class Used:
    """Seconds of CPU so far, and bytes of memory now, of some processes."""

    seconds: float
    memory: int

    def since(self, before: "Used") -> float:
        """Seconds of CPU since an earlier moment."""
        return self.seconds - before.seconds


def used_by(pids: Iterable[int]) -> Used:
    """What processes use, those that have ended apart."""
    seconds, memory = 0.0, 0
    for pid in pids:
        try:
            stat = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        seconds += (int(stat[11]) + int(stat[12])) / TICKS
        memory += int(stat[21]) * PAGE
    return Used(seconds=seconds, memory=memory)


def children_of(pid: int) -> set[int]:
    """The processes that a process has started, and those that these have."""
    found, waiting = set[int](), [pid]
    while waiting:
        parent = waiting.pop()
        for path in Path(f"/proc/{parent}/task").glob("*/children"):
            born = {int(child) for child in path.read_text().split()} - found
            found |= born
            waiting += born
    return found
