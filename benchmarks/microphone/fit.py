"""Fits the networks that estimate intelligibility, alone and together, SNR and clarity, and writes them."""

from pathlib import Path
from typing import Final

import numpy as np

import domain.audio
from benchmarks.microphone.examples import CLEAR_BY, MEASURES, PLAIN, TOLD_BY, WHOLE, Gathered
from benchmarks.microphone.network import Examples, Network, Numbers, fit, folded
from benchmarks.microphone.told import Scale, fit_told
from benchmarks.microphone.writing import module, table
from domain.audio.together import INPUTS, inputs

FAR: Final = {"drop": 12.0}
"""How many deviations count upwards, where it is not 3."""
NETWORKS: Final = 5
UNITS: Final = 12
EPOCHS: Final = 120
TOGETHER_UNITS: Final = 8
TOGETHER_EPOCHS: Final = 60
MODULES: Final = {"weights": ("INTELLIGIBILITY", "TOGETHER"), "room_weights": ("SNR", "C50")}
"""Where the domain keeps which networks."""
LADDERS_WEIGH: Final = 2.0
FORMANT_WEIGHS: Final = 2.0
"""Formant voices are few among the examples."""
SNR_DB: Final = Scale(lowest=-5.0, highest=40.0)
C50_DB: Final = Scale(lowest=-2.0, highest=15.0)
"""The ends of what people are shown."""


def _alone(gathered: Gathered) -> Examples:
    """Intelligibility of streams by their own measures."""
    weights = np.where(gathered.formant, FORMANT_WEIGHS, 1.0)
    weights[len(weights) - gathered.ladders :] = LADDERS_WEIGH
    return Examples(
        measures=gathered.measures,
        truths=gathered.truths[:, 0],
        scenes=gathered.scenes,
        weights=weights,
        ladders=gathered.ladders,
    )


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


def _rooms(gathered: Gathered) -> tuple[Network, Network]:
    """What tells SNR and C50 of streams by whole sentences, whatever their devices do to them."""
    count = len(gathered.sixths)
    _, snr, c50 = gathered.truths[:count].T
    whole = gathered.measures[WHOLE][:count]
    clear = whole[:, [MEASURES.index(name) for name in CLEAR_BY]]
    every = np.column_stack([whole[:, : len(PLAIN)], gathered.sixths])
    return fit_told(every, snr, SNR_DB), fit_told(clear, c50, C50_DB)


def networks(gathered: Gathered) -> dict[str, tuple[Network, tuple[str, ...]]]:
    """Every network by the name of its table, with its measures' names."""
    highest = np.array([FAR.get(name, 3.0) for name in MEASURES])
    examples = _alone(gathered)
    alone = folded([fit(examples, highest, UNITS, EPOCHS, seed) for seed in range(NETWORKS)])
    compared = _together(gathered, alone)
    three: Numbers = np.full(len(INPUTS), 3.0)
    together = folded(
        [fit(compared, three, TOGETHER_UNITS, TOGETHER_EPOCHS, seed) for seed in range(NETWORKS)]
    )
    snr, c50 = _rooms(gathered)
    return {
        "INTELLIGIBILITY": (alone, MEASURES),
        "TOGETHER": (together, INPUTS),
        "SNR": (snr, TOLD_BY),
        "C50": (c50, CLEAR_BY),
    }


def write(examples: Path) -> list[Path]:
    """Fit to a file of examples, and write the domain's weights anew; return the paths."""
    gathered = Gathered.load(examples)
    tables = {name: table(*fitted) for name, fitted in networks(gathered).items()}
    paths = []
    for name, kept in MODULES.items():
        path = Path(domain.audio.__file__).with_name(f"{name}.py")
        path.write_text(module({network: tables[network] for network in kept}), encoding="utf-8")
        paths.append(path)
    return paths
