"""Personas: those shipped with the product, and those that the owner of a network makes."""

from typing import Final

from attrs import evolve, frozen

from application.agenda.reminding import UNCHANGED, Unchanged
from application.networks.access import Principal, within
from application.ports.personas import PersonaLibrary
from application.ports.speech import Speaker
from application.ports.storage import Transaction, Transactions
from application.ports.world import Clock, IdSource
from domain.errors import Conflict, InvalidValue, MiraError, PersonaNotFound
from domain.ids import NetworkId, PersonaId
from domain.personas import AdaptationMode, Behavior, Persona, QuietHours, ToolName, Voice, chosen_persona_id

MOST_PERSONAS: Final = 200
"""How many a network may make."""
TRIAL: Final = "Hello."


@frozen
class KnownPersonas:
    """The personas that a network knows: its own go before those shipped."""

    shipped: PersonaLibrary

    async def get(self, tx: Transaction, network_id: NetworkId, persona_id: PersonaId) -> Persona:
        """Find one, or raise PersonaNotFound."""
        made = await tx.personas.find(network_id, persona_id)
        return self.shipped.get(persona_id) if made is None else made

    async def list(self, tx: Transaction, network_id: NetworkId) -> tuple[Persona, ...]:
        """All of them, by id."""
        known = {persona.id: persona for persona in self.shipped.list()}
        known |= {persona.id: persona for persona in await tx.personas.list(network_id)}
        return tuple(known[persona_id] for persona_id in sorted(known))

    def ships(self, persona_id: PersonaId) -> bool:
        """Whether one of this id is shipped with the product."""
        return any(persona.id == persona_id for persona in self.shipped.list())


@frozen(kw_only=True)
class VoiceChanges:
    """What is to be changed of a voice; None stays as it is."""

    language: str | None = None
    name: str | Unchanged | None = UNCHANGED
    rate: int | None = None
    pitch: int | None = None

    def applied_to(self, voice: Voice) -> Voice:
        """The voice as it will be."""
        return Voice(
            language=voice.language if self.language is None else self.language,
            name=voice.name if self.name is UNCHANGED else self.name,
            rate=voice.rate if self.rate is None else self.rate,
            pitch=voice.pitch if self.pitch is None else self.pitch,
        )


@frozen(kw_only=True)
class BehaviorChanges:
    """What is to be changed of a behaviour; None stays as it is."""

    instructions: str | None = None
    greeting: str | None = None
    allowed_tools: tuple[ToolName, ...] | Unchanged | None = UNCHANGED
    model: str | Unchanged | None = UNCHANGED
    idle_minutes: int | None = None
    quiet_hours: QuietHours | Unchanged | None = UNCHANGED

    def applied_to(self, behavior: Behavior) -> Behavior:
        """The behaviour as it will be."""
        return Behavior(
            instructions=behavior.instructions if self.instructions is None else self.instructions,
            greeting=behavior.greeting if self.greeting is None else self.greeting,
            allowed_tools=behavior.allowed_tools if self.allowed_tools is UNCHANGED else self.allowed_tools,
            model=behavior.model if self.model is UNCHANGED else self.model,
            idle_minutes=behavior.idle_minutes if self.idle_minutes is None else self.idle_minutes,
            quiet_hours=behavior.quiet_hours if self.quiet_hours is UNCHANGED else self.quiet_hours,
        )


@frozen(kw_only=True)
class PersonaChanges:
    """What is said of a persona; None stays as it is, or as usual with a new one."""

    name: str | None = None
    description: str | None = None
    tags: tuple[str, ...] | None = None
    adaptation_mode: AdaptationMode | None = None
    voice: VoiceChanges = VoiceChanges()
    behavior: BehaviorChanges = BehaviorChanges()

    def applied_to(self, persona: Persona) -> Persona:
        """The persona as it will be."""
        return evolve(
            persona,
            name=persona.name if self.name is None else self.name,
            description=persona.description if self.description is None else self.description,
            tags=persona.tags if self.tags is None else self.tags,
            adaptation_mode=self.adaptation_mode or persona.adaptation_mode,
            voice=self.voice.applied_to(persona.voice),
            behavior=self.behavior.applied_to(persona.behavior),
        )


@frozen
class ListPersonas:
    """The personas that a network knows."""

    transactions: Transactions
    personas: PersonaLibrary

    async def __call__(self, principal: Principal, network_id: NetworkId) -> tuple[Persona, ...]:
        within(principal, network_id)
        async with self.transactions.snapshot() as tx:
            await tx.networks.get(network_id)
            return await KnownPersonas(self.personas).list(tx, network_id)


@frozen
class GetPersona:
    """Look a persona up."""

    transactions: Transactions
    personas: PersonaLibrary

    async def __call__(self, principal: Principal, network_id: NetworkId, persona_id: PersonaId) -> Persona:
        within(principal, network_id)
        async with self.transactions.snapshot() as tx:
            await tx.networks.get(network_id)
            return await KnownPersonas(self.personas).get(tx, network_id, persona_id)


@frozen
class AuditionPersona:
    """Hear whether a persona can be spoken and thought for here, before it is kept."""

    speaker: Speaker
    models: frozenset[str]

    async def __call__(self, persona: Persona) -> None:
        """Refuse what no answer could ever come of.

        Raises:
            InvalidValue: the voice is one that nobody here has, or the model is of an unknown provider.
        """
        provider = (persona.behavior.model or "").partition(":")[0]
        if provider and provider not in self.models:
            known = ", ".join(sorted(self.models))
            raise InvalidValue("behavior_config.model", f"must be of a provider of this hub: {known}")
        try:
            await self.speaker.speak(TRIAL, persona.voice)
        except InvalidValue:
            raise
        except MiraError:
            return


