"""How it is decided, sentence by sentence: placing speech, comparing, revising, and the end."""

from collections.abc import Mapping
from typing import Final

from domain.audio import endings
from domain.audio.decisions import (
    Decision,
    Reason,
    SpeechStarted,
    StreamSelected,
    UtteranceId,
    UtterancePaused,
)
from domain.audio.docket import LATE_NOTICE, Docket
from domain.audio.endpointing import SpeechDropped
from domain.audio.interrupting import interrupt
from domain.audio.kernels import HOP
from domain.audio.overtaking import is_spoken_over
from domain.audio.rules import ArbitrationRules
from domain.audio.spectrum import HOPS_PER_SECOND
from domain.audio.speeches import LATE, Speech, Standing
from domain.audio.streams import SECOND, Stream, microseconds
from domain.audio.stretches import agreement_of
from domain.audio.utterances import Utterance
from domain.audio.weighing import POOR, REVIEW_HOPS, Scales, expected, margin
from domain.ids import ClientId

COMPARED_EVERY: Final = 2 * REVIEW_HOPS
"""A competitor is compared with the winner at the review, then every so many hops of its speech."""
REVIEWED_EVERY: Final = 3 * HOPS_PER_SECOND // 4
"""After the first review a competitor is weighed again every so many hops of its speech."""
LOOKED_EVERY: Final = (4, 25)
"""After so many hops, evidence of speech is looked for again: in the first half second, and later."""
BROKEN_INTO: Final = 6 * SECOND // 5
"""Who breaks into a sentence earlier than this before its end is noticed before that."""
AFTERMATH: Final = SECOND // 4
"""What still sounds on a competitor so long after the utterance is over is something else."""


def _may_replace(winner: Speech, speech: Speech) -> bool:
    """Whether a competitor may be hearing the winner's sentence.

    One that has noticed no speech by itself for so long hears it hardly, or hears something else now; so
    may one that began to hear it much later.
    """
    late = speech.started_at > winner.started_at + LATE_NOTICE
    if late or (not speech.noticed and speech.hops > REVIEWED_EVERY):
        return speech.agreement.same
    return not speech.agreement.different


def _breaks_in(speech: Speech, winner: Speech) -> bool:
    """Whether somebody began to speak into the last of a sentence that is decided, and goes on."""
    moment, over = speech.departure(), winner.ended_at or 0
    return moment is not None and moment > over - BROKEN_INTO and speech.departs_from(winner)


