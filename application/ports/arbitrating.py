"""Agreeing among the instances of a hub on whose ears are used for a sentence."""

from typing import Protocol

from domain.audio.testimony import Ruling, Testimony
from domain.ids import NetworkId


class Bench(Protocol):
    """Where the sentences of a network are decided for all instances: one place a network, wherever that is.

    Whoever is told of is compared with what other instances tell of the same network, and of no other.
    """

    @property
    def alone(self) -> bool:
        """Whether there is no other instance to agree with, or none can be reached just now."""
        ...

    async def ask(self, network_id: NetworkId, told: Testimony) -> Ruling | None:
        """Tell how an utterance is heard here, and answer what it is in its sentence by now.

        None if nobody could be asked, however often that was tried; this instance then decides for itself.
        """
        ...
