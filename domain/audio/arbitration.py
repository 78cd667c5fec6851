"""Which stream is used for each sentence, decided while it is being said.

Sans-I/O: sound comes in with its capture and arrival times, decisions come out; the clock is an
argument. A winner is named as soon as speech begins, may change when a quarter of a second of speech
has been heard and when the sentence ends, and every competitor's sound is kept, so nothing is lost by
a change. Streams compete when they hear the same sentence; two sentences are two utterances.
"""

from collections.abc import Iterable, Sequence
from typing import Final

from domain.audio.admission import Admission
from domain.audio.decisions import Decision, StreamState, UtteranceId
from domain.audio.deliberation import Deliberation
from domain.audio.docket import Docket
from domain.audio.endings import goes_on
from domain.audio.endpointing import Boundary, SpeechBegan
from domain.audio.kernels import HOP
from domain.audio.pcm import SAMPLE_RATE, Recording, Samples
from domain.audio.playback import Playback
from domain.audio.quality import StreamBank, contiguous
from domain.audio.rules import ArbitrationRules
from domain.audio.speeches import whole
from domain.audio.streams import SECOND, Stream, microseconds
from domain.audio.testimony import Stage, Testimony, TestimonyId, testify
from domain.audio.together import judge_together
from domain.ids import ClientId, InstanceId

__all__ = ["Arbiter", "ArbitrationRules", "rank_streams"]

PIECE: Final = SAMPLE_RATE // 10
"""Longer chunks are taken in pieces of 100 ms, so that they are decided on as live ones are."""
LOOK: Final = SAMPLE_RATE // 25
"""What is open is reviewed every 40 ms of a stream, and when it crosses into speech or out of it."""
STANDS_STILL: Final = SECOND // 4
"""Time that passes in larger steps than this passed while the hub stood still, and read nothing."""
FORGOTTEN_AFTER: Final = 300 * SECOND
"""A stream that has sent nothing for so long is let go of."""


def rank_streams(streams: Sequence[Samples]) -> list[float]:
    """Score the streams of one sentence (float32[n] each, 16 kHz) in sight of each other.

    They begin at the same time, up to 150 ms. Returns estimates q; higher is better.
    """
    bank = StreamBank(len(streams), forgetting=False)
    rows = bank.hear(streams)
    return judge_together(bank.qualities(), rows)


