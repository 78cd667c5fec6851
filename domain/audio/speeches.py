"""One stretch of speech on one stream: where it lies, what it is worth, whose sentence it may be."""

from enum import Enum
from typing import Final

from attrs import define, field

from domain.audio.agreement import UNKNOWN, UNLIKE, Agreement, arisen, compare_near, departure
from domain.audio.endpointing import FAINTEST_LOUD_DB, SpeechDropped, SpeechEnded, TurnRules
from domain.audio.finality import LOOKED_AT, by_sound
from domain.audio.kernels import ABOVE, HOP
from domain.audio.pcm import SAMPLE_RATE, Recording, Samples
from domain.audio.places import Expected
from domain.audio.quality import Quality, StreamMeter, assess, contiguous
from domain.audio.streams import SECOND, Stream, microseconds
from domain.audio.stretches import COMPARED_BEFORE, hops_between
from domain.ids import ClientId

PRE_ROLL: Final = 2 * SAMPLE_RATE // 5
"""What is used from before the first active sample: 400 ms."""
POST_ROLL: Final = 2 * SAMPLE_RATE // 5
"""And from after the last, where words may end softly: 400 ms, too."""
JUDGED_AFTER: Final = SAMPLE_RATE // 4
JUDGED_BEFORE: Final = 3 * SAMPLE_RATE // 10
"""Judging takes in 300 ms from before speech: longer, and the room's noise says more than the talker."""
UNPROVEN_KEPT: Final = 3 * SAMPLE_RATE // 2
"""What sounded for longer than this before there was any evidence was something else, and is let go of."""
FAINT_KEPT: Final = 3 * SAMPLE_RATE
"""The same for what is faint: noise hides its evidence for longer."""
EVIDENCE_WITHIN: Final = (3 * SAMPLE_RATE // 5, UNPROVEN_KEPT)
"""Evidence of speech is sought in the last 600 ms, and where noise hides it in the last 1.5 s."""
ARISEN_FROM: Final = 5 * SECOND // 2
"""What was heard in so many microseconds before is what new speech has to rise above."""
COMPARED_AFTER: Final = SAMPLE_RATE
"""So much after its end is compared, as far as it was heard: another talker goes on there."""
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
    free_from: int = 0
    """Until then, in capture time, its stream was used for another sentence."""
    risen: int | None = None
    """Since which sample somebody speaks over what its stream heard of the utterance, but not the winner."""
    left: bool = False
    """Its stream stalled or left in the middle of it."""
    noticed: bool = True
    """Whether its own stream has noticed speech; if not, it listens along because another did."""
    proven: bool = False
    """Whether there was evidence of speech once."""
    over: int | None = None
    """The sample at which the utterance was over for it, if it had not noticed the end itself."""
    quality: Quality | None = None
    kept: tuple[Samples, int] | None = None
    before: Expected | None = None
    """What earlier sentences from about the same place let expect of its stream."""
    beside: float | None = None
    """Its estimate q in sight of the other streams; None if it was not compared with any."""
    _meter: StreamMeter = field(factory=lambda: StreamMeter(forgetting=False), init=False)
    _judged_from: int = field(default=0, init=False)
    _judged_to: int = field(default=0, init=False)

    @property
    def has_clock(self) -> bool:
        """Whether capture times are told, rather than guessed from arrivals."""
        return self.stream.has_clock

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
        if self.proven:
            return True
        last = self._until()
        firsts = [max(self.started, last - within) for within in EVIDENCE_WITHIN]
        for first in dict.fromkeys(firsts):
            if assess(self.stream.sound.cut(first - JUDGED_BEFORE, last)).is_speech:
                self.proven = True
                if self.started < last - (FAINT_KEPT if self.is_faint() else UNPROVEN_KEPT):
                    self.begin_at(self.stream.at(first))
                break
        return self.proven

    def is_faint(self) -> bool:
        """Whether it is, at its loudest, hardly louder than the noise."""
        return float(self.rows()[:, ABOVE].max(initial=0.0)) < FAINTEST_LOUD_DB

    def is_nobodys_echo(self) -> bool:
        """Whether it can be no answer of the hub's own any more; what fell silent early is none."""
        fell_silent = isinstance(self.ended, SpeechEnded) and not self.ended.cut
        return fell_silent or not self.stream.echoes.may_be(self.started // HOP)

    def begin_at(self, moment: int) -> None:
        """Let it begin at another moment of capture time."""
        self.started, self.started_at = self.stream.hop_at(moment), moment

    def absorb(self) -> None:
        """The utterance is decided while this still hears something: its end, its echo, or somebody else."""
        self.standing, self.over, self.ended_at, self.compared = Standing.ABSORBED, None, None, 0

    def arises(self) -> bool:
        """Whether it is louder than what its stream heard just before, as no lasting noise is."""
        began, rows = self.rows_since(self.started_at - ARISEN_FROM)
        before = max(0, self.started_at - began) // microseconds(HOP)
        return arisen(rows, before)

    def departure(self) -> int | None:
        """Since when it is louder for good than it was: a faint hearing of one, then somebody near."""
        began, rows = self.rows_since(self.started_at)
        hop = departure(rows)
        return None if hop is None else began + microseconds(hop * HOP)

    def departs_from(self, other: "Speech") -> bool:
        """Whether it became louder for good, and since then hears something else than another does."""
        moment = self.departure() if self.stream.has_clock and self is not other else None
        if moment is None or other.departure() is not None:
            return False
        return self._compared(other, moment, other.ended_at).different

    def depart(self, other: "Speech") -> None:
        """Let it begin where it ceased to be a faint hearing of another, if it was one."""
        moment, began = self.departure(), self.started_at - microseconds(COMPARED_BEFORE * HOP)
        before = UNKNOWN if moment is None else self._compared(other, began, moment)
        if moment is not None and (not before.hops or before.likeness >= UNLIKE):
            self.begin_at(moment)

    def heard_else(self, other: "Speech") -> bool:
        """Whether it heard something else than another from its beginning on, until that was over."""
        began = min(self.started_at, other.started_at) - microseconds(COMPARED_BEFORE * HOP)
        return self.stream.has_clock and self._compared(other, began, other.ended_at).different

    def _compared(self, other: "Speech", since: int, until: int | None) -> Agreement:
        """How far it agrees with another between two moments, or from one on."""
        (began, rows), (other_began, others) = self.rows_since(since), other.rows_since(since)
        skip, other_skip = hops_between(began, other_began), hops_between(other_began, began)
        last = len(others) if until is None else hops_between(other_began, until)
        return compare_near(rows[skip:], others[other_skip:last])

    def rows(self) -> Samples:
        """What the kernels told of this stretch and a little before."""
        if self.kept is not None:
            return self.kept[0]
        return self.stream.rows.cut(self._first_row(), self._until() // HOP)

    def keep_rows(self) -> None:
        """Keep the rows when the stream lets go of its own, with those of the silence after it."""
        moment = self.rows_began_at()
        self.kept = (self.rows_since(moment)[1], moment)

    def rows_since(self, moment: int) -> tuple[int, Samples]:
        """What the kernels told of its stream from a moment on, and when the first of it was captured.

        It may begin later than asked for, if no more is known, and goes on a little after the end.
        """
        if self.kept is not None:
            rows, began = self.kept
            return began, rows
        tape = self.stream.rows
        first = max(tape.begin, self.stream.sample_at(max(moment, self.free_from)) // HOP)
        last = tape.end if self.goes_on else min(tape.end, (self._until() + COMPARED_AFTER) // HOP)
        return self.stream.at(first * HOP), tape.cut(first, last)

    def finality(self) -> float:
        """How likely it sounds like all of what is to be said, as log-odds, while it pauses."""
        endpointer = self.stream.endpointer
        first = max(self.started, endpointer.last_active - LOOKED_AT)
        sound = self.stream.sound.cut(first, endpointer.last_active + SAMPLE_RATE // 20)
        return by_sound(sound, endpointer.speech_seconds)

    def covers(self, started_at: int, ended_at: int) -> bool:
        """Whether the stream heard all of a span of capture time."""
        begun_at = max(self.stream.begun_at, self.free_from)
        return begun_at <= started_at + LATE and self.stream.heard_until >= ended_at - LATE

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
            return min(end, self._until() + JUDGED_AFTER)
        endpointer = self.stream.endpointer
        speaking = self.noticed and endpointer.speaking
        return min(end, endpointer.last_active + JUDGED_AFTER) if speaking else end

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


def judged_whole(samples: Samples) -> Quality:
    """The judgement on an utterance that came as a whole, as it is judged among competitors."""
    return whole(ClientId(""), samples, 0, None, TurnRules()).judge()


def spoken_part(samples: Samples) -> Recording:
    """What is to be written down of an utterance that came as a whole: its speech, and a little around it."""
    speech = whole(ClientId(""), samples, 0, None, TurnRules())
    return speech.recording(speech.started_at)
