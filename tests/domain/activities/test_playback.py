"""One moment to begin at, in the time of every device's own clock."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.activities.playback import ClockEstimate, shared_start
from domain.errors import InvalidValue
from domain.ids import ClientId

NOW = 1_700_000_000_000_000
CLOCKS = st.dictionaries(
    st.text("abcdef", min_size=1).map(ClientId),
    st.builds(
        ClockEstimate,
        offset=st.integers(-(10**12), 10**12),
        round_trip=st.integers(0, 10**7),
    ),
    min_size=1,
)


@given(CLOCKS)
def test_all_begin_at_the_same_moment_after_the_command_has_arrived(
    clocks: dict[ClientId, ClockEstimate],
) -> None:
    starts = {client: start - clocks[client].offset for client, start in shared_start(NOW, clocks).items()}
    (moment,) = set(starts.values())
    slowest = max(clock.round_trip for clock in clocks.values())
    assert moment - NOW >= min(2 * slowest, 5_000_000)
    assert 500_000 <= moment - NOW <= 5_000_000


def test_no_round_trip_takes_less_than_no_time() -> None:
    with pytest.raises(InvalidValue, match="round_trip"):
        ClockEstimate(offset=0, round_trip=-1)
