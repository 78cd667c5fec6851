"""Draw the dashboard's live screen on a real hub, while three devices hear a sentence."""

import asyncio
import sys
import tempfile
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Final

import soundfile

from adapters.hub import Hub, NetworkSocket
from domain.audio.pcm import SAMPLE_RATE, Samples
from entrypoints.demo.hub_process import hub_process
from entrypoints.demo.rooms import MICROPHONES, heard_at
from tui.app import Dashboard
from tui.link import Link
from tui.picture import Picture
from tui.screenshot import draw

NAMES: Final = ("Haus am See", "Practice Dr. White", "Workshop 3", "Café Lindgren")
SPEECH: Final = ("speech_pills.flac", "speech_haircut.flac", "speech_calendar.flac")
SOUNDS: Final = Path(__file__).parents[2] / "tests" / "sounds"
FRAME: Final = 800


async def household(hub: Hub, name: str, stack: AsyncExitStack) -> dict[str, NetworkSocket]:
    """A network with three connected devices, by name."""
    made = await hub.create_network(name)
    owner = hub.bearing(made.network_token)
    sockets = {}
    for microphone in MICROPHONES:
        client = await owner.register_client(
            made.network_id, microphone.client_id, microphone.device_type, capabilities=["audio"]
        )
        socket = hub.socket(made.network_id, microphone.client_id, client.client_token)
        sockets[microphone.client_id] = await stack.enter_async_context(socket)
    return sockets


async def say(sockets: dict[str, NetworkSocket], speech: Samples, seed: int) -> None:
    """Let all devices of a household hear a sentence, as it is said."""
    heard = {one.client_id: heard_at(one, speech, seed) for one in MICROPHONES}
    length = len(next(iter(heard.values())))
    began = asyncio.get_running_loop().time()
    for start in range(0, length, FRAME):
        for client_id, socket in sockets.items():
            await socket.send_audio(heard[client_id][start : start + FRAME])
        due = began + (start + FRAME) / SAMPLE_RATE
        await asyncio.sleep(max(0.0, due - asyncio.get_running_loop().time()))


async def talk(sockets: dict[str, NetworkSocket]) -> None:
    """Say one sentence after the other."""
    seed = 0
    while True:
        for name in SPEECH:
            speech, _ = soundfile.read(SOUNDS / name, dtype="float32")
            await say(sockets, speech, seed := seed + 1)
            await asyncio.sleep(1.0)


async def main(path: Path) -> None:
    """Run a hub with a few households, one of which talks, and draw it."""
    with tempfile.TemporaryDirectory(prefix="mira-picture-") as folder:
        async with hub_process(Path(folder)) as process, AsyncExitStack() as stack:
            token = (Path(folder) / "operator.token").read_text()
            hub = await stack.enter_async_context(Hub(process.url, token))
            homes = [await household(hub, name, stack) for name in NAMES]
            talking = [asyncio.create_task(talk(home)) for home in homes[:1]]
            await asyncio.sleep(10)
            dashboard = Dashboard(Link(process.url, token, Picture()))
            await draw(dashboard, path, size=(120, 36), after=16.0, keys=("t",))
            for task in talking:
                task.cancel()
            await asyncio.gather(*talking, return_exceptions=True)


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1])))
