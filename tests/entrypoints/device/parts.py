"""A device whose parts are in the test's hands, at a real hub's socket."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import numpy as np
from attrs import define, field, frozen

from adapters.hardware.standins import NoButtons, NoLights
from adapters.hub import Hub
from adapters.hub.clocks import micros
from application.networks.clients import RegisteredClient
from application.ports.hardware import Buttons, Lights, Touch
from domain.audio.gate import BLOCK, HeardBlock
from domain.audio.pcm import SAMPLE_RATE, Samples
from domain.networks import Network
from entrypoints.device.identity import Identity
from entrypoints.device.options import read_options
from entrypoints.device.parts import Parts
from entrypoints.device.runtime import Device
from entrypoints.device.status import Status
from tests.adapters.hub.cable import Cable, cable_to
from tests.adapters.websocket.house import House
from tests.patience import PATIENCE

BLOCK_MICROS = BLOCK * 1_000_000 // SAMPLE_RATE


@define(eq=False)
class Microphone:
    """Hears what the test lets it hear."""

    waiting: "asyncio.Queue[HeardBlock]" = field(factory=asyncio.Queue)
    ends_at: int = 0

    async def blocks(self) -> AsyncIterator[HeardBlock]:
        while True:
            yield await self.waiting.get()

    async def hear(self, samples: Samples) -> dict[int, Samples]:
        """Let it hear something, as soon as it can have been; the blocks by the times of their beginnings."""
        count = len(samples) // BLOCK
        start = max(self.ends_at, micros() - count * BLOCK_MICROS)
        await asyncio.sleep(max(0, start + count * BLOCK_MICROS - micros()) / 1_000_000)
        heard = {start + n * BLOCK_MICROS: samples[n * BLOCK : (n + 1) * BLOCK] for n in range(count)}
        self.ends_at = start + count * BLOCK_MICROS
        for captured_at, piece in heard.items():
            self.waiting.put_nowait(HeardBlock(captured_at=captured_at, samples=piece))
        return heard


@define(eq=False)
class Played:
    """What a loudspeaker has played: since when, when it was to begin, how much, and whether it was cut."""

    began: int
    starts_at: int | None
    seconds: float = 0.0
    cut: bool = False


@define(eq=False)
class Loudspeaker:
    """Plays as slowly as it would be heard, and remembers it."""

    played: list[Played] = field(factory=list)

    async def play(
        self, sound: AsyncIterator[Samples], sample_rate: int, *, starts_at: int | None = None
    ) -> None:
        await asyncio.sleep(max(0, (starts_at or 0) - micros()) / 1_000_000)
        now = Played(micros(), starts_at)
        self.played.append(now)
        try:
            async for piece in sound:
                await asyncio.sleep(len(piece) / sample_rate)
                now.seconds += len(piece) / sample_rate
        except asyncio.CancelledError:
            now.cut = True
            raise


@define(eq=False)
class Fingertips:
    """Buttons that the test presses."""

    waiting: "asyncio.Queue[Touch]" = field(factory=asyncio.Queue)

    async def touches(self) -> AsyncIterator[Touch]:
        while True:
            yield await self.waiting.get()

    def touch(self, button: str, *, down: bool) -> None:
        self.waiting.put_nowait(Touch(button=button, down=down))


@frozen(kw_only=True)
class Trial:
    """A living device, its parts, and the network that it is in."""

    house: House
    network: Network
    device: RegisteredClient
    owner: Hub
    cable: Cable
    status: Status
    folder: Path
    microphone: Microphone
    loudspeaker: Loudspeaker
    life: "asyncio.Task[None]"

    @property
    def device_id(self) -> str:
        return self.device.client.id

    def heard(self) -> list[tuple[int | None, Samples]]:
        """What the hub has heard of it."""
        return self.house.ears.sound.get((self.network.id, self.device.client.id), [])


@asynccontextmanager
async def living(
    house: House,
    folder: Path,
    *options: str,
    buttons: Buttons | None = None,
    lights: Lights | None = None,
) -> AsyncIterator[Trial]:
    """A device that lives while the block lasts, behind a cable that can be cut."""
    network = await house.network()
    capabilities = ("audio_input", "audio_output", "buttons", "leds")
    registered = await house.client(
        network, "dev_kitchen", device_type="raspberry_pi", capabilities=capabilities, room="Kitchen"
    )
    stop, microphone, loudspeaker = asyncio.Event(), Microphone(), Loudspeaker()
    parts = Parts(
        microphone=microphone,
        loudspeaker=loudspeaker,
        buttons=buttons or NoButtons(),
        lights=lights or NoLights(),
    )
    async with cable_to(house.url) as cable, Hub(house.url, house.tokens.network(network)) as owner:
        identity = Identity(hub=cable.url, device_id=registered.client.id, token=registered.token)
        status = Status(hub=cable.url, device_id=identity.device_id)
        told = read_options(["--data-dir", str(folder), *options])
        device = Device(options=told, identity=identity, parts=parts, status=status)
        life = asyncio.create_task(device.run(stop))
        try:
            yield Trial(
                house=house,
                network=network,
                device=registered,
                owner=owner,
                cable=cable,
                status=status,
                folder=folder,
                microphone=microphone,
                loudspeaker=loudspeaker,
                life=life,
            )
        finally:
            stop.set()
            await asyncio.wait({life}, timeout=PATIENCE)
            assert life.done(), "it does not end"


def noise(seconds: float, level: float = 0.1) -> Samples:
    """Something loud that never repeats."""
    samples = np.random.default_rng(int(seconds * 1000)).standard_normal(int(seconds * SAMPLE_RATE))
    return (level * samples).astype(np.float32)


def silence(seconds: float) -> Samples:
    return np.zeros(int(seconds * SAMPLE_RATE), np.float32)
