"""How a word that no dictionary knows is said: a guess from its letters, learnt from the dictionary's words.

Each letter stands for none, one or two sounds. Which letter stands for which is found by aligning words
with their sounds (Viterbi training, three rounds); then the sounds of a letter in its surroundings are
remembered wherever they differ from what narrower surroundings say, as in a list of rules and exceptions.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from math import inf, log
from pathlib import Path
from typing import Final

from attrs import frozen

SURROUNDINGS: Final = ((0, 0), (0, 1), (1, 1), (1, 2), (2, 2), (3, 3))
"""How many letters before and after are looked at, from the narrowest to the widest."""

EDGE: Final = "#"
ROUNDS: Final = 3
_AT_MOST: Final = 2
_BAND: Final = 2.5
_RARE: Final = 2

Sounds = tuple[str, ...]
Costs = Mapping[tuple[str, Sounds], float]
Aligned = Sequence[tuple[str, Sounds]]


@frozen
class Spelling:
    """The rules: what a letter in its surroundings, such as `c|h` for c before h, sounds like."""

    rules: Mapping[str, str]

    def sounds(self, word: str) -> str:
        """The sounds of a word, with spaces between; only letters from a to z are said."""
        letters = "".join(letter for letter in word if "a" <= letter <= "z")
        return " ".join(filter(None, (self._one(letters, place) for place in range(len(letters)))))

    def _one(self, word: str, place: int) -> str:
        for before, after in reversed(SURROUNDINGS):
            if (found := self.rules.get(_surroundings(word, place, before, after))) is not None:
                return found
        return ""

    def write(self, path: Path) -> None:
        """Keep the rules in a file."""
        path.write_text(json.dumps(self.rules, separators=(",", ":"), sort_keys=True), encoding="utf-8")

    @classmethod
    def read(cls, path: Path) -> "Spelling":
        """Read rules that were kept."""
        return cls(json.loads(path.read_text(encoding="utf-8")))


def _surroundings(word: str, place: int, before: int, after: int) -> str:
    padded = EDGE * 3 + word + EDGE * 3
    at = place + 3
    return f"{padded[at - before : at]}|{padded[at]}|{padded[at + 1 : at + 1 + after]}"


def learn(words: Sequence[tuple[str, Sounds]], to_align: int = 6_000) -> Spelling:
    """Learn from words with their sounds; the alignment from the first so many of them."""
    costs: Costs = {}
    for _ in range(ROUNDS):
        counts: Counter[tuple[str, Sounds]] = Counter()
        for word, sounds in words[:to_align]:
            counts.update(_aligned(word, sounds, costs) or ())
        totals: Counter[str] = Counter()
        for (letter, _), count in counts.items():
            totals[letter] += count
        costs = {pair: -log(count / totals[pair[0]]) for pair, count in counts.items()}
    return Spelling(_rules((word, _aligned(word, sounds, costs)) for word, sounds in words))


def _rules(words: Iterable[tuple[str, Aligned | None]]) -> Mapping[str, str]:
    seen: list[dict[str, Counter[str]]] = [defaultdict(Counter) for _ in SURROUNDINGS]
    for word, aligned in words:
        for place, (_, sounds) in enumerate(aligned or ()):
            for level, (before, after) in enumerate(SURROUNDINGS):
                seen[level][_surroundings(word, place, before, after)][" ".join(sounds)] += 1
    rules: dict[str, str] = {}
    for level, contexts in enumerate(seen):
        for context, counts in contexts.items():
            said, count = counts.most_common(1)[0]
            if level == 0 or (count >= _RARE and said != _narrower(rules, context, level)):
                rules[context] = said
    return rules


def _narrower(rules: Mapping[str, str], context: str, level: int) -> str | None:
    """What the rules of narrower surroundings say of a context."""
    head, letter, tail = context.split("|")
    for before, after in reversed(SURROUNDINGS[:level]):
        key = f"{head[len(head) - before :]}|{letter}|{tail[:after]}"
        if key in rules:
            return rules[key]
    return None


def _aligned(word: str, sounds: Sounds, costs: Costs) -> Aligned | None:
    """Share the sounds out among the letters at the least cost; None where it cannot be done."""
    size, ratio = len(sounds), len(sounds) / len(word)
    best: dict[int, float] = {0: 0.0}
    steps: list[dict[int, int]] = []
    for place, letter in enumerate(word):
        reached: dict[int, float] = {}
        step: dict[int, int] = {}
        for at, cost in best.items():
            for taken in range(min(_AT_MOST, size - at) + 1):
                end = at + taken
                if abs(end - (place + 1) * ratio) > _BAND:
                    continue
                total = cost + _cost(costs, letter, sounds[at:end], end / size - (place + 1) / len(word))
                if total < reached.get(end, inf):
                    reached[end], step[end] = total, taken
        best = reached
        steps.append(step)
    if size not in best:
        return None
    return _traced(word, sounds, steps)


def _cost(costs: Costs, letter: str, sounds: Sounds, lag: float) -> float:
    """The cost of a letter's sounds; before anything is known, of straying from an even share."""
    if not costs:
        return 1.0 + 0.5 * abs(len(sounds) - 1) + abs(lag)
    return costs.get((letter, sounds), 12.0)


def _traced(word: str, sounds: Sounds, steps: Sequence[Mapping[int, int]]) -> Aligned:
    end = len(sounds)
    found = []
    for letter, step in zip(reversed(word), reversed(steps), strict=True):
        taken = step[end]
        found.append((letter, sounds[end - taken : end]))
        end -= taken
    return found[::-1]
