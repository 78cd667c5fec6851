"""A hub in memory, whose clock stands still until it is moved."""

import numpy as np
import pytest
import soundfile

from domain.audio.pcm import SAMPLE_RATE, Samples
from tests.application.household import Household
from tests.application.listening.hearing import SOUNDS, Ear
from tests.application.uploads.posting import Post, recorded


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


@pytest.fixture(scope="module")
def near() -> Samples:
    """A sentence as a microphone within reach hears it."""
    return recorded("slt")


@pytest.fixture(scope="module")
def far(near: Samples) -> Samples:
    """The same sentence, softer and in noise."""
    noise = np.random.default_rng(5).normal(0, 0.004, len(near))
    return (0.4 * near + noise).astype(np.float32)


@pytest.fixture
def post(hub: Household) -> Post:
    return Post(hub)
