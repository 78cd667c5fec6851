"""A room with a microphone on each of three hubs, and what each hears of one sentence."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Final

import numpy as np
from attrs import frozen

from adapters.hub.answers import NewNetwork
from adapters.hub.client import Hub
from adapters.hub.network_socket import NetworkSocket
from adapters.soundfiles.files import decode
from domain.audio.pcm import SAMPLE_RATE, Samples
from entrypoints.demo.command import SOUNDS
from tests.journeys.cluster import Cluster, Told, noting

PLACES: Final = ("table", "shelf", "door")


@frozen
class Microphone:
    """A client's socket on one of the hubs, and what that client was told."""

    socket: NetworkSocket
    told: Told


@frozen
class Room:
    """A network with a microphone on each hub."""

    network: NewNetwork
    owner: Hub
    microphones: list[Microphone]


@asynccontextmanager
async def room_on(cluster: Cluster) -> AsyncIterator[Room]:
    """Open a network, and connect a client to each of the hubs."""
    async with AsyncExitStack() as stack:
        hubs = [await stack.enter_async_context(Hub(cluster.hubs[number].url)) for number in range(3)]
        network = await hubs[0].create_network("Office")
        owner, microphones = hubs[1].bearing(network.network_token), []
        for place, hub in zip(PLACES, hubs, strict=True):
            client = await owner.register_client(network.network_id, place, "mobile")
            opening = hub.socket(network.network_id, place, client.client_token)
            socket = await stack.enter_async_context(opening)
            microphones.append(Microphone(socket, await stack.enter_async_context(noting(socket))))
        yield Room(network, owner, microphones)


def heard(places: str) -> list[Samples]:
    """A request, as each of the places hears it that are named: near, noisy or noisier."""
    spoken = decode((SOUNDS / "reminder.flac").read_bytes()).samples
    silence = np.zeros(SAMPLE_RATE // 2, dtype=np.float32)
    dry = 0.7 * np.concatenate([silence, spoken, silence, silence])
    ways = {"near": (1.0, 0.0005), "noisy": (0.5, 0.004), "noisier": (0.5, 0.006)}
    return [_with_noise(ways[place][0] * dry, ways[place][1]) for place in places.split()]


def _with_noise(sound: Samples, level: float) -> Samples:
    random = np.random.default_rng(7)
    return (sound + level * random.standard_normal(len(sound))).astype(np.float32)
