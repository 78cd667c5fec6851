"""How activities begin: what their settings say, and what happens first."""

import zlib
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

import structlog
from attrs import frozen

from application.coordination.stage import STORY_WAITS, News
from application.coordination.storytelling import Storyteller
from application.ports.games import Games
from domain.activities.activity import ActivityState, ActivityType
from domain.activities.playback import USUAL_LEAD, Playback, shared_start
from domain.activities.questions import Level, posed
from domain.activities.story import FEWEST_PARTS, MOST_PARTS, Story, Telling
from domain.activities.trivia import ANSWER_TIME, Trivia
from domain.errors import InvalidValue, MiraError
from domain.ids import ActivityId, ClientId
from domain.moments import from_micros
from domain.networks import Network
from domain.personas import Persona

log = structlog.get_logger(__name__)

USUAL_ROUNDS: Final = 5
USUAL_LENGTH: Final = 5
LENGTHS: Final = {"short": 3, "medium": 5, "long": 8}
"""How many parts a story has."""
ANY_THEME: Final = "whatever young and old like"
LONGEST_NAME: Final = 200
MICROSECOND: Final = timedelta(microseconds=1)
EPOCH: Final = from_micros(0)
LONGEST_PLAYBACK: Final = 24 * 3600


@frozen(kw_only=True)
class Setting:
    """Where an activity takes place: its network, who leads it, and the devices that are there."""

    network: Network
    persona: Persona
    there: tuple[ClientId, ...]


@frozen
class Openings:
    """Opens activities of each type; settings that they do not know are kept and have no effect."""

    games: Games
    storyteller: Storyteller

    async def __call__(
        self,
        sort: ActivityType,
        config: Mapping[str, object],
        setting: Setting,
        activity_id: ActivityId,
        now: datetime,
    ) -> tuple[ActivityState, tuple[News, ...]]:
        match sort:
            case ActivityType.TRIVIA:
                return self._trivia(config, setting.there, activity_id).begin(now)
            case ActivityType.STORY:
                return await self._told(config, setting)
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

    async def _told(
        self, config: Mapping[str, object], setting: Setting
    ) -> tuple[ActivityState, tuple[News, ...]]:
        """Begin a story: one of the library that is named by its title, else one that a model thinks of.

        Where there is no model, or it fails at once, one of the library is told.
        """
        wished = _StoryWish.of(config)
        if self.storyteller.there and not self._is_of_library(wished.title):
            story = Story(
                title=wished.title or "A story",
                theme=wished.theme or ANY_THEME,
                parts=wished.length or USUAL_LENGTH,
                scenes={},
            )
            telling, _ = Telling(story=story, tellers=setting.there).begin()
            try:
                part = await self.storyteller(telling, setting.persona, setting.network)
            except MiraError as error:
                log.warning("no model thinks of a story", code=error.code, network=setting.network.id)
            else:
                return telling.written(part.text, part.ways_on)
        return Telling(story=self._of_library(wished), tellers=setting.there).begin()

    def _of_library(self, wished: "_StoryWish") -> Story:
        """The story of a title or theme, or else any; of several the one whose length comes nearest."""
        names = {wished.title.casefold(), wished.theme.casefold()}
        fitting = [one for one in self.games.stories if {one.title.casefold(), one.theme.casefold()} & names]
        length = wished.length or USUAL_LENGTH
        return min(fitting or self.games.stories, key=lambda one: abs(one.longest - length))

    def _is_of_library(self, title: str) -> bool:
        return any(one.title.casefold() == title.casefold() for one in self.games.stories)


@frozen(kw_only=True)
class _StoryWish:
    """What story is wanted; what is empty is left open."""

    title: str
    theme: str
    length: int | None

    @classmethod
    def of(cls, config: Mapping[str, object]) -> "_StoryWish":
        """The wish that settings are."""
        texts = {name: config.get(name) or "" for name in ("title", "theme")}
        for name, text in texts.items():
            if not isinstance(text, str) or len(text) > LONGEST_NAME:
                raise InvalidValue(f"config.{name}", f"must be text of at most {LONGEST_NAME} characters")
        length = config.get("length")
        if isinstance(length, str) and length in LENGTHS:
            length = LENGTHS[length]
        if length is not None and not (type(length) is int and FEWEST_PARTS <= length <= MOST_PARTS):
            words = ", ".join(LENGTHS)
            raise InvalidValue("config.length", f"must be {FEWEST_PARTS} to {MOST_PARTS} parts, or {words}")
        return cls(title=str(texts["title"]), theme=str(texts["theme"]), length=length)


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
