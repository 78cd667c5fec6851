"""Where an utterance begins and ends on one stream.

Activity is how many dB the mel bands rise above their own noise floors (see floors.py), with a higher
threshold to begin than to go on. Everything is counted in samples since the stream began, so the same
sound in other chunks gives the same boundaries, and nobody's clock is asked.
"""

from typing import Final

from attrs import field, frozen

from domain.audio.faintness import Faintness
from domain.audio.kernels import ABOVE, HOP
from domain.audio.pcm import Samples
from domain.audio.quality import Quality, StreamMeter
from domain.audio.spectrum import HOPS_PER_SECOND
from domain.errors import InvalidValue

BEGIN_DB: Final = 1.5
GO_ON_DB: Final = 0.65
GO_ON_SHARE: Final = 0.2
"""Sound goes on while it is above this share of the utterance's own loudest excess, and GO_ON_DB."""
FAINTEST_LOUD_DB: Final = GO_ON_DB / GO_ON_SHARE
"""What is never louder than this is faint: other rules hold."""
LOUDEST_KEPT: Final = 0.997
"""What is left, a hop later, of the loudest excess: it halves in 2.3 s."""
AGAIN_HOPS: Final = 2
"""A pause is over after so many active hops in a row: one click does not prolong a turn."""
LEAST_PATIENCE_MS: Final = 200
MOST_PATIENCE_MS: Final = 3000


@frozen(kw_only=True)
class TurnRules:
    """How patient the endpointer is, in milliseconds."""

    end_silence_ms: int = field(default=550)
    """So much silence ends an utterance."""
    min_speech_ms: int = field(default=120)
    """So much activity begins one."""
    shortest_ms: int = field(default=200)
    """What was active for less in all was a click or a knock."""
    longest_ms: int = field(default=30_000)
    """An utterance is ended after this, whatever is still heard."""

    @end_silence_ms.validator
    @min_speech_ms.validator
    @shortest_ms.validator
    @longest_ms.validator
    def _within_reason(self, attribute: object, value: int) -> None:
        if not 20 <= value <= 300_000:
            raise InvalidValue("turn rules", "must lie in 20..300000 ms")


@frozen(kw_only=True)
class SpeechBegan:
    """Someone began to speak."""

    started: int
    """The first active sample."""
    noticed: int
    """The sample after the one that made it certain."""


@frozen(kw_only=True)
class SpeechEnded:
    """They have finished, or have spoken for as long as is allowed."""

    started: int
    speech_ended: int
    """The sample after the last active one."""
    noticed: int
    spoken: int
    """How many samples were active in between."""
    cut: bool
    """True if it was ended from outside or for its length, rather than by silence."""


@frozen(kw_only=True)
class SpeechDropped:
    """What began was too short to be speech."""

    started: int
    noticed: int


Boundary = SpeechBegan | SpeechEnded | SpeechDropped


