"""A hub in memory, whose clock stands still until it is moved."""

import numpy as np
import pytest
import soundfile

from domain.audio.pcm import SAMPLE_RATE, Samples
from tests.application.hearing import SOUNDS, Ear
from tests.application.household import Household


@pytest.fixture
def hub() -> Household:
    """A hub with nothing in it."""
    return Household()


@pytest.fixture(scope="module")
def sentence() -> Samples:
    """A sentence, with a second of silence before it and two behind."""
    spoken, _ = soundfile.read(SOUNDS / "slt.flac", dtype="float32")
    return np.concatenate([np.zeros(SAMPLE_RATE), spoken, np.zeros(2 * SAMPLE_RATE)]).astype(np.float32)


@pytest.fixture
def ear(hub: Household) -> Ear:
    return Ear(hub)
