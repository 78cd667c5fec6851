"""What every persona library does."""

import pytest

from adapters.files.library import FilePersonas
from adapters.memory.personas import MemoryPersonas
from application.ports.personas import PersonaLibrary
from domain.errors import PersonaNotFound
from domain.ids import PersonaId
from domain.personas import DEFAULT_PERSONA


@pytest.fixture(params=["memory", "files"])
def library(request: pytest.FixtureRequest) -> PersonaLibrary:
    shipped = FilePersonas.read()
    return shipped if request.param == "files" else MemoryPersonas(reversed(shipped.list()))


def test_all_are_listed_by_id(library: PersonaLibrary) -> None:
    ids = [persona.id for persona in library.list()]
    assert ids == sorted(ids)
    assert len(ids) == len(set(ids)) == 4


def test_each_that_is_listed_is_found(library: PersonaLibrary) -> None:
    for persona in library.list():
        assert library.get(persona.id) == persona


def test_the_default_is_there(library: PersonaLibrary) -> None:
    assert library.get(DEFAULT_PERSONA).name == "Mira"


@pytest.mark.parametrize("unknown", ["", "nobody", "Mira", "../personas/mira", "mira.toml", "\x00"])
def test_an_unknown_one_is_refused(library: PersonaLibrary, unknown: str) -> None:
    with pytest.raises(PersonaNotFound):
        library.get(PersonaId(unknown))