@frozen
class CreatePersona:
    """Make a persona for a network, from nothing or as a copy of another with changes."""

    transactions: Transactions
    personas: PersonaLibrary
    audition: AuditionPersona
    ids: IdSource
    clock: Clock

    async def __call__(
        self,
        principal: Principal,
        network_id: NetworkId,
        wanted: PersonaChanges,
        *,
        chosen_id: str | None = None,
        based_on: PersonaId | None = None,
    ) -> Persona:
        within(principal, network_id)
        known = KnownPersonas(self.personas)
        persona_id = self.ids.persona() if chosen_id is None else chosen_persona_id(chosen_id)
        model = None
        if based_on is not None:
            async with self.transactions.snapshot() as tx:
                await tx.networks.get(network_id)
                model = await known.get(tx, network_id, based_on)
        persona = wanted.applied_to(self._begun(network_id, persona_id, wanted, model))
        await self.audition(persona)
        async with self.transactions.begin() as tx:
            await tx.networks.get(network_id)
            if known.ships(persona_id) or await tx.personas.find(network_id, persona_id) is not None:
                raise Conflict("There is already a persona with this id.", id=persona_id)
            if len(await tx.personas.list(network_id)) >= MOST_PERSONAS:
                raise Conflict(f"A network can have at most {MOST_PERSONAS} personas of its own.")
            await tx.personas.add(persona)
        return persona

    def _begun(
        self, network_id: NetworkId, persona_id: PersonaId, wanted: PersonaChanges, model: Persona | None
    ) -> Persona:
        """What the changes are made to."""
        now = self.clock.now()
        if model is None:
            if wanted.name is None:
                raise InvalidValue("name", "is needed, unless the persona is based on another")
            blank = Persona(id=persona_id, name=wanted.name, version="1", created_at=now, updated_at=now)
            return evolve(blank, network_id=network_id)
        return evolve(
            model,
            id=persona_id,
            network_id=network_id,
            revision=1,
            version="1",
            created_at=now,
            updated_at=now,
        )


@frozen
class ChangePersona:
    """Change what is sent of a persona that a network made; what it was stays readable as a revision."""

    transactions: Transactions
    personas: PersonaLibrary
    audition: AuditionPersona
    clock: Clock

    async def __call__(
        self, principal: Principal, network_id: NetworkId, persona_id: PersonaId, changes: PersonaChanges
    ) -> Persona:
        within(principal, network_id)
        async with self.transactions.snapshot() as tx:
            await tx.networks.get(network_id)
            held = await own(tx, self.personas, network_id, persona_id)
        changed = changes.applied_to(held)
        if changed == held:
            return held
        await self.audition(changed)
        return await _kept(self.transactions, changed.revised(held, self.clock.now()))


@frozen
class ListPersonaRevisions:
    """What a persona of a network is and was, the latest first."""

    transactions: Transactions
    personas: PersonaLibrary

    async def __call__(
        self, principal: Principal, network_id: NetworkId, persona_id: PersonaId
    ) -> tuple[Persona, ...]:
        within(principal, network_id)
        async with self.transactions.snapshot() as tx:
            await tx.networks.get(network_id)
            made = await tx.personas.revisions(network_id, persona_id)
            return made or (self.personas.get(persona_id),)


@frozen
class RestorePersona:
    """Make a persona what it was at an earlier version; that is a new revision too."""

    transactions: Transactions
    personas: PersonaLibrary
    clock: Clock

    async def __call__(
        self, principal: Principal, network_id: NetworkId, persona_id: PersonaId, version: str
    ) -> Persona:
        within(principal, network_id)
        async with self.transactions.snapshot() as tx:
            await tx.networks.get(network_id)
            held = await own(tx, self.personas, network_id, persona_id)
            revisions = await tx.personas.revisions(network_id, persona_id)
        wanted = next((revision for revision in revisions if revision.version == version), None)
        if wanted is None:
            known = ", ".join(revision.version for revision in revisions[:20])
            raise InvalidValue("version", f"must be one that the persona had: {known}")
        return await _kept(self.transactions, wanted.revised(held, self.clock.now()))


@frozen
class DeletePersona:
    """Take away a persona that a network made; the default one answers in its sessions, knowing nothing."""

    transactions: Transactions
    personas: PersonaLibrary

    async def __call__(self, principal: Principal, network_id: NetworkId, persona_id: PersonaId) -> None:
        within(principal, network_id)
        async with self.transactions.begin() as tx:
            await tx.networks.get(network_id)
            await own(tx, self.personas, network_id, persona_id)
            await tx.personas.remove(network_id, persona_id)


async def own(
    tx: Transaction, shipped: PersonaLibrary, network_id: NetworkId, persona_id: PersonaId
) -> Persona:
    """A persona that the network made itself.

    Raises:
        PersonaNotFound: there is none of this id.
        Conflict: it is shipped with the product.
    """
    made = await tx.personas.find(network_id, persona_id)
    if made is not None:
        return made
    if KnownPersonas(shipped).ships(persona_id):
        raise Conflict(
            "Shipped personas stay as they are: make one of your own that is based on it.", id=persona_id
        )
    raise PersonaNotFound(persona_id)


async def _kept(transactions: Transactions, revision: Persona) -> Persona:
    """Keep a revision, unless somebody else has changed or removed the persona meanwhile."""
    assert revision.network_id is not None
    async with transactions.begin() as tx:
        latest = await tx.personas.find(revision.network_id, revision.id)
        if latest is None:
            raise PersonaNotFound(revision.id)
        if latest.revision != revision.revision - 1:
            raise Conflict("The persona was changed by somebody else meanwhile; look at it, and try again.")
        await tx.personas.add(revision)
    return revision
