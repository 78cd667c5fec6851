"""The speech model, built once and kept between runs, and recordings of speech."""

from collections.abc import Callable
from pathlib import Path

import pytest

from adapters.pocketsphinx.model import SpeechModel, build
from adapters.soundfiles.files import decode
from domain.audio.pcm import Recording

SOUNDS = Path(__file__).parents[2] / "sounds"
DEMO = Path(__file__).parents[3] / "entrypoints" / "demo_sounds"


@pytest.fixture(scope="session")
def cache(pytestconfig: pytest.Config) -> Path:
    folder = Path(pytestconfig.cache.mkdir("speech"))
    build(folder)
    return folder


@pytest.fixture(scope="session")
def model(cache: Path) -> SpeechModel:
    return build(cache)


@pytest.fixture(scope="session")
def sound() -> Callable[[str], Recording]:
    def read(name: str) -> Recording:
        folder = DEMO if name in {"reminder", "calendar"} else SOUNDS
        file = name if folder is DEMO else f"speech_{name}"
        return decode((folder / f"{file}.flac").read_bytes())

    return read
