"""How activities begin: what their settings say, and what happens first."""

import zlib
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from attrs import frozen

from application.activity_stage import STORY_WAITS, News
from application.ports.games import Games
from domain.activities.activity import ActivityState, ActivityType
from domain.activities.playback import USUAL_LEAD, Playback, shared_start
from domain.activities.questions import Level, posed
from domain.activities.story import Story, Telling
from domain.activities.trivia import ANSWER_TIME, Trivia
from domain.errors import InvalidValue
from domain.ids import ActivityId, ClientId
from domain.moments import from_micros

USUAL_ROUNDS: Final = 5
MICROSECOND: Final = timedelta(microseconds=1)
EPOCH: Final = from_micros(0)
LONGEST_PLAYBACK: Final = 24 * 3600


@frozen
class Openings:
    """Opens activities of each type; settings that they do not know are kept and have no effect."""

    games: Games

    def __call__(
        self,
        sort: ActivityType,
        config: Mapping[str, object],
        there: tuple[ClientId, ...],
        activity_id: ActivityId,
        now: datetime,
    ) -> tuple[ActivityState, tuple[News, ...]]:
        match sort:
            case ActivityType.TRIVIA:
                return self._trivia(config, there, activity_id).begin(now)
            case ActivityType.STORY:
                return Telling(story=self._story(config), tellers=there).begin()
            case ActivityType.SYNC_PLAYBACK:
                return _playback(config, now), ()

    def due(self, state: ActivityState, config: Mapping[str, object], now: datetime) -> datetime | None:
        """When an activity that has just begun goes on by itself."""
        match state:
            case Trivia():
                return state.deadline
            case Telling():
                return now + STORY_WAITS
            case Playback():
                lasts = _number(config, "duration_s", None, 1, LONGEST_PLAYBACK)
                return None if lasts is None else from_micros(state.starts_at) + timedelta(seconds=lasts)

    def _trivia(
        self, config: Mapping[str, object], there: tuple[ClientId, ...], activity_id: ActivityId
    ) -> Trivia:
        level = config.get("difficulty")
        if level not in {None, "mixed", *(one.value for one in Level)}:
            raise InvalidValue("config.difficulty", "must be easy, medium, hard or mixed")
        theme = config.get("theme")
        bank = [one for one in self.games.questions if theme in {None, one.theme}]
        if not bank:
            themes = sorted({one.theme for one in self.games.questions})
            raise InvalidValue("config.theme", f"must be one of {', '.join(themes)}")
        rounds = _number(config, "rounds", USUAL_ROUNDS, 1, len(bank))
        seconds = _number(config, "answer_seconds", ANSWER_TIME.total_seconds(), 3, 120)
        questions = posed(
            bank,
            None if level in {None, "mixed"} else Level(level),
            int(rounds or USUAL_ROUNDS),
            zlib.crc32(activity_id.encode()),
        )
        return Trivia(
            questions=questions,
            scores=dict.fromkeys(there, 0),
            playing=frozenset(there),
            answer_time=timedelta(seconds=seconds or ANSWER_TIME.total_seconds()),
        )

    def _story(self, config: Mapping[str, object]) -> Story:
        """The story of a theme or a title; any where none is named, or there is none of it."""
        wished = {str(config.get(name)).casefold() for name in ("theme", "title") if config.get(name)}
        fitting = [one for one in self.games.stories if {one.theme.casefold(), one.title.casefold()} & wished]
        return (fitting or list(self.games.stories))[0]


def _playback(config: Mapping[str, object], now: datetime) -> Playback:
    url = config.get("media_url") or config.get("url")
    media = {"media_url": url, "track": config.get("track")}
    for name, value in media.items():
        if value is not None and not (isinstance(value, str) and 1 <= len(value) <= 2000):
            raise InvalidValue(f"config.{name}", "must be text of 1 to 2000 characters")
    volume = _number(config, "volume", 1.0, 0, 1)
    lead = _number(config, "lead_ms", USUAL_LEAD / timedelta(milliseconds=1), 500, 60_000)
    starts_at = shared_start((now - EPOCH) // MICROSECOND, timedelta(milliseconds=lead or 0))
    return Playback(
        media={name: value for name, value in media.items() if value is not None},
        starts_at=starts_at,
        volume=1.0 if volume is None else volume,
    )


def _number(
    config: Mapping[str, object], name: str, otherwise: float | None, low: float, high: float
) -> float | None:
    value = config.get(name, otherwise)
    if value is None:
        return otherwise
    if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
        raise InvalidValue(f"config.{name}", f"must be {low} to {high}")
    return value
