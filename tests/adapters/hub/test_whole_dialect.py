"""The client library has a call for everything that the networks API can be asked for."""

import inspect
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from itertools import product
from typing import Any, Literal, get_args, get_origin, get_type_hints

import pytest
from attrs import define, field

from adapters.http.app import OPERATIONS
from adapters.hub.client import Hub

MOMENT = datetime(2027, 1, 1, tzinfo=UTC)
FOR_OTHERS = {"suite.internal.health", "suite.internal.metrics"}
"""What the machines ask for that watch a hub."""


class Called(Exception):
    """A call was about to be made."""


@define
class Recorder:
    """Writes down what would be asked of a hub."""

    asked: list[tuple[str, str]] = field(factory=list)

    async def json(self, method: str, path: str, **_: Any) -> Any:
        self.asked.append((method, path))
        raise Called

    async def form(self, path: str, _: Any) -> Any:
        return await self.json("POST", path)

    async def sound(self, path: str, _: Any = None) -> bytes:
        return await self.json("GET", path)

    async def linked(self, url: str) -> bytes:
        return await self.json("GET", url)


class RecordedHub(Hub):
    """A hub of which everything is asked in vain."""

    recorder: Recorder

    @property
    def _call(self) -> Any:
        return self.recorder


def arguments(method: Any) -> Iterator[Mapping[str, Any]]:
    """Something for each argument that a call needs, and each word where it takes one of a few."""
    hints = get_type_hints(method)
    needed = [
        name
        for name, one in inspect.signature(method).parameters.items()
        if one.default is inspect.Parameter.empty
    ]
    choices = [words_of(name, hints[name]) for name in needed]
    return (dict(zip(needed, chosen, strict=True)) for chosen in product(*choices))


def words_of(name: str, hint: Any) -> tuple[Any, ...]:
    """What an argument may be."""
    if get_origin(hint) is Literal:
        return get_args(hint)
    if hint is datetime:
        return (MOMENT,)
    return (b"" if hint is bytes else {} if get_origin(hint) is Mapping else f"/api/v1/feeds/{name}.ics",)


async def test_every_operation_of_the_networks_api_has_a_call():
    hub = RecordedHub("http://hub")
    hub.recorder = Recorder()
    for name, _ in inspect.getmembers(RecordedHub, inspect.iscoroutinefunction):
        if name.startswith("_"):
            continue
        method = getattr(hub, name)
        for given in arguments(method):
            with pytest.raises(Called):
                await method(**given)
    asked = hub.recorder.asked
    uncalled = {
        one.id
        for one in OPERATIONS
        if one.dialect.name == "mira"
        and not any(
            method == one.method and re.fullmatch(re.sub(r"{\w+}", "[^/]+", one.path), path)
            for method, path in asked
        )
    }

    assert uncalled == FOR_OTHERS
