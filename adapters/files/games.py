"""Quiz questions and branching stories, out of TOML files: one a theme, one a story."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from attrs import field, frozen

from adapters.files.tables import table
from domain.activities.questions import Level, Question
from domain.activities.story import Choice, Scene, Story

QUESTIONS: Final = Path(__file__).parent / "questions"
STORIES: Final = Path(__file__).parent / "stories"


@frozen(kw_only=True)
class QuestionTable:
    """A question in a file, below the name of its level."""

    text: str
    answer: str
    also: tuple[str, ...] = ()
    wrong: tuple[str, ...]


@frozen(kw_only=True)
class ThemeFile:
    """The questions of one theme; the theme is the file's name."""

    easy: tuple[QuestionTable, ...] = ()
    medium: tuple[QuestionTable, ...] = ()
    hard: tuple[QuestionTable, ...] = ()

    def questions(self, theme: str) -> tuple[Question, ...]:
        """All of them, easy ones first."""
        return tuple(
            Question(
                text=one.text, answer=one.answer, also=one.also, wrong=one.wrong, level=level, theme=theme
            )
            for level, several in (
                (Level.EASY, self.easy),
                (Level.MEDIUM, self.medium),
                (Level.HARD, self.hard),
            )
            for one in several
        )


@frozen(kw_only=True)
class ChoiceTable:
    """A choice in a file."""

    text: str
    also: tuple[str, ...] = ()
    leads_to: str


@frozen(kw_only=True)
class SceneTable:
    """A scene in a file; its text is folded, line ends are spaces."""

    text: str
    choices: tuple[ChoiceTable, ...] = ()

    def scene(self) -> Scene:
        """The scene that it describes."""
        choices = tuple(Choice(text=one.text, also=one.also, leads_to=one.leads_to) for one in self.choices)
        return Scene(text=" ".join(self.text.split()), choices=choices)


@frozen(kw_only=True)
class StoryFile:
    """A story, scene by scene."""

    title: str
    theme: str
    scenes: Mapping[str, SceneTable]

    def story(self) -> Story:
        """The story that it describes."""
        scenes = {name: scene.scene() for name, scene in self.scenes.items()}
        return Story(title=self.title, theme=self.theme, scenes=scenes)


@frozen
class FileGames:
    """The questions and stories that two folders hold, read once."""

    questions: tuple[Question, ...] = field()
    stories: tuple[Story, ...] = field()

    @classmethod
    def read(cls, questions: Path = QUESTIONS, stories: Path = STORIES) -> "FileGames":
        """Read every file of both folders, by default those shipped with the product.

        Raises:
            InvalidValue: a file is not TOML, or not what its folder holds; the message names it.
        """
        themes = [
            (path.stem, table(path, ThemeFile, "questions of a quiz"))
            for path in sorted(questions.glob("*.toml"))
        ]
        return cls(
            tuple(question for theme, file in themes for question in file.questions(theme)),
            tuple(table(path, StoryFile, "a story").story() for path in sorted(stories.glob("*.toml"))),
        )
