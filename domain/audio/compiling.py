"""Compiles kernels, and keeps them compiled until any of their sources changes.

numba caches a function by its own file's time and size alone, yet what is compiled contains constants
and functions of the neighbouring files: after a change there, old machine code would be used with new
layouts, and measure nonsense. So the stamp that the cache compares is that of all kernel sources.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, ParamSpec, TypeVar, cast

from numba import njit

P = ParamSpec("P")
R = TypeVar("R")

SOURCES: Final = (
    *("spectrum.py", "floors.py", "changes.py", "shapes.py", "pulses.py", "kernels.py"),
    *("histograms.py", "sixths.py", "features.py", "agreement.py", "backgrounds.py", "comparison.py"),
    *("finality.py", "playback.py"),
)


def _stamp() -> tuple[tuple[float, int], ...]:
    """Time and size of every kernel source, as far as they are files."""
    paths = [Path(__file__).with_name(name) for name in SOURCES]
    stats = [path.stat() for path in paths if path.exists()]
    return tuple((stat.st_mtime, stat.st_size) for stat in stats)


STAMP: Final = _stamp()


def compiled(function: Callable[P, R]) -> Callable[P, R]:
    """Compile a kernel on first use: cached on disk, releasing the interpreter's lock, never parallel."""
    dispatcher: Any = njit(cache=True, nogil=True)(function)
    dispatcher._cache._cache_file._source_stamp = STAMP
    return cast(Callable[P, R], dispatcher)
