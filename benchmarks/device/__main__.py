"""What a device costs, in silence and while somebody speaks all the time: memory, CPU, bytes to the hub.

python -m benchmarks.device --seconds 30
"""

import argparse
import asyncio
import os
import signal
import sys
import tempfile
from pathlib import Path

import numpy as np
import soundfile

from adapters.hub import Hub
from adapters.soundfiles.files import decode
from domain.audio.pcm import SAMPLE_RATE, Samples
from entrypoints.configuration import read_settings
from entrypoints.demo.command import SOUNDS
from entrypoints.demo.hub_process import hub_process

SETTLES = 8.0


def silence(seconds: float) -> Samples:
    """A quiet room."""
    return (1e-4 * np.random.default_rng(0).standard_normal(int(seconds * SAMPLE_RATE))).astype(np.float32)


def speech(seconds: float) -> Samples:
    """Somebody who does not stop."""
    said = np.concatenate([decode(path.read_bytes()).samples for path in sorted(SOUNDS.glob("*.flac"))])
    count = int(seconds * SAMPLE_RATE)
    return np.tile(said, count // len(said) + 1)[:count]


def cpu_seconds(pid: int) -> float:
    """How long a process has kept a core busy, in its own code and in the kernel's."""
    parts = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(parts[11]) + int(parts[12])) / os.sysconf("SC_CLK_TCK")


def memory(pid: int) -> tuple[float, float]:
    """Resident megabytes, and those that it shares with nobody or in proportion (PSS)."""
    rollup = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    found = {line.split(":")[0]: int(line.split()[1]) / 1000 for line in rollup if line.endswith("kB")}
    return found["Rss"], found["Pss"]


async def measure(name: str, microphone: str, url: str, code: str, folder: Path, seconds: float) -> None:
    """Run a device, let it settle, and look at it for a while."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "entrypoints.main", "device", "--url", url, "--pair", code),
        *("--data-dir", str(folder), "--status-file", str(folder) + ".json", "--log-level", "error"),
        *("--microphone", microphone, "--loudspeaker", "none"),
    )
    await asyncio.sleep(SETTLES)
    before = cpu_seconds(process.pid)
    await asyncio.sleep(seconds)
    cpu = (cpu_seconds(process.pid) - before) / seconds
    resident, proportional = memory(process.pid)
    process.send_signal(signal.SIGTERM)
    await process.wait()
    sys.stdout.write(
        f"{name:<8} {resident:5.0f} MB resident ({proportional:.0f} PSS), {100 * cpu:.1f} % of one core\n"
    )
    sys.stdout.flush()


async def main(seconds: float) -> None:
    """Measure both."""
    cache = str(read_settings([]).settings.cache_folder)
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        async with (
            hub_process(folder / "hub", "--cache-dir", cache, "--transcribers", "1") as hub,
            Hub(hub.url) as anyone,
        ):
            owner = anyone.bearing((await anyone.create_network("Home")).network_token)
            for name, heard in (("silence", silence), ("speech", speech)):
                file = folder / f"{name}.wav"
                soundfile.write(file, heard(SETTLES + seconds + 10), SAMPLE_RATE)
                code = (await owner.pairing_code()).code
                await measure(name, f"wav:{file}", hub.url, code, folder / name, seconds)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=30.0)
    asyncio.run(main(parser.parse_args().seconds))
