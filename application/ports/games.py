"""What activities are made of: questions and stories."""

from typing import Protocol

from domain.activities.questions import Question
from domain.activities.story import Story


class Games(Protocol):
    """Everything that can be asked and told without a language model."""

    @property
    def questions(self) -> tuple[Question, ...]:
        """All questions of all themes and levels."""
        ...

    @property
    def stories(self) -> tuple[Story, ...]:
        """All stories."""
        ...
