"""The shape of the house: what import-linter and the type checker cannot see."""

import ast
import importlib
import pkgutil
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import attrs
import pytest

import adapters
import application
import domain
import entrypoints
import tui
from domain.errors import MiraError

ROOT = Path(domain.__file__).parents[1]
PACKAGES = ("domain", "application", "adapters", "entrypoints", "tui")
LONGEST_MODULE = 400
SHARED_CODES = {"NOT_FOUND", "INTERNAL_ERROR"}
"""Codes that more than one refusal may carry."""


def sources() -> list[Path]:
    return sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))


def modules(package: ModuleType) -> Iterator[ModuleType]:
    for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
        yield importlib.import_module(found.name)


def test_every_package_is_ours() -> None:
    for package in (domain, application, adapters, entrypoints, tui):
        assert package.__file__ is not None
        assert Path(package.__file__).parents[1] == ROOT


@pytest.mark.parametrize("path", sources(), ids=lambda path: str(path.relative_to(ROOT)))
def test_every_module_says_what_it_is_and_is_short(path: Path) -> None:
    text = path.read_text()
    assert ast.get_docstring(ast.parse(text)), "a module says in a sentence what it is"
    assert len(text.splitlines()) <= LONGEST_MODULE


@pytest.mark.parametrize("path", sources(), ids=lambda path: str(path.relative_to(ROOT)))
def test_nothing_is_left_for_later(path: Path) -> None:
    assert not re.search(r"\b(TODO|FIXME|XXX|NotImplementedError)\b", path.read_text())


def test_no_room_is_named_after_nothing() -> None:
    named = {path.stem for path in sources()} | {path.parent.name for path in sources()}
    assert not named & {"utils", "util", "helpers", "helper", "common", "base", "manager", "misc"}


def test_plain_values_cost_no_arrays() -> None:
    code = "import sys, domain.networks, domain.events, domain.language; sys.exit('numpy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0


def test_asking_for_help_loads_next_to_nothing() -> None:
    heavy = ["numpy", "numba", "sqlalchemy", "quart", "openai", "textual", "nats", "typed_settings", "rich"]
    code = (
        "import sys, entrypoints.main as m; m.main(['--help']); "
        f"sys.exit(any(name in sys.modules for name in {heavy}))"
    )
    found = subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False, capture_output=True)
    assert found.returncode == 0


def refusals(kind: type[MiraError] = MiraError) -> Iterator[type[MiraError]]:
    for child in kind.__subclasses__():
        yield child
        yield from refusals(child)


def test_a_code_belongs_to_one_refusal() -> None:
    list(modules(application))
    own = [kind for kind in refusals() if "code" in vars(kind)]
    codes = [kind.code for kind in own if kind.code not in SHARED_CODES]
    assert len(codes) == len(set(codes))
    assert all(re.fullmatch(r"[A-Z]+(_[A-Z]+)*", code) for code in codes)


def use_cases() -> set[type]:
    found = set()
    for module in modules(application):
        if module.__name__.startswith("application.ports"):
            continue
        for value in vars(module).values():
            if (
                isinstance(value, type)
                and value.__module__ == module.__name__
                and attrs.has(value)
                and "__call__" in vars(value)
            ):
                found.add(value)
    return found


def test_every_use_case_is_wired() -> None:
    from application.operating.health import ProbeCrews, ProbeDatabase, ProbeDelivery, ProbeRelay, ProbeSounds
    from entrypoints.container import HubContainer

    wired = {provider.cls for provider in HubContainer.providers.values() if hasattr(provider, "cls")}
    probes = {ProbeCrews, ProbeDatabase, ProbeDelivery, ProbeRelay, ProbeSounds}
    assert use_cases() - wired == probes, "probes are wired with what they ask"


def test_a_value_is_frozen() -> None:
    """What compares by its content cannot change; what lives and changes compares by identity."""
    for module in modules(domain):
        for value in vars(module).values():
            if isinstance(value, type) and value.__module__ == module.__name__ and attrs.has(value):
                frozen = "__setattr__" in vars(value)
                assert frozen or value.__eq__ is object.__eq__, f"{module.__name__}.{value.__name__}"
