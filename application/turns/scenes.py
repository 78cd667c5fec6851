"""The scene of a turn: where it takes place, with whom, and what went before it."""

from datetime import datetime
from typing import Final

from attrs import evolve, field, frozen

from application.personas.sessions import TakeSeat
from application.ports.dialogue import NOTE, Exchange, Image, Prompt
from application.ports.speech import Transcript
from application.ports.storage import InteractionFilter, Page, Transaction, Transactions
from application.ports.world import Clock
from application.speech.mouths import mouth_at
from application.turns.turns import Revision, SpokenWords, Turn, Undertaking
from domain.clients import Client
from domain.errors import Conflict, NotFound
from domain.ids import InstanceId, InteractionId
from domain.interactions import Action, Interaction, KeptSound, ProcessingStatus
from domain.networks import Network
from domain.personas import AdaptationMode, Persona

REMEMBERED_TURNS: Final = 40
"""How many turns of a conversation an interlocutor is given; what of them fits is its own business."""
NOTED_TURNS: Final = 8
"""So many turns of earlier sessions an adaptive persona is reminded of."""
SEARCHED_TURNS: Final = 100
LONGEST_NOTE: Final = 120
LOOKED_BACK: Final = 200
"""So far back in a conversation the turns before one that is held again are looked for."""


@frozen(kw_only=True)
class Scene:
    """Where a turn takes place, what was said and done before, and the interaction that it is kept as.

    The client is the one that asks, and the mouth who is to say the answer aloud, if anybody is.
    """

    network: Network
    client: Client | None
    mouth: Client | None
    persona: Persona
    history: tuple[Exchange, ...]
    interaction: Interaction
    understood: bool
    done: tuple[Action, ...] = ()
    """What was done already for this turn, when it was held before."""
    revises: bool = False
    images: tuple[Image, ...] = field(default=(), repr=False)
    notes: tuple[str, ...] = ()
    """What an adaptive persona knows of earlier sessions."""

    def is_quiet(self, now: datetime) -> bool:
        """Whether these are quiet hours: what is typed gets no sound then, what is spoken a soft one."""
        return self.persona.is_quiet_at(now.astimezone(self.network.settings.zone).time())

    def is_heard(self, now: datetime) -> bool:
        """Whether its answer is to sound anywhere."""
        typed = self.interaction.hearing is None
        return self.mouth is not None and not self.revises and not (typed and self.is_quiet(now))

    def prompt(self, clock: Clock) -> Prompt:
        """What the interlocutor is told."""
        context = self.interaction.context
        return Prompt(
            text=self.interaction.text,
            understood=self.understood,
            now=self.interaction.created_at if self.revises else clock.now(),
            zone=self.network.settings.zone,
            language=self.network.settings.language,
            persona=self.persona,
            history=self.history,
            notes=self.notes,
            images=self.images,
            context={} if context is None else {NOTE: context},
        )


