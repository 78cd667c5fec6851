"""A hub in memory, whose clock stands still until it is moved."""

import pytest

from tests.application.household import Household


@pytest.fixture
def hub() -> Household:
    """A hub with nothing in it."""
    return Household()
