"""What devices are told of an activity: what they show, and what they say aloud."""

from collections.abc import Iterable, Mapping

from attrs import field, frozen

from domain.activities.activity import Activity
from domain.activities.story import ChoiceUnclear, StoryNews, StoryOver, Telling, Told
from domain.activities.trivia import Answered, Asked, GameOver, RoundOver, Trivia, TriviaNews, Unclear
from domain.ids import ClientId
from domain.moments import utc_text


@frozen(kw_only=True)
class Line:
    """One thing told: the event, who is told, and what is said aloud by which of them."""

    event: str
    audience: frozenset[ClientId]
    payload: Mapping[str, object] = field(factory=dict)
    aloud: str | None = None
    speakers: frozenset[ClientId] = frozenset()


def lines_of(activity: Activity, news: Iterable[TriviaNews | StoryNews]) -> tuple[Line, ...]:
    """What is told of some news, in their order."""
    match activity.state:
        case Trivia() as game:
            return tuple(_of_trivia(activity, game, one) for one in news if not isinstance(one, _STORY))
        case Telling():
            return tuple(_of_story(activity, one) for one in news if isinstance(one, _STORY))
        case _:
            return ()


_STORY = (Told, ChoiceUnclear, StoryOver)


def _of_trivia(activity: Activity, game: Trivia, news: TriviaNews) -> Line:
    everybody = frozenset(activity.client_ids)
    match news:
        case Asked():
            payload = {
                "round": news.round,
                "rounds": len(game.questions),
                "question": news.question.text,
                "choices": list(news.question.choices),
                "level": news.question.level.value,
                "answer_by": utc_text(news.until),
            }
            return _aloud("trivia_question", everybody, payload, news.question.spoken)
        case Answered():
            taken = {"choice": news.choice, "right": news.right, "points": news.points}
            return Line(event="trivia_answered", audience=frozenset({news.client_id}), payload=taken)
        case Unclear():
            return Line(event="trivia_unclear", audience=frozenset({news.client_id}))
        case RoundOver():
            told = {"round": news.round, "answer": news.answer, "scores": dict(news.scores)}
            return _aloud("trivia_round_over", everybody, told, f"The answer is {news.answer}.")
        case GameOver():
            ended = {"scores": dict(news.scores), "winners": list(news.winners)}
            best = max(news.scores.values(), default=0)
            words = f"The game is over. The best score is {best} points." if best else "The game is over."
            return _aloud("trivia_over", everybody, ended, words)


def _of_story(activity: Activity, news: StoryNews) -> Line:
    everybody = frozenset(activity.client_ids)
    match news:
        case Told():
            payload = {"text": news.text, "choices": list(news.choices), "teller": news.teller}
            choices = " Or: ".join(f"{choice}." for choice in news.choices)
            aloud = f"{news.text} What now? {choices}" if choices else news.text
            return Line(
                event="story_part",
                audience=everybody,
                payload=payload,
                aloud=aloud,
                speakers=frozenset({news.teller}),
            )
        case ChoiceUnclear():
            asked = {"choices": list(news.choices)}
            return Line(event="story_unclear", audience=frozenset({news.client_id}), payload=asked)
        case StoryOver():
            return Line(event="story_over", audience=everybody, payload={"parts": news.scenes})


def _aloud(event: str, audience: frozenset[ClientId], payload: Mapping[str, object], text: str) -> Line:
    return Line(event=event, audience=audience, payload=payload, aloud=text, speakers=audience)
