"""What events look like to other systems."""

import json
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.nats.cloudevents import KINDS, of_fact, of_news, read_news
from domain.errors import InvalidValue
from domain.events import ErrorOccurred, Fact, FactEvent, LiveEvent, LiveNews, NetworkUpdated
from domain.ids import ClientId, EventId
from tests.samples import HOME, NOON


def test_a_fact_is_a_cloud_event() -> None:
    event = NetworkUpdated(name="Höme", at=NOON)
    fact = Fact(id=EventId("evt_1"), network_id=HOME, position=7, event=event, recipient=ClientId("kitchen"))
    message = of_fact(fact)
    assert message.kind == "network_updated"
    assert json.loads(message.content) == {
        "specversion": "1.0",
        "id": "evt_1",
        "type": "mira.v1.network_updated",
        "source": "mira/networks/net_home",
        "time": "2026-03-01T12:00:00Z",
        "datacontenttype": "application/json",
        "sequence": "00000000000000000007",
        "recipient": "kitchen",
        "data": {"name": "Höme", "at": "2026-03-01T12:00:00Z"},
    }


def test_every_event_has_a_name_of_its_own_that_a_subject_can_hold() -> None:
    events = (*get_args(FactEvent), *get_args(LiveEvent))
    assert set(KINDS) == set(events)
    assert len(set(KINDS.values())) == len(events)
    assert all(name.replace("_", "").isalpha() and name.islower() for name in KINDS.values())


def test_live_news_comes_back_equal() -> None:
    event = ErrorOccurred(code="ODD", message="odd", client_id=ClientId("hall"), details={"a": [1]}, at=NOON)
    news = LiveNews(network_id=HOME, event=event, recipient=ClientId("hall"))
    assert read_news(HOME, of_news(news, "live_1").content) == news


@given(st.binary(max_size=60) | st.sampled_from([b"{}", b"[]", b'{"type": "mira.v1.error", "data": {}}']))
def test_what_is_no_news_is_refused(content: bytes) -> None:
    with pytest.raises(InvalidValue):
        read_news(HOME, content)
