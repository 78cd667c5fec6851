"""Several instances, each with streams of its own, that agree by telling one joint arbiter."""

from collections.abc import Mapping

import numpy as np
from attrs import define, field

from domain.audio.arbitration import Arbiter
from domain.audio.decisions import Reason, SpeechStarted, UtteranceEnded, UtteranceId, UtteranceRejected
from domain.audio.joint import JointArbiter
from domain.audio.pcm import SAMPLE_RATE, Samples
from domain.audio.testimony import Place, Ruling, Stage, Testimony, TestimonyId
from domain.ids import ClientId, InstanceId
from tests.domain.audio.deciding import BEGIN

CHUNK = SAMPLE_RATE // 20
TICK = 1_000_000 * CHUNK // SAMPLE_RATE
TOLD_EVERY = 5


@define(eq=False)
class Heard:
    """One utterance of one instance, and what became of it."""

    instance: str
    utterance: UtteranceId
    stage: Stage = Stage.SPOKEN
    ended: UtteranceEnded | None = None
    rulings: list[Ruling] = field(factory=list)
    last: Testimony | None = None

    @property
    def place(self) -> Place:
        return self.rulings[-1].place


@define(eq=False)
class Facility:
    """Instances by their names, with the streams of each."""

    hearing: Mapping[str, Mapping[str, Samples]]
    joint: JointArbiter = field(factory=lambda: JointArbiter(opened_at=0))
    arbiters: dict[str, Arbiter] = field(factory=dict)
    heard: list[Heard] = field(factory=list)
    silent: set[str] = field(factory=set)
    """Instances that were killed."""
    delays: Mapping[str, float] = field(factory=dict)
    """By how many seconds the radio of a client is late."""
    held_up: Mapping[str, tuple[float, float]] = field(factory=dict)
    """When an instance stands still, from when until when, in seconds."""
    cut_off: Mapping[str, tuple[float, float]] = field(factory=dict)
    """When nothing of a client arrives, from when until when, in seconds; it comes afterwards."""
    now: int = BEGIN
    fed: dict[str, int] = field(factory=dict)
    """Up to when in the scene the sound of a client was read."""

    def play(self, until: float = np.inf) -> "Facility":
        """Let sound pass, and everyone tell of it as it does."""
        longest = max(len(sound) for streams in self.hearing.values() for sound in streams.values())
        ticks = 0
        while (self.now - BEGIN) / 1e6 < min(until, longest / SAMPLE_RATE + 3.0):
            for name, streams in self.hearing.items():
                if self._awake(name):
                    self._hear(name, streams)
            self.now += TICK
            ticks += 1
            for each in list(self.heard):
                due = ticks % TOLD_EVERY == 0 or each.stage is not Stage.SPOKEN
                if due and self._awake(each.instance):
                    self.tell(each)
        return self

    def _awake(self, name: str) -> bool:
        """Whether an instance does anything just now."""
        begin, end = self.held_up.get(name, (0.0, 0.0))
        return name not in self.silent and not begin <= (self.now - BEGIN) / 1e6 < end

    def _hear(self, name: str, streams: Mapping[str, Samples]) -> None:
        """Let time pass for an instance, which then reads what has come since it did so last."""
        arbiter = self.arbiters.setdefault(name, Arbiter())
        arrived = self.now + TICK
        decisions = arbiter.advance(self.now)
        for client, sound in streams.items():
            begin, end = self.cut_off.get(client, (0.0, 0.0))
            if begin <= (self.now - BEGIN) / 1e6 < end:
                continue
            for moment in range(self.fed.get(client, BEGIN), arrived, TICK):
                captured = moment - int(1e6 * self.delays.get(client, 0.0))
                first = max(0, captured - BEGIN) * SAMPLE_RATE // 1_000_000
                piece = sound[first : first + CHUNK]
                if len(piece) and captured >= BEGIN:
                    decisions += arbiter.hear(ClientId(client), piece, captured, arrived)
            self.fed[client] = arrived
        for decision in decisions:
            if isinstance(decision, SpeechStarted):
                self.heard.append(Heard(name, decision.utterance))
                self.tell(self.heard[-1])
            for each in self.heard:
                if (each.instance, each.utterance) == (name, decision.utterance):
                    self._note(each, decision)

    def _note(self, each: Heard, decision: object) -> None:
        match decision:
            case UtteranceEnded():
                each.stage, each.ended = Stage.ENDED, decision
            case UtteranceRejected(reason=Reason.BELOW_THRESHOLD):
                each.stage = Stage.TOO_POOR
            case UtteranceRejected():
                each.stage = Stage.DROPPED

    def tell(self, each: Heard) -> None:
        """Let an instance tell once."""
        told = self.arbiters[each.instance].testify(
            each.utterance,
            TestimonyId(f"{each.instance}.{each.utterance}"),
            InstanceId(each.instance),
            each.stage,
        )
        if told is None:
            return
        known = each.rulings[-1].known if each.rulings else 0
        short = told if each.last is None else told.beyond(each.last, known)
        ruling = self.joint.hear(short, self.now)
        if ruling.place is Place.UNHEARD:
            ruling = self.joint.hear(told, self.now)
        each.last = told
        each.rulings.append(ruling)
        if ruling.place is Place.USED and each.stage is Stage.ENDED:
            each.stage = Stage.USED

    def places(self) -> dict[str, list[Place]]:
        """What became of the utterances of each instance."""
        return {name: [each.place for each in self.heard if each.instance == name] for name in self.hearing}

    def used(self) -> list[Heard]:
        """Those that were used."""
        return [each for each in self.heard if each.place is Place.USED]
