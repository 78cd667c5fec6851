"""What `make setup` does once, so that no start has to: compile the kernels, build the speech model."""

import sys

from entrypoints.configuration import read_settings


def prepare(part: str) -> None:
    """Prepare the kernels or the speech model."""
    if part == "kernels":
        from domain.audio.warming import warm

        warm()
    elif part == "speech":
        from adapters.pocketsphinx.model import build

        build(read_settings([]).settings.cache_folder)
    else:
        raise SystemExit(f"there is nothing called {part} to prepare")


if __name__ == "__main__":
    prepare(sys.argv[1])
