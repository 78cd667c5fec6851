"""A hub for each test, over each kind of store."""

import pytest

from tests.adapters.http.house import House, build_house


@pytest.fixture
def house() -> House:
    """A hub with nothing in it, where anybody may open a network."""
    return build_house()


@pytest.fixture
def any_house(each_store: None) -> House:
    """A hub over each kind of store."""
    return build_house()
