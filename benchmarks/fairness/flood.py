"""python -m benchmarks.fairness.flood ADDRESS TOKEN RATE: ask until a line comes, then say what was told."""

import asyncio
import json
import sys
from collections import Counter

import aiohttp


async def _ask(web: aiohttp.ClientSession, address: str, token: str, statuses: Counter[str]) -> None:
    async with web.get(address, headers={"Authorization": f"Bearer {token}"}) as answer:
        statuses[str(answer.status)] += 1
        await answer.read()


async def _flood(address: str, token: str, rate: float) -> Counter[str]:
    """Ask at a rate, whether earlier answers have come or not."""
    statuses: Counter[str] = Counter()
    stop = asyncio.create_task(asyncio.to_thread(sys.stdin.readline))
    now = asyncio.get_running_loop().time
    async with aiohttp.ClientSession() as web, asyncio.TaskGroup() as asking:
        await _ask(web, address, token, statuses)
        print("flooding", flush=True)
        due = now()
        while not stop.done():
            asking.create_task(_ask(web, address, token, statuses))
            due += 1 / rate
            await asyncio.sleep(max(0.0, due - now()))
    return statuses


if __name__ == "__main__":
    print(json.dumps(asyncio.run(_flood(sys.argv[1], sys.argv[2], float(sys.argv[3])))))
