"""Personas: who answers, and making some of one's own."""

from datetime import datetime
from http import HTTPStatus
from typing import Annotated

from attrs import frozen
from msgspec import UNSET, Meta, UnsetType

from adapters.http.dialects.companion.dialect import COMPANION
from adapters.http.reading import closed
from adapters.http.routing import Call, operation
from application.agenda.reminding import UNCHANGED
from application.personas.personas import BehaviorChanges, PersonaChanges, VoiceChanges
from domain.errors import Conflict, PersonaNotFound
from domain.ids import PersonaId
from domain.personas import (
    FASTEST,
    MAX_DESCRIPTION,
    MAX_GREETING,
    MAX_IDLE_MINUTES,
    MAX_INSTRUCTIONS,
    MAX_NAME,
    MAX_TAG,
    MAX_TAGS,
    SLOWEST,
    AdaptationMode,
    Behavior,
    Persona,
    QuietHours,
    ToolName,
    Voice,
)

Name = Annotated[str, Meta(min_length=1, max_length=MAX_NAME)]
Description = Annotated[str, Meta(max_length=MAX_DESCRIPTION)]
Tag = Annotated[str, Meta(min_length=1, max_length=MAX_TAG)]
Tags = Annotated[tuple[Tag, ...], Meta(max_length=MAX_TAGS)]


@closed
@frozen(kw_only=True)
class VoiceBody:
    """How a persona is to sound: a language tag, a voice, words a minute, pitch 0..100.

    The voice is a variant of the local synthesizer (f2, m3), a voice of another provider with that one's name
    before it (openai:nova), or null for the usual one of the language.
    """

    voice: str | UnsetType | None = UNSET
    rate: Annotated[int, Meta(ge=SLOWEST, le=FASTEST)] | None = None
    pitch: Annotated[int, Meta(ge=0, le=100)] | None = None
    language: Annotated[str, Meta(min_length=2, max_length=35)] | None = None

    def changes(self) -> VoiceChanges:
        """The changes."""
        return VoiceChanges(
            language=self.language,
            name=UNCHANGED if self.voice is UNSET else self.voice,
            rate=self.rate,
            pitch=self.pitch,
        )


@closed
@frozen(kw_only=True)
class QuietHoursBody:
    """From when to when the voice is kept down, as in 22:00 and 07:00, by the clocks of the network."""

    start: str
    end: str


@closed
@frozen(kw_only=True)
class BehaviorBody:
    """How a persona is to act; null allows every tool, leaves the model to the hub, ends the quiet hours."""

    system_prompt: Annotated[str, Meta(max_length=MAX_INSTRUCTIONS)] | None = None
    greeting: Annotated[str, Meta(max_length=MAX_GREETING)] | None = None
    allowed_tools: tuple[ToolName, ...] | UnsetType | None = UNSET
    model: str | UnsetType | None = UNSET
    idle_minutes: Annotated[int, Meta(ge=1, le=MAX_IDLE_MINUTES)] | None = None
    quiet_hours: QuietHoursBody | UnsetType | None = UNSET

    def changes(self) -> BehaviorChanges:
        """The changes."""
        return BehaviorChanges(
            instructions=self.system_prompt,
            greeting=self.greeting,
            allowed_tools=UNCHANGED if self.allowed_tools is UNSET else self.allowed_tools,
            model=UNCHANGED if self.model is UNSET else self.model,
            idle_minutes=self.idle_minutes,
            quiet_hours=UNCHANGED if self.quiet_hours is UNSET else _quiet_hours(self.quiet_hours),
        )


def _quiet_hours(body: QuietHoursBody | None) -> QuietHours | None:
    return None if body is None else QuietHours(start=body.start, end=body.end)


@frozen(kw_only=True)
class PersonaChangesBody:
    """What is to be changed of a persona; what is not sent stays as it is."""

    name: Name | None = None
    description: Description | None = None
    tags: Tags | None = None
    adaptation_mode: AdaptationMode | None = None
    voice_config: VoiceBody | None = None
    behavior_config: BehaviorBody | None = None

    def changes(self) -> PersonaChanges:
        """The changes."""
        return PersonaChanges(
            name=self.name,
            description=self.description,
            tags=self.tags,
            adaptation_mode=self.adaptation_mode,
            voice=(self.voice_config or VoiceBody()).changes(),
            behavior=(self.behavior_config or BehaviorBody()).changes(),
        )


@frozen(kw_only=True)
class NewPersonaBody(PersonaChangesBody):
    """A persona to be made; what is not sent is as usual, or as in the one that it is based on."""

    id: str | None = None
    based_on: str | None = None


@frozen(kw_only=True)
class RestorePersonaBody:
    """Which version a persona is to be again."""

    version: str


@frozen(kw_only=True)
class PersonaSummaryView:
    """A persona in short."""

    id: str
    name: str
    description: str
    version: str
    tags: tuple[str, ...]
    adaptation_mode: str

    @classmethod
    def of(cls, persona: Persona) -> "PersonaSummaryView":
        """The short view of a persona."""
        return cls(
            id=persona.id,
            name=persona.name,
            description=persona.description,
            version=persona.version,
            tags=persona.tags,
            adaptation_mode=persona.adaptation_mode.value,
        )


@frozen(kw_only=True)
class PersonaListView:
    """The personas that a network knows, by id."""

    personas: tuple[PersonaSummaryView, ...]
    total: int