@frozen
class Scenes:
    """Sets the scene of each turn, and keeps what was said before anything is made of it."""

    transactions: Transactions
    take_seat: TakeSeat
    clock: Clock
    instance_id: InstanceId

    async def open(
        self, turn: Turn, interaction_id: InteractionId, transcript: Transcript, sound: KeptSound | None
    ) -> Scene:
        """Find the place of a turn, and keep its words as an interaction in processing.

        Raises:
            NotFound: the network, the client, the session or the turn to revise is not there.
            SessionExpired: the session is over.
            Conflict: the turn is held already, or the promised one is over.
        """
        async with self.transactions.begin() as tx:
            network = await tx.networks.get(turn.network_id)
            match turn.holding:
                case Revision() as revision:
                    scene = await self._revised(tx, network, turn, revision, transcript)
                case Undertaking() as promised if begun := await _found(tx, turn, promised):
                    scene = await self._resumed(tx, network, turn, begun, transcript)
                case _:
                    begin = self._opened(
                        tx, network, turn, transcript, interaction_id=interaction_id, sound=sound
                    )
                    scene = await begin
        return scene

    async def _opened(
        self,
        tx: Transaction,
        network: Network,
        turn: Turn,
        transcript: Transcript,
        *,
        interaction_id: InteractionId,
        sound: KeptSound | None,
    ) -> Scene:
        client = await tx.clients.get(turn.network_id, turn.client_id)
        seat = await self.take_seat(tx, client, turn.session_id)
        interaction = Interaction(
            id=interaction_id,
            network_id=turn.network_id,
            conversation_id=seat.session.conversation_id,
            client_id=turn.client_id,
            session_id=seat.session.id,
            persona_id=seat.persona.id,
            text="",
            recording=sound,
            instance_id=self.instance_id,
            created_at=self.clock.now(),
        )
        interaction = _with_words(interaction, turn, transcript)
        history = await _history(tx, interaction, REMEMBERED_TURNS)
        notes = await _notes(tx, interaction, seat.persona)
        await tx.interactions.add(interaction)
        scene = _scene(network, client, interaction, transcript, persona=seat.persona, history=history)
        mouth = await mouth_at(tx, network, client)
        return evolve(scene, notes=notes, images=turn.images, mouth=mouth)

    async def _resumed(
        self, tx: Transaction, network: Network, turn: Turn, begun: Interaction, transcript: Transcript
    ) -> Scene:
        """Take up a promised turn that broke off."""
        if begun.status is not ProcessingStatus.PROCESSING:
            raise Conflict("This turn is over.", interaction_id=begun.id)
        client = await tx.clients.get(turn.network_id, turn.client_id)
        interaction = _with_words(evolve(begun, instance_id=self.instance_id), turn, transcript)
        await tx.interactions.update(interaction)
        history = await _history(tx, interaction, LOOKED_BACK)
        persona = await self.take_seat.persona(tx, network.id, interaction.persona_id)
        scene = _scene(network, client, interaction, transcript, persona=persona, history=history)
        return evolve(scene, done=begun.actions, mouth=await mouth_at(tx, network, client))

    async def _revised(
        self, tx: Transaction, network: Network, turn: Turn, revision: Revision, transcript: Transcript
    ) -> Scene:
        """Begin a turn anew, after what it came to was put aside."""
        before = await tx.interactions.get(turn.network_id, revision.interaction_id)
        if before.status is ProcessingStatus.PROCESSING:
            raise Conflict("This interaction is being processed.", interaction_id=before.id)
        earlier = await tx.interactions.earlier(turn.network_id, before.id)
        await tx.interactions.keep_earlier(before)
        fresh = evolve(
            before,
            instance_id=self.instance_id,
            response="",
            status=ProcessingStatus.PROCESSING,
            actions=(),
            timings={},
            usage=None,
            error_code=None,
            context=revision.context,
            revision=before.revision + 1,
            completed_at=None,
        )
        interaction = _with_words(fresh, turn, transcript)
        await tx.interactions.update(interaction)
        done = {action.id: action for result in (before, *earlier) for action in result.actions}
        history = await _history(tx, interaction, LOOKED_BACK)
        persona = await self.take_seat.persona(tx, network.id, interaction.persona_id)
        scene = _scene(network, None, interaction, transcript, persona=persona, history=history)
        return evolve(scene, done=tuple(done.values()), revises=True)


def _scene(
    network: Network,
    client: Client | None,
    interaction: Interaction,
    transcript: Transcript,
    *,
    persona: Persona,
    history: tuple[Exchange, ...],
) -> Scene:
    return Scene(
        network=network,
        client=client,
        mouth=None,
        persona=persona,
        history=history,
        interaction=interaction,
        understood=transcript.understood,
    )


async def _found(tx: Transaction, turn: Turn, promised: Undertaking) -> Interaction | None:
    """A promised turn, if it was begun before."""
    try:
        return await tx.interactions.get(turn.network_id, promised.interaction_id)
    except NotFound:
        return None


def _with_words(interaction: Interaction, turn: Turn, transcript: Transcript) -> Interaction:
    """An interaction with what was said, and how that was heard."""
    hearing = interaction.hearing
    if isinstance(turn.words, SpokenWords):
        hearing = evolve(turn.words.hearing, words=transcript.words)
    return evolve(interaction, text=transcript.text, hearing=hearing)


async def _history(tx: Transaction, interaction: Interaction, far: int) -> tuple[Exchange, ...]:
    """The last turns of a conversation before one of it that were answered, oldest first."""
    turns = await tx.interactions.of_conversations(interaction.network_id, [interaction.conversation_id], far)
    before = [one for one in turns if one.response and one.id != interaction.id]
    earlier = [one for one in before if one.created_at <= interaction.created_at][-REMEMBERED_TURNS:]
    return tuple(Exchange(said=one.text, answered=one.response) for one in earlier)


async def _notes(tx: Transaction, interaction: Interaction, persona: Persona) -> tuple[str, ...]:
    """What was said to an adaptive persona at the same client in earlier sessions, the latest last.

    Nothing that was said to another persona is ever among it.
    """
    if persona.adaptation_mode is not AdaptationMode.ADAPTIVE:
        return ()
    wanted = InteractionFilter(client_id=interaction.client_id)
    found = await tx.interactions.list(interaction.network_id, wanted, Page(limit=SEARCHED_TURNS))
    told = [
        f"On {one.created_at:%Y-%m-%d} somebody said here: {one.text[:LONGEST_NOTE]}"
        for one in found.items
        if one.persona_id == persona.id
        and one.conversation_id != interaction.conversation_id
        and one.status is ProcessingStatus.COMPLETED
    ]
    return tuple(reversed(told[:NOTED_TURNS]))
