"""Fitted networks written as the text that domain.audio.coefficients reads."""

from collections.abc import Mapping
from typing import Final

import numpy as np

from benchmarks.microphone.network import Network

LEAST: Final = 1e-3
"""A hidden unit that can move the estimate by less is left out."""
HEAD: Final = '''"""What the networks weigh: written by `python -m benchmarks.microphone fit`, never by hand.

Each row is a measure: its name, mean, deviation, how many deviations it may count upwards (downwards it
is 3), its weight in the straight sum, then its weight in each hidden unit. The last rows are the units'
offsets, their weights in the sum, and the constant.
"""

from typing import Final

'''


def table(network: Network, names: tuple[str, ...]) -> str:
    """A network's rows of text."""
    rows = []
    used = np.abs(network.out) >= LEAST
    for index, name in enumerate(names):
        standard = (network.means[index], network.deviations[index], network.highest[index])
        weights = (network.plain[index], *network.hidden[index][used])
        rows.append(" ".join([name, *(f"{value:.5g}" for value in standard), *map(_short, weights)]))
    rows.append(" ".join(["offsets", *map(_short, network.offsets[used])]))
    rows.append(" ".join(["out", *map(_short, network.out[used])]))
    rows.append(f"constant {network.constant:.6f}")
    return "\n".join(rows)


def _short(value: float) -> str:
    return f"{value:.3f}".replace("0.", ".", 1)


def module(tables: Mapping[str, str]) -> str:
    """The whole module of constants."""
    parts = [f'{name}: Final = """\n{text}\n"""\n' for name, text in tables.items()]
    return HEAD + "".join(parts)
