"""What of a model's answer is a scene of a story."""

import pytest

from application.coordination.storytelling import NoTools, part_of
from domain.errors import Forbidden
from tests.samples import NOON


@pytest.mark.parametrize(
    ("answer", "text", "ways_on"),
    [
        ("A door. [open it] [leave]", "A door.", ("open it", "leave")),
        ("A door.\n[ Open  it. ]\n[leave!]", "A door.", ("Open it", "leave")),
        ("A door. [open it] [Open it] [leave]", "A door.", ("open it", "leave")),
        ("A [a] b [b] c [c] d [d]", "A", ("a", "b", "c")),
    ],
)
def test_a_scene_is_its_text_and_the_ways_on_in_brackets(
    answer: str, text: str, ways_on: tuple[str, ...]
) -> None:
    part = part_of(answer, last=False)
    assert part is not None
    assert (part.text, part.ways_on) == (text, ways_on)


@pytest.mark.parametrize(
    "answer", ["", "A door.", "A door. [open it]", "[open it] [leave]", "A door. [] [!]"]
)
def test_what_leaves_nothing_to_tell_or_to_choose_is_no_scene(answer: str) -> None:
    assert part_of(answer, last=False) is None


def test_the_last_scene_offers_nothing() -> None:
    part = part_of("They sailed home. [more] [less]", last=True)
    assert part is not None
    assert (part.text, part.ways_on) == ("They sailed home.", ())
    assert part_of("", last=True) is None


async def test_nothing_is_done_while_a_story_is_told() -> None:
    tools = NoTools()
    assert tools.done == ()
    with pytest.raises(Forbidden):
        await tools.create_reminder(title="tea", due_time=NOON)
    with pytest.raises(Forbidden):
        await tools.find_reminders(start=None, end=None)
