"""Compiles kernels, and keeps them compiled until any of their sources changes.

numba caches a function by its own file's time and size alone, yet what is compiled contains constants
and functions of the neighbouring files: after a change there, old machine code would be used with new
layouts, and measure nonsense. So the stamp that the cache compares is that of all kernel sources.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, ParamSpec, TypeVar, cast

from numba import njit
from numba.extending import register_jitable

P = ParamSpec("P")
R = TypeVar("R")

SOURCES: Final = (
    *("transform.py", "spectrum.py", "histograms.py", "floors.py", "changes.py", "modulations.py"),
    *("shapes.py", "pulses.py", "kernels.py", "sixths.py", "features.py", "agreement.py"),
    *("backgrounds.py", "comparison.py", "finality.py", "playback.py"),
)


def _stamp() -> tuple[tuple[float, int], ...]:
    """Time and size of every kernel source, as far as they are files."""
    paths = [Path(__file__).with_name(name) for name in SOURCES]
    stats = [path.stat() for path in paths if path.exists()]
    return tuple((stat.st_mtime, stat.st_size) for stat in stats)


STAMP: Final = _stamp()


def _kept(dispatcher: Any) -> Any:
    """The same, kept on disk until a source of any kernel changes."""
    dispatcher._cache._cache_file._source_stamp = STAMP
    return dispatcher


def compiled(function: Callable[P, R]) -> Callable[P, R]:
    """Compile a kernel on first use: cached on disk, releasing the interpreter's lock, never parallel."""
    return cast(Callable[P, R], _kept(njit(cache=True, nogil=True)(function)))


def summing(function: Callable[P, R]) -> Callable[P, R]:
    """Compile a kernel whose sums may be added up in any order, and so many terms at a time."""
    dispatcher = njit(cache=True, nogil=True, fastmath={"reassoc", "nsz"})(function)
    return cast(Callable[P, R], _kept(dispatcher))


def inlined(function: Callable[P, R]) -> Callable[P, R]:
    """Make a function part of the kernels that call it: what they pass is then known when it is compiled."""
    return register_jitable(inline="always")(function)
