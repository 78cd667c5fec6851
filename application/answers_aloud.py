"""What the hub lets be heard just now: its ears must know, or it would answer itself."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final

from attrs import define, field

from application.ports.world import Clock
from domain.audio.pcm import Recording
from domain.audio.playback import Playback, PlaybackId
from domain.audio.quality import at_16k
from domain.ids import ClientId, InteractionId, NetworkId

MOST: Final = 8
"""So many answers wait for the ears of a network; older ones are let go of."""


@define(eq=False)
class AnswersAloud:
    """Keeps the sound of answers from when it is made until the ears of its network take it.

    Live sound is not shared: the instance that makes an answer is the one whose ears know it.
    """

    clock: Clock
    _made: dict[NetworkId, list[Playback]] = field(factory=dict, init=False)

    def of(
        self, network_id: NetworkId, client_id: ClientId, interaction_id: InteractionId
    ) -> Callable[[Recording], Awaitable[None]]:
        """Whom to let know of an answer that a client is to play, piece by piece as it grows."""
        grown: list[Playback] = []

        async def let_know(piece: Recording) -> None:
            samples = at_16k(piece.samples, piece.sample_rate)
            if grown:
                playback = await asyncio.to_thread(grown[-1].longer, samples)
            else:
                told_at, id_ = self.clock.micros(), PlaybackId(interaction_id)
                playback = await asyncio.to_thread(Playback.of, id_, client_id, told_at, samples)
            grown[:] = [playback]
            self._keep(network_id, playback)

        return let_know

    def take(self, network_id: NetworkId) -> list[Playback]:
        """What was made since the last time."""
        return self._made.pop(network_id, [])

    def _keep(self, network_id: NetworkId, playback: Playback) -> None:
        now = self.clock.micros()
        waiting = [one for one in self._made.get(network_id, []) if one.over_at > now]
        others = [one for one in waiting if one.id != playback.id]
        self._made[network_id] = [*others, playback][-MOST:]
