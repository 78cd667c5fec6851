"""Questions of a quiz: a text, the right answer, and wrong ones to choose among."""

from collections.abc import Sequence
from enum import Enum
from random import Random
from typing import Final

from attrs import field, frozen

from domain.activities.choosing import LETTERS, chosen
from domain.errors import InvalidValue

WRONG_ANSWERS: Final = 3


class Level(Enum):
    """How hard a question is."""

    EASY = "easy"
    MEDIUM = "medium"
    HARD = "hard"

    @property
    def points(self) -> int:
        """What a right answer is worth, before anything for being quick."""
        return {Level.EASY: 10, Level.MEDIUM: 20, Level.HARD: 30}[self]


@frozen(kw_only=True)
class Question:
    """One question of the bank."""

    text: str
    answer: str
    wrong: tuple[str, ...] = field()
    also: tuple[str, ...] = ()
    """Other wordings that are right too."""
    level: Level
    theme: str

    @wrong.validator
    def _check_wrong(self, _: object, wrong: tuple[str, ...]) -> None:
        if (
            len(wrong) != WRONG_ANSWERS
            or len({self.answer.casefold(), *(one.casefold() for one in wrong)}) != 4
        ):
            raise InvalidValue("wrong", f"must be {WRONG_ANSWERS} answers, all different from the right one")


@frozen(kw_only=True)
class PosedQuestion:
    """A question as it is put in a game, with its answers in an order."""

    text: str
    options: tuple[tuple[str, ...], ...]
    """Each answer with all its wordings, the one to be read out first."""
    right: int = field()
    level: Level

    @right.validator
    def _check_right(self, _: object, right: int) -> None:
        if not 0 <= right < len(self.options):
            raise InvalidValue("right", "must be the place of one of the options")

    @property
    def answer(self) -> str:
        """The right answer."""
        return self.options[self.right][0]

    @property
    def choices(self) -> tuple[str, ...]:
        """The answers to choose among, in order."""
        return tuple(option[0] for option in self.options)

    @property
    def spoken(self) -> str:
        """The question with its answers, as it is read out."""
        named = ", ".join(
            f"{letter.upper()}: {choice}" for letter, choice in zip(LETTERS, self.choices, strict=False)
        )
        return f"{self.text} {named}."

    def place(self, said: str) -> int | None:
        """Which answer somebody gives, or None where that is unclear."""
        return chosen(said, self.options)


def posed(bank: Sequence[Question], level: Level | None, rounds: int, seed: int) -> tuple[PosedQuestion, ...]:
    """Draw the questions of a game: none twice, and the same ones again for the same seed.

    Args:
        bank: every question there is.
        level: how hard they are; None mixes all.
        rounds: how many are wanted.
        seed: what the draw follows from.

    Raises:
        InvalidValue: the bank has not that many of this level.
    """
    fitting = [question for question in bank if level is None or question.level is level]
    if not 1 <= rounds <= len(fitting):
        raise InvalidValue("config.rounds", f"must be 1 to {len(fitting)}", available=len(fitting))
    random = Random(seed)  # noqa: S311 - a game, not a secret
    return tuple(_posed(question, random) for question in random.sample(fitting, rounds))


def _posed(question: Question, random: Random) -> PosedQuestion:
    options = [(question.answer, *question.also), *((wrong,) for wrong in question.wrong)]
    random.shuffle(options)
    right = next(place for place, option in enumerate(options) if option[0] == question.answer)
    return PosedQuestion(text=question.text, options=tuple(options), right=right, level=question.level)
