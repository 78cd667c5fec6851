"""One sentence and the streams that hear it: who competes, who leads, and why."""

from enum import Enum
from typing import Final

from attrs import define, field

from domain.audio.agreement import FAR_HOPS, UNKNOWN, Agreement, compare_far, compare_near
from domain.audio.decisions import Competitor, UtteranceId
from domain.audio.endpointing import SpeechDropped, SpeechEnded, TurnRules
from domain.audio.kernels import HOP
from domain.audio.pcm import SAMPLE_RATE, Recording, Samples
from domain.audio.places import Expected
from domain.audio.quality import Quality, StreamMeter, assess, contiguous
from domain.audio.streams import SECOND, Stream, microseconds
from domain.ids import ClientId

PRE_ROLL: Final = 2 * SAMPLE_RATE // 5
"""What is used from before the first active sample: 400 ms."""
POST_ROLL: Final = SAMPLE_RATE // 4
JUDGED_BEFORE: Final = 3 * SAMPLE_RATE // 10
"""Judging takes in 300 ms from before speech: longer, and the room's noise says more than the talker."""
EVIDENCE_WITHIN: Final = 3 * SAMPLE_RATE // 5
"""Evidence of speech is sought in the last 600 ms."""
COMPARED_BEFORE: Final = 20
"""So many hops from before speech are compared: a talker in another room is silent there."""
LATE: Final = 3 * SECOND // 20
"""A stream that misses more of the sentence than this, at either end, is not complete."""


class Standing(Enum):
    """What a stretch of speech is to its utterance."""

    UNSURE = "unsure"
    """It may be noise: there is no evidence of speech yet."""
    COMPETING = "competing"
    APART = "apart"
    """It hears something else, but too poorly to be a turn of its own."""
    ABSORBED = "absorbed"
    """It came when the utterance was decided."""
    BARRED = "barred"


_STANDINGS: Final = {
    Standing.UNSURE: "no evidence of speech yet",
    Standing.BARRED: "may not win: it is muted or cannot serve",
    Standing.ABSORBED: "came when the utterance was decided",
    Standing.APART: "hears something else, too poorly to be a turn of its own",
}