class Endpointer:
    """Listens to one stream and says where speech begins and ends.

    It measures the stream on the way: `quality` is the judgement over the last 2 s or so.
    """

    def __init__(self, rules: TurnRules | None = None) -> None:
        self.rules: Final = rules or TurnRules()
        self._meter = StreamMeter()
        self._hop = 0
        self._started: int | None = None
        self._onset = 0
        self._onset_began = 0
        self._faint = Faintness()
        self._loudest = 0.0
        self._active = 0
        self._streak = 0
        self._last_active = 0
        self._patience_ms = self.rules.end_silence_ms

    @property
    def patience_ms(self) -> int:
        """How much silence, from the last active sample on, ends what is open now."""
        return self._patience_ms

    @property
    def speaking(self) -> bool:
        """Whether an utterance is open."""
        return self._started is not None

    @property
    def began(self) -> int:
        """The first sample of the open utterance; 0 if none is open."""
        return (self._started or 0) * HOP

    @property
    def heard(self) -> int:
        """Samples taken in as whole hops."""
        return self._hop * HOP

    @property
    def last_active(self) -> int:
        """The sample after the last active one of the open utterance."""
        return self._last_active * HOP

    @property
    def speech_seconds(self) -> float:
        """How much of the open utterance was active; 0 if none is open."""
        return self._active / HOPS_PER_SECOND if self.speaking else 0.0

    def quality(self) -> Quality:
        """The judgement on the stream as it has been lately."""
        return self._meter.quality()

    def hear(self, samples: Samples) -> list[Boundary]:
        """Take in the next samples (float32[n], 16 kHz) and tell the boundaries that were found."""
        return self.follow(self.measure(samples))

    def measure(self, samples: Samples) -> Samples:
        """Measure the next samples; the rows are to be followed next."""
        return self._meter.hear(samples)

    def follow(self, told: Samples, *, noise: bool = True) -> list[Boundary]:
        """Find boundaries in what was told of the next hops (float32[hops, TOLD]).

        What nobody speaks over is learnt as noise, unless it is known to be none.
        """
        found: list[Boundary] = []
        self._faint.learns = noise
        for above in told[:, ABOVE].tolist():
            self._hop += 1
            self._faint.hear(above)
            boundary = self._go_on(above) if self.speaking else self._begin(above)
            if boundary is not None:
                found.append(boundary)
        return found

    def go_back(self, hop: int) -> None:
        """Be again where this hop is the next to follow, with nothing open."""
        self._finish(cut=True)
        self._hop = hop

    def begin_at(self, hop: int) -> None:
        """Be again where this hop is the next to follow, and the first of an utterance."""
        self.go_back(hop)
        self._started, self._last_active, self._streak = hop, hop, AGAIN_HOPS
        self._faint.begin()

    def end(self) -> Boundary | None:
        """End what is open now: the speaker said so, or the stream is gone."""
        return self._finish(cut=True) if self.speaking else None

    def expect(self, patience_ms: int) -> None:
        """Wait for so much silence in the pause of this moment; when speech goes on it counts no more.

        What is beyond LEAST_PATIENCE_MS..MOST_PATIENCE_MS is brought within. Nothing happens if no
        utterance is open.
        """
        if self.speaking:
            self._patience_ms = min(MOST_PATIENCE_MS, max(LEAST_PATIENCE_MS, patience_ms))

    def _begin(self, above: float) -> Boundary | None:
        """Wait for enough activity: each active hop counts up, each other one down; or for faint sound."""
        if above > BEGIN_DB:
            if self._onset == 0:
                self._onset_began = self._hop - 1
            self._onset += 1
            self._loudest = max(self._loudest, above)
        elif self._onset > 0:
            self._onset -= 1
        if self._onset == 0:
            self._loudest = 0.0
        self._faint.weigh()
        needed = self.rules.min_speech_ms * HOPS_PER_SECOND
        if self._onset * 1000 >= needed:
            self._started, self._active = self._onset_began, self._onset
        elif self._faint.risen * 500 >= needed and self._faint.is_enough:
            began = max(0, self._hop - self._faint.hops)
            self._started = min(began, self._onset_began) if self._onset else began
            self._active = self._faint.risen
        else:
            return None
        self._last_active, self._streak, self._onset = self._hop, AGAIN_HOPS, 0
        self._faint.begin()
        return SpeechBegan(started=self._started * HOP, noticed=self.heard)

    def _go_on(self, above: float) -> Boundary | None:
        """Follow an open utterance until silence or its longest time ends it."""
        self._loudest = max(above, LOUDEST_KEPT * self._loudest)
        if above > max(GO_ON_DB, GO_ON_SHARE * self._loudest):
            self._streak += 1
            self._active += 1
            if self._streak >= AGAIN_HOPS:
                self._last_active = self._hop
                self._patience_ms = self.rules.end_silence_ms
        else:
            self._streak = 0
            if self._loudest < FAINTEST_LOUD_DB and self._faint.goes_on:
                self._active += 1
                self._last_active = self._hop
                self._patience_ms = self.rules.end_silence_ms
        silent = (self._hop - self._last_active) * 1000 / HOPS_PER_SECOND
        lasted = (self._hop - (self._started or 0)) * 1000 / HOPS_PER_SECOND
        if silent >= self._patience_ms:
            return self._finish(cut=False)
        return self._finish(cut=True) if lasted >= self.rules.longest_ms else None

    def _finish(self, *, cut: bool) -> Boundary:
        started, active = self._started or 0, self._active
        self._started, self._active, self._onset, self._loudest = None, 0, 0, 0.0
        self._patience_ms = self.rules.end_silence_ms
        if active * 1000 < self.rules.shortest_ms * HOPS_PER_SECOND:
            return SpeechDropped(started=started * HOP, noticed=self.heard)
        return SpeechEnded(
            started=started * HOP,
            speech_ended=self._last_active * HOP,
            noticed=self.heard,
            spoken=active * HOP,
            cut=cut,
        )
