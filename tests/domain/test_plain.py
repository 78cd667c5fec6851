"""What values may hold."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, timezone

import pytest
from attrs import field, frozen

from domain.agenda import ReminderStatus
from domain.errors import InvalidValue
from domain.plain import MAX_DEPTH, is_plain_text, require_plain


@frozen(kw_only=True)
class Box:
    """Holds anything."""

    inside: object


@frozen(kw_only=True)
class Boxes:
    """Holds boxes by name, and anything else by another."""

    by_name: Mapping[str, Box]
    others: Mapping[str, object] = field(factory=dict)


def nested(depth: int) -> object:
    value: object = 1
    for _ in range(depth):
        value = [value]
    return value


@pytest.mark.parametrize(
    "value",
    [
        None,
        True,
        -(2**63 - 1),
        2**63 - 1,
        1e308,
        "",
        "käse 🧀 \ufeff \u2028 \x01 \\u0000",
        ReminderStatus.PENDING,
        datetime(1, 1, 1, tzinfo=UTC),
        {"a": [1, {"b": ("c", None)}]},
        Box(inside=(Box(inside=None), {"a": {}})),
        nested(MAX_DEPTH),
        timedelta(seconds=3),
        frozenset({"a", "b"}),
        Boxes(by_name={"a": Box(inside=datetime(2026, 1, 1, tzinfo=UTC))}),
    ],
)
def test_plain_values_pass(value: object) -> None:
    require_plain("value", value)


@pytest.mark.parametrize(
    ("value", "path"),
    [
        ("a\x00b", "value"),
        ("\ud800", "value"),
        (float("nan"), "value"),
        (float("inf"), "value"),
        (2**63, "value"),
        (datetime(2026, 1, 1), "value"),  # noqa: DTZ001
        (datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=5))), "value"),
        (datetime(9999, 12, 31, 23, tzinfo=timezone(timedelta(hours=-5))), "value"),
        (b"bytes", "value"),
        ({1, 2}, "value"),
        (object(), "value"),
        ({1: "a"}, "value"),
        ({"a": datetime(2026, 1, 1, tzinfo=UTC)}, "value.a"),
        ({"a": [ReminderStatus.PENDING]}, "value.a.0"),
        ({"a": Box(inside=None)}, "value.a"),
        (Boxes(by_name={}, others={"a": Box(inside=None)}), "value.others.a"),
        ({"a": timedelta(1)}, "value.a"),
        ({"a": frozenset("b")}, "value.a"),
        ({"a\x00": 1}, "value"),
        ({"a": ["b", {"c": "\x00"}]}, "value.a.1.c"),
        (Box(inside=Box(inside=["\udfff"])), "value.inside.inside.0"),
    ],
)
def test_what_cannot_be_kept_is_refused_by_its_path(value: object, path: str) -> None:
    with pytest.raises(InvalidValue) as refusal:
        require_plain("value", value)
    assert refusal.value.details["field"] == path


def test_what_is_nested_too_deep_is_refused() -> None:
    with pytest.raises(InvalidValue, match="deep"):
        require_plain("value", nested(MAX_DEPTH + 1))


@pytest.mark.parametrize(
    ("text", "plain"), [("", True), ("a\x00", False), ("\ud83d", False), ("é\x00", False)]
)
def test_plain_text(text: str, plain: bool) -> None:
    assert is_plain_text(text) is plain
