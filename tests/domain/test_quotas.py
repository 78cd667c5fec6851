"""Quotas and what overrides them."""

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import InvalidValue
from domain.quotas import Quotas, quota_names

overrides = st.dictionaries(st.sampled_from(quota_names()), st.integers(1, 1_000_000))


def test_the_defaults_are_the_documents() -> None:
    assert attrs.asdict(Quotas()) == {
        "interactions_per_minute": 100,
        "audio_uploads_per_minute": 50,
        "websocket_connections": 10,
        "api_requests_per_hour": 1000,
        "client_audio_uploads_per_minute": 20,
        "client_status_updates_per_minute": 10,
        "client_websocket_messages_per_minute": 100,
    }


@given(named=overrides)
def test_what_is_named_is_overridden_and_nothing_else(named: dict[str, int]) -> None:
    assert attrs.asdict(Quotas().with_overrides(named)) == attrs.asdict(Quotas()) | named


@pytest.mark.parametrize(
    "named", [{"colour": 1}, {"websocket_connections": 0}, {"interactions_per_minute": 1_000_001}]
)
def test_what_cannot_be_a_quota_is_refused_by_name(named: dict[str, int]) -> None:
    with pytest.raises(InvalidValue) as refused:
        Quotas().with_overrides(named)
    assert refused.value.details["field"] in named
