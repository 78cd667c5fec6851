"""python -m benchmarks.fairness: how long one network waits for answers while another floods the hub.

Every round measures all conditions, in an order of its own, so that whatever else the machine does falls on
all of them alike; what is told is the ratio to the same round's answers without a flood. The flood comes
from a process of its own and has the same rate whether it is served or refused.
"""

import argparse
import asyncio
import json
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import numpy as np
from attrs import field, frozen

from adapters.hub.answers import NewNetwork
from adapters.hub.client import Hub
from entrypoints.demo.hub_process import hub_process

PAUSE = 0.02
LIMITS = "api_requests_per_hour=1000000"
ALONE, SERVED, REFUSED = "alone", "beside a flood that is served", "beside a flood over its limit"
QUOTAS: Mapping[str, int] = {SERVED: 1_000_000, REFUSED: 1}


@frozen
class Round:
    """What one network's answers took (milliseconds), and what the other was answered, by condition."""

    took: dict[str, list[float]] = field(factory=dict)
    statuses: dict[str, Counter[str]] = field(factory=dict)

    def ratio(self, condition: str, percentile: int) -> float:
        """How much longer answers took than alone."""
        alone = np.percentile(self.took[ALONE], percentile)
        return float(np.percentile(self.took[condition], percentile) / alone)


@frozen(kw_only=True)
class Bench:
    """A hub with a calm network and a busy one."""

    web: aiohttp.ClientSession
    url: str
    operator: str
    calm: NewNetwork
    busy: NewNetwork
    rate: float
    seconds: float

    async def round(self) -> Round:
        """Measure every condition once, in some order."""
        found = Round()
        for condition in random.sample([ALONE, SERVED, REFUSED], 3):
            if condition == ALONE:
                found.took[condition] = await self._ask()
                continue
            await self._allow(QUOTAS[condition])
            async with self._flooded() as statuses:
                found.took[condition] = await self._ask()
            found.statuses[condition] = statuses
        return found

    async def _ask(self) -> list[float]:
        """Ask now and then for the calm network, and note how long each answer took."""
        took: list[float] = []
        ends = time.perf_counter() + self.seconds
        while time.perf_counter() < ends:
            since = time.perf_counter()
            async with self.web.get(_address(self.url, self.calm), headers=_token(self.calm)) as answer:
                assert answer.status == 200, answer.status
                await answer.read()
            took.append((time.perf_counter() - since) * 1000)
            await asyncio.sleep(PAUSE)
        return took

    async def _allow(self, requests: int) -> None:
        """Set what the busy network may do."""
        path = f"{self.url}/internal/operator/networks/{self.busy.network_id}/limits"
        headers = {"Authorization": f"Bearer {self.operator}"}
        body = {"api_requests_per_hour": requests}
        async with self.web.put(path, json=body, headers=headers) as answer:
            assert answer.status == 200, answer.status

    @asynccontextmanager
    async def _flooded(self) -> AsyncIterator[Counter[str]]:
        """Have the busy network ask at the rate while the block lasts, and count what it was answered."""
        statuses: Counter[str] = Counter()
        flood = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "benchmarks.fairness.flood"),
            *(_address(self.url, self.busy), self.busy.network_token, str(self.rate)),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
        )
        assert flood.stdout is not None
        await flood.stdout.readline()
        try:
            yield statuses
        finally:
            told, _ = await flood.communicate(b"\n")
            statuses.update(json.loads(told))


def _address(url: str, network: NewNetwork) -> str:
    return f"{url}/api/v1/networks/{network.network_id}"


def _token(network: NewNetwork) -> dict[str, str]:
    return {"Authorization": f"Bearer {network.network_token}"}


def _tell(rounds: list[Round]) -> None:
    alone = np.concatenate([one.took[ALONE] for one in rounds])
    print(f"{ALONE:32s} p50 {np.percentile(alone, 50):5.1f} ms   p95 {np.percentile(alone, 95):5.1f} ms")
    for condition in (SERVED, REFUSED):
        told = []
        for percentile in (50, 95):
            low, middle, high = np.percentile(
                [one.ratio(condition, percentile) for one in rounds], [25, 50, 75]
            )
            told.append(f"p{percentile} x{middle:.2f} ({low:.2f} to {high:.2f})")
        statuses = sum((one.statuses[condition] for one in rounds), Counter[str]())
        print(f"{condition:32s} {'   '.join(told)}   they: {dict(statuses)}")


async def _measure(arguments: argparse.Namespace) -> None:
    with tempfile.TemporaryDirectory() as folder:
        async with (
            hub_process(Path(folder), "--transcribers", "1", "--limits", LIMITS) as process,
            Hub(process.url) as hub,
            aiohttp.ClientSession() as web,
        ):
            bench = Bench(
                web=web,
                url=process.url,
                operator=(Path(folder) / "operator.token").read_text().strip(),
                calm=await hub.create_network("Calm"),
                busy=await hub.create_network("Busy"),
                rate=arguments.rate,
                seconds=arguments.seconds,
            )
            await bench.round()
            _tell([await bench.round() for _ in range(arguments.rounds)])


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m benchmarks.fairness")
    parser.add_argument("--rounds", type=int, default=10, help="how often all conditions are measured")
    parser.add_argument("--seconds", type=float, default=1.5, help="how long each condition takes in a round")
    parser.add_argument(
        "--rate", type=float, default=40.0, help="requests a second of the flood; a network may send 0.28"
    )
    asyncio.run(_measure(parser.parse_args()))
