"""Words as they are compared: lower case, one form for each spelling, with their place in the text."""

import re
from typing import Final, NamedTuple

MAX_WORDS: Final = 80
MAX_CHARACTERS: Final = 1_000

# Each alternative begins differently or is bounded, so that no text can make the expression slow.
PIECE: Final = re.compile(
    r"[0-9]{1,3}(?:,[0-9]{3})+(?![0-9])"
    r"|[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?![0-9])"
    r"|[0-9]{1,2}[:.][0-9]{2}(?![0-9.])"
    r"|[0-9]{1,2}\.[0-9](?![0-9])"
    r"|[0-9]{1,2}/[0-9]{1,2}(?:/[0-9]{4})?(?![0-9/])"
    r"|[0-9]{1,9}"
    r"|[ap]\.\s?m\b\.?"
    r"|[-–—](?=\s?[0-9])"  # noqa: RUF001
    r"|[^\W\d_]+(?:['’ʼ`][^\W\d_]+)*",  # noqa: RUF001
    re.IGNORECASE,
)
FIGURES: Final = frozenset("0123456789")
DASHES: Final = frozenset("-–—")  # noqa: RUF001
SPELLINGS: Final = {
    "whats": "what's",
    "dont": "don't",
    "didnt": "didn't",
    "lets": "let's",
    "theres": "there's",
    "wheres": "where's",
    "whens": "when's",
    "im": "i'm",
    "ive": "i've",
    "id": "i'd",
    "youre": "you're",
    "oclock": "o'clock",
    "til": "till",
    "thankyou": "thanks",
    "ok": "okay",
    "tmrw": "tomorrow",
    "tmr": "tomorrow",
    "tomorow": "tomorrow",
    "tommorow": "tomorrow",
    "tommorrow": "tomorrow",
    "todays": "today's",
    "tomorrows": "tomorrow's",
    "calender": "calendar",
}


def listed(words: str) -> tuple[str, ...]:
    """The words of a list that is written as running text."""
    return tuple(words.split())


class Token(NamedTuple):
    """One word: the form that is compared, and where it stands in the text (start, end)."""

    word: str
    start: int
    end: int


def is_figure(word: str) -> bool:
    """Whether a word is written in figures."""
    return word[0] in FIGURES


def tokens_of(text: str, limit: int = MAX_WORDS + 1) -> tuple[Token, ...]:
    """Split a text into words; punctuation between words is dropped, "p.m." and "p m" become "pm".

    At most limit words are returned: by default one more than are read, so a caller sees when it is too long.
    """
    found: list[Token] = []
    for match in PIECE.finditer(text):
        word = _canonical(match.group())
        if word in DASHES:
            if not found or not (is_figure(found[-1].word) or found[-1].word in {"am", "pm"}):
                continue
            word = "to"
        if word == "m" and found and found[-1].word in {"a", "p"} and match.start() - found[-1].end <= 2:
            found[-1] = Token(f"{found[-1].word}m", found[-1].start, match.end())
            continue
        found.append(Token(word, match.start(), match.end()))
        if len(found) >= limit:
            break
    return tuple(found)


def _canonical(piece: str) -> str:
    """One form for a word: "P.M." is "pm", a curly apostrophe is a straight one."""
    word = piece.casefold().replace(",", "")
    for mark in "’ʼ`":  # noqa: RUF001
        word = word.replace(mark, "'")
    if "." in word and not is_figure(word):
        return word[0] + "m"
    return SPELLINGS.get(word, word)
