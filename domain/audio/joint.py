"""Which instance's ears are used for a sentence that the streams of several instances hear.

Each instance decides among its own streams and tells how its best one hears (testimony.py); what is told
of one sentence is compared and weighed here as streams are, and exactly one of those who tell is used.
Pure: testimonies and the clock come in, rulings go out. A sentence is decided only when the one that
leads asks after its own end, so whoever is used knows it, and one that died is never waited for.
"""

from typing import Final

from domain.audio.admission import COMPARED_EVERY
from domain.audio.agreement import UNLIKE
from domain.audio.decisions import Reason
from domain.audio.deliberation import REVIEWED_EVERY
from domain.audio.docket import LATE_NOTICE, REMEMBERED_FOR
from domain.audio.overruling import overrules
from domain.audio.speeches import LATE
from domain.audio.streams import OLDEST, SECOND
from domain.audio.stretches import agreement_of
from domain.audio.testimony import Place, Ruling, Stage, Testimony, TestimonyId
from domain.audio.weighing import REVIEW_HOPS, expected, margin
from domain.audio.witnesses import SILENT_AFTER, Sentence, Witness

GRACE: Final = 2 * SECOND // 5
"""Nothing is decided earlier after a take-over: what was used before has to be told first."""
KNOWN_FOR: Final = OLDEST + REMEMBERED_FOR
"""So long what was decided is known: later, no sound is believed to be as old."""
MOST_DECIDED: Final = 32
MOST_OPEN: Final = 64


