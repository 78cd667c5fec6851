"""A quiz: rounds, time, points, and people who come and go."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.activities.questions import Level, Question, posed
from domain.activities.trivia import Answered, Asked, GameOver, RoundOver, Trivia, Unclear
from domain.errors import InvalidValue
from domain.ids import ClientId

NOW = datetime(2026, 11, 22, 18, tzinfo=UTC)
ANNA, BEN = ClientId("anna"), ClientId("ben")
BANK = [
    Question(
        text=f"Which is thing {number}?",
        answer=f"right{number}",
        also=(f"correct{number}",),
        wrong=("stone", "water", "feather"),
        level=list(Level)[number % 3],
        theme="things",
    )
    for number in range(9)
]


def game(rounds: int = 2, *players: ClientId) -> Trivia:
    playing = players or (ANNA, BEN)
    return Trivia(
        questions=posed(BANK, None, rounds, seed=4),
        scores=dict.fromkeys(playing, 0),
        playing=frozenset(playing),
    )


def right(trivia: Trivia) -> str:
    return trivia.questions[trivia.round - 1].answer


def test_a_draw_is_the_same_for_the_same_seed_and_has_nothing_twice() -> None:
    assert posed(BANK, None, 9, seed=1) == posed(BANK, None, 9, seed=1) != posed(BANK, None, 9, seed=2)
    assert len({question.text for question in posed(BANK, None, 9, seed=1)}) == 9
    assert {question.level for question in posed(BANK, Level.HARD, 3, seed=1)} == {Level.HARD}
    for question in posed(BANK, None, 9, seed=3):
        assert question.choices[question.right] == question.answer
        assert question.place(question.answer.replace("right", "correct")) == question.right


@pytest.mark.parametrize("rounds", [0, -1, 4])
def test_more_rounds_than_there_are_questions_are_refused(rounds: int) -> None:
    with pytest.raises(InvalidValue, match=r"config\.rounds must be 1 to 3"):
        posed(BANK, Level.EASY, rounds, seed=1)


def test_a_question_must_have_answers_to_choose_among() -> None:
    with pytest.raises(InvalidValue, match="wrong"):
        Question(text="?", answer="a", wrong=("A", "b", "c"), level=Level.EASY, theme="")


def test_a_round_is_over_when_all_have_answered_and_the_quicker_one_has_more() -> None:
    trivia, (asked,) = game().begin(NOW)
    assert isinstance(asked, Asked)
    assert (asked.round, asked.until) == (1, trivia.deadline)
    assert trivia.open_from is not None
    trivia, (first,) = trivia.answer(ANNA, right(trivia), trivia.open_from)
    assert first == Answered(client_id=ANNA, choice=right(trivia), right=True, points=trivia.scores[ANNA])
    assert trivia.open_from is not None
    late = trivia.open_from + trivia.answer_time - timedelta(seconds=1)
    trivia, (second, over, following) = trivia.answer(BEN, right(trivia), late)
    assert isinstance(second, Answered)
    assert 0 < second.points < first.points
    assert isinstance(over, RoundOver)
    assert dict(over.scores) == {ANNA: first.points, BEN: second.points}
    assert isinstance(following, Asked)
    assert following.round == 2


def test_what_is_unclear_does_not_count_and_a_second_answer_neither() -> None:
    trivia, _ = game().begin(NOW)
    trivia, news = trivia.answer(ANNA, "bananas", NOW)
    assert news == (Unclear(client_id=ANNA),)
    trivia, (wrong,) = trivia.answer(ANNA, "stone", NOW)
    assert isinstance(wrong, Answered)
    assert (wrong.right, wrong.points) == (False, 0)
    assert trivia.answer(ANNA, right(trivia), NOW) == (trivia, ())
    assert trivia.answer(ClientId("stranger"), right(trivia), NOW) == (trivia, ())


def test_time_ends_a_round_and_the_last_one_the_game() -> None:
    trivia, _ = game(1).begin(NOW)
    assert trivia.deadline is not None
    before = trivia.deadline - timedelta(milliseconds=1)
    assert trivia.advance(before) == (trivia, ())
    trivia, _ = trivia.answer(BEN, right(trivia), before)
    trivia, (over, end) = trivia.answer(ANNA, right(trivia), trivia.deadline)
    assert isinstance(over, RoundOver)
    assert isinstance(end, GameOver)
    assert (end.winners, dict(end.scores)) == ((BEN,), {ANNA: 0, BEN: trivia.scores[BEN]})
    assert trivia.over
    assert trivia.advance(NOW + timedelta(days=1)) == (trivia, ())


def test_nobody_waits_for_who_left_and_who_comes_back_keeps_points() -> None:
    trivia, _ = game().begin(NOW)
    trivia, _ = trivia.answer(ANNA, right(trivia), NOW)
    points = trivia.scores[ANNA]
    trivia, news = trivia.leave(BEN, NOW)
    assert [type(one) for one in news] == [RoundOver, Asked]
    trivia, _ = trivia.leave(ANNA, NOW)
    assert trivia.over
    assert game().join(ANNA).scores == {ANNA: 0, BEN: 0}
    again = game(2, BEN).join(ANNA).leave(ANNA, NOW)[0].join(ANNA)
    assert ANNA in again.playing
    assert points > 0


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["anna", "ben", "eve"]),
            st.sampled_from(["right", "stone", "mumble", "leave", "join", "wait"]),
            st.integers(0, 40),
        ),
        max_size=40,
    )
)
def test_every_game_ends_and_its_points_only_grow(moves: list[tuple[str, str, int]]) -> None:
    trivia, news = game(3).begin(NOW)
    now, told = NOW, list(news)
    for who, what, seconds in moves:
        now += timedelta(seconds=seconds)
        before = trivia.scores
        client = ClientId(who)
        match what:
            case "leave":
                trivia, news = trivia.leave(client, now)
            case "join":
                trivia, news = trivia.join(client), ()
            case "wait":
                trivia, news = trivia.advance(now)
            case _:
                trivia, news = trivia.answer(client, right(trivia) if what == "right" else what, now)
        told += news
        assert all(trivia.scores[one] >= points for one, points in before.items())
    while not trivia.over:
        now += timedelta(minutes=5)
        trivia, news = trivia.advance(now)
        told += news
    assert [one.round for one in told if isinstance(one, Asked)] == sorted(
        {one.round for one in told if isinstance(one, RoundOver)}
    )
    assert sum(isinstance(one, GameOver) for one in told) == 1
