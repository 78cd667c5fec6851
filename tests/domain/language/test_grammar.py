"""The notation, and how a grammar reads with it."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.language.descriptions import descriptions, language
from domain.language.grammar import ALIKE, EXACT, Grammar, Reader, say, the
from domain.language.helping import example, help_sentences
from domain.language.notation import Choice, MalformedPhrase, Maybe, Series, Slot, Word, read_phrase
from domain.language.numbers import numbers_at, ordinal_words_for, ordinals_at, words_for
from domain.language.terminals import FreeText, Names
from domain.language.tokens import tokens_of
from domain.language.understanding import understand
from tests.domain.language.golden import BERLIN, NOW


def test_the_notation_reads_as_one_would_think() -> None:
    assert read_phrase("remind me [please] (to|of the) {title=task}") == Series(
        (
            Word("remind"),
            Word("me"),
            Maybe(Word("please")),
            Choice((Word("to"), Series((Word("of"), Word("the"))))),
            Slot("title", "task"),
        )
    )
    assert read_phrase("{when}") == Slot("when", "when")


@pytest.mark.parametrize("phrase", ["[a", "(a|b", "{a", "a]", "a)", "{"])
def test_a_phrase_that_does_not_follow_the_notation_is_refused(phrase: str) -> None:
    with pytest.raises(MalformedPhrase):
        read_phrase(phrase)


def pets() -> Grammar:
    return Grammar(
        {"feed": (say("feed [the] {pet} [{pet}]", the("pet")), say("feed {any} now", the("any")))},
        {"pet": Names(values={"cat": 1, "dog": 2}), "any": FreeText()},
    )


def readings(text: str) -> set[tuple[int, object]]:
    return {(found.end, found.value) for found in Reader(pets(), text, tokens_of(text)).find("feed", 0)}


def test_every_reading_is_found() -> None:
    assert readings("feed the cat dog now") == {(3, 1), (4, 2), (5, "the cat dog")}
    assert readings("feed the fish") == set()


def test_free_words_neither_end_in_the_middle_of_a_phrase_nor_are_explained() -> None:
    text = "call  the\tbank at"
    found = list(FreeText().find(text, tokens_of(text), 0))
    assert [each.value for each in found] == ["call", "call the bank"]
    assert {each.explained for each in found} == {0}


def test_a_word_may_be_taken_for_one_that_sounds_like_it() -> None:
    def explained(text: str) -> list[int]:
        return [match.explained for match in Reader(pets(), text, tokens_of(text)).match(Word("to"), 0)]

    assert explained("to") == [EXACT]
    assert explained("two") == [ALIKE]
    assert explained("toe") == []


def test_every_rule_that_a_phrase_names_exists() -> None:
    grammar = language()

    def slots(node: object) -> list[str]:
        match node:
            case Slot(_, rule):
                return [rule]
            case Maybe(item):
                return slots(item)
            case Choice(items) | Series(items):
                return [rule for item in items for rule in slots(item)]
        return []

    phrases = [production.phrase for rule in grammar.rules.values() for production in rule]
    phrases += [production.phrase for each in descriptions() for production, _ in each.ways]
    named = {rule for phrase in phrases for rule in slots(phrase)}
    assert named <= {*grammar.rules, *grammar.terminals}


@given(number=st.integers(0, 999))
def test_numbers_are_read_as_they_are_said(number: int) -> None:
    for text in (words_for(number), str(number)):
        tokens = tokens_of(text)
        assert (len(tokens), number) in set(numbers_at(tokens, 0))


@given(place=st.integers(1, 99))
def test_places_are_read_as_they_are_said(place: int) -> None:
    suffix = {1: "st", 2: "nd", 3: "rd"}.get(place % 10 if place not in {11, 12, 13} else 0, "th")
    for text in (ordinal_words_for(place), f"{place}{suffix}"):
        tokens = tokens_of(text)
        assert (len(tokens), place) in set(ordinals_at(tokens, 0))


@given(text=st.text(max_size=300))
def test_words_stand_where_they_say(text: str) -> None:
    tokens = tokens_of(text)
    assert all(token.start < token.end <= len(text) for token in tokens)
    assert all(one.end <= two.start for one, two in pairwise(tokens))


def test_help_is_made_of_the_descriptions_and_its_examples_are_understood() -> None:
    told = " ".join(help_sentences())
    useful = [each for each in descriptions() if each.does]
    assert all(each.does in told for each in useful)
    assert example() in told
    kinds = [type(understand(each.example, NOW, BERLIN)).__name__ for each in descriptions()]
    assert "NotUnderstood" not in kinds
