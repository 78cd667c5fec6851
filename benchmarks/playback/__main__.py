"""Start a hub, let devices with wrong clocks and jittery links join, and measure how far apart they begin.

Each device's messages wait for a while of chance on their way up and down (5 ms and a gamma distribution of
10 to 80 ms in the mean, never overtaking each other), and its clock is wrong by up to a day. A device begins
when its own clock shows `start_at_device_us`; how far that lies from the moment that the hub meant is known
here, since one machine plays all.

Run: python -m benchmarks.playback [--devices 6] [--trials 20]
"""

import argparse
import asyncio
import json
import random
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import aiohttp
import numpy as np

BEATS = 10
BETWEEN_BEATS = 0.15
Json = dict[str, Any]


class Link:
    """One way of a connection: messages are late, each by chance, and keep their order."""

    def __init__(self, chance: random.Random, mean_ms: float) -> None:
        self._chance, self._scale, self._free_at = chance, mean_ms / 2 / 1000, 0.0

    async def travel(self) -> None:
        """Be under way."""
        due = time.monotonic() + 0.005 + self._chance.gammavariate(2.0, self._scale)
        self._free_at = max(self._free_at, due)
        await asyncio.sleep(self._free_at - time.monotonic())


class Device:
    """A device with a clock of its own, at the far end of two links."""

    def __init__(self, name: str, wire: aiohttp.ClientWebSocketResponse, chance: random.Random) -> None:
        self.name, self.wire = name, wire
        self.offset = chance.randint(-86_400_000_000, 86_400_000_000)
        mean = chance.uniform(10, 60)
        self.up, self.down = Link(chance, mean), Link(chance, mean * chance.uniform(0.7, 1.4))
        self.starts: asyncio.Queue[int] = asyncio.Queue()
        self.answers: asyncio.Queue[tuple[int, int]] = asyncio.Queue()
        self._arrived: asyncio.Queue[Json] = asyncio.Queue()

    def now(self) -> int:
        """What its clock shows."""
        return time.time_ns() // 1000 + self.offset

    async def read(self) -> None:
        """Take messages off the wire as they are sent."""
        async for message in self.wire:
            self._arrived.put_nowait(json.loads(message.data))

    async def hear(self) -> None:
        """Hear messages when they have come down the link."""
        while True:
            told = await self._arrived.get()
            await self.down.travel()
            if told["type"] == "heartbeat_ack":
                self.answers.put_nowait((told["payload"]["sent_at"], self.now()))
            elif told["type"] == "sync_event" and told["payload"]["event"] == "sync_playback":
                self.starts.put_nowait(told["payload"]["start_at_device_us"] - self.offset)
                await self.say("ack", {"command_id": told["payload"]["command_id"]}, None)

    async def say(self, sort: str, payload: Json, stamp: int | None) -> None:
        """Say something, which takes its time."""
        await self.up.travel()
        await self.wire.send_json({"type": sort, "payload": payload, "timestamp": stamp})

    async def beat(self) -> None:
        """Compare clocks, as often as a device does when it joins."""
        payload: Json = {}
        for _ in range(BEATS):
            await self.say("heartbeat", payload, self.now())
            sent_at, heard_at = await self.answers.get()
            payload = {"answer_sent_at": sent_at, "answer_received_at": heard_at}
            await asyncio.sleep(BETWEEN_BEATS)


async def measure(url: str, devices: int, trials: int, seed: int) -> list[float]:
    """How far the first and the last device were apart in each trial, in milliseconds."""
    async with aiohttp.ClientSession() as web:
        return [await _trial(web, url, devices, random.Random(seed + trial)) for trial in range(trials)]


async def _trial(web: aiohttp.ClientSession, url: str, devices: int, chance: random.Random) -> float:
    async def post(path: str, body: Json, token: str | None = None) -> Json:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        async with web.post(url + path, json=body, headers=headers) as answer:
            answer.raise_for_status()
            told: Json = await answer.json()
            return told

    owner = (await post("/api/v1/networks", {"name": "Bench"}))["network_token"]
    told = [
        await post("/v1/devices", {"name": f"device {n}", "device_type": "custom"}, owner)
        for n in range(devices)
    ]
    players = []
    for one in told:
        headers = {"Authorization": f"Bearer {one['auth_token']}"}
        wire = await web.ws_connect(f"ws{url.removeprefix('http')}/ws/{one['device_id']}", headers=headers)
        players.append(Device(one["device_id"], wire, chance))
    tasks = [asyncio.create_task(work()) for player in players for work in (player.read, player.hear)]
    await asyncio.gather(*(player.beat() for player in players))
    body = {
        "activity_type": "sync_playback",
        "device_ids": [player.name for player in players],
        "persona_id": "mira",
        "config": {"track": "rain"},
    }
    await post("/v1/coordination/group-activity", body, owner)
    starts = [await asyncio.wait_for(player.starts.get(), 30) for player in players]
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    for player in players:
        await player.wire.close()
    return (max(starts) - min(starts)) / 1000


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


async def _up(url: str) -> None:
    async with aiohttp.ClientSession() as web:
        for _ in range(600):
            try:
                async with web.get(f"{url}/api/v1/health"):
                    return
            except aiohttp.ClientError:
                await asyncio.sleep(0.2)
    raise SystemExit("the hub did not start")


def main() -> None:
    """Measure, and say what came of it."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else "")
    parser.add_argument("--devices", type=int, default=6)
    parser.add_argument("--trials", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    port = _free_port()
    with tempfile.TemporaryDirectory() as folder:
        mira = Path(sys.executable).with_name("mira")
        hub = subprocess.Popen(
            [str(mira), "serve", "--port", str(port), "--data-dir", folder], stdout=subprocess.DEVNULL
        )
        try:
            url = f"http://127.0.0.1:{port}"
            asyncio.run(_up(url))
            spreads = asyncio.run(measure(url, options.devices, options.trials, options.seed))
        finally:
            hub.kill()
            hub.wait()
    p50, p95 = np.percentile(spreads, [50, 95])
    sys.stdout.write(
        f"{options.trials} starts on {options.devices} devices: first to last {p50:.1f} ms (median), "
        f"{p95:.1f} ms (p95), {max(spreads):.1f} ms at most\n"
    )


if __name__ == "__main__":
    main()
