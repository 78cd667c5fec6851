"""Processing an interaction once more, from its sound or its words, perhaps with more to go by."""

from contextlib import aclosing
from typing import Final

from attrs import frozen

from application.networks.access import Principal, within
from application.ports.blobs import Blobs
from application.ports.sounds import SoundCodec
from application.ports.speech import Transcriber
from application.ports.storage import Transactions
from application.ports.world import Clock
from application.turns.conversing import Converse
from application.turns.turns import Revision, SpokenWords, Turn, TurnEnded, TypedWords
from application.turns.vocabulary import words_of
from domain.audio.pcm import Recording
from domain.errors import Conflict, InvalidValue, ModelInferenceFailed, NotFound
from domain.ids import InteractionId, NetworkId
from domain.interactions import Interaction, ProcessingStatus
from domain.plain import is_plain_text

LONGEST_CONTEXT: Final = 2000


@frozen
class ProcessInteraction:
    """Hold a turn once more; what it came to before is kept, and can be read with ListEarlierResults.

    One that was completed is processed again only by force, others whenever that is asked for. Moments in
    the words are as of when they were said; what was done then and is wanted again is not done twice.
    """

    transactions: Transactions
    converse: Converse
    transcriber: Transcriber
    sounds: SoundCodec
    blobs: Blobs
    clock: Clock

    async def __call__(
        self,
        principal: Principal,
        network_id: NetworkId,
        interaction_id: InteractionId,
        *,
        context: str | None = None,
        force: bool = False,
    ) -> Interaction:
        """Process an interaction, and give it as it is then.

        Raises:
            Conflict: it is being processed, or neither its sound nor words of it are kept.
            MiraError: it failed again, and is kept as failed.
        """
        within(principal, network_id)
        told = _checked(context)
        async with self.transactions.snapshot() as tx:
            await tx.networks.get(network_id)
            interaction = await tx.interactions.get(network_id, interaction_id)
            names = await words_of(tx, network_id)
        if interaction.status is ProcessingStatus.COMPLETED and not force:
            return interaction
        if interaction.status is ProcessingStatus.PROCESSING:
            raise Conflict("This interaction is being processed.", interaction_id=interaction_id)
        turn = Turn(
            network_id=network_id,
            client_id=interaction.client_id,
            words=await self._words(interaction, names),
            holding=Revision(interaction_id=interaction_id, context=told),
        )
        async with aclosing(self.converse(turn)) as events:
            async for event in events:
                if isinstance(event, TurnEnded):
                    return event.interaction
        raise ModelInferenceFailed("The turn ended without an answer.")

    async def _words(self, interaction: Interaction, names: tuple[str, ...]) -> SpokenWords | TypedWords:
        """The sound of a turn, or its words where that is not kept."""
        recording = await self._recording(interaction)
        if recording is not None and interaction.hearing is not None:
            now = self.clock.micros()
            return SpokenWords(
                hearing=interaction.hearing,
                speech_ended_at=now,
                decided_at=now,
                transcript=lambda: self.transcriber.transcribe(recording, names),
            )
        if not interaction.text.strip():
            raise Conflict(
                "Nothing of this interaction is kept that could be processed.", interaction_id=interaction.id
            )
        return TypedWords(text=interaction.text)

    async def _recording(self, interaction: Interaction) -> Recording | None:
        kept = interaction.recording
        if kept is None or kept.expires_at <= self.clock.now():
            return None
        try:
            blob = await self.blobs.get(interaction.network_id, kept.id)
        except NotFound:
            return None
        return await self.sounds.decode(blob.content)


@frozen
class ListEarlierResults:
    """What an interaction came to before it was processed again, latest first."""

    transactions: Transactions

    async def __call__(
        self, principal: Principal, network_id: NetworkId, interaction_id: InteractionId
    ) -> tuple[Interaction, ...]:
        within(principal, network_id)
        async with self.transactions.snapshot() as tx:
            await tx.networks.get(network_id)
            await tx.interactions.get(network_id, interaction_id)
            return await tx.interactions.earlier(network_id, interaction_id)


def _checked(context: str | None) -> str | None:
    """What is told beside a turn, without space around it; None if that is nothing."""
    told = (context or "").strip()
    if len(told) > LONGEST_CONTEXT or not is_plain_text(told):
        raise InvalidValue("context", f"must be text of at most {LONGEST_CONTEXT} characters")
    return told or None
