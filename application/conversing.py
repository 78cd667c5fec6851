"""A turn of conversation, from words to an answer that is committed, spoken and announced."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Final

import structlog
from attrs import evolve, field, frozen

from application.ports.announcing import Announcer
from application.ports.blobs import Blob, Blobs
from application.ports.dialogue import Exchange, Interlocutor, Prompt, ReplyDone, Sentence
from application.ports.sounds import SoundCodec
from application.ports.speech import Speaker, Transcript
from application.ports.storage import Transactions
from application.ports.world import Clock, IdSource
from application.sessions import Seat, TakeSeat
from application.tools import NetworkTools
from application.turns import (
    ActionTaken,
    SentenceSaid,
    SpokenWords,
    Stages,
    Turn,
    TurnEnded,
    TurnEvent,
    TurnHeard,
    TypedWords,
)
from domain.clients import Client
from domain.errors import InvalidValue, MiraError, NotFound
from domain.events import ContextUpdated, ErrorOccurred, InteractionAnswered, InteractionCreated, LiveNews
from domain.ids import BlobId
from domain.interactions import Interaction, ProcessingStatus
from domain.networks import Network

log = structlog.get_logger(__name__)

REMEMBERED_TURNS: Final = 10
LONGEST_TEXT: Final = 4000
SPEECH_KEPT_FOR: Final = timedelta(hours=1)
SUMMARY_LENGTH: Final = 200


@frozen(kw_only=True)
class _Scene:
    """Where a turn takes place, and what went before it."""

    network: Network
    client: Client
    seat: Seat
    history: tuple[Exchange, ...]
    interaction: Interaction
    understood: bool


@frozen
class _Reply:
    """The reply as it grows."""

    sentences: list[str] = field(factory=list)
    endings: list[ReplyDone] = field(factory=list)

    @property
    def text(self) -> str:
        return " ".join(self.sentences)


@frozen
class Converse:
    """Take a turn: keep what was said, let the persona answer and act, keep and announce all of it."""

    transactions: Transactions
    interlocutor: Interlocutor
    speaker: Speaker
    sounds: SoundCodec
    blobs: Blobs
    announcer: Announcer
    take_seat: TakeSeat
    ids: IdSource
    clock: Clock

    async def __call__(self, turn: Turn) -> AsyncIterator[TurnEvent]:
        """Yield what happens as it happens; the last event is TurnEnded.

        Raises:
            MiraError: the turn failed; it is kept as failed, and its client was told.
        """
        stages = Stages(self.clock, self._start_of(turn))
        transcript = await self._words(turn, stages)
        scene = await self._opened(turn, transcript)
        yield TurnHeard(interaction=scene.interaction)
        try:
            reply = _Reply()
            async for event in self._answered(scene, stages, reply):
                yield event
            yield await self._ended(scene, stages, reply)
        except Exception as error:
            await self._failed(scene, error)
            raise

    def _start_of(self, turn: Turn) -> int:
        match turn.words:
            case SpokenWords(speech_ended_at=ended):
                return ended
            case TypedWords():
                return self.clock.micros()

    async def _words(self, turn: Turn, stages: Stages) -> Transcript:
        match turn.words:
            case TypedWords(text=text):
                return _typed(text)
            case SpokenWords() as spoken:
                stages.took["end_of_turn"] = round((spoken.decided_at - spoken.speech_ended_at) / 1000, 1)
                since = stages.note("arbitration", spoken.decided_at)
                transcript = await spoken.transcript()
                stages.note("transcription", since)
                return transcript

    async def _opened(self, turn: Turn, transcript: Transcript) -> _Scene:
        """Keep what was said before anything is made of it."""
        async with self.transactions.begin() as tx:
            network = await tx.networks.get(turn.network_id)
            client = await tx.clients.get(turn.network_id, turn.client_id)
            seat = await self.take_seat(tx, client, turn.session_id)
            conversation_id = seat.session.conversation_id
            earlier = await tx.interactions.of_conversations(network.id, [conversation_id], REMEMBERED_TURNS)
            hearing = turn.words.hearing if isinstance(turn.words, SpokenWords) else None
            interaction = Interaction(
                id=self.ids.interaction(),
                network_id=network.id,
                conversation_id=conversation_id,
                client_id=client.id,
                session_id=seat.session.id,
                persona_id=seat.persona.id,
                text=transcript.text,
                hearing=hearing and evolve(hearing, words=transcript.words),
                created_at=self.clock.now(),
            )
            await tx.interactions.add(interaction)
        return _Scene(
            network=network,
            client=client,
            seat=seat,
            history=tuple(Exchange(said=one.text, answered=one.response) for one in earlier),
            interaction=interaction,
            understood=transcript.understood,
        )

    async def _answered(self, scene: _Scene, stages: Stages, reply: _Reply) -> AsyncIterator[TurnEvent]:
        since = self.clock.micros()
        tools = NetworkTools(self.transactions, self.ids, self.clock, scene.interaction)
        told = 0
        async for part in self.interlocutor.answer(self._prompt(scene), tools):
            for action in tools.done[told:]:
                yield ActionTaken(action=action)
            told = len(tools.done)
            match part:
                case Sentence(text=text):
                    if not reply.sentences:
                        stages.note("first_token", since)
                    reply.sentences.append(text)
                    yield SentenceSaid(text=text)
                case ReplyDone():
                    reply.endings.append(part)
        stages.note("reply", since)

    def _prompt(self, scene: _Scene) -> Prompt:
        return Prompt(
            text=scene.interaction.text,
            understood=scene.understood,
            now=self.clock.now(),
            zone=scene.network.settings.zone,
            language=scene.network.settings.language,
            persona=scene.seat.persona,
            history=scene.history,
        )

    async def _ended(self, scene: _Scene, stages: Stages, reply: _Reply) -> TurnEnded:
        since = self.clock.micros()
        speech = await self._spoken(scene, reply.text)
        stages.note("speech", since)
        stages.total()
        done = reply.endings[-1] if reply.endings else None
        clear = scene.understood and (done is None or done.understood)
        async with self.transactions.begin() as tx:
            kept = await tx.interactions.get(scene.network.id, scene.interaction.id)
            now = self.clock.now()
            interaction = evolve(
                kept,
                response=reply.text,
                status=ProcessingStatus.COMPLETED if clear else ProcessingStatus.NOT_UNDERSTOOD,
                timings=dict(stages.took),
                usage=done.usage if done else None,
                completed_at=now,
            )
            await tx.interactions.update(interaction)
            conversation = evolve(
                await tx.conversations.get(scene.network.id, interaction.conversation_id),
                summary=_summary(scene.history, interaction),
                updated_at=now,
            )
            await tx.conversations.update(conversation)
            answered = InteractionAnswered(
                interaction_id=interaction.id,
                client_id=scene.client.id,
                text=interaction.response,
                speech=speech,
                at=now,
            )
            await tx.outbox.append(scene.network.id, answered, recipient=scene.client.id)
            await tx.outbox.append(scene.network.id, InteractionCreated(interaction=interaction, at=now))
            context = ContextUpdated(
                conversation_id=conversation.id,
                summary=conversation.summary,
                participants=conversation.participants,
                at=now,
            )
            await tx.outbox.append(scene.network.id, context)
        return TurnEnded(interaction=interaction, speech=speech, usage=interaction.usage)

    async def _spoken(self, scene: _Scene, text: str) -> BlobId | None:
        """Say the answer where the client has a loudspeaker; it is never lost for want of its sound."""
        if not scene.client.can_speak or not text:
            return None
        try:
            recording = await self.speaker.speak(text, scene.seat.persona.voice)
            content = await self.sounds.encode(recording)
        except MiraError as error:
            log.warning("an answer stayed silent", code=error.code, interaction=scene.interaction.id)
            return None
        speech = self.ids.blob()
        blob = Blob(content=content, media_type="audio/wav")
        await self.blobs.put(scene.network.id, speech, blob, self.clock.now() + SPEECH_KEPT_FOR)
        return speech

    async def _failed(self, scene: _Scene, error: Exception) -> None:
        """Keep that the turn failed, and tell its client so."""
        code = error.code if isinstance(error, MiraError) else MiraError.code
        message = error.message if isinstance(error, MiraError) else "The hub could not answer."
        now = self.clock.now()
        try:
            async with self.transactions.begin() as tx:
                kept = await tx.interactions.get(scene.network.id, scene.interaction.id)
                interaction = evolve(kept, status=ProcessingStatus.FAILED, error_code=code, completed_at=now)
                await tx.interactions.update(interaction)
                await tx.outbox.append(scene.network.id, InteractionCreated(interaction=interaction, at=now))
        except NotFound:
            return
        event = ErrorOccurred(code=code, message=message, client_id=scene.client.id, at=now)
        self.announcer.tell(LiveNews(network_id=scene.network.id, event=event, recipient=scene.client.id))

    async def sweep(self) -> int:
        """Give up the turns that a hub left unfinished when it was stopped, and say how many."""
        async with self.transactions.begin() as tx:
            stale = await tx.interactions.unfinished()
            for interaction in stale:
                now = self.clock.now()
                given_up = evolve(
                    interaction,
                    status=ProcessingStatus.FAILED,
                    error_code=MiraError.code,
                    completed_at=now,
                )
                await tx.interactions.update(given_up)
                announced = InteractionCreated(interaction=given_up, at=now)
                await tx.outbox.append(interaction.network_id, announced)
        return len(stale)


def _typed(text: str) -> Transcript:
    trimmed = text.strip()
    if not 1 <= len(trimmed) <= LONGEST_TEXT:
        raise InvalidValue("text", f"must be 1 to {LONGEST_TEXT} characters")
    return Transcript(text=trimmed, confidence=1.0, understood=True)


def _summary(history: tuple[Exchange, ...], interaction: Interaction) -> str:
    """Say in a line what a conversation was about: its last few requests."""
    said = [exchange.said for exchange in history[-2:]] + [interaction.text]
    line = "; ".join(text for text in said if text) or "Nothing was understood yet"
    return line if len(line) <= SUMMARY_LENGTH else line[: SUMMARY_LENGTH - 1].rstrip() + "…"
