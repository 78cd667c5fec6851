"""One client's sound as it arrives: kept for a while, measured, and put in capture time."""

from collections import deque
from typing import Final

import numpy as np
from attrs import evolve

from domain.audio.backgrounds import ECHOED_DB, LEARNT_HOPS, MOST_RISING, Background, rise, rises_by
from domain.audio.echoes import BEFORE, MOST, Echoes
from domain.audio.endpointing import BEGIN_DB, Boundary, Endpointer, SpeechBegan, SpeechEnded, TurnRules
from domain.audio.kernels import ABOVE, HOP, TOLD, cleaned
from domain.audio.pcm import SAMPLE_RATE, Samples
from domain.audio.quality import Quality, assess, contiguous
from domain.ids import ClientId

SECOND: Final = 1_000_000
KEPT_SECONDS: Final = 3
"""How much sound is kept of a stream on which nobody speaks."""
BELIEVED_DRIFT: Final = 60_000
"""A clock that is off by less, in microseconds, is followed smoothly."""
BREAK: Final = SECOND
"""A gap in capture time from which on what follows is another utterance, in microseconds."""
UNKNOWN_BREAK: Final = 3 * SECOND
"""The same for a stream without a clock, whose radio may only have been slow."""
OLDEST: Final = 10 * SECOND
"""A frame cannot have been captured longer than this before it arrived."""
NEWEST: Final = SECOND // 2
"""Nor so much after."""
LED_UP: Final = 80
LED_UP_GAP: Final = 20
LED_UP_DB: Final = 0.5
"""How many hops before speech over an answer was noticed it may have begun, how many of these in a row may
be explained by the answer, and what is none of it."""

RISE_LOOKED: Final = 10
"""After so many hops of speech it is looked for somebody who speaks over it."""
EVIDENT_WITHIN: Final = 3 * SAMPLE_RATE // 5
"""Who speaks over something is heard to be speaking in so many samples."""
RELEARNT_EVERY: Final = 50
"""After so many hops without speech the background is learnt anew."""


def microseconds(samples: int) -> int:
    """How long so many samples last."""
    return samples * SECOND // SAMPLE_RATE


class Tape:
    """The last stretch of a growing row of arrays, addressed from its very beginning."""

    def __init__(self, *shape: int) -> None:
        self._pieces: deque[Samples] = deque()
        self._none: Samples = np.zeros((0, *shape), dtype=np.float32)
        self.begin = 0
        self.end = 0

    def append(self, piece: Samples) -> None:
        """Put a piece at the end."""
        if len(piece):
            self._pieces.append(piece)
            self.end += len(piece)

    def cut(self, first: int, last: int) -> Samples:
        """What is still there between two places."""
        parts, at = [], self.end
        for piece in reversed(self._pieces):
            at -= len(piece)
            if at + len(piece) <= first:
                break
            if at < last:
                parts.append(piece[max(0, first - at) : last - at])
        return np.concatenate(parts[::-1]) if parts else self._none

    def forget_before(self, place: int) -> None:
        """Let go of whole pieces that end before a place."""
        while self._pieces and self.begin + len(self._pieces[0]) <= place:
            self.begin += len(self._pieces.popleft())


