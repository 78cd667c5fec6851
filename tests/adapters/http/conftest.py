"""A hub for each test."""

import pytest

from tests.adapters.http.house import House, build_house


@pytest.fixture
def house() -> House:
    """A hub with nothing in it, where anybody may open a network."""
    return build_house()
