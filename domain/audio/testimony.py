"""What one instance tells the others of a sentence that its ears hear, and what it is answered.

Only measures: what the kernels told of the best stream there (a row of 21 numbers each 10 ms), the
judgements on all streams there, and times. Sound stays where it was heard.
"""

from enum import Enum
from typing import Final, NewType

from attrs import evolve, field, frozen

from domain.audio.decisions import Competitor, Reason
from domain.audio.endings import waited_for
from domain.audio.kernels import HOP
from domain.audio.pcm import Samples
from domain.audio.quality import Quality
from domain.audio.streams import microseconds
from domain.audio.utterances import Utterance
from domain.ids import ClientId, InstanceId

TestimonyId = NewType("TestimonyId", str)
"""Names what one instance tells of one utterance, among all that any instance ever tells."""

TOLD_BEFORE: Final = 60
"""So many rows from before speech are told: others may have heard it begin earlier."""


class Stage(Enum):
    """How far an utterance has come with the ears that tell of it."""

    SPOKEN = "spoken"
    """It goes on."""
    ENDED = "ended"
    """It is over, and good enough to be a turn."""
    TOO_POOR = "too_poor"
    """It is over, and was heard too badly to be a turn."""
    DROPPED = "dropped"
    """It was nothing after all."""
    USED = "used"
    """It is the one that was used: told for a while yet, to whoever arbitrates now."""


@frozen(kw_only=True, eq=False)
class Testimony:
    """How one instance hears an utterance just now: the best of its streams stands for it."""

    id: TestimonyId
    ears: InstanceId
    stage: Stage
    client_id: ClientId
    """Whose stream is the best there."""
    has_clock: bool
    begun_at: int
    """Since when that stream comes without a break; this and all times are capture times, microseconds."""
    heard_until: int
    started_at: int
    """When speech began on it."""
    speech_ended_at: int | None
    """When speech ended on it; None while it goes on."""
    left: bool = False
    """That stream stalled or left in the middle of it."""
    waits_more: int = 0
    """By how many microseconds more than usual its silence is waited out."""
    hops: int
    """How many hops speech has lasted."""
    quality: Quality
    competitors: tuple[Competitor, ...]
    """All streams there, with what became of each."""
    first_row: int
    """The number of the stream's row with which what was told of it begins."""
    rows_began_at: int
    """When that one was captured."""
    skipped: int = 0
    """How many rows from there on are not told again."""
    rows: Samples = field(repr=False)
    """What the kernels told of the hops after those (float32[hops, TOLD])."""

    @property
    def is_whole(self) -> bool:
        """Whether it tells all rows."""
        return self.skipped == 0

    def beyond(self, earlier: "Testimony", known: int) -> "Testimony":
        """The same without those rows that whoever was told the earlier one knows."""
        same = (self.client_id, self.first_row) == (earlier.client_id, earlier.first_row)
        skipped = min(known, len(self.rows)) if same else 0
        return evolve(self, skipped=skipped, rows=self.rows[skipped:])


class Place(Enum):
    """What an utterance is, among all that were told of its sentence."""

    UNHEARD = "unheard"
    """Rows are missing: it has to be told again, with all of them."""
    LEADING = "leading"
    BEHIND = "behind"
    USED = "used"
    """The sentence is decided, and this is what is used."""
    PASSED_OVER = "passed_over"
    """The sentence is decided, and another is used."""


@frozen(kw_only=True)
class Ruling:
    """What is answered to a testimony."""

    place: Place
    known: int
    """How many of its rows need not be told again."""
    reason: Reason = Reason.ONLY_STREAM
    """Why the one that leads does so."""
    competitors: tuple[Competitor, ...] = ()
    """All streams of all instances that heard the sentence; told to the one that leads or is used."""


def testify(utterance: Utterance, id_: TestimonyId, ears: InstanceId, stage: Stage) -> Testimony:
    """Tell how an utterance is heard just now."""
    winner = utterance.winner
    stream = winner.stream
    quality = winner.judge() if winner.goes_on or winner.quality is None else winner.quality
    began_at, rows = winner.rows_since(winner.started_at - microseconds(TOLD_BEFORE * HOP))
    return Testimony(
        id=id_,
        ears=ears,
        stage=stage,
        client_id=stream.client_id,
        has_clock=stream.has_clock,
        begun_at=stream.begun_at,
        heard_until=stream.heard_until,
        started_at=winner.started_at,
        speech_ended_at=winner.ended_at,
        left=winner.left,
        waits_more=waited_for(winner),
        hops=winner.hops,
        quality=quality,
        competitors=utterance.explain(),
        first_row=stream.sample_at(began_at) // HOP,
        rows_began_at=began_at,
        rows=rows,
    )
