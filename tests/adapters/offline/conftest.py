"""A talk with the offline assistant."""

import pytest

from tests.adapters.offline.talking import Talk


@pytest.fixture
def talk() -> Talk:
    return Talk()
