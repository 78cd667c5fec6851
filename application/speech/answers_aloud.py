"""What the hub lets be heard just now: its ears must know, or it would answer itself."""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from typing import Final

from attrs import define, field, frozen

from application.ports.world import Clock
from domain.audio.pcm import Recording
from domain.audio.playback import Playback, PlaybackId
from domain.audio.quality import at_16k
from domain.ids import ClientId, InteractionId, NetworkId

MOST: Final = 8
"""So many answers wait for the ears of a network; older ones are let go of."""
MOST_KNOWN: Final = 1024
"""Of so many answers it is known who says them, and who asked."""


@frozen(kw_only=True)
class Aloud:
    """What is said aloud: the answer of which interaction (or another command), by whom, and who asked."""

    interaction_id: InteractionId
    client_id: ClientId
    asked_by: ClientId


@define(eq=False)
class AnswersAloud:
    """Keeps the sound of answers from when it is made until the ears of its network take it."""

    clock: Clock
    _made: dict[NetworkId, list[Playback]] = field(factory=dict, init=False)
    _about: OrderedDict[PlaybackId, Aloud] = field(factory=OrderedDict, init=False)

    def of(
        self,
        network_id: NetworkId,
        client_id: ClientId,
        interaction_id: InteractionId,
        *,
        asked_by: ClientId,
    ) -> Callable[[Recording], Awaitable[None]]:
        """Whom to let know of an answer that a client plays for who asked, piece by piece as it grows.

        One that another client says already is told once more: that is another sound to the ears.
        """
        grown: list[Playback] = []
        id_ = PlaybackId(interaction_id)
        if id_ in self._about:
            id_ = PlaybackId(f"{interaction_id} {client_id}")
        self._note(id_, Aloud(interaction_id=interaction_id, client_id=client_id, asked_by=asked_by))

        async def let_know(piece: Recording) -> None:
            samples = at_16k(piece.samples, piece.sample_rate)
            if grown:
                playback = await asyncio.to_thread(grown[-1].longer, samples)
            else:
                told_at = self.clock.micros()
                playback = await asyncio.to_thread(Playback.of, id_, client_id, told_at, samples)
            grown[:] = [playback]
            self._keep(network_id, playback)

        return let_know

    def about(self, playback_id: PlaybackId) -> Aloud | None:
        """What it is that is said; None once that is long past."""
        return self._about.get(playback_id)

    def knows(self, interaction_id: InteractionId, client_id: ClientId) -> bool:
        """Whether the ears were let know that a client says an answer."""
        known = (
            self._about.get(PlaybackId(id_)) for id_ in (interaction_id, f"{interaction_id} {client_id}")
        )
        return any(one is not None and one.client_id == client_id for one in known)

    def take(self, network_id: NetworkId) -> list[Playback]:
        """What was made since the last time."""
        return self._made.pop(network_id, [])

    def _note(self, playback_id: PlaybackId, aloud: Aloud) -> None:
        self._about[playback_id] = aloud
        while len(self._about) > MOST_KNOWN:
            self._about.popitem(last=False)

    def _keep(self, network_id: NetworkId, playback: Playback) -> None:
        now = self.clock.micros()
        waiting = [one for one in self._made.get(network_id, []) if one.over_at > now]
        others = [one for one in waiting if one.id != playback.id]
        self._made[network_id] = [*others, playback][-MOST:]
