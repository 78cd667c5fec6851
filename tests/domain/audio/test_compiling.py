"""No kernel stays as it was when its source changes."""

from pathlib import Path

import domain.audio
from domain.audio.compiling import SOURCES

FOLDER = Path(domain.audio.__file__).parent


def test_machine_code_is_as_old_as_the_sources_of_all_kernels() -> None:
    kernels = {path.name for path in FOLDER.glob("*.py") if "\n@compiled\n" in path.read_text()}
    assert kernels
    assert kernels == set(SOURCES)