class JointArbiter:
    """Decides, for one network, whose ears are used for each sentence."""

    def __init__(self, opened_at: int) -> None:
        self._opened_at: Final = opened_at
        self._witnesses: dict[TestimonyId, Witness] = {}
        self._open: list[Sentence] = []
        self._decided: list[Sentence] = []
        self.decisions = 0
        """How many sentences it has decided on."""

    def is_idle(self, now: int) -> bool:
        """Whether nothing is under way, or was a moment ago."""
        return all(now - each.arrived_at > REMEMBERED_FOR for each in self._witnesses.values())

    def used(self) -> tuple[Testimony, ...]:
        """What was used of late, oldest first: whoever is told all this knows what was decided."""
        leaders = dict.fromkeys(sentence.leader for sentence in self._decided)
        return tuple(leader.testimony(Stage.USED) for leader in leaders)

    def hear(self, told: Testimony, now: int) -> Ruling:
        """Take in what is told of an utterance, and say what it is in its sentence by now."""
        self._forget(now)
        witness = self._witnesses.get(told.id) or Witness(told, now)
        if not witness.take(told, now):
            return Ruling(place=Place.UNHEARD, known=0)
        self._witnesses[told.id] = witness
        sentence = self._sentence_of(witness) or self._place(witness, now)
        if sentence.decided_at is None:
            self._review(sentence, now)
        sentence = self._compare(sentence, witness, now)
        if sentence.decided_at is None:
            self._decide(sentence, witness, now)
        return _ruling(sentence, witness)

    def _sentence_of(self, witness: Witness) -> Sentence | None:
        return next((each for each in (*self._open, *self._decided) if witness in each.witnesses), None)

    def _place(self, witness: Witness, now: int, apart_from: Sentence | None = None) -> Sentence:
        """Find the sentence that an utterance belongs to, or open one."""
        for sentence in reversed(self._open):
            if sentence is apart_from or sentence.has_ears_of(witness):
                continue
            if witness.belongs(sentence.leader):
                if sentence.reason is Reason.ONLY_STREAM:
                    sentence.reason = Reason.HIGHEST_QUALITY
                sentence.witnesses.append(witness)
                return sentence
        echoed = self._echoed(witness, surely=False)
        if echoed is not None:
            echoed.witnesses.append(witness)
            return echoed
        opened = Sentence(witness, [witness])
        self._open = [*self._open[-MOST_OPEN:], opened]
        return opened

    def _echoed(self, witness: Witness, *, surely: bool) -> Sentence | None:
        """The sentence, decided already, that a late utterance is of, or (not `surely`) may be of."""
        for sentence in reversed(self._decided):
            known = sentence.known_to(witness)
            if known is None:
                continue
            agreement = agreement_of(known, witness)
            unknown = not (agreement.same or agreement.different)
            unknown = unknown and (not surely or agreement.likeness >= UNLIKE)
            first, over = known.started_at - LATE, known.told.speech_ended_at or 0
            if agreement.same or (unknown and first < witness.started_at < over):
                return sentence
        return None

    def _review(self, sentence: Sentence, now: int) -> None:
        """Look at a sentence again: who is gone, who leads."""
        for each in sentence.witnesses:
            each.gone = now - each.arrived_at > SILENT_AFTER
        leader, others = sentence.leader, sentence.others()
        fit = [each for each in others if each.told.stage is not Stage.TOO_POOR and not each.told.left]
        if not leader.may_win and others:
            self._succeed(sentence, fit or others, Reason.WINNER_LEFT)
        elif leader.told.left and fit:
            self._succeed(sentence, fit, Reason.WINNER_LEFT)
        elif leader.told.stage is Stage.TOO_POOR and fit:
            self._succeed(sentence, fit, Reason.BETTER_STREAM)
        elif leader.goes_on:
            self._overrule(sentence, [each for each in fit if each.is_over])
        self._revise(sentence)

    def _succeed(self, sentence: Sentence, candidates: list[Witness], reason: Reason) -> None:
        """Let the best of some lead."""
        sentence.weigh()
        sentence.lead(max(candidates, key=expected), reason)

    def _overrule(self, sentence: Sentence, over: list[Witness]) -> None:
        """Pass over a leader that hears on, long after another that hears the same has heard the end."""
        leader = sentence.leader
        heard = leader.told.heard_until - leader.told.waits_more
        alike = [each for each in over if each.agreement.same]
        ended = [each for each in alike if overrules(each, each.told.speech_ended_at, leader, heard)]
        if ended:
            leader.overruled = True
            self._succeed(sentence, ended, Reason.BETTER_STREAM)

    def _compare(self, sentence: Sentence, witness: Witness, now: int) -> Sentence:
        """Send an utterance its own way if it turns out to be of another sentence; its sentence by now."""
        leader = sentence.leader
        due = witness.compared < 0 or witness.hops >= witness.compared + COMPARED_EVERY
        due = due or (witness.is_over and witness.compared < witness.hops)
        if witness is leader or not due or min(witness.hops, leader.hops) < REVIEW_HOPS:
            return sentence
        witness.compared, witness.agreement = witness.hops, agreement_of(leader, witness)
        if not witness.agreement.different:
            return sentence
        sentence.witnesses.remove(witness)
        witness.compared, witness.overruled = -1, False
        return self._place(witness, now, apart_from=sentence)

    def _revise(self, sentence: Sentence) -> None:
        """Change the leader once another is shown to hear better, as among streams of one instance."""
        leader = sentence.leader
        fresh = [each for each in sentence.others() if each.hops >= REVIEW_HOPS and _is_fresh(each)]
        if leader.hops < REVIEW_HOPS or not leader.goes_on or not fresh:
            return
        for each in fresh:
            each.reviewed = each.hops
        sentence.weigh()
        best = max(fresh, key=expected)
        better = expected(best) - expected(leader) >= margin(leader)
        if better and _may_replace(leader, best) and best.covers(leader.started_at, leader.started_at):
            sentence.lead(best, Reason.BETTER_STREAM)

    def _decide(self, sentence: Sentence, asking: Witness, now: int) -> None:
        """Decide on a sentence whose leader asks after its end; should another be better, it leads now."""
        used = asking.told.stage is Stage.USED
        if not used and (asking is not sentence.leader or not asking.is_over or not asking.may_win):
            return
        if not used and now - self._opened_at < GRACE:
            return
        if used:
            sentence.lead(asking, Reason.FINAL_QUALITY)
        else:
            echoed = self._echoed(asking, surely=True)
            if echoed is not None:
                sentence.leader = echoed.leader
            elif self._is_surpassed(sentence):
                return
        sentence.reason = Reason.FINAL_QUALITY if len(sentence.witnesses) > 1 else sentence.reason
        sentence.decided_at = now
        self.decisions += 1
        self._open.remove(sentence)
        self._decided.append(sentence)

    def _is_surpassed(self, sentence: Sentence) -> bool:
        """Whether all that was heard shows another to be better than the leader; it then leads."""
        leader = sentence.leader
        over = leader.told.speech_ended_at or leader.told.heard_until
        sentence.weigh()
        able = [
            w for w in sentence.others() if w.told.stage is not Stage.TOO_POOR and _may_replace(leader, w)
        ]
        complete = [w for w in able if w.covers(leader.started_at, over)]
        best = max(complete, key=expected, default=leader)
        if best is leader or expected(best) <= expected(leader) + margin(leader):
            return False
        sentence.lead(best, Reason.BETTER_STREAM)
        return True

    def _forget(self, now: int) -> None:
        """Let go of what nobody tells of any more."""
        self._decided = [
            each for each in self._decided if now - max(each.decided_at or 0, _heard_at(each)) <= KNOWN_FOR
        ][-MOST_DECIDED:]
        self._open = [each for each in self._open if now - _heard_at(each) <= REMEMBERED_FOR]
        told = {
            witness.told.id for sentence in (*self._open, *self._decided) for witness in sentence.witnesses
        }
        self._witnesses = {id_: witness for id_, witness in self._witnesses.items() if id_ in told}


def _heard_at(sentence: Sentence) -> int:
    """When somebody last told of it."""
    return max((witness.arrived_at for witness in sentence.witnesses), default=0)


def _is_fresh(witness: Witness) -> bool:
    """Whether it is its turn to be weighed against the leader: early, and when it ends."""
    if witness.told.left:
        return False
    if witness.reviewed == 0 or witness.hops >= witness.reviewed + REVIEWED_EVERY:
        return True
    return witness.is_over and witness.reviewed < witness.hops


def _may_replace(leader: Witness, witness: Witness) -> bool:
    """Whether it may be hearing the leader's sentence; one that began much later has to show it."""
    if witness.started_at > leader.started_at + LATE_NOTICE:
        return witness.agreement.same
    return not witness.agreement.different


def _ruling(sentence: Sentence, witness: Witness) -> Ruling:
    leads = witness is sentence.leader
    if sentence.decided_at is None:
        place = Place.LEADING if leads else Place.BEHIND
    else:
        place = Place.USED if leads else Place.PASSED_OVER
    competitors = sentence.explain() if leads else ()
    return Ruling(place=place, known=witness.known, reason=sentence.reason, competitors=competitors)
