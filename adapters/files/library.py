"""The persona library, out of TOML files: one a persona, named by its id."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Final

from attrs import field, frozen

from adapters.files.tables import table
from domain.errors import PersonaNotFound
from domain.ids import PersonaId
from domain.personas import (
    DEFAULT_IDLE_MINUTES,
    AdaptationMode,
    Behavior,
    Persona,
    QuietHours,
    ToolName,
    Voice,
)

SHIPPED: Final = Path(__file__).parent / "personas"


@frozen(kw_only=True)
class BehaviorTable:
    """The table [behavior] of a file."""

    instructions: str
    greeting: str
    idle_minutes: int = DEFAULT_IDLE_MINUTES
    allowed_tools: tuple[ToolName, ...] | None = None
    model: str | None = None
    quiet_hours: QuietHours | None = None


@frozen(kw_only=True)
class PersonaFile:
    """What a file says of a persona; its id is the file's name."""

    name: str
    description: str
    version: str
    tags: tuple[str, ...]
    adaptation_mode: AdaptationMode
    created_at: datetime
    updated_at: datetime
    voice: Voice
    behavior: BehaviorTable

    def persona(self, persona_id: PersonaId) -> Persona:
        """The persona that it describes."""
        return Persona(
            id=persona_id,
            name=self.name,
            description=self.description,
            version=self.version,
            tags=self.tags,
            adaptation_mode=self.adaptation_mode,
            voice=self.voice,
            behavior=Behavior(
                instructions=self.behavior.instructions.strip(),
                greeting=self.behavior.greeting.strip(),
                allowed_tools=self.behavior.allowed_tools,
                model=self.behavior.model,
                idle_minutes=self.behavior.idle_minutes,
                quiet_hours=self.behavior.quiet_hours,
            ),
            created_at=self.created_at,
            updated_at=self.updated_at,
        )


@frozen
class FilePersonas:
    """The personas that the files of a folder describe, read once."""

    _personas: Mapping[PersonaId, Persona] = field()

    @classmethod
    def read(cls, folder: Path = SHIPPED) -> "FilePersonas":
        """Read every file of a folder, by default those shipped with the product.

        Raises:
            InvalidValue: a file is not TOML, or does not describe a persona; the message names it.
        """
        paths = sorted(folder.glob("*.toml"))
        return cls(
            {
                PersonaId(path.stem): table(path, PersonaFile, "a persona").persona(PersonaId(path.stem))
                for path in paths
            }
        )

    def get(self, persona_id: PersonaId) -> Persona:
        """Find a persona, or raise PersonaNotFound."""
        if persona_id not in self._personas:
            raise PersonaNotFound(persona_id)
        return self._personas[persona_id]

    def list(self) -> tuple[Persona, ...]:
        """All of them, by id."""
        return tuple(self._personas[persona_id] for persona_id in sorted(self._personas))
