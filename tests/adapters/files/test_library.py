"""Personas out of files."""

from datetime import timedelta
from pathlib import Path

import pytest

from adapters.files.library import SHIPPED, FilePersonas
from domain.errors import InvalidValue
from domain.personas import AdaptationMode


def test_the_shipped_library_is_complete() -> None:
    library = {persona.id: persona for persona in FilePersonas.read().list()}
    assert sorted(library) == ["companion", "entertainer", "medication_nurse", "mira"]
    assert len({persona.behavior.instructions for persona in library.values()}) == 4
    for persona in library.values():
        assert persona.description
        assert persona.version
        assert persona.tags
        assert persona.behavior.greeting
        assert persona.behavior.instructions == persona.behavior.instructions.strip() != ""
        assert persona.created_at.tzinfo is not None
    assert library["medication_nurse"].adaptation_mode is AdaptationMode.FIXED
    assert library["mira"].behavior.idle_limit == timedelta(minutes=30)


GOOD = (SHIPPED / "mira.toml").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("name = ", "TOML"),
        ("name = 'Only a name'", "missing"),
        (GOOD.replace("rate = 165", "rate = 9999"), "voice_config.rate"),
        (GOOD.replace("rate = 165", 'rate = "165"'), "rate"),
        (GOOD.replace("rate = 165", "speed = 165"), "speed"),
        (GOOD.replace('"guided"', '"wild"'), "adaptation_mode"),
    ],
)
def test_a_file_that_does_not_describe_a_persona_is_refused_by_name(
    tmp_path: Path, text: str, complaint: str
) -> None:
    (tmp_path / "broken.toml").write_text(text, encoding="utf-8")
    with pytest.raises(InvalidValue, match=complaint) as refusal:
        FilePersonas.read(tmp_path)
    assert "broken.toml" in refusal.value.message


def test_a_folder_of_ones_own_is_read(tmp_path: Path) -> None:
    (tmp_path / "butler.toml").write_text(GOOD.replace('"Mira"', '"Butler"'), encoding="utf-8")
    (tmp_path / "notes.txt").write_text("not a persona", encoding="utf-8")
    (butler,) = FilePersonas.read(tmp_path).list()
    assert (butler.id, butler.name) == ("butler", "Butler")
