"""A small notation for what people say: words, [optional words], (one|or another) and {slots}.

"remind me [please] (to|about) {title}" reads as one would think. A slot is filled by the rule of its name;
"{start=clock}" fills the slot start by the rule clock.
"""

import re
from typing import Final, NamedTuple

PIECES: Final = re.compile(r"\s*([\[\](){}|]|[^\s\[\](){}|]+)")


class Word(NamedTuple):
    """A word that is said just so."""

    text: str


class Slot(NamedTuple):
    """A gap with a name, and the rule that fills it."""

    name: str
    rule: str


class Series(NamedTuple):
    """One piece after the other."""

    items: "tuple[Node, ...]"


class Choice(NamedTuple):
    """One of several pieces."""

    options: "tuple[Node, ...]"


class Maybe(NamedTuple):
    """A piece that can be left out."""

    item: "Node"


Node = Word | Slot | Series | Choice | Maybe


class MalformedPhrase(Exception):
    """A phrase of our own tables does not follow the notation: a fault in the program, not in any input."""


def read_phrase(text: str) -> Node:
    """Read one phrase of the notation.

    Raises:
        MalformedPhrase: a bracket is not closed, or a slot has no name.
    """
    pieces = PIECES.findall(text)
    node, rest = _choice(pieces)
    if rest:
        raise MalformedPhrase(f"unexpected {rest[0]!r} in {text!r}")
    return node


def _choice(pieces: list[str]) -> tuple[Node, list[str]]:
    options = []
    while True:
        option, pieces = _series(pieces)
        options.append(option)
        if not pieces or pieces[0] != "|":
            return (options[0] if len(options) == 1 else Choice(tuple(options))), pieces
        pieces = pieces[1:]


def _series(pieces: list[str]) -> tuple[Node, list[str]]:
    items: list[Node] = []
    while pieces and pieces[0] not in {"]", ")", "|", "}"}:
        head, *pieces = pieces
        if head in {"[", "("}:
            inner, pieces = _choice(pieces)
            pieces = _closed(pieces, "]" if head == "[" else ")")
            items.append(Maybe(inner) if head == "[" else inner)
        elif head == "{":
            if not pieces:
                raise MalformedPhrase("a slot has no name")
            name, _, rule = pieces[0].partition("=")
            items.append(Slot(name, rule or name))
            pieces = _closed(pieces[1:], "}")
        else:
            items.append(Word(head))
    return (items[0] if len(items) == 1 else Series(tuple(items))), pieces


def _closed(pieces: list[str], bracket: str) -> list[str]:
    if not pieces or pieces[0] != bracket:
        raise MalformedPhrase(f"{bracket!r} is missing")
    return pieces[1:]