class Stream:
    """What one client lets us hear."""

    def __init__(self, client_id: ClientId, rules: TurnRules) -> None:
        self.client_id: Final = client_id
        self.endpointer: Final = Endpointer(rules)
        self.sound: Final = Tape()
        self.rows: Final = Tape(TOLD)
        self.echoes: Final = Echoes()
        self.background: Final = Background()
        self.last_arrival = 0
        self._excused_until = 0
        self._longest_chunk = 0
        self._chunks = 0
        self.has_clock = True
        """Whether capture times are told, rather than guessed from arrivals."""
        self._origin: int | None = None
        self._loose = True
        self._begun = 0
        self._looked = self._learnt = self._spoke = 0

    def at(self, sample: int) -> int:
        """When a sample was captured, in microseconds since the Unix epoch."""
        return (self._origin or 0) + microseconds(sample)

    def sample_at(self, moment: int) -> int:
        """Which sample was captured at a moment; it may be none that was heard."""
        return (moment - (self._origin or 0)) * SAMPLE_RATE // SECOND

    def hop_at(self, moment: int) -> int:
        """The first sample of the hop captured at a moment."""
        return max(0, self.sample_at(moment) // HOP * HOP)

    def hears_at(self, began: int, now: int) -> bool:
        """Whether it has heard most of what there is between two moments."""
        return self.begun_at <= began and self.heard_until >= (began + now) // 2

    @property
    def begun_at(self) -> int:
        """Since when, in capture time, it has been coming without a break."""
        return self.at(self._begun)

    @property
    def heard_until(self) -> int:
        """Up to when, in capture time, it was heard."""
        return self.at(self.sound.end)

    @property
    def silent_for(self) -> int:
        """After how many microseconds without a frame it counts as stalled.

        A first chunk may be all there is to come; after that, chunks are awaited at their own pace.
        """
        return SECOND if self._chunks < 2 else max(SECOND, 3 * self._longest_chunk // 2 + SECOND // 2)

    @property
    def awaited_since(self) -> int:
        """Since when the next frame is awaited, as far as anybody was there to read it."""
        return max(self.last_arrival, self._excused_until)

    def excuse(self, still: int, now: int) -> None:
        """Do not hold it against the stream that the hub stood still for so many microseconds until now."""
        if still > 0:
            self._excused_until = min(now, self.awaited_since + still)

    def note_chunk(self, length: int) -> None:
        """Learn the pace: a chunk of so many samples has come."""
        self._chunks += 1
        self._longest_chunk = max(microseconds(length), 9 * self._longest_chunk // 10)

    def breaks_off(self, captured_at: int) -> bool:
        """Whether a chunk captured then leaves out so much that another utterance begins."""
        return not self._loose and captured_at - self.heard_until >= BREAK

    def captured(self, captured_at: int | None, arrived_at: int, length: int) -> int:
        """When a chunk of so many samples was captured, by its arrival if that is unknown or absurd."""
        latest = arrived_at - microseconds(length)
        self.has_clock = captured_at is not None
        if captured_at is None:
            follows = not self._loose and latest - self.heard_until < UNKNOWN_BREAK
            return self.heard_until if follows else latest
        if latest - OLDEST <= captured_at <= arrived_at + NEWEST:
            return captured_at
        return latest

    def take(self, samples: Samples, captured_at: int, arrived_at: int) -> list[Boundary]:
        """Take in a chunk, and tell the boundaries that it brought.

        What is not a number is kept as silence, and what is beyond full scale as full scale.
        """
        taken = contiguous(samples)
        self._set_clock(captured_at)
        self.last_arrival = arrived_at
        self.sound.append(cleaned(taken))
        rows = self.endpointer.measure(taken)
        self.echoes.mask(rows, self.rows.end, self.at(self.rows.end * HOP))
        self.background.mask(rows)
        self.rows.append(rows)
        self._relearn()
        found = self.endpointer.follow(rows, noise=not self.echoes.recognised)
        return [self._with_what_led_up(boundary) for boundary in found]

    def recognises_answer(self, hops: int) -> bool:
        """Whether what it heard lately turns out, after so many more hops, to be the hub's own answer."""
        if not self.echoes.due(hops):
            return False
        kept = max(self.rows.begin, -(-self.sound.begin // HOP))
        first, last = max(kept, self.rows.end - MOST, self.endpointer.began // HOP - BEFORE), self.rows.end
        sound = self.sound.cut(first * HOP, last * HOP)
        return self.echoes.search(self.rows.cut(first, last), sound, first, self.at(first * HOP))

    def hear_again(self, began: int) -> list[Boundary]:
        """Follow what came since a sample anew, without what is known by now to be an answer."""
        first = max(self.rows.begin, began // HOP)
        rows = self.rows.cut(first, self.rows.end)
        self.echoes.mask(rows, first, self.at(first * HOP))
        self.endpointer.go_back(first)
        return self.endpointer.follow(rows, noise=False)

    def spoken_over_since(self, started: int) -> int | None:
        """Since which sample somebody speaks over what has been taken for speech since one, if anybody does.

        It is looked for now and then. What begins has to be speech by the evidence, in its first moments.
        """
        due = self.rows.end >= self._looked + RISE_LOOKED
        if not due or not self.endpointer.speaking or self.echoes.expected:
            return None
        self._looked = self.rows.end
        first = max(self.rows.begin, started // HOP, self.rows.end - MOST_RISING)
        hop = rise(self.rows.cut(first, self.rows.end))
        began = (first + hop) * HOP
        evident = hop >= 0 and assess(self.sound.cut(began, began + EVIDENT_WITHIN)).is_speech
        return began if evident else None

    def rises_since(self, moment: int) -> bool:
        """Whether it became louder at a moment at which somebody began to speak over another stream."""
        hop = self.hop_at(moment) // HOP
        first = max(self.rows.begin, hop - LEARNT_HOPS)
        return rises_by(self.rows.cut(first, self.rows.end), hop - first) > ECHOED_DB

    def begin_over(self, sample: int) -> None:
        """Take what it heard before a sample for its background, and follow what came since anew."""
        hop = max(self.rows.begin, sample // HOP)
        self.background.learn(self.rows.cut(hop - LEARNT_HOPS, hop))
        rows = self.rows.cut(hop, self.rows.end).copy()
        self.background.mask(rows)
        self.endpointer.begin_at(hop)
        self.endpointer.follow(rows, noise=False)

    def _relearn(self) -> None:
        """Follow the background while nobody speaks over it."""
        if self.endpointer.speaking:
            self._spoke = self.rows.end
        elif self.background.known and self.rows.end >= self._learnt + RELEARNT_EVERY:
            self._learnt = self.rows.end
            self.background.learn(self.rows.cut(max(self._spoke, self.rows.end - LEARNT_HOPS), self.rows.end))

    def _with_what_led_up(self, boundary: Boundary) -> Boundary:
        """Who speaks over something may have begun softly: what sticks out of it a little counts as well."""
        if not isinstance(boundary, SpeechBegan) or not (self.echoes.recognised or self.background.known):
            return boundary
        first = max(self.rows.begin, boundary.started // HOP - LED_UP)
        above = self.rows.cut(first, boundary.started // HOP)[::-1, ABOVE]
        places, begun = np.flatnonzero(above > LED_UP_DB).tolist(), 0
        for place in places:
            if place > begun + LED_UP_GAP:
                break
            begun = place + 1
        return evolve(boundary, started=boundary.started - HOP * begun)

    def forget_before(self, sample: int) -> None:
        """Let go of what was heard before a sample, but for the last few seconds."""
        place = min(sample, self.sound.end - KEPT_SECONDS * SAMPLE_RATE)
        self.sound.forget_before(place)
        self.rows.forget_before(place // HOP)

    def loosen_clock(self) -> None:
        """Take the next chunk's capture time as it is: a new stretch begins."""
        self._loose, self._chunks = True, 0

    def quality(self) -> Quality:
        """The judgement on the last seconds."""
        return self.endpointer.quality()

    def _set_clock(self, captured_at: int) -> None:
        """Follow small differences slowly and gaps at once; sound never overlaps itself."""
        late = captured_at - self.heard_until
        if self._loose or self._origin is None:
            self._origin, self._loose = captured_at - microseconds(self.sound.end), False
            self._begun = self.sound.end
        elif late > BELIEVED_DRIFT:
            self._origin += late
        elif late >= -BELIEVED_DRIFT:
            self._origin += late // 20

    def whole_span(self) -> SpeechEnded:
        """From the first to the last of what was active in all that was heard; all of it if nothing was."""
        active = np.flatnonzero(self.rows.cut(0, self.rows.end)[:, ABOVE] > BEGIN_DB)
        first, last = (int(active[0]), int(active[-1]) + 1) if len(active) else (0, self.rows.end)
        return SpeechEnded(
            started=first * HOP,
            speech_ended=last * HOP,
            noticed=self.sound.end,
            spoken=len(active) * HOP,
            cut=True,
        )
