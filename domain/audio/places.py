"""What a household's own past says about who hears a talker best.

Devices stay where they are, and so, for most of the time, do people. How loud each device hears a
sentence against the others depends on where the talker stands, and hardly on the words: after a fifth
of a second it is known well enough to find the sentences that were said from there before, and with
them how well each device heard those.
"""

import math
from collections import deque
from collections.abc import Mapping
from typing import Final

from attrs import frozen

from domain.ids import ClientId

REMEMBERED: Final = 24
"""So many sentences are remembered."""
ALIKE_DB: Final = 5.0
"""Two sentences whose levels differ by this, on average over devices, may well be of one place."""
AGED: Final = 0.93
"""What a sentence counts for when another has been said since."""


@frozen(kw_only=True)
class Heard:
    """How one device heard one sentence."""

    level: float
    """Of speech, in dB."""
    estimate: float
    """q over the whole sentence."""


@frozen(kw_only=True)
class Expected:
    """How well a device heard what was said from about the same place."""

    estimate: float
    weight: float
    """How many sentences that stands on; older ones and those from elsewhere count for less than one."""


class Places:
    """The last sentences of a household, as each device heard them."""

    def __init__(self) -> None:
        self._sentences: Final[deque[Mapping[ClientId, Heard]]] = deque(maxlen=REMEMBERED)

    def remember(self, sentence: Mapping[ClientId, Heard]) -> None:
        """A sentence is over; where fewer than two devices heard it, there is nothing to learn."""
        if len(sentence) > 1:
            self._sentences.append(dict(sentence))

    def expect(self, levels: Mapping[ClientId, float]) -> dict[ClientId, Expected]:
        """What is to be expected of each device, by the levels (dB) at which they hear a talker now."""
        sums: dict[ClientId, float] = {}
        weights: dict[ClientId, float] = {}
        for age, sentence in enumerate(reversed(self._sentences)):
            weight = AGED**age * _alike(levels, sentence)
            for client_id in levels.keys() & sentence.keys():
                sums[client_id] = sums.get(client_id, 0.0) + weight * sentence[client_id].estimate
                weights[client_id] = weights.get(client_id, 0.0) + weight
        return {
            client_id: Expected(estimate=sums[client_id] / weight, weight=weight)
            for client_id, weight in weights.items()
            if weight > 0.0
        }


def _alike(levels: Mapping[ClientId, float], sentence: Mapping[ClientId, Heard]) -> float:
    """How likely two sentences are of one place, 0..1, whatever the loudness of the talker."""
    common = levels.keys() & sentence.keys()
    if len(common) < 2:
        return 0.0
    differences = [levels[client_id] - sentence[client_id].level for client_id in common]
    middle = sum(differences) / len(differences)
    spread = sum((each - middle) ** 2 for each in differences) / (len(differences) - 1)
    return math.exp(-spread / (2.0 * ALIKE_DB**2))
