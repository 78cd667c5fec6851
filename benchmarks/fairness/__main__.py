"""python -m benchmarks.fairness: how long one network waits for answers while another floods the hub."""

import argparse
import asyncio
import tempfile
import time
from collections import Counter
from pathlib import Path

import aiohttp
import numpy as np

from adapters.hub.answers import NewNetwork
from adapters.hub.client import Hub
from entrypoints.demo.hub_process import hub_process

SENDERS = 4
PAUSE = 0.02
QUOTA = "api_requests_per_hour=100000"


def _address(url: str, network: NewNetwork) -> tuple[str, dict[str, str]]:
    token = {"Authorization": f"Bearer {network.network_token}"}
    return f"{url}/api/v1/networks/{network.network_id}", token


async def _calm(web: aiohttp.ClientSession, url: str, network: NewNetwork, seconds: float) -> list[float]:
    """Ask now and then, and note how long each answer took, in milliseconds."""
    address, token = _address(url, network)
    took: list[float] = []
    ends = time.perf_counter() + seconds
    while time.perf_counter() < ends:
        since = time.perf_counter()
        async with web.get(address, headers=token) as answer:
            assert answer.status == 200, answer.status
            await answer.read()
        took.append((time.perf_counter() - since) * 1000)
        await asyncio.sleep(PAUSE)
    return took


async def _flood(web: aiohttp.ClientSession, url: str, network: NewNetwork, statuses: Counter[int]) -> None:
    """Ask without a pause, until cancelled."""
    address, token = _address(url, network)
    while True:
        async with web.get(address, headers=token) as answer:
            statuses[answer.status] += 1
            await answer.read()


async def _beside(
    web: aiohttp.ClientSession, url: str, calm: NewNetwork, busy: NewNetwork, seconds: float
) -> tuple[list[float], Counter[int]]:
    """How long answers take while another network floods, and what that one was answered."""
    statuses: Counter[int] = Counter()
    floods = [asyncio.create_task(_flood(web, url, busy, statuses)) for _ in range(SENDERS)]
    try:
        return await _calm(web, url, calm, seconds), statuses
    finally:
        for flood in floods:
            flood.cancel()
        await asyncio.gather(*floods, return_exceptions=True)


def _row(title: str, took: list[float], beside: str = "") -> None:
    middle, late = np.percentile(took, [50, 95])
    print(f"{title:44s} p50 {middle:6.1f} ms   p95 {late:6.1f} ms   {len(took)} answers   {beside}")


async def _measure(seconds: float) -> None:
    with tempfile.TemporaryDirectory() as folder:
        async with (
            hub_process(Path(folder), "--transcribers", "1", "--limits", QUOTA) as hub,
            Hub(hub.url) as client,
            aiohttp.ClientSession() as web,
        ):
            calm, busy = await client.create_network("Calm"), await client.create_network("Busy")
            operator = (Path(folder) / "operator.token").read_text()
            limits = f"{hub.url}/internal/operator/networks/{busy.network_id}/limits"
            _row("alone", await _calm(web, hub.url, calm, seconds))
            took, statuses = await _beside(web, hub.url, calm, busy, seconds)
            _row(f"beside {SENDERS} senders with room left", took, f"they: {dict(statuses)}")
            headers = {"Authorization": f"Bearer {operator}"}
            async with web.put(limits, json={"api_requests_per_hour": 1}, headers=headers) as answer:
                assert answer.status == 200
            took, statuses = await _beside(web, hub.url, calm, busy, seconds)
            _row(f"beside {SENDERS} senders at their limit", took, f"they: {dict(statuses)}")


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(prog="python -m benchmarks.fairness")
    arguments.add_argument(
        "--seconds", type=float, default=10.0, help="how long each of three measurements takes"
    )
    asyncio.run(_measure(arguments.parse_args().seconds))
