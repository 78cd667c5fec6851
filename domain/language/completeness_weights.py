"""The numbers of completeness.py, by `python -m benchmarks.turns --fit`."""

from collections.abc import Mapping
from typing import Final

CONSTANT: Final = -1.0094
WEIGHTS: Final[Mapping[str, float]] = {
    "leads on": -2.158,
    "may go on": -1.279,
    "answers": 2.230,
    "is polite at its end": 3.372,
    "is one word": 0.065,
    "is two words": 0.833,
    "ends with a preposition": -2.818,
    "ends with a transitive verb": -0.411,
    "ends with something like a capital": -0.993,
    "asks of one that is known": 4.704,
    "asks who did": 0.908,
    "the most of its kind": -1.714,
    "asks whether something is": -2.269,
    "plans": -2.013,
    "ends in a manner": 0.658,
    "is placed": -0.617,
    "is timed": 0.359,
    "has a clause": -0.247,
    "names something new": -1.063,
    "reminds of no time": -2.173,
    "ends what is known": 0.570,
    "shifts without a whither": -1.130,
    "asking, words": 0.614,
    "choosing, words": 0.259,
    "telling, words": 0.317,
    "part, words": -0.346,
    "is a formula": 3.541,
    "asking": 0.529,
    "asking, open": -2.228,
    "command": 0.063,
    "command, open": 0.082,
    "words": 0.508,
    "words, straight": 0.168,
    "lacks something": -2.046,
    "can be done at its time": 0.725,
    "asks, and takes nothing": 4.398,
}
