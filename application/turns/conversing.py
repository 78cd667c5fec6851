"""A turn of conversation, from words to an answer that is committed, spoken and announced."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, aclosing, asynccontextmanager, nullcontext
from datetime import datetime
from typing import Final

import structlog
from attrs import define, field, frozen

from application.personas.sessions import TakeSeat
from application.ports.announcing import Announcer
from application.ports.blobs import Blobs
from application.ports.dialogue import Interlocutor, ReplyDone, ReplyPart, Sentence
from application.ports.sounds import SoundCodec
from application.ports.speech import Speaker, Transcript
from application.ports.storage import Transactions
from application.ports.watching import TurnSeen
from application.ports.world import Clock, IdSource
from application.speech.answers_aloud import AnswersAloud
from application.speech.recordings import KeepSound
from application.speech.saying import AnswerSounds
from application.speech.voicing import Voicing
from application.turns.earlier_actions import EarlierActions
from application.turns.house_deeds import HouseDeeds
from application.turns.outcomes import Outcomes, Told
from application.turns.scenes import Scene, Scenes
from application.turns.tools import NetworkTools
from application.turns.turns import (
    ActionTaken,
    Reply,
    Revision,
    SentenceSaid,
    SpokenWords,
    Stages,
    Turn,
    TurnEnded,
    TurnEvent,
    TurnHeard,
    TypedWords,
    Undertaking,
)
from application.turns.waiting_lines import WaitingLines
from domain.errors import AudioProcessingFailed, InvalidValue, MiraError, ModelInferenceFailed
from domain.events import Attention, AttentionChanged, ErrorOccurred, LiveNews
from domain.ids import ONLY_INSTANCE, BlobId, InstanceId, InteractionId, NetworkId
from domain.interactions import Interaction, KeptSound, ProcessingStatus, Usage
from domain.moments import from_micros
from domain.plain import is_plain_text

log = structlog.get_logger(__name__)

LONGEST_TEXT: Final = 4000
THE_HUB: Final = "hub:house"
"""What is named as the model of answers that the hub gives without one."""
NOTHING_HEARD: Final = Transcript(text="", confidence=0.0, understood=False)


@define(eq=False)
class _Attempt:
    """A turn under way, and how far it has come."""

    turn: Turn
    interaction_id: InteractionId
    stages: Stages
    reply: Reply = field(factory=Reply, init=False)
    voicing: Voicing | None = field(default=None, init=False)
    told: Told | None = field(default=None, init=False)
    trouble: MiraError | None = field(default=None, init=False)
    text: str = field(default="", init=False)
    begun: bool = field(default=False, init=False)
    heard: bool = field(default=False, init=False)

    def seen(self, stage: str, now: datetime, **ending: str) -> TurnSeen:
        """How far it has come, for those who watch."""
        return TurnSeen(
            network_id=self.turn.network_id,
            client_id=self.turn.client_id,
            interaction_id=self.interaction_id,
            stage=stage,
            spoken=isinstance(self.turn.words, SpokenWords),
            started_at=from_micros(self.stages.started_at),
            at=now,
            text=self.text,
            response=self.reply.text,
            took=dict(self.stages.took),
            **ending,
        )


async def everybody(network_id: NetworkId) -> None:
    """Let every turn begin."""


def unseen(turn: TurnSeen) -> None:
    """Show a turn to nobody."""


async def no_house_wish(interaction: Interaction) -> None:
    """Take every turn as one for whoever answers."""


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
    keep_sound: KeepSound
    aloud: AnswersAloud
    ids: IdSource
    clock: Clock
    admit: Callable[[NetworkId], Awaitable[None]] = everybody
    hear_house_wish: Callable[[Interaction], Awaitable[str | None]] = no_house_wish
    house: HouseDeeds | None = field(default=None, repr=False)
    show: Callable[[TurnSeen], None] = unseen
    instance_id: InstanceId = ONLY_INSTANCE
    _lines: WaitingLines = field(factory=WaitingLines, init=False)

    async def __call__(self, turn: Turn) -> AsyncGenerator[TurnEvent, None]:
        """Yield what happens as it happens; the last event is TurnEnded.

        Typed turns of one client are held one after the other. A turn that is cancelled, or whose events
        are not read to the end, is kept as failed.

        Raises:
            RateLimitExceeded: the network has had as many turns as it may; nothing was kept.
            MiraError: before TurnHeard nothing is kept, and whoever called tells the client; after it the
                turn is kept as failed, and the client of the turn was told.
        """
        attempt = _Attempt(turn, self._id_of(turn), Stages(self.clock, self._start_of(turn)))
        try:
            async with self._place(turn):
                await self.admit(turn.network_id)
                scene = await self._heard(attempt)
                attempt.voicing = self._voicing(attempt, scene)
                self._attend(turn, Attention.THINKING)
                yield TurnHeard(interaction=scene.interaction)
                async with aclosing(self._replied(attempt, scene)) as events:
                    async for event in events:
                        yield event
                ended = await self._ended(attempt, scene)
        except BaseException as error:
            if attempt.heard and not isinstance(error, Exception):
                self._attend(turn, Attention.IDLE)
            await asyncio.shield(self._failed(attempt, error))
            raise
        yield ended

    def _id_of(self, turn: Turn) -> InteractionId:
        match turn.holding:
            case Undertaking(interaction_id=known) | Revision(interaction_id=known):
                return known
            case None:
                return self.ids.interaction()

    def _attend(self, turn: Turn, attention: Attention) -> None:
        """Let the client of a turn show what the hub does for it."""
        news = AttentionChanged(client_id=turn.client_id, attention=attention, at=self.clock.now())
        self.announcer.tell(LiveNews(network_id=turn.network_id, event=news, recipient=turn.client_id))

    def _start_of(self, turn: Turn) -> int:
        match turn.words:
            case SpokenWords(speech_ended_at=ended):
                return ended
            case TypedWords():
                return self.clock.micros()

    def _place(self, turn: Turn) -> AbstractAsyncContextManager[None]:
        """Typed turns wait for each other; spoken ones wait for nobody."""
        match turn.words:
            case SpokenWords():
                return nullcontext()
            case TypedWords():
                return self._lines.place(turn.network_id, turn.client_id)

    async def _heard(self, attempt: _Attempt) -> Scene:
        """Keep the words, or that they could not be made out."""
        self.show(attempt.seen("transcription", self.clock.now()))
        transcript, sound = await asyncio.gather(self._words(attempt), self._sound(attempt.turn))
        attempt.text = transcript.text
        attempt.begun = True
        scene = await self._scenes.open(attempt.turn, attempt.interaction_id, transcript, sound)
        attempt.heard = True
        return scene

    async def _sound(self, turn: Turn) -> KeptSound | None:
        match turn.words:
            case SpokenWords(recording=recording):
                return await self.keep_sound(turn.network_id, recording)
            case TypedWords():
                return None

    async def _replied(self, attempt: _Attempt, scene: Scene) -> AsyncGenerator[TurnEvent, None]:
        """Let the reply grow, and pass on what the interlocutor does and says."""
        if attempt.trouble is not None:
            raise attempt.trouble
        since = self.clock.micros()
        self.show(attempt.seen("reply", self.clock.now()))
        earlier = EarlierActions(scene.done, same_only=scene.revises)
        behavior = scene.persona.behavior
        tools = NetworkTools(
            self.transactions, self.ids, self.clock, scene.interaction, earlier, behavior, self.house
        )
        told = 0
        done = None if scene.revises else await self.hear_house_wish(scene.interaction)
        answer = self.interlocutor.answer(scene.prompt(self.clock), tools) if done is None else _said(done)
        async with _closing(answer) as parts:
            async for part in parts:
                for action in tools.done[told:]:
                    yield ActionTaken(action=action)
                told = len(tools.done)
                match part:
                    case Sentence(text=text):
                        if not attempt.reply.sentences:
                            attempt.stages.note("first_token", since)
                        attempt.reply.sentences.append(text)
                        if attempt.voicing is not None:
                            attempt.voicing.say(text)
                        self.show(attempt.seen("reply", self.clock.now()))
                        yield SentenceSaid(text=text)
                        if attempt.turn.interruption.happened:
                            break
                    case ReplyDone():
                        attempt.reply.endings.append(part)
        attempt.stages.note("reply", since)

    async def _words(self, attempt: _Attempt) -> Transcript:
        """The words of a turn; none where the hub is at fault, and the attempt then knows its trouble."""
        match attempt.turn.words:
            case TypedWords(text=text):
                return _typed(text)
            case SpokenWords() as spoken:
                stages = attempt.stages
                stages.lasted("end_of_turn", spoken.speech_ended_at, spoken.decided_at)
                since = stages.note("arbitration", spoken.decided_at)
                try:
                    return await spoken.transcript()
                except MiraError as error:
                    if _will_be_tried_again(attempt.turn):
                        raise
                    attempt.trouble = error
                except Exception:
                    log.exception("a transcriber broke", network=attempt.turn.network_id)
                    attempt.trouble = AudioProcessingFailed("The hub could not make out what was said.")
                finally:
                    stages.note("transcription", since)
                return NOTHING_HEARD

    async def _ended(self, attempt: _Attempt, scene: Scene) -> TurnEnded:
        """Say the answer, and keep it."""
        reply, stages = attempt.reply, attempt.stages
        if not reply.text:
            raise ModelInferenceFailed("The persona found no answer.")
        since = self.clock.micros()
        self.show(attempt.seen("speech", self.clock.now()))
        if attempt.turn.interruption.happened and attempt.voicing is not None:
            await attempt.voicing.stop()
            attempt.voicing = None
        speech = None if attempt.voicing is None else await attempt.voicing.finish()
        stages.note("speech", since)
        stages.total()
        outcome = await self._outcomes.completed(
            attempt.turn, scene, reply, speech, stages.took, told=attempt.told
        )
        interaction, told = outcome.interaction, outcome.told
        self.show(attempt.seen("over", self.clock.now(), status=interaction.status.value))
        if told is not None and told.elsewhere:
            self._attend(attempt.turn, Attention.IDLE)
        return TurnEnded(
            interaction=interaction,
            speech=speech,
            usage=interaction.usage,
            spoken_by=told.mouth_id if told is not None and told.elsewhere else None,
        )

    def _voicing(self, attempt: _Attempt, scene: Scene) -> Voicing | None:
        """The voice of a turn, if it is to sound: heard from its first sentence on where more is to come.

        A promised turn is heard when it is whole: it may break off, and begin anew.
        """
        since = self.clock.micros()

        async def first_sounds(speech: BlobId) -> None:
            attempt.stages.note("first_sound", since)
            if not attempt.reply.endings and attempt.turn.holding is None:
                attempt.told = await self._outcomes.begun(scene, attempt.reply.text, speech)

        now = self.clock.now()
        if scene.mouth is None or not scene.is_heard(now):
            return None
        network_id, quiet = scene.network.id, scene.is_quiet(now)
        voicing = self._answers.voicing(network_id, scene.persona.voice, first_sounds, quiet=quiet)
        voicing.let_know = self.aloud.of(
            network_id, scene.mouth.id, attempt.interaction_id, asked_by=attempt.turn.client_id
        )
        return voicing

    async def _failed(self, attempt: _Attempt, error: BaseException) -> None:
        """Keep that a turn failed, if any of it was kept, and tell its client so."""
        if attempt.voicing is not None:
            await attempt.voicing.stop()
        promised = isinstance(attempt.turn.holding, Undertaking)
        broken_off = promised and not isinstance(error, Exception)
        if not attempt.begun or broken_off or _will_be_tried_again(attempt.turn):
            return
        code, message = MiraError.code, "The hub could not answer."
        if isinstance(error, MiraError):
            code, message = error.code, error.message
        self.show(attempt.seen("over", self.clock.now(), status=ProcessingStatus.FAILED.value, code=code))
        network_id, client_id = attempt.turn.network_id, attempt.turn.client_id
        attempt.stages.total()
        try:
            await self._outcomes.failed(attempt.turn, attempt.interaction_id, code, attempt.stages.took)
        except MiraError as trouble:
            log.warning("a failed turn could not be kept as such", code=trouble.code, failure=code)
        if attempt.heard and isinstance(error, Exception):
            event = ErrorOccurred(code=code, message=message, client_id=client_id, at=self.clock.now())
            self.announcer.tell(LiveNews(network_id=network_id, event=event, recipient=client_id))

    @property
    def _scenes(self) -> Scenes:
        return Scenes(self.transactions, self.take_seat, self.clock, self.instance_id)

    @property
    def _outcomes(self) -> Outcomes:
        return Outcomes(self.transactions, self.clock)

    @property
    def _answers(self) -> AnswerSounds:
        return AnswerSounds(self.speaker, self.sounds, self.blobs, self.ids, self.clock)


@asynccontextmanager
async def _closing(parts: AsyncIterator[ReplyPart]) -> AsyncIterator[AsyncIterator[ReplyPart]]:
    """Let a reply that is not wanted to its end stop at once, before anything else is made of it."""
    try:
        yield parts
    finally:
        if isinstance(parts, AsyncGenerator):
            await parts.aclose()


def _will_be_tried_again(turn: Turn) -> bool:
    """Whether a failure is not the last word on a turn."""
    return isinstance(turn.holding, Undertaking) and not turn.holding.last_try


async def _said(text: str) -> AsyncIterator[ReplyPart]:
    """A reply that the hub itself gives."""
    yield Sentence(text=text)
    yield ReplyDone(usage=Usage(model=THE_HUB))


def _typed(text: str) -> Transcript:
    trimmed = text.strip()
    if not 1 <= len(trimmed) <= LONGEST_TEXT:
        raise InvalidValue("text", f"must be 1 to {LONGEST_TEXT} characters")
    if not is_plain_text(trimmed):
        raise InvalidValue("text", "must be without NUL characters and lone surrogates")
    return Transcript(text=trimmed, confidence=1.0, understood=True)
