"""How it is decided, sentence by sentence: comparing, revising, and the end."""

from typing import Final

from domain.audio import endings
from domain.audio.admission import COMPARED_EVERY, Admission, select
from domain.audio.decisions import Decision, Reason, UtteranceId, UtterancePaused
from domain.audio.docket import LATE_NOTICE
from domain.audio.endpointing import SpeechDropped
from domain.audio.interrupting import interrupt
from domain.audio.spectrum import HOPS_PER_SECOND
from domain.audio.speeches import LATE, Speech, Standing
from domain.audio.streams import Stream
from domain.audio.stretches import agreement_of
from domain.audio.utterances import Utterance
from domain.audio.weighing import POOR, REVIEW_HOPS, expected, margin

REVIEWED_EVERY: Final = 3 * HOPS_PER_SECOND // 4
"""After the first review a competitor is weighed again every so many hops of its speech."""


def _may_replace(winner: Speech, speech: Speech) -> bool:
    """Whether a competitor may be hearing the winner's sentence.

    One that has noticed no speech by itself for so long hears it hardly, or hears something else now; so
    may one that began to hear it much later.
    """
    late = speech.started_at > winner.started_at + LATE_NOTICE
    if late or (not speech.noticed and speech.hops > REVIEWED_EVERY):
        return speech.agreement.same
    return not speech.agreement.different


