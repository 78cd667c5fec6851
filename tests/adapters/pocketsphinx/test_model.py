"""The speech model is built once, whole, by one process at a time, and not out of what it is tried on."""

import json
import multiprocessing
from pathlib import Path

import pytest

from adapters.pocketsphinx import model as models
from adapters.pocketsphinx.model import SLOTS, SpeechModel, build, built

SHIPPED = (
    "remind me to water the plants tomorrow at three p m",
    "schedule a dinner with peter on friday at seven",
    "remind me to take my pills tomorrow at eight",
    "book a haircut for saturday at eleven in the morning",
)


def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(models, "SENTENCES", 400)
    monkeypatch.setattr(models, "GENERAL_WORDS", 300)
    monkeypatch.setattr(models, "SPELT_OF", 400)


def test_nothing_is_built_until_it_is_wanted(tmp_path: Path) -> None:
    assert built(tmp_path) is None


@pytest.mark.slow
def test_it_is_built_once_and_leaves_no_scraps(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    small(monkeypatch)
    steps: list[str] = []
    made = build(tmp_path / "cache", steps.append)
    assert steps
    assert build(tmp_path / "cache", steps.append) == made == built(tmp_path / "cache")
    assert len(steps) == len(set(steps))
    assert {path.name for path in (tmp_path / "cache").iterdir()} == {made.folder.name, "speech.lock"}


@pytest.mark.slow
def test_a_build_that_breaks_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    small(monkeypatch)

    def break_off(step: str) -> None:
        if "writing" in step:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        build(tmp_path, break_off)
    assert built(tmp_path) is None
    assert [path.name for path in tmp_path.iterdir()] == ["speech.lock"]


def build_small(folder: Path, steps: "multiprocessing.Queue[str]") -> None:
    with pytest.MonkeyPatch.context() as patch:
        small(patch)
        build(folder, steps.put)


@pytest.mark.slow
def test_of_two_processes_one_builds_and_both_have_it(tmp_path: Path) -> None:
    context = multiprocessing.get_context("fork")
    steps: multiprocessing.Queue[str] = context.Queue()
    both = [context.Process(target=build_small, args=(tmp_path, steps)) for _ in range(2)]
    for process in both:
        process.start()
    for process in both:
        process.join()
    assert [process.exitcode for process in both] == [0, 0]
    said = []
    while not steps.empty():
        said.append(steps.get())
    assert len(said) == len(set(said))


def test_it_is_not_trained_on_the_sentences_that_are_shipped() -> None:
    made = set(models._sentences())
    assert not made & set(SHIPPED)
    assert len(made) > 20_000


@pytest.mark.slow
def test_every_word_has_sounds_and_the_places_for_names_have_none(model: SpeechModel) -> None:
    spoken = {line.partition(" ")[0] for line in model.dictionary.read_text().splitlines()}
    words = set(model.language.read_bytes()[model.spellings_at + 4 :].decode().split("\0"))
    assert words - spoken == {"<s>", "</s>", "", *SLOTS}
    assert json.loads((model.folder / "about.json").read_text())["spellings_at"] == model.spellings_at
