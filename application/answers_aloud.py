"""What the hub lets be heard just now: its ears must know, or it would answer itself."""

import asyncio
from collections import OrderedDict
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
MOST_ASKERS: Final = 1024
"""Of so many answers it is known who asked."""


@define(eq=False)
class AnswersAloud:
    """Keeps the sound of answers from when it is made until the ears of its network take it.

    Live sound is not shared: the instance that makes an answer is the one whose ears know it.
    """

    clock: Clock
    _made: dict[NetworkId, list[Playback]] = field(factory=dict, init=False)
    _asked_by: OrderedDict[PlaybackId, ClientId] = field(factory=OrderedDict, init=False)

    def of(
        self,
        network_id: NetworkId,
        client_id: ClientId,
        interaction_id: InteractionId,
        *,
        asked_by: ClientId,
    ) -> Callable[[Recording], Awaitable[None]]:
        """Whom to let know of an answer that a client plays for who asked, piece by piece as it grows."""
        grown: list[Playback] = []
        self._note_asker(PlaybackId(interaction_id), asked_by)

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

    def asked_by(self, playback_id: PlaybackId) -> ClientId | None:
        """Which client an answer is for, whoever plays it; None once that is long past."""
        return self._asked_by.get(playback_id)

    def take(self, network_id: NetworkId) -> list[Playback]:
        """What was made since the last time."""
        return self._made.pop(network_id, [])

    def _note_asker(self, playback_id: PlaybackId, client_id: ClientId) -> None:
        self._asked_by[playback_id] = client_id
        while len(self._asked_by) > MOST_ASKERS:
            self._asked_by.popitem(last=False)

    def _keep(self, network_id: NetworkId, playback: Playback) -> None:
        now = self.clock.micros()
        waiting = [one for one in self._made.get(network_id, []) if one.over_at > now]
        others = [one for one in waiting if one.id != playback.id]
        self._made[network_id] = [*others, playback][-MOST:]
