"""Listening: frames of many streams go in, utterances come out and become turns."""

import asyncio
from collections.abc import AsyncIterator, Coroutine, Iterable, Mapping
from contextlib import asynccontextmanager
from functools import partial
from typing import Any, Final

import structlog
from attrs import define, field

from application.listening.early_words import EarlyWords
from application.listening.ears import Ears
from application.listening.heard_before import REMEMBERED
from application.listening.joint_hearing import JointHearing
from application.ports.announcing import Announcer
from application.ports.speech import Transcriber
from application.ports.storage import Transactions
from application.ports.world import Clock
from application.speech.answers_aloud import AnswersAloud
from application.turns.conversing import Converse
from application.turns.reports import reports
from application.turns.turns import Interruption, SpokenWords, Turn
from application.turns.verdicts import choice, hearing, too_poor
from application.turns.vocabulary import words_of
from domain.audio.arbitration import ArbitrationRules
from domain.audio.decisions import (
    AnswerSpokenOver,
    Decision,
    Reason,
    SpeechStarted,
    StreamSelected,
    StreamState,
    UtteranceEnded,
    UtterancePaused,
    UtteranceRejected,
)
from domain.audio.pcm import Samples
from domain.clients import Client
from domain.errors import MiraError, Overloaded
from domain.events import (
    AnswerInterrupted,
    Attention,
    AttentionChanged,
    AudioStreamSelected,
    ErrorOccurred,
    LiveEvent,
    LiveNews,
    StreamsMeasured,
)
from domain.ids import ClientId, InteractionId, NetworkId
from domain.interactions import Hearing

log = structlog.get_logger(__name__)

TICK_SECONDS: Final = 0.05
TICKS_BETWEEN_METERS: Final = 4
MOST_TURNS: Final = 64
"""Spoken turns that may be under way at once; one more is refused, and its client told."""


