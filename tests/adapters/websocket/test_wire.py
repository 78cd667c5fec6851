"""What the wire takes, and how it says what is wrong."""

from collections.abc import Mapping
from typing import Literal

import numpy as np
import pytest
from attrs import frozen
from hypothesis import given
from hypothesis import strategies as st

from adapters.websocket.wire import choose, read_object, structure, tagged, write
from domain.errors import InvalidValue


@frozen(kw_only=True)
class Place:
    latitude: float
    floor: int | None = None


@frozen(kw_only=True)
class Visit:
    type: Literal["visit"] = "visit"
    name: str
    place: Place | None = None
    tags: tuple[str, ...] | None = None
    notes: Mapping[str, object] = {}
    certain: bool = False
    timestamp: str | int | None = None


def test_it_takes_what_fits_and_ignores_the_rest() -> None:
    data = {"type": "visit", "name": "Ann", "place": {"latitude": 1}, "tags": ["a"], "more": [1, 2]}
    assert structure(data, Visit) == Visit(name="Ann", place=Place(latitude=1.0), tags=("a",))


@pytest.mark.parametrize(
    ("data", "field", "problem"),
    [
        ({}, "name", "is required"),
        ({"name": 5}, "name", "must be text"),
        ({"name": None}, "name", "must be text"),
        ({"name": "a\x00b"}, "name", "must not hold NUL characters"),
        ({"name": "a", "type": "other"}, "type", "must be one of visit"),
        ({"name": "a", "place": 5}, "place", "must be an object"),
        ({"name": "a", "place": "latitude"}, "place", "must be an object"),
        ({"name": "a", "place": {}}, "place.latitude", "is required"),
        ({"name": "a", "place": {"latitude": "1"}}, "place.latitude", "must be a finite number"),
        ({"name": "a", "place": {"latitude": True}}, "place.latitude", "must be a finite number"),
        ({"name": "a", "place": {"latitude": float("nan")}}, "place.latitude", "must be a finite number"),
        ({"name": "a", "place": {"latitude": 10**400}}, "place.latitude", "must be a finite number"),
        ({"name": "a", "place": {"latitude": 1, "floor": 1.0}}, "place.floor", "must be a whole number"),
        ({"name": "a", "place": {"latitude": 1, "floor": True}}, "place.floor", "must be a whole number"),
        ({"name": "a", "tags": "abc"}, "tags", "must be an array"),
        ({"name": "a", "tags": [1]}, "tags", "must be text"),
        ({"name": "a", "notes": []}, "notes", "must be an object"),
        ({"name": "a", "certain": 1}, "certain", "must be true or false"),
        ({"name": "a", "timestamp": 1.5}, "timestamp", "must be text"),
        ({"name": "a", "timestamp": True}, "timestamp", "must be text"),
        ({"name": "a", "timestamp": 2**63}, "timestamp", "must be a whole number"),
    ],
)
def test_it_names_what_does_not_fit(data: dict[str, object], field: str, problem: str) -> None:
    with pytest.raises(InvalidValue) as caught:
        structure(data, Visit)
    assert (caught.value.details["field"], caught.value.details["problem"]) == (field, problem)


def test_it_lists_every_problem() -> None:
    with pytest.raises(InvalidValue) as caught:
        structure({"name": 1, "place": {"latitude": "x"}, "certain": None}, Visit)
    problems = caught.value.details["problems"]
    assert isinstance(problems, list)
    assert [one["field"] for one in problems] == ["name", "place.latitude", "certain"]


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "5", '"a"', "null", '{"a": NaN}', '{"a": 1e999}', "[" * 5000]
)
def test_what_is_no_json_object_is_refused(text: str) -> None:
    with pytest.raises(InvalidValue):
        read_object(text)


@pytest.mark.parametrize("tag", [None, 5, "", "other", ["visit"], {}])
def test_an_unknown_tag_is_refused(tag: object) -> None:
    with pytest.raises(InvalidValue) as caught:
        choose(tag, tagged(Visit))
    assert caught.value.details["field"] == "type"


names = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"))


@given(name=names, latitude=st.floats(allow_nan=False, allow_infinity=False), tags=st.lists(names))
def test_what_is_written_is_read_back(name: str, latitude: float, tags: list[str]) -> None:
    visit = Visit(name=name, place=Place(latitude=latitude), tags=tuple(tags))
    assert structure(read_object(write(visit)), Visit) == visit


def test_fields_are_written_in_the_order_of_the_class() -> None:
    assert write(Visit(name="Ann")).startswith('{"type":"visit","name":"Ann"')


def test_numbers_of_the_audio_kernels_are_written_as_numbers() -> None:
    measures = {"snr": np.float64(25.5), "frames": np.int64(3), "level": np.float32(0.5)}
    assert read_object(write(Visit(name="Ann", notes=measures)))["notes"] == {
        "snr": 25.5,
        "frames": 3,
        "level": 0.5,
    }
