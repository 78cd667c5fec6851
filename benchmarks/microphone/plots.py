"""The pictures that the documentation shows, drawn from one run."""

from itertools import pairwise
from pathlib import Path
from typing import Final

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from benchmarks.microphone.ladders import LADDERS
from benchmarks.microphone.scoreboard import Row

Numbers = NDArray[np.float64]
INK: Final = "#334155"
ACCENT: Final = "#0f766e"
OTHERS: Final = ("#94a3b8", "#d97706", "#7c3aed", "#be123c", "#2563eb", "#65a30d", "#a16207", "#0f172a")
mpl.rcParams.update(
    {"svg.hashsalt": "mira", "svg.fonttype": "none", "font.family": "sans-serif", "axes.edgecolor": INK}
)


def _saved(drawing: Figure, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    drawing.savefig(path, format="svg", metadata={"Date": None}, bbox_inches="tight")


def _plain(axes: Axes) -> None:
    axes.spines[["top", "right"]].set_visible(False)
    axes.grid(axis="y", color="#e2e8f0")
    axes.set_axisbelow(True)


def draw_over_time(by_window: dict[float, dict[str, Row]], path: Path) -> None:
    """How often the best device is found, by how much of the sentence was heard."""
    drawing = Figure(figsize=(7, 4))
    axes = drawing.add_subplot()
    windows = sorted(by_window)
    for index, name in enumerate(by_window[windows[-1]]):
        ours = name.startswith("Mira")
        color = ACCENT if ours else OTHERS[index % len(OTHERS)]
        rows = [by_window[window][name].top1 for window in windows]
        style, width = ("o--" if name == "Mira" else "o-"), (2.5 if ours else 1.2)
        axes.plot(windows, [row.value for row in rows], style, color=color, label=name, lw=width)
        if ours:
            axes.fill_between(windows, [r.low for r in rows], [r.high for r in rows], color=color, alpha=0.12)
    axes.set(xlabel="seconds of the sentence heard", ylabel="best device found", ylim=(0, 1))
    axes.legend(frameon=False, fontsize=8, bbox_to_anchor=(1, 1), loc="upper left")
    _plain(axes)
    _saved(drawing, path)


def draw_ladders(climbed: dict[str, Numbers], path: Path) -> None:
    """Scores as sound gets worse, step by step: every stream thin, the median thick."""
    drawing = Figure(figsize=(9, 5.2), layout="constrained")
    for index, (name, scores) in enumerate(climbed.items()):
        axes = drawing.add_subplot(2, 3, index + 1)
        steps = [f"{amount:g}" for amount in LADDERS[name][1]]
        axes.plot(steps, scores.T, color=ACCENT, alpha=0.15, lw=0.8)
        axes.plot(steps, np.median(scores, axis=0), "o-", color=ACCENT, lw=2.5)
        axes.set_title(name, fontsize=9)
        axes.set_ylim(0, 10)
        _plain(axes)
    drawing.supylabel("score", fontsize=9)
    _saved(drawing, path)


def draw_calibration(scores: Numbers, truths: Numbers, path: Path) -> None:
    """What a score means: the true intelligibility of the streams that got it."""
    drawing = Figure(figsize=(6, 4))
    axes = drawing.add_subplot()
    axes.scatter(scores, truths, s=5, color=OTHERS[0], alpha=0.4, linewidths=0)
    edges = np.linspace(0, 10, 11)
    for low, high in pairwise(edges):
        inside = truths[(scores >= low) & (scores <= high)]
        if len(inside) > 4:
            quarter, middle, rest = np.percentile(inside, [25, 50, 75])
            axes.plot([(low + high) / 2] * 2, [quarter, rest], color=ACCENT, lw=2)
            axes.plot((low + high) / 2, middle, "o", color=ACCENT)
    axes.set(xlabel="Mira's score", ylabel="ESTOI against the clean speech", xlim=(0, 10))
    _plain(axes)
    _saved(drawing, path)
