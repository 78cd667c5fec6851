"""No kernel is compiled while somebody waits, and none stays as it was when its source changes."""

import importlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from numba.core.registry import CPUDispatcher

import domain.audio
from domain.audio.compiling import SOURCES
from domain.audio.warming import warm

FOLDER = Path(domain.audio.__file__).parent
KERNELS = sorted(path.name for path in FOLDER.glob("*.py") if "\n@compiled\n" in path.read_text())


def kernels_of(source: str) -> Iterator[Any]:
    """The kernels that a module has of its own."""
    module = importlib.import_module(f"domain.audio.{source.removesuffix('.py')}")
    for value in vars(module).values():
        if isinstance(value, CPUDispatcher) and value.py_func.__module__ == module.__name__:
            yield value


def test_machine_code_is_as_old_as_the_sources_of_all_kernels() -> None:
    assert KERNELS
    assert set(KERNELS) == set(SOURCES)


@pytest.mark.parametrize("source", KERNELS)
def test_every_kernel_is_compiled_when_the_hub_is_warm(source: str) -> None:
    warm()
    assert all(kernel.signatures for kernel in kernels_of(source))