@define(eq=False, kw_only=True)
class Listening:
    """Hears every stream of every network, and holds a turn for each utterance; open it with running()."""

    transactions: Transactions
    transcriber: Transcriber
    converse: Converse
    announcer: Announcer
    clock: Clock
    rules: ArbitrationRules
    aloud: AnswersAloud
    joint: JointHearing
    _under_way: dict[tuple[NetworkId, ClientId], Interruption] = field(factory=dict, init=False)
    _ears: dict[NetworkId, Ears] = field(factory=dict, init=False)
    _turns: set["asyncio.Task[None]"] = field(factory=set, init=False)
    _lessons: set["asyncio.Task[None]"] = field(factory=set, init=False)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Let time pass for all streams while the block lasts."""
        ticking = asyncio.create_task(self._tick())
        try:
            yield
        finally:
            await self.joint.stop()
            tasks = [ticking, *self._turns, *self._lessons]
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            for ears in self._ears.values():
                ears.start_afresh()

    async def finish_turns(self, seconds: float) -> None:
        """Give the turns that are under way so long to end."""
        await self.joint.finish(seconds)
        if self._turns:
            await asyncio.wait(self._turns, timeout=seconds)

    @property
    def turns_under_way(self) -> int:
        """How many spoken turns are being held."""
        return len(self._turns)

    @property
    def streams_heard(self) -> int:
        """How many streams of all networks are being listened to."""
        return sum(len(ears.arbiter.streams()) for ears in self._ears.values())

    def join(self, network_id: NetworkId, client: Client) -> None:
        """A client's socket has opened; one without a microphone can never be chosen."""
        ears = self._ears_of(network_id)
        ears.admit(client)
        self._own(self._lessons, self._learn(network_id, ears))

    def hear(
        self, network_id: NetworkId, client_id: ClientId, samples: Samples, captured_at: int | None
    ) -> None:
        """Take in sound of a client, whose first sample was captured at a moment (microseconds, hub time).

        None stands for a moment that nobody knows: the sound follows the sound before it.

        Raises:
            InvalidValue: the samples are not one row of numbers.
        """
        ears = self._ears_of(network_id)
        if ears.heard_before.again(client_id, captured_at, len(samples)):
            return
        for answer in self.aloud.take(network_id):
            ears.arbiter.play(answer)
        arrived_at = self.clock.micros()
        self._decide(network_id, ears, ears.arbiter.hear(client_id, samples, captured_at, arrived_at))

    def note(self, network_id: NetworkId, client_id: ClientId, reported: Mapping[str, float]) -> None:
        """A client says how well it hears: a hint that is kept and shown, and trusted for nothing."""
        self._ears_of(network_id).reported[client_id] = reported

    def finish(self, network_id: NetworkId, client_id: ClientId) -> None:
        """A client says that its utterance is complete."""
        ears = self._ears.get(network_id)
        if ears is not None:
            self._decide(network_id, ears, ears.arbiter.end(client_id, self.clock.micros()))

    def leave(self, network_id: NetworkId, client_id: ClientId) -> None:
        """A client's socket has ended; what it said so far still counts."""
        ears = self._ears.get(network_id)
        if ears is not None:
            ears.part_with(client_id)
            self._decide(network_id, ears, ears.arbiter.end(client_id, self.clock.micros(), remains=False))

    def streams(self, network_id: NetworkId) -> tuple[StreamState, ...]:
        """How each stream of a network stands right now."""
        ears = self._ears.get(network_id)
        return ears.arbiter.streams() if ears else ()

    def last_choice(self, network_id: NetworkId) -> AudioStreamSelected | None:
        """Which stream was last found to be the best, if any was."""
        ears = self._ears.get(network_id)
        return ears.choice if ears else None

    def _ears_of(self, network_id: NetworkId) -> Ears:
        if network_id not in self._ears:
            self._ears[network_id] = Ears(self.transcriber, self.rules)
        return self._ears[network_id]

    async def _tick(self) -> None:
        ticks = 0
        while True:
            await asyncio.sleep(TICK_SECONDS)
            ticks += 1
            for network_id, ears in list(self._ears.items()):
                try:
                    self._advance(network_id, ears, meters=ticks % TICKS_BETWEEN_METERS == 0)
                except Exception:
                    log.exception("a network's ears broke, and start afresh", network=network_id)
                    ears.start_afresh()

    def _advance(self, network_id: NetworkId, ears: Ears, *, meters: bool) -> None:
        """Let time pass for one network."""
        self._decide(network_id, ears, ears.arbiter.advance(self.clock.micros()))
        ears.follow_words()
        if meters:
            states = ears.arbiter.streams()
            if any(state.speaking for state in states):
                self._tell(network_id, StreamsMeasured(streams=reports(states), at=self.clock.now()))
        ears.heard_before.forget_before(self.clock.micros() - REMEMBERED)
        if ears.idle:
            del self._ears[network_id]

    def _decide(self, network_id: NetworkId, ears: Ears, decisions: Iterable[Decision]) -> None:
        self.joint.consider(network_id, ears.arbiter, decisions, partial(self._act, network_id, ears))

    def _act(self, network_id: NetworkId, ears: Ears, decision: Decision) -> None:
        match decision:
            case SpeechStarted():
                ears.start_words(decision.utterance)
                self._own(self._lessons, self._learn(network_id, ears))
            case StreamSelected():
                if decision.provisional:
                    self._announce_choice(network_id, ears, decision, decision.at)
                    self._light_up(network_id, decision)
            case AnswerSpokenOver():
                self._silence(network_id, decision)
            case UtterancePaused():
                ears.begin_words(decision, self.clock.now())
            case UtteranceEnded():
                self._announce_choice(network_id, ears, decision, decision.ended_at)
                self._attend(network_id, decision.client_id, Attention.THINKING)
                self._start_turn(network_id, ears, decision)
            case UtteranceRejected():
                ears.drop_words(decision.utterance)
                self._attend(network_id, decision.client_id, Attention.IDLE)
                self._explain(network_id, ears, decision)

    async def _learn(self, network_id: NetworkId, ears: Ears) -> None:
        """Go by the network's settings and words of this moment, and let the transcriber know the words.

        What it needs for them it loads while people still speak.
        """
        try:
            async with self.transactions.snapshot() as tx:
                network = await tx.networks.get(network_id)
                words = await words_of(tx, network_id)
                clients = await tx.clients.connected_in(network_id)
        except MiraError as error:
            log.warning("a network's settings could not be read", code=error.code, network=network_id)
            return
        ears.learn(network.settings.audio_quality_threshold, words, clients)
        try:
            await self.transcriber.prepare(words)
        except MiraError as error:
            log.warning("the transcriber could not get ready", code=error.code, network=network_id)

    def _silence(self, network_id: NetworkId, spoken_over: AnswerSpokenOver) -> None:
        """Tell a client that plays an answer to stop: somebody speaks over it, or before it is complete."""
        about = self.aloud.about(spoken_over.playback)
        asker = about.asked_by if about else spoken_over.client_id
        under_way = self._under_way.get((network_id, asker))
        if spoken_over.is_late and under_way is None:
            return
        event = AnswerInterrupted(
            interaction_id=about.interaction_id if about else InteractionId(spoken_over.playback),
            client_id=spoken_over.client_id,
            at=self.clock.now(),
        )
        news = LiveNews(network_id=network_id, event=event, recipient=spoken_over.client_id)
        self.announcer.tell(news)
        if under_way is not None:
            under_way.happened = True

    def _explain(self, network_id: NetworkId, ears: Ears, rejected: UtteranceRejected) -> None:
        """Tell the client that was heard best that it was not heard well enough."""
        if rejected.reason is not Reason.BELOW_THRESHOLD:
            return
        self._refuse(network_id, rejected.client_id, too_poor(rejected, ears.rules.threshold))

    def _announce_choice(
        self, network_id: NetworkId, ears: Ears, decision: StreamSelected | UtteranceEnded, at: int
    ) -> None:
        """Tell which stream is used, and remember it."""
        event = choice(decision, at, ears.reported)
        ears.choice = event
        self._tell(network_id, event)

    def _start_turn(self, network_id: NetworkId, ears: Ears, utterance: UtteranceEnded) -> None:
        words = ears.take_words(utterance.utterance)
        if len(self._turns) >= MOST_TURNS:
            words.drop()
            self._refuse(network_id, utterance.client_id, Overloaded("Too many turns are under way."))
            return
        turn = _turn(network_id, utterance, hearing(utterance, ears.reported), words)
        speaker = (turn.network_id, turn.client_id)
        if speaker in self._under_way:
            self._under_way[speaker].happened = True
        self._under_way[speaker] = turn.interruption
        self._own(self._turns, self._hold_turn(turn, words))

    def _own(self, tasks: set["asyncio.Task[None]"], work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        tasks.add(task)
        task.add_done_callback(tasks.discard)

    async def _hold_turn(self, turn: Turn, words: EarlyWords) -> None:
        """Hold the turn of an utterance; whatever goes wrong ends here. Once heard, it tells of it itself."""
        heard = False
        try:
            async for _ in self.converse(turn):
                heard = True
        except MiraError as error:
            log.warning("a spoken turn failed", code=error.code, network=turn.network_id)
            if not heard:
                self._refuse(turn.network_id, turn.client_id, error)
        except Exception:
            log.exception("a spoken turn broke", network=turn.network_id)
            if not heard:
                self._refuse(turn.network_id, turn.client_id, MiraError("The hub could not answer."))
        finally:
            words.drop()
            if self._under_way.get((turn.network_id, turn.client_id)) is turn.interruption:
                del self._under_way[turn.network_id, turn.client_id]

    def _light_up(self, network_id: NetworkId, choice: StreamSelected) -> None:
        """Let the client that is listened to show it, and the others not."""
        for one in choice.competitors:
            if one.client_id != choice.client_id:
                self._attend(network_id, one.client_id, Attention.IDLE)
        self._attend(network_id, choice.client_id, Attention.LISTENING)

    def _attend(self, network_id: NetworkId, client_id: ClientId, attention: Attention) -> None:
        news = AttentionChanged(client_id=client_id, attention=attention, at=self.clock.now())
        self.announcer.tell(LiveNews(network_id=network_id, event=news, recipient=client_id))

    def _refuse(self, network_id: NetworkId, client_id: ClientId, error: MiraError) -> None:
        event = ErrorOccurred(
            code=error.code,
            message=error.message,
            client_id=client_id,
            details=error.details,
            at=self.clock.now(),
        )
        self.announcer.tell(LiveNews(network_id=network_id, event=event, recipient=client_id))

    def _tell(self, network_id: NetworkId, event: LiveEvent) -> None:
        self.announcer.tell(LiveNews(network_id=network_id, event=event))


def _turn(network_id: NetworkId, utterance: UtteranceEnded, heard: Hearing, words: EarlyWords) -> Turn:
    """The turn that an utterance becomes, with how it was heard."""
    spoken = SpokenWords(
        hearing=heard,
        speech_ended_at=utterance.speech_ended_at,
        decided_at=utterance.ended_at,
        transcript=lambda: words.words(utterance.client_id, utterance.speech_ended_at, utterance.recording),
        recording=utterance.recording,
    )
    return Turn(network_id=network_id, client_id=utterance.client_id, words=spoken)
