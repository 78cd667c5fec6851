"""A persona is who answers: its voice, its manner, and what it may do."""

import re
from collections.abc import Collection
from datetime import datetime, time, timedelta
from enum import Enum
from typing import Final, Literal, get_args

from attrs import evolve, field, frozen

from domain.errors import InvalidValue
from domain.ids import NetworkId, PersonaId

DEFAULT_PERSONA: Final = PersonaId("mira")
DEFAULT_IDLE_MINUTES: Final = 30
MAX_IDLE_MINUTES: Final = 7 * 24 * 60
MAX_NAME: Final = 100
MAX_DESCRIPTION: Final = 500
MAX_INSTRUCTIONS: Final = 8000
MAX_GREETING: Final = 500
MAX_TAGS: Final = 20
MAX_TAG: Final = 50
SLOWEST: Final = 80
FASTEST: Final = 450
"""Words a minute."""
CHOSEN_PERSONA_ID: Final = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")
CLOCK_TIME: Final = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")
MODEL_NAME: Final = re.compile(r"[a-z][a-z0-9_]{0,31}(:[^\s:,][^\s,]{0,127})?")
VOICE_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9 _.-]{0,63}(:[A-Za-z0-9][A-Za-z0-9 _.-]{0,63})?")

ToolName = Literal[
    "create_reminder",
    "create_calendar_event",
    "find_reminders",
    "find_calendar_events",
    "complete_reminder",
    "cancel_reminder",
    "cancel_calendar_event",
    "change_reminder",
    "change_calendar_event",
    "announce",
    "switch_persona",
    "continue_at",
    "start_activity",
    "stop_activity",
]
"""What a persona can be allowed to do."""

TOOL_NAMES: Final[tuple[ToolName, ...]] = get_args(ToolName)


def _at_most(name: str, text: str, most: int) -> None:
    if len(text) > most:
        raise InvalidValue(name, f"must be at most {most} characters")


def chosen_persona_id(text: str) -> PersonaId:
    """Take an id that an owner chose for a persona.

    Raises:
        InvalidValue: it has other characters, or another length.
    """
    if not CHOSEN_PERSONA_ID.fullmatch(text):
        raise InvalidValue(
            "id", "must be 1 to 64 characters of a-z 0-9 _ -, and begin with a letter or digit"
        )
    return PersonaId(text)


class AdaptationMode(Enum):
    """How far a persona adapts to the people it talks with.

    A fixed one never does: it keeps to its instructions to the letter, whatever anybody asks of it. A guided
    one follows wishes about its manner for as long as a session lasts. An adaptive one is also told what was
    said to it at the same device in earlier sessions, and goes by that.
    """

    FIXED = "fixed"
    GUIDED = "guided"
    ADAPTIVE = "adaptive"


@frozen(kw_only=True)
class Voice:
    """How a persona sounds: language, which voice, words a minute, pitch 0..100.

    The name is a variant of the local synthesizer (f2), or a voice of another provider with that one's name
    before it (openai:nova); whoever does not have the voice speaks with a usual one of the language.
    """

    language: str = field(default="en-us")
    name: str | None = field(default=None)
    rate: int = field(default=165)
    pitch: int = field(default=50)

    @language.validator
    def _check_language(self, _: object, value: str) -> None:
        if not 2 <= len(value) <= 35:
            raise InvalidValue("voice_config.language", "must be a language tag such as en or de-AT")

    @name.validator
    def _check_name(self, _: object, value: str | None) -> None:
        if value is not None and not VOICE_NAME.fullmatch(value):
            raise InvalidValue(
                "voice_config.voice", "must be a name such as f2, or one with its provider: openai:nova"
            )

    @rate.validator
    def _check_rate(self, _: object, value: int) -> None:
        if not SLOWEST <= value <= FASTEST:
            raise InvalidValue("voice_config.rate", f"must be {SLOWEST} to {FASTEST} words a minute")

    @pitch.validator
    def _check_pitch(self, _: object, value: int) -> None:
        if not 0 <= value <= 100:
            raise InvalidValue("voice_config.pitch", "must be 0 to 100")

    def name_for(self, provider: str) -> str | None:
        """What a remote provider knows this voice by, if it is one of its own."""
        owner, colon, name = (self.name or "").partition(":")
        return name if colon and owner == provider else None

    @property
    def local_name(self) -> str | None:
        """Which variant of the local synthesizer this is, if it is one."""
        return None if self.name is None or ":" in self.name else self.name


