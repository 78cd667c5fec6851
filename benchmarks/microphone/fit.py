"""Fits the networks that estimate intelligibility, alone and together, SNR and clarity, and writes them."""

from pathlib import Path
from typing import Final

import numpy as np

import domain.audio
from benchmarks.microphone.examples import MEASURES, WHOLE, Gathered
from benchmarks.microphone.network import Examples, Network, Numbers, fit
from benchmarks.microphone.writing import module, table
from domain.audio.together import INPUTS, inputs

FAR: Final = {"drop": 12.0}
"""How many deviations count upwards, where it is not 3."""
UNITS: Final = 16
EPOCHS: Final = 120
TOGETHER_UNITS: Final = 8
TOGETHER_EPOCHS: Final = 60
ROOM_UNITS: Final = 12
ROOM_EPOCHS: Final = 60
LADDERS_WEIGH: Final = 4.0
FORMANT_WEIGHS: Final = 2.0
"""Formant voices are few among the examples."""
SCALE_DB: Final = {"snr": 20.0, "c50": 10.0}
COLUMN: Final = {"snr": 1, "c50": 2}


def _alone(gathered: Gathered) -> Examples:
    """Intelligibility of streams by their own measures."""
    weights = np.where(gathered.formant, FORMANT_WEIGHS, 1.0)
    weights[len(weights) - gathered.ladders :] = LADDERS_WEIGH
    return Examples(
        measures=gathered.measures, truths=gathered.truths[:, 0], scenes=gathered.scenes, weights=weights
    )


def _renumbered(places: np.ndarray) -> np.ndarray:
    return np.unique(places, return_inverse=True)[1].astype(np.int64)


def _together(gathered: Gathered, alone: Network) -> Examples:
    """Intelligibility of streams in sight of each other; a stream that was not compared is as the mean."""
    count = len(next(iter(gathered.differences.values())))
    places = gathered.scenes[:count]
    rows = {}
    for name, differences in gathered.differences.items():
        estimates = alone.of(gathered.measures[name][:count])
        table_of = np.zeros((count, len(INPUTS)))
        for scene in range(places.max() + 1):
            own = np.flatnonzero(places == scene)
            usable = own[~np.isnan(differences[own, 0])]
            table_of[own, 0] = estimates[own]
            if len(usable):
                table_of[usable] = inputs(estimates[usable], differences[usable])
        rows[name] = table_of
    weights = np.where(gathered.formant[: places.max() + 1], FORMANT_WEIGHS, 1.0)
    return Examples(measures=rows, truths=gathered.truths[:count, 0], scenes=places, weights=weights)


def _room(gathered: Gathered, kind: str) -> Examples:
    """SNR or C50 of streams by whole sentences, where it is known."""
    truths = gathered.truths[:, COLUMN[kind]]
    known = ~np.isnan(truths)
    places = _renumbered(gathered.scenes[known])
    return Examples(
        measures={WHOLE: gathered.measures[WHOLE][known]},
        truths=truths[known] / SCALE_DB[kind],
        scenes=places,
        weights=np.ones(places.max() + 1),
    )


def networks(gathered: Gathered) -> dict[str, tuple[Network, tuple[str, ...], float]]:
    """Every network by the name of its table, with its measures' names and the scale of what it tells."""
    highest = np.array([FAR.get(name, 3.0) for name in MEASURES])
    alone = fit(_alone(gathered), highest, UNITS, EPOCHS, seed=0)
    three: Numbers = np.full(len(INPUTS), 3.0)
    together = fit(_together(gathered, alone), three, TOGETHER_UNITS, TOGETHER_EPOCHS, seed=0)
    fitted = {"INTELLIGIBILITY": (alone, MEASURES, 1.0), "TOGETHER": (together, INPUTS, 1.0)}
    for kind, scale in SCALE_DB.items():
        room = fit(_room(gathered, kind), highest, ROOM_UNITS, ROOM_EPOCHS, seed=0, regret=0.0)
        fitted[kind.upper()] = (room, MEASURES, scale)
    return fitted


def write(examples: Path) -> Path:
    """Fit to a file of examples, and write domain.audio.weights anew; return its path."""
    gathered = Gathered.load(examples)
    tables = {name: table(*fitted) for name, fitted in networks(gathered).items()}
    path = Path(domain.audio.__file__).with_name("weights.py")
    path.write_text(module(tables), encoding="utf-8")
    return path
