"""The model of general English is read as pocketsphinx reads it."""

from pathlib import Path

import numpy as np
import pytest
from pocketsphinx import Config, LogMath, NGramModel

from adapters.pocketsphinx import bundle
from adapters.pocketsphinx.english import GeneralEnglish, UnreadableModel, read_general

PLACES = ["</s>", "<s>", "a", "eat", "lunch", "of", "states", "the", "to", "united", "water"]


@pytest.fixture(scope="module")
def english() -> GeneralEnglish:
    return read_general(bundle.general_english())


def test_usual_words_come_first(english: GeneralEnglish) -> None:
    assert {"the", "to", "and", "a", "of"} <= set(english.by_use()[:10])


@pytest.mark.parametrize(
    "words", ["the united states", "to eat lunch", "of the water", "a united lunch", "to the states"]
)
def test_probabilities_are_those_that_pocketsphinx_gives(english: GeneralEnglish, words: str) -> None:
    ours = english.about(PLACES)
    size = len(PLACES)
    first, second, third = (PLACES.index(word) for word in words.split())
    scale = LogMath()
    theirs = NGramModel(Config(), scale, str(bundle.general_english()))
    expected = scale.exp(theirs.prob(list(reversed(words.split()))))
    found = ours.of_triples(np.array([(first * size + second) * size + third]))[0]
    assert found == pytest.approx(expected, rel=0.01)


def test_a_word_that_it_does_not_know_is_barely_possible(english: GeneralEnglish) -> None:
    strange = english.about(sorted([*PLACES, "qqqq"]))
    assert 0 < strange.p1[sorted([*PLACES, "qqqq"]).index("qqqq")] < 1e-7


def test_another_kind_of_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "not.bin").write_bytes(b"something else")
    with pytest.raises(UnreadableModel):
        read_general(tmp_path / "not.bin")