@frozen(kw_only=True)
class QuietHours:
    """When a persona keeps its voice down, by the clocks of the network: from "22:00" up to "07:00".

    Hours that end before they begin go over midnight.
    """

    start: str = field()
    end: str = field()

    @start.validator
    @end.validator
    def _check(self, attribute: object, value: str) -> None:
        if not CLOCK_TIME.fullmatch(value):
            name = getattr(attribute, "name", "")
            raise InvalidValue(f"behavior_config.quiet_hours.{name}", "must be a time of day such as 22:00")

    def hold_at(self, clock: time) -> bool:
        """Whether it is quiet at a time of day; hours that end when they begin are none."""
        start, end = time.fromisoformat(self.start), time.fromisoformat(self.end)
        if start <= end:
            return start <= clock < end
        return clock >= start or clock < end


@frozen(kw_only=True)
class Behavior:
    """How a persona acts.

    Its instructions to a language model, its greeting, what it may do (None: everything), which model speaks
    for it (provider:model; None: the hub's own choice), how long a session with it may be idle, and when it
    keeps its voice down.
    """

    instructions: str = field(default="")
    greeting: str = field(default="")
    allowed_tools: tuple[ToolName, ...] | None = field(default=None)
    model: str | None = field(default=None)
    idle_minutes: int = field(default=DEFAULT_IDLE_MINUTES)
    quiet_hours: QuietHours | None = None

    @instructions.validator
    def _check_instructions(self, _: object, value: str) -> None:
        _at_most("behavior_config.system_prompt", value, MAX_INSTRUCTIONS)

    @greeting.validator
    def _check_greeting(self, _: object, value: str) -> None:
        _at_most("behavior_config.greeting", value, MAX_GREETING)

    @allowed_tools.validator
    def _check_tools(self, _: object, value: Collection[str] | None) -> None:
        for name in value or ():
            if name not in TOOL_NAMES:
                raise InvalidValue(
                    "behavior_config.allowed_tools", f"must be of {', '.join(TOOL_NAMES)}", unknown=name
                )

    @model.validator
    def _check_model(self, _: object, value: str | None) -> None:
        if value is not None and not MODEL_NAME.fullmatch(value):
            raise InvalidValue(
                "behavior_config.model", "must be a provider, or provider:model as in openai:gpt-4o-mini"
            )

    @idle_minutes.validator
    def _check_idle(self, _: object, value: int) -> None:
        if not 1 <= value <= MAX_IDLE_MINUTES:
            raise InvalidValue("behavior_config.idle_minutes", f"must be 1 to {MAX_IDLE_MINUTES}")

    @property
    def idle_limit(self) -> timedelta:
        """How long a session may be idle."""
        return timedelta(minutes=self.idle_minutes)

    def allows(self, tool: ToolName) -> bool:
        """Whether the persona may use a tool."""
        return self.allowed_tools is None or tool in self.allowed_tools


@frozen(kw_only=True)
class Persona:
    """Who answers: shipped with the product, or made by the owner of a network and then of that one only.

    Each change of one that was made is a revision of its own, counted from 1.
    """

    id: PersonaId
    network_id: NetworkId | None = None
    revision: int = 1
    name: str = field()
    description: str = field(default="")
    version: str
    tags: tuple[str, ...] = field(default=())
    adaptation_mode: AdaptationMode = AdaptationMode.FIXED
    voice: Voice = Voice()
    behavior: Behavior = Behavior()
    created_at: datetime
    updated_at: datetime

    @name.validator
    def _check_name(self, _: object, value: str) -> None:
        if not 1 <= len(value.strip()) <= MAX_NAME:
            raise InvalidValue("name", f"must be 1 to {MAX_NAME} characters")

    @description.validator
    def _check_description(self, _: object, value: str) -> None:
        _at_most("description", value, MAX_DESCRIPTION)

    @tags.validator
    def _check_tags(self, _: object, value: tuple[str, ...]) -> None:
        if len(value) > MAX_TAGS or not all(1 <= len(tag) <= MAX_TAG for tag in value):
            raise InvalidValue("tags", f"must be at most {MAX_TAGS}, of 1 to {MAX_TAG} characters each")

    def revised(self, latest: "Persona", now: datetime) -> "Persona":
        """This content as the revision that follows the latest one."""
        number = latest.revision + 1
        return evolve(
            self, revision=number, version=str(number), created_at=latest.created_at, updated_at=now
        )

    def is_quiet_at(self, clock: time) -> bool:
        """Whether it keeps its voice down at a time of day."""
        hours = self.behavior.quiet_hours
        return hours is not None and hours.hold_at(clock)
