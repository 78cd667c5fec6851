"""The numbers of completeness.py, by `python -m benchmarks.turns --fit`."""

from collections.abc import Mapping
from typing import Final

CONSTANT: Final = -1.0658
WEIGHTS: Final[Mapping[str, float]] = {
    "leads on": -2.041,
    "may go on": -1.201,
    "answers": 2.191,
    "is polite at its end": 3.380,
    "is one word": 0.086,
    "is two words": 0.859,
    "ends with a preposition": -2.728,
    "ends with a transitive verb": -0.327,
    "ends with something like a capital": -1.049,
    "asks of one that is known": 4.820,
    "asks who did": 0.968,
    "the most of its kind": -1.637,
    "asks whether something is": -2.162,
    "plans": -1.967,
    "ends in a manner": 0.689,
    "is placed": -0.621,
    "is timed": 0.378,
    "has a clause": -0.252,
    "names something new": -1.020,
    "reminds of no time": -2.146,
    "ends what is known": 0.605,
    "shifts without a whither": -1.053,
    "asking, words": 0.592,
    "choosing, words": 0.197,
    "telling, words": 0.274,
    "part, words": -0.383,
    "is a formula": 3.635,
    "asking": 0.495,
    "asking, open": -2.249,
    "command": 0.000,
    "command, open": 0.044,
    "words": 0.605,
    "words, straight": 0.159,
    "lacks something": -2.015,
    "can be done at its time": 0.568,
    "asks, and takes nothing": 4.466,
}
