"""How turns end: completed, not understood, failed or given up, kept with the facts that tell of it."""

from collections.abc import Collection, Iterable, Mapping
from typing import Final

from attrs import evolve, frozen

from application.ports.storage import Transaction, Transactions
from application.ports.world import Clock
from application.speech.mouths import mouth_at
from application.turns.scenes import Scene
from application.turns.turns import Reply, Revision, Turn, Undertaking
from domain.errors import Conflict, MiraError, NotFound
from domain.events import (
    AnswerCompleted,
    AnswerSpokenElsewhere,
    ContextUpdated,
    InteractionAnswered,
    InteractionCreated,
)
from domain.ids import BlobId, ClientId, InstanceId, InteractionId
from domain.interactions import Interaction, ProcessingStatus
from domain.sessions import RunningReply, Session, saying_takes

SUMMARISED_TURNS: Final = 3
SUMMARY_LENGTH: Final = 200
NOTHING_YET: Final = "Nothing was understood yet"


@frozen
class Told:
    """Who was told of an answer: the client that it is for, and the one that says it, often the same."""

    client_id: ClientId
    mouth_id: ClientId

    @property
    def elsewhere(self) -> bool:
        """Whether another client says it."""
        return self.mouth_id != self.client_id


@frozen(kw_only=True)
class Outcome:
    """How a turn ended: the interaction as it is kept, and who was told of the answer, if anybody was."""

    interaction: Interaction
    told: Told | None