@define(eq=False)
class Speech:
    """One stretch of speech on one stream."""

    stream: Stream
    started: int
    started_at: int
    first_arrival: int
    reference: str | None = None
    standing: Standing = Standing.UNSURE
    ended: SpeechEnded | SpeechDropped | None = None
    ended_at: int | None = None
    """When speech ended, in capture time; None while it goes on."""
    agreement: Agreement = UNKNOWN
    looked_at: int = 0
    """How many hops of it had been heard when evidence of speech was last looked for."""
    compared: int = 0
    """How many times it was compared with the winner."""
    reviewed: int = 0
    """How many hops of it had been heard when it was last weighed against the winner."""
    left: bool = False
    """Its stream stalled or left in the middle of it."""
    noticed: bool = True
    """Whether its own stream has noticed speech; if not, it listens along because another did."""
    over: int | None = None
    """The sample at which the utterance was over for it, if it had not noticed the end itself."""
    quality: Quality | None = None
    kept: tuple[Samples, int] | None = None
    before: Expected | None = None
    """What earlier sentences from about the same place let expect of its stream."""
    _meter: StreamMeter = field(factory=lambda: StreamMeter(forgetting=False), init=False)
    _judged_from: int = field(default=0, init=False)
    _judged_to: int = field(default=0, init=False)

    @property
    def hops(self) -> int:
        """How many hops it has lasted."""
        return (self._until() - self.started) // HOP

    @property
    def came_whole(self) -> bool:
        """Whether it arrived faster than anybody speaks."""
        if self.reference is not None:
            return True
        lasted = microseconds(self._until() - self.started)
        return self.stream.last_arrival - self.first_arrival < lasted // 2

    @property
    def goes_on(self) -> bool:
        """Whether speech is still heard on it."""
        return self.ended is None and self.over is None

    def end(self, boundary: SpeechEnded | SpeechDropped) -> None:
        """It is over."""
        self.ended = boundary
        self.ended_at = self.stream.at(self._until())

    def judge(self) -> Quality:
        """The judgement on this stretch alone, from its own sound; only what is new is measured."""
        first, last = max(0, self.started - JUDGED_BEFORE), self._judged_until()
        if self.quality is None or self._judged_from != first or last < self._judged_to:
            self._meter, self._judged_from, self._judged_to = StreamMeter(forgetting=False), first, first
            self.quality = None
        if self.quality is None or last > self._judged_to:
            self._meter.hear(self.stream.sound.cut(self._judged_to, last))
            self._judged_to, self.quality = last, self._meter.quality()
        return self.quality

    def is_speech(self) -> bool:
        """Whether the last of it is speech by the evidence; what came long before is then let go of."""
        last = self._until()
        first = max(self.started, last - EVIDENCE_WITHIN)
        if not assess(self.stream.sound.cut(first - JUDGED_BEFORE, last)).is_speech:
            return False
        if first > self.started:
            self.begin_at(self.stream.at(first))
        return True

    def begin_at(self, moment: int) -> None:
        """Let it begin at another moment of capture time."""
        self.started, self.started_at = self.stream.hop_at(moment), moment

    def rows(self) -> Samples:
        """What the kernels told of this stretch and a little before."""
        if self.kept is not None:
            return self.kept[0]
        return self.stream.rows.cut(self._first_row(), self._until() // HOP)

    def keep_rows(self) -> None:
        """Keep the rows when the stream lets go of its own."""
        self.kept = (self.rows(), self.rows_began_at())

    def covers(self, started_at: int, ended_at: int) -> bool:
        """Whether the stream heard all of a span of capture time."""
        return self.stream.begun_at <= started_at + LATE and self.stream.heard_until >= ended_at - LATE

    def recording(self, started_at: int) -> Recording:
        """Its sound from before an instant of capture time, or before its own start if that is earlier."""
        first = min(self.started, self.stream.sample_at(started_at)) - PRE_ROLL
        last = self.stream.sound.end if self.goes_on else self._until() + POST_ROLL
        return Recording(samples=self.stream.sound.cut(first, last))

    def rows_began_at(self) -> int:
        """The capture time of the first of its rows."""
        return self.kept[1] if self.kept is not None else self.stream.at(self._first_row() * HOP)

    def _first_row(self) -> int:
        return max(self.stream.rows.begin, self.started // HOP - COMPARED_BEFORE)

    def _judged_until(self) -> int:
        """How much sound the judgement takes in: not more of a pause than of the silence at the end."""
        end = self.stream.sound.end
        if not self.goes_on:
            return min(end, self._until() + POST_ROLL)
        endpointer = self.stream.endpointer
        return min(end, endpointer.last_active + POST_ROLL) if self.noticed and endpointer.speaking else end

    def _until(self) -> int:
        match self.ended:
            case SpeechEnded(speech_ended=sample) | SpeechDropped(noticed=sample):
                return sample
            case None:
                return self.stream.sound.end if self.over is None else self.over


def whole(
    client_id: ClientId, samples: Samples, arrived_at: int, reference: str | None, turns: TurnRules
) -> Speech:
    """The speech of an utterance that came as a whole, from its first to its last active hop.

    Raises:
        InvalidValue: the samples are not one row of numbers.
    """
    taken = contiguous(samples)
    stream = Stream(client_id, turns)
    stream.has_clock = False
    stream.take(taken, arrived_at - microseconds(len(taken)), arrived_at)
    span = stream.whole_span()
    speech = Speech(stream, span.started, stream.at(span.started), arrived_at, reference)
    speech.end(span)
    return speech


def agreement_of(one: Speech, other: Speech) -> Agreement:
    """How far two stretches of speech are the same sentence, over what they have in common.

    The comparison begins where the later one does, a little before its speech.
    """
    begins = max(one.rows_began_at(), other.rows_began_at())
    skip_one, skip_other = _hops_before(one, begins), _hops_before(other, begins)
    near = compare_near(one.rows()[skip_one:], other.rows()[skip_other:])
    timed = one.stream.has_clock and other.stream.has_clock
    if near.same or (timed and near.hops == 0):
        return near
    ahead = (one.rows_began_at() - other.rows_began_at()) // microseconds(HOP)
    far = compare_far(one.rows(), other.rows(), ahead)
    if timed or far.same:
        return far if far.same else near
    return far if far.hops >= FAR_HOPS // 2 else UNKNOWN


def _hops_before(speech: Speech, moment: int) -> int:
    return max(0, moment - speech.rows_began_at()) // microseconds(HOP)


@define(eq=False)
class Utterance:
    """A sentence that is being said."""

    id: UtteranceId
    winner: Speech
    speeches: list[Speech] = field(factory=list)
    paused: tuple[Stream, int] | None = None
    """Since which sample of the winner's there is a silence that was told of."""

    @property
    def started_at(self) -> int:
        """When the first of those who hear the winner's sentence heard it begin, in capture time."""
        starts = [s.started_at for s in self.competing() if s is self.winner or s.agreement.same]
        return min(starts, default=self.winner.started_at)

    def competing(self) -> list[Speech]:
        """Those who may still win."""
        return [speech for speech in self.speeches if speech.standing is Standing.COMPETING]

    def of(self, stream: Stream) -> Speech | None:
        """The stretch that a stream has in it."""
        return next((speech for speech in self.speeches if speech.stream is stream), None)

    def join(self, speech: Speech) -> None:
        """Add a competitor; one that paused before it was over goes on instead."""
        speech.standing = Standing.COMPETING
        before = self.of(speech.stream)
        if before is not None:
            speech.started, speech.started_at = before.started, before.started_at
            speech.reviewed = before.reviewed
            self.speeches.remove(before)
        self.speeches.append(speech)

    def close(self) -> None:
        """It is over: those who have not noticed the end go by those who have."""
        ends = [s.ended_at for s in (self.winner, *self.competing()) if s.ended_at is not None]
        for speech in self.competing():
            if speech.ended is None and ends:
                speech.over = min(speech.stream.sample_at(ends[0]), speech.stream.sound.end)
                speech.ended_at = ends[0]

    def explain(self) -> tuple[Competitor, ...]:
        """Every stream that heard it, and what became of each, in words."""
        best = self.winner.quality or self.winner.judge()
        return tuple(self.competitor(speech, best) for speech in self.speeches)

    def competitor(self, speech: Speech, best: Quality) -> Competitor:
        """What became of a stretch of speech here, where the selected stream is as good as best."""
        quality = speech.quality or speech.judge()
        return Competitor(
            client_id=speech.stream.client_id,
            reference=speech.reference,
            quality=quality,
            started_at=speech.started_at,
            speech_ended_at=speech.ended_at,
            selected=speech is self.winner,
            why=self._why(speech, quality, best),
            likeness=speech.agreement.likeness if speech.agreement.hops else None,
        )

    def _why(self, speech: Speech, quality: Quality, best: Quality) -> str:
        if speech.standing is not Standing.COMPETING:
            return _STANDINGS[speech.standing]
        behind, words = best.estimate - quality.estimate, f"estimate {quality.estimate:.2f}"
        if speech is self.winner:
            return f"heard it best: {words}, score {quality.score:.1f} of 10"
        if not speech.noticed:
            return f"{words}; noticed no speech by itself"
        if behind > 0:
            return f"{words}, {behind:.2f} below the selected stream"
        return f"{words}, but incomplete or not enough better to switch"