class Arbiter:
    """Hears the streams of one network and decides, per sentence, which of them is used."""

    def __init__(self, rules: ArbitrationRules | None = None) -> None:
        self._streams: dict[ClientId, Stream] = {}
        self._docket: Final = Docket(rules or ArbitrationRules(), self._streams)
        self._admission: Final = Admission(self._docket)
        self._deliberation: Final = Deliberation(self._admission)
        self._advanced_at: int | None = None

    @property
    def rules(self) -> ArbitrationRules:
        """What the network has set; may be replaced, and what comes after goes by the new ones."""
        return self._docket.rules

    @rules.setter
    def rules(self, rules: ArbitrationRules) -> None:
        self._docket.rules = rules

    def bar(self, client_ids: Iterable[ClientId]) -> None:
        """Say who may not win from now on: the muted, and those who cannot serve. Replaces the last word."""
        self._docket.barred = frozenset(client_ids)

    def hear(
        self, client_id: ClientId, samples: Samples, captured_at: int | None, arrived_at: int
    ) -> list[Decision]:
        """Take in a chunk of a client's live sound (float32[n], 16 kHz, any length).

        `captured_at` is when its first sample was captured, on the hub's clock; None if nobody knows,
        and the chunk follows the one before it. An absurd one is replaced by what the arrival says.
        Both in microseconds since the Unix epoch.

        Raises:
            InvalidValue: the samples are not one row of numbers.
        """
        taken = contiguous(samples)
        stream = self._streams.get(client_id)
        if stream is None:
            stream = self._streams[client_id] = Stream(client_id, self.rules.turns)
            for playback in self._docket.playing:
                stream.echoes.expect(playback)
        captured = stream.captured(captured_at, arrived_at, len(taken))
        decisions: list[Decision] = []
        if stream.breaks_off(captured):
            decisions += self._break_off(stream, arrived_at, left=True)
        stream.note_chunk(len(taken))
        decisions += self._take(stream, taken, captured, arrived_at)
        stream.forget_before(self._docket.needs(stream))
        return decisions

    def hear_whole(
        self, client_id: ClientId, samples: Samples, arrived_at: int, reference: str
    ) -> list[Decision]:
        """Take in an utterance that came as a whole, as uploads do; it competes within the window.

        Every reference is answered, in the end, by an UtteranceEnded or UtteranceRejected that has it
        among its competitors: silence too.

        Raises:
            InvalidValue: the samples are not one row of numbers.
        """
        speech = whole(client_id, samples, arrived_at, reference, self.rules.turns)
        decisions = self._admission.enter(speech, arrived_at)
        return decisions + self._deliberation.review(arrived_at)

    def end(self, client_id: ClientId, now: int, *, remains: bool = True) -> list[Decision]:
        """End what a client is saying: it said so, or (`remains=False`) it is gone."""
        stream = self._streams.get(client_id)
        if stream is None:
            return []
        if not remains:
            del self._streams[client_id]
        return self._break_off(stream, now, left=not remains)

    def expect(self, utterance: UtteranceId, speech_ended_at: int, patience_ms: int) -> None:
        """Say how much silence is to end an utterance, in the pause that an UtterancePaused told of.

        Less than usual if what was said is complete, more if something is missing. When speech goes on
        after that pause it counts no more; nor does it if the utterance is over or unknown.
        """
        self._deliberation.expect(utterance, speech_ended_at, patience_ms)

    def so_far(self, utterance: UtteranceId) -> Recording | None:
        """The winner's sound of an utterance that is being said; None in its pauses, or if unknown."""
        found = self._docket.find(utterance)
        return found.winner.recording(found.started_at) if found is not None and goes_on(found) else None

    def testify(
        self, utterance: UtteranceId, id_: TestimonyId, ears: InstanceId, stage: Stage
    ) -> Testimony | None:
        """Tell how an utterance is heard, for arbitration with other instances; None if it is not known."""
        found = self._docket.find(utterance)
        return None if found is None else testify(found, id_, ears, stage)

    def play(self, playback: Playback) -> None:
        """Say that a client was told to play an answer: what microphones hear of it is no speech.

        If somebody speaks over it, AnswerSpokenOver is decided, once.
        """
        self._docket.play(playback)

    def advance(self, now: int) -> list[Decision]:
        """Let time pass: stalled streams finish, waiting utterances are decided. Every 50 ms or so.

        A stream counts as stalled by the time in which it could have been read: a hub that was held up
        itself finds what came meanwhile only afterwards.
        """
        decisions: list[Decision] = []
        step = 0 if self._advanced_at is None else now - self._advanced_at
        self._advanced_at = now
        for stream in list(self._docket.speaking):
            stream.excuse(step - STANDS_STILL, now)
            if now - stream.awaited_since > stream.silent_for:
                decisions += self._break_off(stream, now, left=True)
        decisions += self._deliberation.review(now)
        for client_id, stream in list(self._streams.items()):
            if now - stream.last_arrival > FORGOTTEN_AFTER:
                decisions += self.end(client_id, now, remains=False)
        return decisions

    def streams(self) -> tuple[StreamState, ...]:
        """Every stream as it is now."""
        selected = self._docket.selected()
        return tuple(
            StreamState(
                client_id=client_id,
                quality=stream.quality(),
                last_frame_at=stream.last_arrival,
                speaking=stream in self._docket.speaking,
                selected=stream in selected,
                may_win=client_id not in self._docket.barred,
            )
            for client_id, stream in self._streams.items()
        )

    def _take(self, stream: Stream, samples: Samples, captured_at: int, now: int) -> list[Decision]:
        decisions: list[Decision] = []
        at = 0
        while at < len(samples):
            piece = samples[at : at + PIECE - (stream.sound.end % PIECE)]
            before = stream.sound.end
            looked = before // LOOK
            boundaries = stream.take(piece, captured_at + microseconds(at), now)
            for boundary in boundaries:
                decisions += self._cross(stream, boundary, now)
            if stream.recognises_answer(stream.sound.end // HOP - before // HOP):
                decisions += self._hear_again(stream, now)
            decisions += self._admission.speak_over(stream, now)
            if boundaries or stream.sound.end // LOOK > looked:
                decisions += self._deliberation.review(now)
            else:
                decisions += self._deliberation.look_for_pauses(stream, now)
            at += len(piece)
        return decisions

    def _cross(self, stream: Stream, boundary: Boundary, now: int) -> list[Decision]:
        """A stream has crossed into speech, or out of it."""
        if isinstance(boundary, SpeechBegan):
            return self._admission.notice(stream, boundary.started, now)
        ending = self._docket.speaking.pop(stream, None)
        if ending is None:
            return []
        ending.end(boundary)
        return self._admission.settle(ending, now)

    def _hear_again(self, stream: Stream, now: int) -> list[Decision]:
        """What a stream heard last was an answer; who spoke over it has been speaking since then."""
        began = self._docket.disregard(stream)
        again = stream.hear_again(began) if began is not None else []
        return [decision for boundary in again for decision in self._cross(stream, boundary, now)]

    def _break_off(self, stream: Stream, now: int, *, left: bool) -> list[Decision]:
        """Nothing that follows belongs to what came before."""
        speech = self._docket.speaking.get(stream)
        if speech is not None:
            speech.left = left
        boundary = stream.endpointer.end()
        decisions = self._cross(stream, boundary, now) if boundary is not None else []
        stream.loosen_clock()
        return decisions + self._deliberation.review(now)
