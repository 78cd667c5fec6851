"""One sentence and the streams that hear it: who competes, who leads, and why."""

from typing import Final

from attrs import define, field

from domain.audio.decisions import Competitor, UtteranceId
from domain.audio.endpointing import SpeechDropped
from domain.audio.playback import Playback
from domain.audio.quality import Quality
from domain.audio.speeches import LATE, Speech, Standing
from domain.audio.streams import Stream

_STANDINGS: Final = {
    Standing.UNSURE: "no evidence of speech yet",
    Standing.BARRED: "may not win: it is muted or cannot serve",
    Standing.ABSORBED: "came when the utterance was decided",
    Standing.APART: "hears something else, too poorly to be a turn of its own",
}


@define(eq=False)
class Utterance:
    """A sentence that is being said."""

    id: UtteranceId
    winner: Speech
    speeches: list[Speech] = field(factory=list)
    too_poor: bool = False
    """Whether it was not used because nobody heard it well enough."""
    paused: tuple[Stream, int] | None = None
    """Since which sample of the winner's there is a silence that was told of."""
    sounded: tuple[tuple[Stream, int], float] | None = None
    """How likely what was said before a silence of the winner's sounds like all of it, as log-odds."""
    awaited: tuple[int, int] | None = None
    """When the speech before that silence ended, and how many milliseconds of it end the utterance."""
    _led: set[Stream] = field(factory=set, init=False)
    """The streams of those who won before."""

    @property
    def started_at(self) -> int:
        """When the first of those who hear, or led, the winner's sentence heard it begin, in capture time."""
        known = [s for s in self.competing() if s is self.winner or s.agreement.same or self._has_led(s)]
        return min((speech.started_at for speech in known), default=self.winner.started_at)

    def _has_led(self, speech: Speech) -> bool:
        return speech.stream in self._led and not isinstance(speech.ended, SpeechDropped)

    def lead(self, speech: Speech) -> None:
        """Let another win; what was said while somebody else did is a part of the sentence."""
        self._led.add(self.winner.stream)
        self.winner = speech

    def begin_anew(self, speeches: list[Speech]) -> None:
        """Nothing that was heard until now is a part of it; the first of these leads."""
        self.winner, self.speeches = speeches[0], speeches
        self.paused = self.sounded = self.awaited = None
        self._led.clear()

    def competing(self) -> list[Speech]:
        """Those who may still win."""
        return [speech for speech in self.speeches if speech.standing is Standing.COMPETING]

    def of(self, stream: Stream) -> Speech | None:
        """The stretch that a stream has in it."""
        return next((speech for speech in self.speeches if speech.stream is stream), None)

    def is_over_answer(self, playback: Playback) -> bool:
        """Whether it is said where an answer is heard: by the client that plays it, or within its hearing."""
        if self.winner.stream.echoes.hears(playback):
            return True
        own = next((s for s in self.competing() if s.stream.client_id == playback.client_id), None)
        return own is not None and own.noticed and (own is self.winner or own.agreement.same)

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
        """It is over: those who have not noticed its beginning or end go by those who have."""
        begun = self.started_at
        for speech in self.competing():
            alike = speech is self.winner or speech.agreement.same
            if alike and speech.started_at > begun + LATE and speech.covers(begun, begun):
                speech.begin_at(begun)
        over = self._over()
        for speech in self.competing():
            if speech.ended is None and over is not None:
                speech.over = min(speech.stream.sample_at(over), speech.stream.sound.end)
                speech.ended_at = over

    def _over(self) -> int | None:
        """When it was over: for the winner, or the last of those who hear the same, or anybody."""
        alike = [s.ended_at for s in self.competing() if s.agreement.same and s.ended_at is not None]
        others = [s.ended_at for s in self.competing() if s.ended_at is not None]
        return self.winner.ended_at or max(alike, default=min(others, default=None))

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
        estimate = quality.estimate if speech.beside is None else speech.beside
        most = best.estimate if self.winner.beside is None else self.winner.beside
        behind, words = most - estimate, f"estimate {estimate:.2f}"
        if speech is self.winner:
            return f"heard it best: {words}, score {quality.score:.1f} of 10"
        if not speech.noticed:
            return f"{words}; noticed no speech by itself"
        if behind > 0:
            return f"{words}, {behind:.2f} below the selected stream"
        return f"{words}, but incomplete or not enough better to switch"
