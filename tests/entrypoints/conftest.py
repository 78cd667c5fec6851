"""A machine on which nothing is set."""

import os
from pathlib import Path

import pytest

from entrypoints.configuration import PREFIX, SECRET_VARIABLE


@pytest.fixture(autouse=True)
def _nothing_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No variable of the hub's is set, and home is an empty folder."""
    for name in os.environ:
        if name.startswith(PREFIX) or name == SECRET_VARIABLE:
            monkeypatch.delenv(name)
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))