class Deliberation:
    """Decides on the utterances of one network."""

    def __init__(self, rules: ArbitrationRules, streams: Mapping[ClientId, Stream]) -> None:
        self.rules = rules
        self.docket: Final = Docket(streams)
        self._scales: Final = Scales()
        self._count = 0

    def enter(self, speech: Speech, now: int) -> list[Decision]:
        """Find the utterance that new speech belongs to, or open one; what may be noise has to wait."""
        if self.docket.is_barred(speech):
            speech.standing = Standing.BARRED
            return []
        speech.looked_at = speech.hops
        if speech.reference is None and not (speech.is_speech() and speech.is_nobodys_echo()):
            return []
        for utterance in reversed(self.docket.open):
            if self.docket.belongs(speech, utterance):
                utterance.join(speech)
                return []
        echoed = self.docket.echoes(speech)
        if echoed is not None and not self._surpasses(speech, echoed):
            speech.standing = Standing.ABSORBED
            return [] if speech.reference is None else [endings.heard_already(speech, echoed, now)]
        if self.docket.open and speech.reference is None and not speech.arises():
            return []
        return self._open_with(speech, now)

    def _surpasses(self, speech: Speech, echoed: Utterance) -> bool:
        """Whether speech that came late is good enough where its sentence was not used for being too poor."""
        return echoed.too_poor and self.rules.lets_pass(speech.judge())

    def settle(self, speech: Speech, now: int) -> list[Decision]:
        """Speech that was taken for noise or for a late echo is over: it may have been a turn after all."""
        if speech.standing is Standing.UNSURE:
            return self.enter(speech, now)
        if speech.standing is not Standing.ABSORBED or self.docket.decided_on(speech) is not None:
            return []
        return self._promote(speech, None, now)

    def _open_with(self, speech: Speech, now: int) -> list[Decision]:
        self._count += 1
        speech.standing = Standing.COMPETING
        utterance = Utterance(
            UtteranceId(self._count), speech, [speech, *self.docket.listening_along(speech, now)]
        )
        self.docket.open.append(utterance)
        started = SpeechStarted(
            utterance=utterance.id,
            client_id=speech.stream.client_id,
            started_at=speech.started_at,
            at=now,
        )
        alone = len(utterance.speeches) == 1
        self._scales.weigh(utterance.speeches)
        best = max(utterance.speeches, key=expected)
        return [
            started,
            self._select(utterance, best, Reason.ONLY_STREAM if alone else Reason.HIGHEST_QUALITY, now),
        ]

    def notice(self, stream: Stream, started: int, now: int) -> list[Decision]:
        """A stream has noticed speech: its own new one, or what it was already listening along to."""
        along = self.docket.listened_along(stream, stream.at(started))
        if along is not None:
            self.docket.speaking[stream] = along
            return []
        speech = Speech(stream, started, stream.at(started), now, free_from=self.docket.used_until(stream))
        self.docket.speaking[stream] = speech
        return self.enter(speech, now)

    def speak_over(self, stream: Stream, now: int) -> list[Decision]:
        """If somebody speaks over what a stream took for speech, their sentence begins there, not before."""
        speech = self.docket.speaking.get(stream)
        began = None if speech is None else stream.spoken_over_since(speech.started)
        if speech is None or began is None:
            return []
        over = Speech(stream, began, stream.at(began), now)
        utterance = next((each for each in self.docket.open if speech in each.speeches), None)
        if utterance is None or not is_spoken_over(utterance.winner, over):
            self.docket.follow_over(speech, began)
            speech.risen = began
            return []
        return self._begin_anew(utterance, over, now)

    def _begin_anew(self, utterance: Utterance, over: Speech, now: int) -> list[Decision]:
        """Let an utterance begin where somebody spoke over what it was, and name the winner anew."""
        self.docket.begin_anew(utterance, over, now)
        self._scales.weigh(utterance.speeches)
        best = max(utterance.speeches, key=expected)
        return [self._select(utterance, best, Reason.HIGHEST_QUALITY, now)]

    def _select(self, utterance: Utterance, speech: Speech, reason: Reason, now: int) -> StreamSelected:
        """Name a winner."""
        utterance.lead(speech)
        return StreamSelected(
            utterance=utterance.id,
            client_id=speech.stream.client_id,
            quality=speech.judge(),
            reason=reason,
            provisional=reason is not Reason.FINAL_QUALITY,
            at=now,
            competitors=utterance.explain(),
        )

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
            if endings.is_over(utterance, self.rules.window_ms, now) and not self._waits(utterance, now):
                decisions += self._decide(utterance, now)
        for stream, speech in list(self.docket.speaking.items()):
            if speech.standing is Standing.ABSORBED:
                decisions += self._watch(stream, speech, now)
            elif speech.standing is Standing.UNSURE:
                wait = LOOKED_EVERY[speech.hops > HOPS_PER_SECOND // 2]
                if speech.hops >= speech.looked_at + wait:
                    decisions += self.enter(speech, now)
        self.docket.forget(now)
        return decisions

    def _waits(self, utterance: Utterance, now: int) -> bool:
        """Whether a sentence is heard so poorly that slower radios are waited for."""
        return self.docket.awaits(utterance, now) and utterance.winner.judge().estimate < POOR

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
        self._scales.weigh(utterance.competing())
        best = max(longer, key=expected)
        return [self._select(utterance, best, Reason.WINNER_LEFT, now)]

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
        return [self._select(utterance, speech, Reason.BETTER_STREAM, now)]

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
        own = speech.reference is not None or (arises and self.rules.lets_pass(speech.judge()))
        if not (speech.noticed and own):
            speech.standing = Standing.APART
            return []
        utterance.speeches.remove(speech)
        return self._open_with(speech, now)

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
        self._scales.weigh(utterance.competing())
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
            return self._begin_anew(utterance, over, now)
        return [self._select(utterance, best, reason, now)]

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
        endings.wait_by_sound(utterance, paused, self.rules.turns)
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
        reason = endings.refusal(utterance, self.docket, self.rules)
        utterance.too_poor = reason in {Reason.NOT_SPEECH, Reason.BELOW_THRESHOLD}
        decisions.append(
            endings.used(utterance, now) if reason is None else endings.refused(utterance, reason, now)
        )
        if reason is None:
            self._scales.remember(utterance)
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
        self._scales.weigh(utterance.competing())
        best, most = winner, expected(winner) + margin(winner)
        for speech in utterance.competing():
            estimate = expected(speech)
            complete = speech.reference is not None or speech.covers(winner.started_at, over)
            apart = not _may_replace(winner, speech) or self.docket.is_barred(speech)
            if estimate > most and complete and not apart:
                best, most = speech, estimate
        return [] if best is winner else self._switch(utterance, best, reason, now)

    def _watch(self, stream: Stream, speech: Speech, now: int) -> list[Decision]:
        """Follow speech that came late: it may turn out to be another sentence after all."""
        due = speech.hops // COMPARED_EVERY
        if due <= speech.compared:
            return []
        speech.compared = due
        echo = self.docket.decided_on(speech)
        decided = echo is not None and speech in echo.speeches
        if (echo is None or self._goes_beyond(speech, echo)) and self.rules.lets_pass(speech.judge()):
            return self._promote(speech, echo, now)
        if decided:
            return []
        over = (echo.winner.ended_at or 0) if echo is not None else speech.started_at
        over += microseconds(HOP * speech.agreement.lag_hops)
        if stream.heard_until > over + AFTERMATH:
            stream.endpointer.end()
            self.docket.speaking.pop(stream, None)
        return []

    def _goes_beyond(self, speech: Speech, echo: Utterance) -> bool:
        """Whether speech that was taken for a decided sentence is another, or a better hearing of it."""
        agreement = agreement_of(echo.winner, speech)
        other = agreement.different and not (agreement.at_once and speech.is_faint())
        return other or _breaks_in(speech, echo.winner) or self._surpasses(speech, echo)

    def _promote(self, speech: Speech, echo: Utterance | None, now: int) -> list[Decision]:
        """Place speech taken for a decided one; unless it is another, it has to prove itself anew."""
        proven = False
        if echo is not None:
            speech.depart(echo.winner)
            echo.speeches = [each for each in echo.speeches if each is not speech]
            proven = echo.too_poor or (speech.proven and speech.heard_else(echo.winner))
        speech.standing, speech.proven = Standing.UNSURE, proven
        return self.enter(speech, now)
