"""Cutting a text that is still being written into pieces that can be spoken one by one."""

import re
from typing import Final

from attrs import define, field

LONGEST_PIECE: Final = 300
"""Characters; a sentence that does not end is cut at its last pause, so that nobody waits for it."""
_END: Final = re.compile(r"(?:[.!?…]+[\"'”’)\]]*|[。！？])(?=\s|$)|\n+|[。！？]")  # noqa: RUF001
_PAUSE: Final = re.compile(r"[,;:–—]\s|\s-\s|\s")  # noqa: RUF001
_ABBREVIATION: Final = re.compile(
    r"(?:^|\s|\()(?:[A-Z]|(?i:Mr|Mrs|Ms|Dr|Prof|St|No|vs|approx|e\.g|i\.e|a\.m|p\.m|etc|Nr|z\.B|bzw|ca))\.$"
)
_NUMBERED: Final = re.compile(r"(?:^|\n)\s*\d{1,3}\.$")
_MARKUP: Final = re.compile(
    r"[*_`#]{1,3}(?=\S)|(?<=\S)[*_`]{1,3}|^[ \t]*(?:[-*•]|#{1,6})[ \t]+", re.MULTILINE
)
_OPENING: Final = re.compile(r"<think(?:ing)?>", re.IGNORECASE)
_CLOSING: Final = re.compile(r"</think(?:ing)?>", re.IGNORECASE)
_LONGEST_TAG: Final = len("</thinking>")
_TAG_BEGUN: Final = re.compile(r"<(?:t(?:h(?:i(?:n(?:k(?:i(?:n(?:g)?)?)?)?)?)?)?)?$", re.IGNORECASE)


def spoken(text: str) -> str:
    """A piece of text as it is said: without marks for emphasis, headings and lists, on one line."""
    return " ".join(_MARKUP.sub("", text).split())


@define(eq=False)
class Thoughts:
    """Takes the thoughts out of a text that comes bit by bit: what stands between <think> and </think>."""

    _waiting: str = field(default="", init=False)
    _thinking: bool = field(default=False, init=False)

    def feed(self, text: str) -> str:
        """Take in a bit, and give what of it is certainly no thought."""
        self._waiting += text
        said: list[str] = []
        while mark := (_CLOSING if self._thinking else _OPENING).search(self._waiting):
            said.append("" if self._thinking else self._waiting[: mark.start()])
            self._waiting = self._waiting[mark.end() :]
            self._thinking = not self._thinking
        if self._thinking:
            self._waiting = self._waiting[-_LONGEST_TAG:]
        else:
            begun = _TAG_BEGUN.search(self._waiting)
            certain = begun.start() if begun else len(self._waiting)
            said.append(self._waiting[:certain])
            self._waiting = self._waiting[certain:]
        return "".join(said)

    def rest(self) -> str:
        """What is left when the text is over."""
        left = "" if self._thinking else self._waiting
        self._waiting = ""
        return left


@define(eq=False)
class SentenceStream:
    """Takes in a text bit by bit, and gives out its sentences as soon as each is whole.

    A sentence is whole when what follows its end has begun, since "3." may go on as "3.5". What a model
    thinks aloud is left out, and so is what has no letter or digit in it.
    """

    _thoughts: Thoughts = field(factory=Thoughts, init=False)
    _waiting: str = field(default="", init=False)

    def feed(self, text: str) -> list[str]:
        """Take in a bit, and give the sentences that it completes."""
        self._waiting += self._thoughts.feed(text)
        pieces: list[str] = []
        while (cut := _cut(self._waiting)) is not None:
            pieces.append(self._waiting[:cut])
            self._waiting = self._waiting[cut:]
        return _sayable(pieces)

    def rest(self) -> list[str]:
        """What is left when the text is over."""
        left = self._waiting + self._thoughts.rest()
        self._waiting = ""
        return _sayable([left])


def _sayable(pieces: list[str]) -> list[str]:
    return [piece for piece in map(spoken, pieces) if any(sign.isalnum() for sign in piece)]


def _cut(text: str) -> int | None:
    """Where the first sentence of a text ends, if that can be told by now."""
    for end in _END.finditer(text):
        if end.end() == len(text):
            break
        before = text[: end.end()].rstrip()
        if _ABBREVIATION.search(before) or _NUMBERED.search(before):
            continue
        if spoken(before):
            return end.end()
    if len(text) <= LONGEST_PIECE:
        return None
    pauses = [pause.end() for pause in _PAUSE.finditer(text, LONGEST_PIECE // 2, LONGEST_PIECE)]
    return pauses[-1] if pauses else LONGEST_PIECE
