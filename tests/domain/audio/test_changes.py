"""How the level of a stream changes."""

import numpy as np
import pytest

from domain.audio.changes import LAGS, LOWEST_STEP_DB, RING_SIZE, STEP_DB, STEPS, follow_changes


def followed(levels: list[float]) -> np.ndarray:
    ring, sums = np.zeros(RING_SIZE), np.zeros(len(LAGS) * STEPS)
    for level in levels:
        follow_changes(ring, sums, level, 1.0)
    return sums.reshape(len(LAGS), STEPS)


def test_changes_are_counted_as_numpy_does() -> None:
    levels = np.random.default_rng(3).uniform(-80.0, 0.0, 200)
    edges = LOWEST_STEP_DB + STEP_DB * np.arange(STEPS + 1)
    for lag, counted in zip(LAGS, followed(levels.tolist()), strict=True):
        changes = np.clip(levels[lag:] - levels[:-lag], edges[0], edges[-1] - 1e-9)
        assert counted == pytest.approx(np.histogram(changes, edges)[0])


@pytest.mark.parametrize("count", [0, 1, 2, 5, 20, 21])
def test_nothing_is_counted_before_there_is_something_to_compare_with(count: int) -> None:
    assert followed([0.0] * count).sum(axis=1).tolist() == [max(0, count - lag) for lag in LAGS]
