"""The small parts of the client library: its clock, its frames, its patience."""

import struct

import numpy as np
import pytest
from aiohttp import ClientSession, web
from aiohttp.test_utils import TestServer
from hypothesis import given
from hypothesis import strategies as st
from structlog.testing import capture_logs

from adapters.hub.calls import Caller
from adapters.hub.capture import Capture
from adapters.hub.clocks import HubClock, micros
from adapters.hub.commands import AudioResponse, UnknownCommand, device_command
from adapters.hub.errors import HubError
from adapters.hub.events import network_event
from adapters.hub.reading import read_object
from adapters.hub.upgrade import Backoff

SECOND = 1_000_000


def test_nothing_is_known_of_the_hubs_clock_at_first() -> None:
    clock = HubClock()
    assert (clock.offset, clock.round_trip) == (None, None)


@given(
    offset=st.integers(-(10**15), 10**15),
    trips=st.lists(
        st.tuples(st.integers(0, SECOND), st.integers(0, SECOND), st.integers(0, SECOND)),
        min_size=1,
        max_size=8,
    ),
)
def test_the_offset_is_wrong_by_half_the_shortest_trip_at_most(
    offset: int, trips: list[tuple[int, int, int]]
) -> None:
    clock = HubClock()
    for up, thinking, down in trips:
        received = offset + up
        clock.note(sent=0, received=received, answered=received + thinking, heard=up + thinking + down)
    least = min(up + down for up, _, down in trips)
    assert clock.offset is not None
    assert clock.round_trip == least
    assert abs(clock.offset - offset) <= least // 2 + 1


def test_pieces_of_sound_follow_each_other() -> None:
    capture = Capture()
    before = micros()
    frames = [capture.frame(np.zeros(320, dtype=np.float32)) for _ in range(3)]
    (first, second, third) = [struct.unpack_from("<Q", frame)[0] for frame in frames]
    assert before - 20_000 <= first <= micros()
    assert (second - first, third - second) == (20_000, 20_000)
    assert [len(frame) for frame in frames] == [8 + 640] * 3


def test_sound_has_the_time_that_it_is_given() -> None:
    capture = Capture()
    assert capture.frame(bytes(640), 17) == struct.pack("<Q", 17) + bytes(640)
    now = micros()
    (start,) = struct.unpack_from("<Q", capture.frame(bytes(640)))
    assert start >= now - 20_000


def test_waits_grow_to_a_limit_and_begin_anew() -> None:
    backoff = Backoff(first=0.25, longest=15.0)
    for most in (0.25, 0.5, 1, 2, 4, 8, 15, 15, 15):
        assert most / 4 <= backoff.next() <= most
    backoff.reset()
    assert backoff.next() <= 0.25


@pytest.mark.parametrize("text", ["", "[]", "5", "{"])
def test_words_that_are_none_are_refused(text: str) -> None:
    with pytest.raises(HubError):
        read_object(text)


@pytest.mark.parametrize("body", [{}, {"type": 5}, {"type": None, "event_id": "evt_1"}])
def test_events_without_a_known_type_are_passed_on(body: dict[str, object]) -> None:
    assert network_event(body).body == body


def test_an_event_that_lacks_what_it_needs_is_refused() -> None:
    with pytest.raises(HubError):
        network_event({"type": "client_left", "client_id": "phone"})


def test_commands_are_understood() -> None:
    payload = {"text": "Hello.", "audio_url": None, "interaction_id": "int_1", "more": 1}
    assert device_command({"type": "audio_response", "payload": payload, "priority": 0}) == AudioResponse(
        text="Hello.", audio_url=None, interaction_id="int_1"
    )
    unknown = {"type": "vibrate", "payload": {"color": "red"}, "priority": 3}
    assert device_command(unknown) == UnknownCommand(
        type="vibrate", priority=3, event_id=None, body={"color": "red"}
    )
    assert device_command({"type": "vibrate", "payload": 5}).body == {}


def test_a_refusal_says_when_to_come_back_if_the_hub_does() -> None:
    assert HubError(429, "RATE_LIMIT_EXCEEDED", "", {"retry_after": 7}).retry_after == 7.0
    assert HubError(429, "RATE_LIMIT_EXCEEDED", "", {"retry_after": "soon"}).retry_after is None
    assert HubError(404, "NOT_FOUND", "").retry_after is None


async def test_a_call_that_goes_away_is_told_in_the_log() -> None:
    async def answer(request: web.Request) -> web.Response:
        assert request.headers["API-Version"] == "v1"
        going = {"Deprecation": "@1798761600", "Sunset": "Sun, 01 Aug 2027 00:30:00 GMT"}
        return web.json_response({}, headers=going if request.path.endswith("old") else {})

    app = web.Application()
    app.router.add_get("/{path:.*}", answer)
    async with TestServer(app) as server, ClientSession() as session:
        caller = Caller(base_url=str(server.make_url("")).rstrip("/"), token=None, web=session)
        with capture_logs() as told:
            await caller.json("GET", "/api/v1/new")
            await caller.json("GET", "/api/v1/old")
    (line,) = told
    assert (line["log_level"], line["method"], line["path"]) == ("warning", "GET", "/api/v1/old")
    assert line["sunset"] == "Sun, 01 Aug 2027 00:30:00 GMT"
