"""The questions and stories that ship with the product."""

from pathlib import Path

import pytest

from adapters.files.games import FileGames
from domain.activities.choosing import LETTERS, chosen
from domain.activities.questions import Level, posed
from domain.errors import InvalidValue

GAMES = FileGames.read()


def test_there_are_enough_questions_of_every_level_and_none_twice() -> None:
    assert len(GAMES.questions) >= 200
    assert len({question.text for question in GAMES.questions}) == len(GAMES.questions)
    assert len({question.theme for question in GAMES.questions}) >= 8
    for level in Level:
        assert sum(question.level is level for question in GAMES.questions) >= 50


@pytest.mark.parametrize("seed", range(4))
def test_every_answer_can_be_given_in_every_way(seed: int) -> None:
    for question in posed(GAMES.questions, None, len(GAMES.questions), seed):
        assert all(question.place(wording) == question.right for wording in question.options[question.right])
        for place, choice in enumerate(question.choices):
            for said in (
                choice,
                f"I think it is {choice}",
                f"option {LETTERS[place]}",
                f"number {place + 1}",
            ):
                assert question.place(said) == place, (question.spoken, said)


def test_every_choice_of_every_story_can_be_made_in_all_its_words() -> None:
    assert len({story.theme for story in GAMES.stories}) >= 2
    for story in GAMES.stories:
        assert sum(not scene.choices for scene in story.scenes.values()) >= 3
        for scene in story.scenes.values():
            options = [(choice.text, *choice.also) for choice in scene.choices]
            for place, wordings in enumerate(options):
                assert [chosen(wording, options) for wording in wordings] == [place] * len(wordings)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("[[easy]]\ntext = 'What?'\nanswer = 'a'", "wrong"),
        ("[[easy]]\ntext = 'What?'\nanswer = 'a'\nwrong = ['a', 'b', 'c']", "different"),
        ("[[simple]]", "simple"),
    ],
)
def test_a_file_without_proper_questions_is_refused(tmp_path: Path, text: str, complaint: str) -> None:
    (tmp_path / "broken.toml").write_text(text, encoding="utf-8")
    with pytest.raises(InvalidValue, match=complaint):
        FileGames.read(questions=tmp_path)
