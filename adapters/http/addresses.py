"""Addresses that tell a word from a name: where both can stand, a word that is taken is no name."""

import re
from collections.abc import Iterable
from typing import Final

from werkzeug.routing import BaseConverter, Map

NAME: Final = re.compile(r"{(\w+)}")


class NameUnlike(BaseConverter):
    """A part of a path that is a name, unless it is one of some words: `<unlike("feed"):event_id>`."""

    def __init__(self, url_map: Map, *words: str) -> None:
        super().__init__(url_map)
        self.regex = f"(?!(?:{'|'.join(map(re.escape, words))})(?:/|$))[^/]+"


def rules(paths: Iterable[str]) -> dict[str, str]:
    """The routing rule of each path, whose names stand in braces.

    Without this, `/calendar/{event_id}` would answer for `/calendar/feed` too, and `Allow` would name
    methods that one of them alone has.
    """
    known = frozenset(paths)
    return {path: _rule(path, known) for path in known}


def _rule(path: str, known: frozenset[str]) -> str:
    parts = path.split("/")
    written = []
    for place, part in enumerate(parts):
        name = NAME.fullmatch(part)
        words = sorted(_words_at(place, parts, known)) if name else ()
        if name and words:
            written.append(f"<unlike({', '.join(map(repr, words))}):{name[1]}>")
        else:
            written.append(NAME.sub(r"<\1>", part))
    return "/".join(written)


def _words_at(place: int, parts: list[str], known: frozenset[str]) -> set[str]:
    """The words that paths of the same length have at a place where this one has a name."""
    others = (other.split("/") for other in known)
    return {
        other[place]
        for other in others
        if len(other) == len(parts) and other[:place] == parts[:place] and "{" not in other[place]
    }
