"""Measure the dashboard: milliseconds from a key to the drawn answer, and memory, page by page.

python -m benchmarks.dashboard --networks 1000 --clients 10000 --events 500
"""

import argparse
import asyncio
import multiprocessing
import random
import resource
import socket
import statistics
import time
from collections.abc import Sequence
from pathlib import Path

from textual import events
from textual.app import App
from textual.pilot import Pilot

from benchmarks.dashboard.crowd import main as crowd
from tui.app import Dashboard
from tui.link import Link
from tui.picture import Picture

KEYS = ("j", "j", "k", "pagedown", "pageup", "G", "g", "s", "S", "j")
FILTER = ("slash", "7", "7", "escape")
PAGES = {"1": "live", "2": "networks", "3": "clients", "9": "health"}


def resident() -> float:
    """Megabytes that this process holds now."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() / 1e6


async def latency(pilot: Pilot[None], key: str) -> tuple[float, float]:
    """Milliseconds from a key until all that it has changed is drawn: passed, and spent by this process.

    The second does not depend on whatever else the machine does meanwhile.
    """
    app, began, spent = pilot.app, time.perf_counter(), time.process_time()
    app.post_message(events.Key(key, "/" if key == "slash" else key if len(key) == 1 else None))
    while _is_busy(app):  # noqa: ASYNC110 - nothing tells of it
        await asyncio.sleep(0.001)
    return (time.perf_counter() - began) * 1000, (time.process_time() - spent) * 1000


def _is_busy(app: App[None]) -> bool:
    """Whether a message is to be handled yet, or anything to be laid out or drawn."""
    screen = app.screen
    pumps = [pump for pump in (app, screen, screen.focused) if pump is not None]
    waiting = any(pump._message_queue.qsize() or pump._next_callbacks for pump in pumps)
    unseen = screen._dirty_widgets or screen._layout_required or screen._callbacks
    return bool(waiting or unseen or any(pump._repaint_required for pump in pumps[1:]))


async def pressed(pilot: Pilot[None], keys: Sequence[str]) -> list[tuple[float, float]]:
    """How long each of some keys took, pressed at any moment of the flood."""
    took = []
    for key in keys:
        await asyncio.sleep(random.uniform(0.01, 0.1))
        took.append(await latency(pilot, key))
    return took


def said(times: Sequence[float]) -> str:
    """Median, 95 of a hundred, and the worst."""
    ninety_five = statistics.quantiles(times, n=20)[-1]
    return f"p50 {statistics.median(times):3.0f}  p95 {ninety_five:3.0f}  max {max(times):3.0f} ms"


async def measure(url: str, rounds: int, soak: float) -> None:
    """Press keys on each page while the flood goes on, and then let it run."""
    dashboard = Dashboard(Link(url, "token", Picture()))
    picture, began = dashboard.picture, time.perf_counter()
    async with dashboard.run_test(size=(160, 50)) as pilot:
        while not picture.loaded:  # noqa: ASYNC110 - nothing tells of it
            await asyncio.sleep(0.05)
        seconds = time.perf_counter() - began
        print(f"read {len(picture.networks)} networks and {len(picture.clients)} clients in {seconds:.1f} s")
        for number, name in PAGES.items():
            opened, _ = await latency(pilot, number)
            await asyncio.sleep(1)
            took = [*await pressed(pilot, KEYS * rounds), *await pressed(pilot, FILTER)]
            passed, spent = ([one[side] for one in took] for side in (0, 1))
            print(
                f"{name:<10} open {opened:4.0f} ms   a key: {said(passed)}   "
                f"of our own: {said(spent)}   memory {resident():.0f} MB"
            )
        await rest(dashboard, soak)


async def rest(dashboard: Dashboard, seconds: float) -> None:
    """Let events flow for a while, and see whether memory grows."""
    first, began = resident(), time.perf_counter()
    for _ in range(10 if seconds else 0):
        await asyncio.sleep(seconds / 10)
        print(
            f"after {time.perf_counter() - began:4.0f} s   memory {resident():.0f} MB   "
            f"missed {dashboard.picture.missed}"
        )
    print(f"memory grew by {resident() - first:.1f} MB")


def main() -> None:
    """Run the crowd in a process of its own, and the dashboard here."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.dashboard")
    parser.add_argument("--networks", type=int, default=1000)
    parser.add_argument("--clients", type=int, default=10_000)
    parser.add_argument("--events", type=int, default=500)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--soak", type=float, default=0.0, help="seconds to watch the memory afterwards")
    chosen = parser.parse_args()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    arguments = (port, chosen.networks, chosen.clients, chosen.events)
    serving = multiprocessing.get_context("spawn").Process(target=crowd, args=arguments, daemon=True)
    serving.start()
    try:
        asyncio.run(measure(f"http://127.0.0.1:{port}", chosen.rounds, chosen.soak))
    finally:
        serving.kill()


if __name__ == "__main__":
    main()
