"""A persona is who answers: its voice, its manner, and what it may do."""

from datetime import datetime, timedelta
from enum import Enum
from typing import Final

from attrs import field, frozen

from domain.errors import InvalidValue
from domain.ids import PersonaId

DEFAULT_PERSONA: Final = PersonaId("mira")
DEFAULT_IDLE_LIMIT: Final = timedelta(minutes=30)


class AdaptationMode(Enum):
    """How far a persona adapts to the people it talks with."""

    FIXED = "fixed"
    GUIDED = "guided"
    ADAPTIVE = "adaptive"


@frozen(kw_only=True)
class Voice:
    """How a persona sounds: language and variant of the synthesizer, words a minute, pitch 0..100."""

    language: str = "en-us"
    variant: str | None = None
    rate: int = field(default=165)
    pitch: int = field(default=50)

    @rate.validator
    def _check_rate(self, _: object, value: int) -> None:
        if not 80 <= value <= 450:
            raise InvalidValue("voice.rate", "must be 80 to 450 words a minute")

    @pitch.validator
    def _check_pitch(self, _: object, value: int) -> None:
        if not 0 <= value <= 100:
            raise InvalidValue("voice.pitch", "must be 0 to 100")


@frozen(kw_only=True)
class Behavior:
    """How a persona acts: its instructions to a language model, its greeting, how long it waits."""

    instructions: str = ""
    greeting: str = ""
    idle_limit: timedelta = DEFAULT_IDLE_LIMIT


@frozen(kw_only=True)
class Persona:
    """Who answers."""

    id: PersonaId
    name: str
    description: str
    version: str
    tags: tuple[str, ...] = ()
    adaptation_mode: AdaptationMode = AdaptationMode.FIXED
    voice: Voice = Voice()
    behavior: Behavior = Behavior()
    created_at: datetime
    updated_at: datetime
