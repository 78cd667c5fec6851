"""What is known of a sentence from several instances: one witness each, and the sentence they heard."""

from collections.abc import Iterable, Sequence
from typing import Final

import numpy as np
from attrs import define, evolve, field

from domain.audio.agreement import UNKNOWN, Agreement
from domain.audio.decisions import Competitor, Reason
from domain.audio.kernels import HOP, TOLD
from domain.audio.pcm import Samples
from domain.audio.places import Expected
from domain.audio.quality import Quality
from domain.audio.speeches import LATE
from domain.audio.streams import SECOND, microseconds
from domain.audio.stretches import agreement_of
from domain.audio.testimony import Stage, Testimony
from domain.audio.weighing import expected, judge_beside

SILENT_AFTER: Final = 3 * SECOND // 2
"""Ears that have told nothing for so long are gone."""


@define(eq=False)
class Witness:
    """One utterance as the ears of one instance hear it, as far as they have told."""

    told: Testimony
    arrived_at: int
    agreement: Agreement = UNKNOWN
    """How far it agrees with the one that leads."""
    before: Expected | None = None
    beside: float | None = None
    compared: int = -1
    """How many hops it had lasted when it was last compared with the one that leads; -1 for never."""
    reviewed: int = 0
    """How many hops it had lasted when it was last weighed against the one that leads."""
    overruled: bool = False
    """It hears on though others have long heard the end."""
    gone: bool = False
    _rows: Samples = field(factory=lambda: np.zeros((0, TOLD), dtype=np.float32))

    def take(self, told: Testimony, now: int) -> bool:
        """Take in what is told of it, and say whether nothing is missing."""
        same = (told.client_id, told.first_row) == (self.told.client_id, self.told.first_row)
        if not told.is_whole and not (same and told.skipped <= len(self._rows)):
            return False
        if told.client_id != self.told.client_id or told.hops < self.told.hops:
            self.compared, self.agreement, self.reviewed = -1, UNKNOWN, 0
        self._rows = np.concatenate([self._rows[: told.skipped], told.rows])
        self.told, self.arrived_at, self.gone = told, now, False
        return True

    def testimony(self, stage: Stage) -> Testimony:
        """All that was told of it, as it is told at another stage."""
        return evolve(self.told, stage=stage, skipped=0, rows=self._rows)

    @property
    def known(self) -> int:
        """How many rows are known of it."""
        return len(self._rows)

    @property
    def may_win(self) -> bool:
        """Whether it can be the one that is used."""
        return not (self.gone or self.overruled or self.told.stage is Stage.DROPPED)

    @property
    def is_over(self) -> bool:
        """Whether its own ears have heard the end."""
        return self.told.stage in {Stage.ENDED, Stage.TOO_POOR, Stage.USED}

    @property
    def goes_on(self) -> bool:
        """Whether speech is still heard there."""
        return self.told.stage is Stage.SPOKEN

    @property
    def hops(self) -> int:
        """How many hops it has lasted."""
        return self.told.hops

    @property
    def started_at(self) -> int:
        """When it began, in capture time."""
        return self.told.started_at

    @property
    def has_clock(self) -> bool:
        """Whether capture times are told, rather than guessed from arrivals."""
        return self.told.has_clock

    def judge(self) -> Quality:
        """The judgement on it by its own ears."""
        return self.told.quality

    def rows(self) -> Samples:
        """What the kernels told of it and a little before."""
        return self._rows

    def rows_began_at(self) -> int:
        """The capture time of the first of its rows."""
        return self.told.rows_began_at

    def rows_since(self, moment: int) -> tuple[int, Samples]:
        """Its rows from a moment on, and when the first of them was captured."""
        skip = min(len(self._rows), max(0, moment - self.told.rows_began_at) // microseconds(HOP))
        return self.told.rows_began_at + microseconds(skip * HOP), self._rows[skip:]

    def covers(self, started_at: int, ended_at: int) -> bool:
        """Whether its stream heard all of a span of capture time."""
        return self.told.begun_at <= started_at + LATE and self.told.heard_until >= ended_at - LATE

    def belongs(self, leader: "Witness") -> bool:
        """Whether it is, or may yet turn out to be, of the sentence that another leads."""
        self.agreement, self.compared = agreement_of(leader, self), self.hops
        if self.agreement.same or self.agreement.different:
            return self.agreement.same
        return _overlap(self.told, leader.told) and _overlap(leader.told, self.told)


def _overlap(one: Testimony, other: Testimony) -> bool:
    """Whether one began before the other was over."""
    return other.speech_ended_at is None or one.started_at < other.speech_ended_at


@define(eq=False)
class Sentence:
    """A sentence, and those who hear it."""

    leader: Witness
    witnesses: list[Witness]
    reason: Reason = Reason.ONLY_STREAM
    """Why that one leads."""
    decided_at: int | None = None

    def has_ears_of(self, witness: Witness) -> bool:
        """Whether the same instance tells of another utterance in it: those it has told apart itself.

        What breaks off there may go on as another one, as long as it is not what leads.
        """
        return any(
            each.told.ears == witness.told.ears
            and each is not witness
            and each.told.stage is not Stage.DROPPED
            and (each is self.leader or not each.told.left)
            for each in self.witnesses
        )

    def known_to(self, witness: Witness) -> Witness | None:
        """With whom a late utterance is to be compared, if it may be of this sentence at all.

        What its own instance broke off, and was used, is compared with whoever heard on for longest. Where
        all that was heard was too poor to be a turn, what is better is none too many.
        """
        if self.leader.told.stage is Stage.TOO_POOR and witness.told.stage is not Stage.TOO_POOR:
            return None
        if not self.has_ears_of(witness):
            return self.leader
        if witness.told.ears != self.leader.told.ears or not self.leader.told.left:
            return None
        until = (self.leader.told.speech_ended_at or 0) + LATE
        longer = [
            each
            for each in self.witnesses
            if each.told.ears != witness.told.ears
            and each.told.stage is not Stage.DROPPED
            and not each.agreement.different
            and (each.told.speech_ended_at or 0) > until
        ]
        return max(longer, key=lambda each: each.told.speech_ended_at or 0, default=None)

    def others(self) -> list[Witness]:
        """Those that might be used in the leader's place."""
        return [each for each in self.witnesses if each is not self.leader and each.may_win]

    def lead(self, witness: Witness, reason: Reason) -> None:
        """Let another lead; who agrees with whom is to be asked anew."""
        if witness is not self.leader:
            for each in self.witnesses:
                each.compared = -1
            witness.agreement = UNKNOWN
        self.leader, self.reason = witness, reason

    def weigh(self) -> None:
        """Bring all estimates up to date."""
        present = [each for each in self.witnesses if each is self.leader or each.may_win]
        for each in present:
            each.beside = None
        judge_beside([each for each in present if each is self.leader or not each.agreement.different])

    def explain(self) -> tuple[Competitor, ...]:
        """Every stream of every instance that heard it, and what became of each, in words."""
        merged = list(self.leader.told.competitors)
        for each in self.witnesses:
            if each is not self.leader:
                merged += [self._behind(each, one) for one in each.told.competitors]
        return tuple(_once(merged))

    def _behind(self, witness: Witness, competitor: Competitor) -> Competitor:
        """What became of a stream of another instance than the one whose stream is selected."""
        estimate = expected(witness) if competitor.selected else competitor.quality.estimate
        behind = expected(self.leader) - estimate
        more = f"{behind:.2f} below the selected stream" if behind > 0 else "not enough better to switch"
        return evolve(
            competitor,
            selected=False,
            why=f"estimate {estimate:.2f}, {more}",
            likeness=witness.agreement.likeness if competitor.selected and witness.agreement.hops else None,
        )


def _once(competitors: Sequence[Competitor]) -> Iterable[Competitor]:
    """Each client's stream once: one that moved to another instance in the sentence was heard by both."""
    seen = set[tuple[str, str | None]]()
    for one in competitors:
        if (one.client_id, one.reference) not in seen:
            seen.add((one.client_id, one.reference))
            yield one