class Deliberation:
    """Decides on the utterances of one network."""

    def __init__(self, admission: Admission) -> None:
        self.docket: Final = admission.docket
        self._admission: Final = admission

    def review(self, now: int) -> list[Decision]:
        """Look at every open utterance again, after sound has come in or time has passed."""
        decisions: list[Decision] = []
        for utterance in list(self.docket.open):
            decisions += self._replace_lost_winner(utterance, now)
            decisions += self._compare(utterance, now)
            decisions += self._revise(utterance, now)
            decisions += self._pause(utterance, now)
            endings.keep_waiting(utterance)
            decisions += interrupt(utterance, self.docket, now)
            if self._is_over(utterance, now):
                decisions += self._decide(utterance, now)
        decisions += self._admission.look_again(now)
        self.docket.forget(now)
        return decisions

    def _is_over(self, utterance: Utterance, now: int) -> bool:
        """Whether a sentence is over; one that is heard poorly waits for slower radios."""
        if not endings.is_over(utterance, self.docket.rules.window_ms, now):
            return False
        return not self.docket.awaits(utterance, now) or utterance.winner.judge().estimate >= POOR

    def _replace_lost_winner(self, utterance: Utterance, now: int) -> list[Decision]:
        """If the winner was barred, or left before others heard the end, name the best of those."""
        winner = utterance.winner
        barred = self.docket.is_barred(winner)
        lost = barred or winner.left or isinstance(winner.ended, SpeechDropped)
        if not lost:
            return []
        if barred:
            winner.standing = Standing.BARRED
        others = [s for s in utterance.competing() if s is not winner and not self.docket.is_barred(s)]
        until = (winner.ended_at or 0) + LATE
        longer = [s for s in others if barred or s.ended is None or (s.ended_at or 0) > until]
        if not longer:
            return []
        self._admission.scales.weigh(utterance.competing())
        best = max(longer, key=expected)
        return [select(utterance, best, Reason.WINNER_LEFT, now)]

    def _compare(self, utterance: Utterance, now: int) -> list[Decision]:
        """Send those who turn out to hear another sentence their own way."""
        decisions: list[Decision] = []
        over = utterance.winner.ended is not None
        apart = [speech for speech in utterance.speeches if speech.standing is Standing.APART]
        for speech in [*utterance.competing(), *apart]:
            due = self._comparisons_due(speech) + over
            if speech is utterance.winner or due <= speech.compared:
                continue
            speech.compared = due
            if self._has_parted(utterance.winner, speech):
                decisions += self._part(speech, utterance, now)
            else:
                speech.standing = Standing.COMPETING
        return decisions

    def _has_parted(self, winner: Speech, speech: Speech) -> bool:
        """Whether a competitor hears another sentence by now, though it may have heard the winner's."""
        speech.agreement = agreement_of(winner, speech)
        return speech.agreement.different or speech.departs_from(winner)

    def _comparisons_due(self, speech: Speech) -> int:
        """How many times a competitor should have been compared by now."""
        return (speech.hops >= REVIEW_HOPS) + speech.hops // COMPARED_EVERY + (speech.ended is not None)

    def _part(self, speech: Speech, utterance: Utterance, now: int) -> list[Decision]:
        """One hears something else than the winner: who has noticed no speech by itself gives way."""
        winner = utterance.winner
        if winner.noticed or not speech.noticed:
            return self._send_away(speech, utterance, now)
        winner.standing, speech.standing = Standing.APART, Standing.COMPETING
        return [select(utterance, speech, Reason.BETTER_STREAM, now)]

    def _send_away(self, speech: Speech, utterance: Utterance, now: int) -> list[Decision]:
        """Place a competitor elsewhere: with another utterance, or its own if it is good enough for one."""
        for other in self.docket.open:
            if other is not utterance and agreement_of(other.winner, speech).same:
                utterance.speeches.remove(speech)
                other.join(speech)
                return []
        before = speech.started
        speech.depart(utterance.winner)
        if speech.started > before and self.docket.speaking.get(speech.stream) is speech:
            self.docket.follow_over(speech, speech.started)
        arises = speech.arises() or (speech.is_faint() and utterance.winner.is_faint())
        own = speech.reference is not None or (arises and self.docket.rules.lets_pass(speech.judge()))
        if not (speech.noticed and own):
            speech.standing = Standing.APART
            return []
        utterance.speeches.remove(speech)
        return self._admission.open_with(speech, now)

    def _revise(self, utterance: Utterance, now: int) -> list[Decision]:
        """Change the winner once a quarter of a second of speech shows another to be better."""
        winner = utterance.winner
        if winner.hops < REVIEW_HOPS or not winner.goes_on:
            return []
        fresh = [s for s in utterance.competing() if s is not winner and self._is_fresh(s)]
        for speech in fresh:
            speech.reviewed = speech.hops
        candidates = [s for s in fresh if _may_replace(winner, s)]
        if not candidates:
            return []
        self._admission.scales.weigh(utterance.competing())
        best = max(candidates, key=expected)
        if expected(best) - expected(winner) < margin(winner) or not best.covers(
            winner.started_at, winner.started_at
        ):
            return []
        return self._switch(utterance, best, Reason.BETTER_STREAM, now)

    def _switch(self, utterance: Utterance, best: Speech, reason: Reason, now: int) -> list[Decision]:
        """Name another winner, unless it turns out to hear somebody else."""
        if best.reference is None and self._has_parted(utterance.winner, best):
            return self._part(best, utterance, now)
        if best.risen is not None and reason is Reason.BETTER_STREAM:
            over = Speech(best.stream, best.risen, best.stream.at(best.risen), now)
            return self._admission.begin_anew(utterance, over, now)
        return [select(utterance, best, reason, now)]

    def _is_fresh(self, speech: Speech) -> bool:
        """Whether it is a competitor's turn to be weighed against the winner: early, and when it ends."""
        if speech.left or self.docket.is_barred(speech) or speech.hops < REVIEW_HOPS:
            return False
        if speech.reviewed == 0 or speech.hops >= speech.reviewed + REVIEWED_EVERY:
            return True
        return speech.ended is not None and speech.reviewed < speech.hops

    def look_for_pauses(self, stream: Stream, now: int) -> list[Decision]:
        """Tell at once if the winner of an utterance has fallen silent on a stream."""
        led = [utterance for utterance in self.docket.open if utterance.winner.stream is stream]
        return [decision for utterance in led for decision in self._pause(utterance, now)]

    def _pause(self, utterance: Utterance, now: int) -> list[Decision]:
        """Once a pause, weigh the competitors again, and tell that the winner has fallen silent."""
        decisions: list[Decision] = []
        if endings.pauses(utterance):
            decisions += self._weigh(utterance, Reason.BETTER_STREAM, now)
        if not endings.pauses(utterance):
            return decisions
        winner = utterance.winner
        silent_since = winner.stream.endpointer.last_active
        utterance.paused, utterance.awaited = (winner.stream, silent_since), None
        paused = UtterancePaused(
            utterance=utterance.id,
            client_id=winner.stream.client_id,
            speech_ended_at=winner.stream.at(silent_since),
            recording=winner.recording(utterance.started_at),
            finality=endings.finality(utterance),
            at=now,
        )
        endings.wait_by_sound(utterance, paused, self.docket.rules.turns)
        return [*decisions, paused]

    def expect(self, utterance_id: UtteranceId, speech_ended_at: int, patience_ms: int) -> None:
        """Wait for so much silence, on every stream that heard the same pause begin."""
        for utterance in self.docket.open:
            if utterance.id == utterance_id:
                endings.expect(utterance, speech_ended_at, patience_ms)

    def _decide(self, utterance: Utterance, now: int) -> list[Decision]:
        """The sentence is over: judge all of it, name the winner for good, and hand out its sound."""
        utterance.close()
        decisions = self._weigh(utterance, Reason.FINAL_QUALITY, now)
        self.docket.open.remove(utterance)
        winner = utterance.winner
        reason = endings.refusal(utterance, self.docket)
        utterance.too_poor = reason in {Reason.NOT_SPEECH, Reason.BELOW_THRESHOLD}
        decisions.append(
            endings.used(utterance, now) if reason is None else endings.refused(utterance, reason, now)
        )
        if reason is None:
            self._admission.scales.remember(utterance)
        for speech in utterance.speeches:
            if speech.ended is None and self.docket.speaking.get(speech.stream) is speech:
                speech.absorb()
        winner.keep_rows()
        self.docket.decided.append((utterance, now))
        return decisions

    def _weigh(self, utterance: Utterance, reason: Reason, now: int) -> list[Decision]:
        """Judge every competitor over the sentence so far, and change the winner if that says so."""
        winner = utterance.winner
        over = winner.ended_at or winner.stream.at(winner.stream.endpointer.last_active)
        self._admission.scales.weigh(utterance.competing())
        best, most = winner, expected(winner) + margin(winner)
        for speech in utterance.competing():
            estimate = expected(speech)
            complete = speech.reference is not None or speech.covers(winner.started_at, over)
            apart = not _may_replace(winner, speech) or self.docket.is_barred(speech)
            if estimate > most and complete and not apart:
                best, most = speech, estimate
        return [] if best is winner else self._switch(utterance, best, reason, now)
