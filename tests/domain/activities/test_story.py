"""A story that branches, told in turns."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.activities.story import Choice, ChoiceUnclear, Scene, Story, StoryOver, Telling, Told
from domain.errors import InvalidValue
from domain.ids import ClientId

A, B, C = (ClientId(name) for name in "abc")


def forks(left: str, right: str) -> tuple[Choice, Choice]:
    return Choice(text="left", leads_to=left), Choice(text="right", also=("the other way",), leads_to=right)


STORY = Story(
    title="Crossing",
    theme="test",
    scenes={
        "beginning": Scene(text="A fork.", choices=forks("wood", "lake")),
        "wood": Scene(text="A wood.", choices=forks("lake", "end")),
        "lake": Scene(text="A lake."),
        "end": Scene(text="An end."),
    },
)


def test_each_scene_is_told_by_the_next_client_which_then_may_choose() -> None:
    telling, news = Telling(story=STORY, tellers=(A, B)).begin()
    assert news == (Told(teller=A, text="A fork.", choices=("left", "right")),)
    assert telling.choose(B, "left") == (telling, ())
    assert telling.choose(A, "up") == (telling, (ChoiceUnclear(client_id=A, choices=("left", "right")),))
    telling, news = telling.choose(A, "I go left")
    assert news == (Told(teller=B, text="A wood.", choices=("left", "right")),)
    telling, news = telling.choose(B, "the other way")
    assert news == (Told(teller=A, text="An end.", choices=()), StoryOver(scenes=3))
    assert telling.over
    assert telling.choose(A, "left") == (telling, ())


def test_who_leaves_hands_the_turn_on_and_who_joins_gets_one() -> None:
    telling, _ = Telling(story=STORY, tellers=(A, B)).begin()
    telling, news = telling.join(C).leave(A)
    assert news == (Told(teller=B, text="A fork.", choices=("left", "right")),)
    assert telling.leave(C)[1] == telling.leave(A)[1] == ()
    telling, news = telling.leave(C)[0].leave(B)
    assert (telling.over, news) == (True, ())


@pytest.mark.parametrize(
    ("scenes", "complaint"),
    [
        ({"end": Scene(text="")}, "beginning"),
        ({"beginning": Scene(text="", choices=forks("a", "b")), "a": Scene(text="")}, "lead to b"),
        ({"beginning": Scene(text=""), "island": Scene(text="")}, "cannot be reached: island"),
        ({"beginning": Scene(text="", choices=forks("a", "beginning")), "a": Scene(text="")}, "circles"),
    ],
)
def test_a_story_with_loose_ends_is_refused(scenes: dict[str, Scene], complaint: str) -> None:
    with pytest.raises(InvalidValue, match=complaint):
        Story(title="", theme="", scenes=scenes)


def test_a_single_choice_is_none() -> None:
    with pytest.raises(InvalidValue, match="choices"):
        Scene(text="", choices=(Choice(text="on", leads_to="b"),))


@given(
    st.lists(
        st.tuples(st.sampled_from("abc"), st.sampled_from(["left", "right", "leave", "join"])), max_size=30
    )
)
def test_whoever_comes_and_goes_the_teller_is_one_of_those_who_are_there(
    moves: list[tuple[str, str]],
) -> None:
    telling, _ = Telling(story=STORY, tellers=(A, B, C)).begin()
    for who, what in moves:
        client = ClientId(who)
        if what == "leave":
            telling, news = telling.leave(client)
        elif what == "join":
            telling, news = telling.join(client), ()
        else:
            telling, news = telling.choose(client, what)
        assert (telling.teller in telling.tellers) if telling.tellers else telling.over
        assert sum(isinstance(one, StoryOver) for one in news) == (1 if news and telling.over else 0)


def test_a_story_that_is_thought_of_while_it_is_told_waits_for_each_scene() -> None:
    story = Story(title="Space", theme="space", parts=2, scenes={})
    telling, news = Telling(story=story, tellers=(A, B)).begin()
    assert (telling.unwritten, telling.scene, news) == (True, None, ())
    telling, news = telling.written("A door.", ("open it", "leave"))
    assert news == (Told(teller=A, text="A door.", choices=("open it", "leave")),)
    assert (telling.unwritten, telling.last_part, telling.over) == (False, False, False)
    telling, news = telling.choose(A, "leave")
    assert (telling.unwritten, telling.last_part, news) == (True, True, ())
    assert telling.so_far == (("A door.", "leave"),)
    telling, news = telling.written("Home again.")
    assert news == (Told(teller=B, text="Home again.", choices=()), StoryOver(scenes=2))
    assert telling.over


def test_a_story_knows_how_many_parts_are_told_at_most() -> None:
    assert STORY.longest == 3
    with pytest.raises(InvalidValue, match="length"):
        Story(title="Endless", theme="", parts=13, scenes={})