@frozen(kw_only=True)
class VoiceView:
    """How a persona sounds."""

    voice: str | None
    rate: int
    pitch: int
    language: str

    @classmethod
    def of(cls, voice: Voice) -> "VoiceView":
        """The view of a voice."""
        return cls(voice=voice.name, rate=voice.rate, pitch=voice.pitch, language=voice.language)


@frozen(kw_only=True)
class QuietHoursView:
    """From when to when a persona keeps its voice down."""

    start: str
    end: str


@frozen(kw_only=True)
class BehaviorView:
    """How a persona acts."""

    system_prompt: str
    greeting: str
    allowed_tools: tuple[str, ...] | None
    model: str | None
    idle_minutes: int
    quiet_hours: QuietHoursView | None

    @classmethod
    def of(cls, behavior: Behavior) -> "BehaviorView":
        """The view of a behaviour."""
        hours = behavior.quiet_hours
        return cls(
            system_prompt=behavior.instructions,
            greeting=behavior.greeting,
            allowed_tools=behavior.allowed_tools,
            model=behavior.model,
            idle_minutes=behavior.idle_minutes,
            quiet_hours=None if hours is None else QuietHoursView(start=hours.start, end=hours.end),
        )


@frozen(kw_only=True)
class PersonaView:
    """A persona; source tells whether it is shipped with the product, or made by the network."""

    id: str
    name: str
    description: str
    version: str
    voice_config: VoiceView
    behavior_config: BehaviorView
    tags: tuple[str, ...]
    adaptation_mode: str
    source: str
    created_at: datetime
    updated_at: datetime

    @classmethod
    def of(cls, persona: Persona) -> "PersonaView":
        """The view of a persona."""
        return cls(
            id=persona.id,
            name=persona.name,
            description=persona.description,
            version=persona.version,
            voice_config=VoiceView.of(persona.voice),
            behavior_config=BehaviorView.of(persona.behavior),
            tags=persona.tags,
            adaptation_mode=persona.adaptation_mode.value,
            source="shipped" if persona.network_id is None else "network",
            created_at=persona.created_at,
            updated_at=persona.updated_at,
        )


@frozen(kw_only=True)
class PersonaVersionsView:
    """What a persona is and was, the latest first."""

    versions: tuple[PersonaView, ...]
    total: int


@operation(COMPANION, "companion.persona.list", "GET", "/v1/personas", names_network=True)
async def list_personas(call: Call[None, None]) -> PersonaListView:
    """List the personas that a network knows."""
    found = await call.use.list_personas(call.principal, call.own_network)
    return PersonaListView(
        personas=tuple(PersonaSummaryView.of(persona) for persona in found), total=len(found)
    )


@operation(COMPANION, "companion.persona.get", "GET", "/v1/personas/{persona_id}", names_network=True)
async def get(call: Call[None, None]) -> PersonaView:
    """Look a persona up."""
    return PersonaView.of(await call.use.get_persona(call.principal, call.own_network, call.persona_id))


@operation(
    COMPANION,
    "companion.persona.create",
    "POST",
    "/v1/personas",
    status=HTTPStatus.CREATED,
    raises=(PersonaNotFound, Conflict),
    names_network=True,
)
async def create(call: Call[NewPersonaBody, None]) -> PersonaView:
    """Make a persona."""
    body = call.body
    based_on = None if body.based_on is None else PersonaId(body.based_on)
    made = await call.use.create_persona(
        call.principal, call.own_network, body.changes(), chosen_id=body.id, based_on=based_on
    )
    return PersonaView.of(made)


@operation(
    COMPANION,
    "companion.persona.update",
    "PUT",
    "/v1/personas/{persona_id}",
    raises=(Conflict,),
    names_network=True,
)
async def update(call: Call[PersonaChangesBody, None]) -> PersonaView:
    """Change what is sent of a persona that the network made."""
    changes = call.body.changes()
    return PersonaView.of(
        await call.use.change_persona(call.principal, call.own_network, call.persona_id, changes)
    )


@operation(
    COMPANION,
    "companion.persona.delete",
    "DELETE",
    "/v1/personas/{persona_id}",
    status=HTTPStatus.NO_CONTENT,
    raises=(Conflict,),
    names_network=True,
)
async def delete(call: Call[None, None]) -> None:
    """Take a persona away that the network made, with all its versions."""
    await call.use.delete_persona(call.principal, call.own_network, call.persona_id)


@operation(
    COMPANION, "companion.persona.versions", "GET", "/v1/personas/{persona_id}/versions", names_network=True
)
async def versions(call: Call[None, None]) -> PersonaVersionsView:
    """List what a persona is and was."""
    found = await call.use.list_persona_revisions(call.principal, call.own_network, call.persona_id)
    return PersonaVersionsView(
        versions=tuple(PersonaView.of(revision) for revision in found), total=len(found)
    )


@operation(
    COMPANION,
    "companion.persona.restore",
    "POST",
    "/v1/personas/{persona_id}/restore",
    raises=(Conflict,),
    names_network=True,
)
async def restore(call: Call[RestorePersonaBody, None]) -> PersonaView:
    """Make a persona what it was at an earlier version."""
    restored = await call.use.restore_persona(
        call.principal, call.own_network, call.persona_id, call.body.version
    )
    return PersonaView.of(restored)


OPERATIONS = (list_personas, get, create, update, delete, versions, restore)