@frozen
class Outcomes:
    """Keeps how each turn ended, and announces it."""

    transactions: Transactions
    clock: Clock

    async def begun(self, scene: Scene, text: str, speech: BlobId) -> Told:
        """Let the answer be heard from its beginning on, while it grows; who was told to speak it.

        Raises:
            NotFound: the network is gone.
            Conflict: the turn is over already.
        """
        async with self.transactions.begin() as tx:
            kept = await tx.interactions.get(scene.network.id, scene.interaction.id)
            if kept.status is not ProcessingStatus.PROCESSING:
                raise Conflict("This turn is over.", interaction_id=kept.id)
            return await self._let_speak(tx, scene, evolve(kept, response=text), speech, complete=False)

    async def completed(
        self,
        turn: Turn,
        scene: Scene,
        reply: Reply,
        speech: BlobId | None,
        timings: Mapping[str, float],
        *,
        told: Told | None = None,
    ) -> Outcome:
        """Keep the answer, whatever became of session and client meanwhile; a revision is told to nobody.

        told is who was told of the beginning of the answer, if somebody was.

        Raises:
            NotFound: the network is gone.
        """
        clear = scene.understood and reply.understood
        async with self.transactions.begin() as tx:
            kept = await tx.interactions.get(scene.network.id, scene.interaction.id)
            interaction = evolve(
                kept,
                response=reply.text,
                status=ProcessingStatus.COMPLETED if clear else ProcessingStatus.NOT_UNDERSTOOD,
                timings=dict(timings),
                usage=reply.usage,
                completed_at=self.clock.now(),
            )
            await tx.interactions.update(interaction)
            if not scene.revises:
                told = await self._announce_answer(tx, scene, interaction, speech, told)
            await self._move_on(tx, interaction)
            await _seal(tx, turn, interaction)
        return Outcome(interaction=interaction, told=told)

    async def failed(
        self, turn: Turn, interaction_id: InteractionId, code: str, timings: Mapping[str, float]
    ) -> None:
        """Keep that a turn failed, and how far it came; one that is over, or never was, is left alone."""
        async with self.transactions.begin() as tx:
            try:
                kept = await tx.interactions.get(turn.network_id, interaction_id)
            except NotFound:
                return
            if kept.status is ProcessingStatus.PROCESSING:
                told = not isinstance(turn.holding, Revision)
                failed = await self._give_up(tx, evolve(kept, timings=dict(timings)), code, told=told)
                await _seal(tx, turn, failed)

    async def sweep(self, tx: Transaction, instance_ids: Collection[InstanceId]) -> int:
        """Give up the turns that instances left unfinished, and say how many.

        Those that were promised are left alone: they are taken up again.
        """
        promised = await tx.uploads.turns_to_come()
        stale = [one for one in await tx.interactions.unfinished(instance_ids) if one.id not in promised]
        for interaction in sorted(stale, key=lambda one: (one.network_id, one.id)):
            await self._give_up(tx, interaction, MiraError.code, told=interaction.revision == 1)
        return len(stale)

    async def _give_up(
        self, tx: Transaction, interaction: Interaction, code: str, *, told: bool = True
    ) -> Interaction:
        now = self.clock.now()
        given_up = evolve(interaction, status=ProcessingStatus.FAILED, error_code=code, completed_at=now)
        await tx.interactions.update(given_up)
        if told:
            await tx.outbox.append(given_up.network_id, InteractionCreated(interaction=given_up, at=now))
        return given_up

    async def _announce_answer(
        self,
        tx: Transaction,
        scene: Scene,
        interaction: Interaction,
        speech: BlobId | None,
        told: Told | None,
    ) -> Told:
        """Tell who asked and who is to speak what the answer is, and everyone that the turn is over."""
        now = self.clock.now()
        if told is None:
            told = await self._let_speak(tx, scene, interaction, speech, complete=True)
        else:
            told = await self._note_reply(tx, scene, interaction, speech, told)
            for client_id in dict.fromkeys((told.mouth_id, told.client_id)):
                whole = AnswerCompleted(
                    interaction_id=interaction.id, client_id=client_id, text=interaction.response, at=now
                )
                await tx.outbox.append(interaction.network_id, whole, recipient=client_id)
        await tx.outbox.append(interaction.network_id, InteractionCreated(interaction=interaction, at=now))
        return told

    async def _let_speak(
        self,
        tx: Transaction,
        scene: Scene,
        interaction: Interaction,
        speech: BlobId | None,
        *,
        complete: bool,
    ) -> Told:
        """Tell a client what to say, as far as that is known; and who asked, where that is another one."""
        told = await self._note_reply(tx, scene, interaction, speech, None)
        now = self.clock.now()
        answered = InteractionAnswered(
            interaction_id=interaction.id,
            client_id=told.mouth_id,
            text=interaction.response,
            speech=speech,
            complete=complete,
            at=now,
        )
        await tx.outbox.append(interaction.network_id, answered, recipient=told.mouth_id)
        if told.elsewhere:
            elsewhere = AnswerSpokenElsewhere(
                interaction_id=interaction.id,
                client_id=told.client_id,
                spoken_by=told.mouth_id,
                text=interaction.response,
                complete=complete,
                at=now,
            )
            await tx.outbox.append(interaction.network_id, elsewhere, recipient=told.client_id)
        return told

    async def _note_reply(
        self,
        tx: Transaction,
        scene: Scene,
        interaction: Interaction,
        speech: BlobId | None,
        told: Told | None,
    ) -> Told:
        """Who gets the answer: whoever has the session by now. It is noted there who speaks for how long."""
        session = await self._live_session(tx, interaction)
        client_id = interaction.client_id if session is None else session.client_id
        if told is None or told.client_id != client_id:
            told = Told(client_id, await self._mouth(tx, scene, client_id, speech))
        if session is not None:
            reply = RunningReply(
                interaction_id=interaction.id,
                text=interaction.response,
                speech=speech,
                until=self.clock.now() + saying_takes(interaction.response, scene.persona.voice.rate),
                spoken_by=told.mouth_id if told.elsewhere else None,
            )
            await tx.sessions.update(evolve(session, reply=reply))
        return told

    async def _live_session(self, tx: Transaction, interaction: Interaction) -> Session | None:
        if interaction.session_id is None:
            return None
        try:
            session = await tx.sessions.get(interaction.network_id, interaction.session_id)
        except NotFound:
            return None
        return session if session.live_at(self.clock.now()) else None

    async def _mouth(
        self, tx: Transaction, scene: Scene, client_id: ClientId, speech: BlobId | None
    ) -> ClientId:
        """Who says an answer that a client gets: that client itself where nothing is to sound."""
        if speech is None:
            return client_id
        asking = scene.client
        if asking is None or asking.id != client_id:
            connected = await tx.clients.connected_in(scene.network.id)
            asking = next((one for one in connected if one.id == client_id), None)
        mouth = None if asking is None else await mouth_at(tx, scene.network, asking)
        return client_id if mouth is None else mouth.id

    async def _move_on(self, tx: Transaction, interaction: Interaction) -> None:
        """Bring the conversation up to date, with its other turns as they are by now, and announce it."""
        network_id, conversation_id = interaction.network_id, interaction.conversation_id
        known = await tx.conversations.get(network_id, conversation_id)
        latest = await tx.interactions.of_conversations(network_id, [conversation_id], SUMMARISED_TURNS)
        now = self.clock.now()
        conversation = evolve(known, summary=summary(turn.text for turn in latest), updated_at=now)
        await tx.conversations.update(conversation)
        context = ContextUpdated(
            conversation_id=conversation.id,
            summary=conversation.summary,
            participants=conversation.participants,
            at=now,
        )
        await tx.outbox.append(network_id, context)


async def _seal(tx: Transaction, turn: Turn, interaction: Interaction) -> None:
    """Let what ends together with a promised turn end with it."""
    if isinstance(turn.holding, Undertaking):
        await turn.holding.seal(tx, interaction)


def summary(said: Iterable[str]) -> str:
    """Say in a line of at most 200 characters what was asked for; it is never empty."""
    line = "; ".join(text for text in said if text) or NOTHING_YET
    return line if len(line) <= SUMMARY_LENGTH else line[: SUMMARY_LENGTH - 1].rstrip() + "…"
