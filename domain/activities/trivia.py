"""A quiz for several clients: rounds, timed answers, points."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from attrs import evolve, field, frozen

from domain.activities.questions import PosedQuestion
from domain.errors import InvalidValue
from domain.ids import ClientId

ANSWER_TIME: Final = timedelta(seconds=20)
LONGEST_ANSWER_TIME: Final = timedelta(minutes=2)
SPOKEN_WORDS_A_SECOND: Final = 2.5
QUICKNESS: Final = 0.5
"""The share of its points that an answer at once earns beyond them; none is left at the deadline."""


@frozen(kw_only=True)
class Asked:
    """A round begins: what is asked, and until when answers count."""

    round: int
    question: PosedQuestion
    until: datetime


@frozen(kw_only=True)
class Answered:
    """Somebody answered, rightly or not, and earned so many points."""

    client_id: ClientId
    choice: str
    right: bool
    points: int


@frozen(kw_only=True)
class Unclear:
    """Somebody said something that is none of the answers; it does not count, another try is free."""

    client_id: ClientId


@frozen(kw_only=True)
class RoundOver:
    """A round is over: the right answer, and who has how many points."""

    round: int
    answer: str
    scores: Mapping[ClientId, int]


@frozen(kw_only=True)
class GameOver:
    """The last round is over: the points, and who has most of them (several on a draw, nobody at 0)."""

    scores: Mapping[ClientId, int]
    winners: tuple[ClientId, ...]


TriviaNews = Asked | Answered | Unclear | RoundOver | GameOver


@frozen(kw_only=True)
class Trivia:
    """A quiz as it stands. Each method returns it as it stands afterwards, and what happened, in order."""

    questions: tuple[PosedQuestion, ...] = field()
    scores: Mapping[ClientId, int]
    """The points of everybody who ever played; who left keeps them."""
    playing: frozenset[ClientId]
    answer_time: timedelta = field(default=ANSWER_TIME)
    round: int = 0
    """The round under way, from 1 on; 0 before the first."""
    open_from: datetime | None = None
    """When the question has been read out, so that time runs; None while no round is under way."""
    answered: frozenset[ClientId] = frozenset()

    @questions.validator
    def _check_questions(self, _: object, questions: tuple[PosedQuestion, ...]) -> None:
        if not questions:
            raise InvalidValue("config.rounds", "must be at least 1")

    @answer_time.validator
    def _check_answer_time(self, _: object, time: timedelta) -> None:
        if not timedelta(seconds=3) <= time <= LONGEST_ANSWER_TIME:
            raise InvalidValue("config.answer_seconds", "must be 3 to 120 seconds")

    @property
    def over(self) -> bool:
        """Whether the last round is over."""
        return self.open_from is None and self.round >= len(self.questions)

    @property
    def deadline(self) -> datetime | None:
        """When the round under way ends by itself."""
        return self.open_from + self.answer_time if self.open_from else None

    def begin(self, now: datetime) -> tuple["Trivia", tuple[TriviaNews, ...]]:
        """Ask the first question, or the next one if a round is over."""
        question = self.questions[self.round]
        reading = timedelta(seconds=len(question.spoken.split()) / SPOKEN_WORDS_A_SECOND)
        asked = evolve(self, round=self.round + 1, open_from=now + reading, answered=frozenset())
        return asked, (Asked(round=asked.round, question=question, until=now + reading + self.answer_time),)

    def answer(
        self, client_id: ClientId, said: str, now: datetime
    ) -> tuple["Trivia", tuple[TriviaNews, ...]]:
        """Take somebody's answer: the first clear one of each round counts, until the deadline."""
        deadline = self.deadline
        if deadline is None or client_id not in self.playing or client_id in self.answered or now >= deadline:
            return self.advance(now)
        question = self.questions[self.round - 1]
        place = question.place(said)
        if place is None:
            return self, (Unclear(client_id=client_id),)
        points = self._points(question, deadline, now) if place == question.right else 0
        told = Answered(
            client_id=client_id, choice=question.choices[place], right=place == question.right, points=points
        )
        scores = {**self.scores, client_id: self.scores.get(client_id, 0) + points}
        after, news = evolve(self, scores=scores, answered=self.answered | {client_id}).advance(now)
        return after, (told, *news)

    def advance(self, now: datetime) -> tuple["Trivia", tuple[TriviaNews, ...]]:
        """End the round if its time is up or all have answered, and ask the next question."""
        deadline = self.deadline
        if deadline is None or (now < deadline and not self.playing <= self.answered):
            return self, ()
        closed = evolve(self, open_from=None)
        question = self.questions[self.round - 1]
        told = RoundOver(round=self.round, answer=question.answer, scores=self.scores)
        if closed.over or not closed.playing:
            ended = evolve(closed, round=len(self.questions))
            return ended, (told, GameOver(scores=self.scores, winners=ended.winners))
        after, news = closed.begin(now)
        return after, (told, *news)

    def leave(self, client_id: ClientId, now: datetime) -> tuple["Trivia", tuple[TriviaNews, ...]]:
        """Go on without somebody; when nobody is left the game is over."""
        return evolve(self, playing=self.playing - {client_id}).advance(now)

    def join(self, client_id: ClientId) -> "Trivia":
        """Let somebody play from now on, or again with the points they had."""
        return evolve(
            self,
            playing=self.playing | {client_id},
            scores={**self.scores, client_id: self.scores.get(client_id, 0)},
        )

    @property
    def winners(self) -> tuple[ClientId, ...]:
        """Who has most points."""
        most = max(self.scores.values(), default=0)
        return tuple(sorted(one for one, points in self.scores.items() if points == most > 0))

    def _points(self, question: PosedQuestion, deadline: datetime, now: datetime) -> int:
        left = min(1.0, (deadline - now) / self.answer_time)
        return round(question.level.points * (1 + QUICKNESS * left))
