"""Words that no dictionary knows are said nearly as people say words that are spelt like them."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.pocketsphinx import bundle
from adapters.pocketsphinx.model import SpeechModel
from adapters.pocketsphinx.spelling import Spelling, learn

SMALL = [
    ("cat", ("K", "AE", "T")),
    ("cap", ("K", "AE", "P")),
    ("city", ("S", "IH", "T", "IY")),
    ("cite", ("S", "AY", "T")),
    ("chip", ("CH", "IH", "P")),
    ("chat", ("CH", "AE", "T")),
    ("tax", ("T", "AE", "K", "S")),
] * 4


def distance(one: list[str], other: list[str]) -> int:
    row = list(range(len(other) + 1))
    for count, sound in enumerate(one, 1):
        before, row[0] = row[:], count
        for place, against in enumerate(other, 1):
            row[place] = min(before[place] + 1, row[place - 1] + 1, before[place - 1] + (sound != against))
    return row[-1]


def test_letters_are_learnt_in_their_surroundings() -> None:
    spelling = learn(SMALL)
    assert spelling.sounds("cat") == "K AE T"
    assert spelling.sounds("chap") == "CH AE P"
    assert spelling.sounds("tax") == "T AE K S"


def test_rules_are_kept_in_a_file(tmp_path: Path) -> None:
    spelling = learn(SMALL)
    spelling.write(tmp_path / "rules.json")
    assert Spelling.read(tmp_path / "rules.json") == spelling


@given(st.text(max_size=20))
def test_any_word_has_sounds_of_the_dictionary(word: str) -> None:
    known = {sound for _, sounds in SMALL for sound in sounds}
    assert set(learn(SMALL[:7]).sounds(word).split()) <= known


@pytest.mark.slow
def test_four_sounds_in_five_are_right_for_words_that_were_not_learnt(model: SpeechModel) -> None:
    spelling = Spelling.read(model.spelling)
    words = [
        (word, sounds.split())
        for word, name, sounds in bundle.pronunciations()
        if word == name and word.isalpha()
    ]
    strange = words[5::97]
    wrong = sum(distance(sounds, spelling.sounds(word).split()) for word, sounds in strange)
    assert wrong / sum(len(sounds) for _, sounds in strange) < 0.2
