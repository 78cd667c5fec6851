"""Who answers: what a persona may be, and when it keeps its voice down."""

import inspect
from datetime import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from application.ports.dialogue import Toolbox
from domain.errors import InvalidValue
from domain.personas import TOOL_NAMES, Behavior, QuietHours, Voice, chosen_persona_id
from tests import samples


@pytest.mark.parametrize(
    ("clock", "quiet"),
    [("21:59", False), ("22:00", True), ("23:59", True), ("00:00", True), ("06:59", True), ("07:00", False)],
)
def test_quiet_hours_go_over_midnight(clock: str, quiet: bool) -> None:
    hours = QuietHours(start="22:00", end="07:00")
    assert hours.hold_at(time.fromisoformat(clock)) is quiet
    by_day = QuietHours(start="07:00", end="22:00")
    assert by_day.hold_at(time.fromisoformat(clock)) is not quiet


@given(st.times(), st.times())
def test_hours_that_end_when_they_begin_are_none(start: time, clock: time) -> None:
    text = start.strftime("%H:%M")
    assert not QuietHours(start=text, end=text).hold_at(clock)


def test_the_tools_that_can_be_allowed_are_those_there_are() -> None:
    tools = {name for name, member in vars(Toolbox).items() if inspect.iscoroutinefunction(member)}
    assert tools == set(TOOL_NAMES)


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": "  "},
        {"name": "x" * 101},
        {"description": "x" * 501},
        {"tags": ("",)},
        {"tags": ("x",) * 21},
    ],
)
def test_what_cannot_be_a_persona_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(InvalidValue):
        samples.persona("butler", **wrong)


@pytest.mark.parametrize("wrong", ["", "Butler", "_x", "a b", "x" * 65, "../mira", "bütler"])
def test_ids_are_plain_words(wrong: str) -> None:
    with pytest.raises(InvalidValue):
        chosen_persona_id(wrong)
    assert chosen_persona_id("night-nurse_2") == "night-nurse_2"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("instructions", "x" * 8001),
        ("greeting", "x" * 501),
        ("allowed_tools", ("delete_everything",)),
        ("model", "no provider:x"),
        ("model", "openai:"),
        ("idle_minutes", 0),
        ("idle_minutes", 7 * 24 * 60 + 1),
    ],
)
def test_what_cannot_be_a_behaviour_is_refused(field: str, value: Any) -> None:
    with pytest.raises(InvalidValue):
        Behavior(**{field: value})


@pytest.mark.parametrize("wrong", ["24:00", "7:00", "", "22:60", "22:00:00"])
def test_a_time_of_day_has_four_digits(wrong: str) -> None:
    with pytest.raises(InvalidValue):
        QuietHours(start=wrong, end="07:00")
    with pytest.raises(InvalidValue):
        QuietHours(start="07:00", end=wrong)


def test_a_voice_belongs_to_one_provider() -> None:
    local, remote = Voice(name="f2"), Voice(name="openai:nova")
    assert (local.local_name, local.name_for("openai")) == ("f2", None)
    assert (remote.local_name, remote.name_for("openai"), remote.name_for("other")) == (None, "nova", None)
    assert Voice().local_name is None
    for wrong in ("", ":", "openai:", "a/b", "a:b:c"):
        with pytest.raises(InvalidValue):
            Voice(name=wrong)


def test_without_a_list_every_tool_is_allowed() -> None:
    assert all(Behavior().allows(tool) for tool in TOOL_NAMES)
    assert not any(Behavior(allowed_tools=()).allows(tool) for tool in TOOL_NAMES)
    assert Behavior(allowed_tools=("create_reminder",)).allows("create_reminder")
