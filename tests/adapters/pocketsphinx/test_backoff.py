"""A trigram model remains a model whatever is done with it: after any words, all words sum to one."""

from io import StringIO
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pocketsphinx import Config, LogMath, NGramModel

from adapters.pocketsphinx import arpa
from adapters.pocketsphinx.backoff import END, START, Backoff, counted, mixed, pruned

WORDS = sorted([START, END, "at", "call", "feed", "me", "nine", "remind", "the", "to"])
NUMBERS = {word: number for number, word in enumerate(WORDS)}
SIZE = len(WORDS)
SAID = ["remind me to feed the call", "remind me at nine", "call me at nine", "remind me to call"]

sentences = st.lists(
    st.lists(st.sampled_from([word for word in WORDS if word[0] != "<"]), min_size=1, max_size=6).map(
        " ".join
    ),
    min_size=1,
    max_size=12,
)


def even() -> Backoff:
    """A model that knows nothing: every word but the start is as probable."""
    p1 = np.full(SIZE, 1 / (SIZE - 1))
    p1[NUMBERS[START]] = 0.0
    nothing, none = np.zeros(0, np.int64), np.zeros(0)
    return Backoff(
        words=WORDS, p1=p1, b1=np.ones(SIZE), pairs=nothing, p2=none, b2=none, triples=nothing, p3=none
    )


def learnt(said: list[str]) -> Backoff:
    return counted(said, NUMBERS, even())


def after(model: Backoff, first: int, second: int) -> np.ndarray:
    """p(w | first second) of every word w."""
    return model.of_triples((first * SIZE + second) * SIZE + np.arange(SIZE))


def assert_sums_to_one(model: Backoff) -> None:
    start, end = NUMBERS[START], NUMBERS[END]
    words = [number for number in range(SIZE) if number not in {start, end}]
    for second in words:
        for first in [start, *words]:
            assert after(model, first, second).sum() == pytest.approx(1.0, abs=1e-6)


@given(sentences)
def test_what_is_learnt_sums_to_one(said: list[str]) -> None:
    assert_sums_to_one(learnt(said))


@given(sentences, sentences, st.floats(0.05, 0.95))
def test_a_mixture_sums_to_one_and_lies_between(one: list[str], other: list[str], share: float) -> None:
    first, second = learnt(one), learnt(other)
    both = mixed(first, second, share)
    assert_sums_to_one(both)
    expected = share * first.of_triples(both.triples) + (1 - share) * second.of_triples(both.triples)
    np.testing.assert_allclose(both.p3, expected)


def test_what_was_said_is_more_probable_than_what_was_not() -> None:
    model = learnt(SAID)
    me, remind = NUMBERS["me"], NUMBERS["remind"]
    probability = after(model, remind, me)
    assert probability[NUMBERS["to"]] > probability[NUMBERS["at"]] > probability[NUMBERS["feed"]] > 0


def test_a_sentence_with_a_strange_word_teaches_nothing() -> None:
    plain, strange = learnt(SAID), learnt([*SAID, "remind me to feed the axolotl"])
    np.testing.assert_array_equal(plain.p3, strange.p3)


def test_pruning_keeps_what_says_most_and_every_context_that_is_needed() -> None:
    model = learnt(SAID * 5)
    assert len(pruned(model, 0.0).triples) == len(model.triples)
    small = pruned(model, 0.1)
    assert 0 < len(small.triples) < len(model.triples)
    assert set(small.triples // SIZE) <= set(small.pairs)
    assert len(pruned(model, 10.0).pairs) == 0


def test_the_written_text_counts_what_it_holds() -> None:
    model, text = learnt(SAID), StringIO()
    arpa.write_text(model, text)
    lines = text.getvalue().splitlines()
    assert f"ngram 3={len(model.triples)}" in lines
    assert sum(len(line.split()) == 4 and line[0] == "-" for line in lines) >= len(model.triples)


def test_pocketsphinx_reads_the_probabilities_that_were_written(tmp_path: Path) -> None:
    model = learnt(SAID)
    path = tmp_path / "said.lm.bin"
    place = arpa.write_binary(model, path)
    assert path.read_bytes()[place + 4 :].decode().split("\0")[:-1] == WORDS
    scale = LogMath()
    read = NGramModel(Config(), scale, str(path))
    for first, second, third in [("remind", "me", "to"), ("me", "to", "call"), ("the", "at", "feed")]:
        expected = after(model, NUMBERS[first], NUMBERS[second])[NUMBERS[third]]
        found = scale.exp(read.prob([third, second, first]))
        assert found == pytest.approx(expected, rel=0.02)
