"""Where speech belongs: with an utterance that is open, with one just decided, or with one of its own."""

from typing import Final

from domain.audio import endings
from domain.audio.decisions import Decision, Reason, SpeechStarted, StreamSelected, UtteranceId
from domain.audio.docket import Docket
from domain.audio.kernels import HOP
from domain.audio.overtaking import is_spoken_over
from domain.audio.spectrum import HOPS_PER_SECOND
from domain.audio.speeches import Speech, Standing
from domain.audio.streams import SECOND, Stream, microseconds
from domain.audio.stretches import agreement_of
from domain.audio.utterances import Utterance
from domain.audio.weighing import REVIEW_HOPS, Scales, expected

COMPARED_EVERY: Final = 2 * REVIEW_HOPS
"""A competitor is compared with the winner at the review, then every so many hops of its speech."""
LOOKED_EVERY: Final = (4, 25)
"""After so many hops, evidence of speech is looked for again: in the first half second, and later."""
BROKEN_INTO: Final = 6 * SECOND // 5
"""Who breaks into a sentence earlier than this before its end is noticed before that."""
AFTERMATH: Final = SECOND // 4
"""What still sounds on a competitor so long after the utterance is over is something else."""


def select(utterance: Utterance, speech: Speech, reason: Reason, now: int) -> StreamSelected:
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


def _breaks_in(speech: Speech, winner: Speech) -> bool:
    """Whether somebody began to speak into the last of a sentence that is decided, and goes on."""
    moment, over = speech.departure(), winner.ended_at or 0
    return moment is not None and moment > over - BROKEN_INTO and speech.departs_from(winner)


class Admission:
    """Admits the speech of one network to its utterances."""

    def __init__(self, docket: Docket) -> None:
        self.docket: Final = docket
        self.scales: Final = Scales()
        self._count = 0

    def notice(self, stream: Stream, started: int, now: int) -> list[Decision]:
        """A stream has noticed speech: its own new one, or what it was already listening along to."""
        along = self.docket.listened_along(stream, stream.at(started))
        if along is not None:
            self.docket.speaking[stream] = along
            return []
        speech = Speech(stream, started, stream.at(started), now, free_from=self.docket.used_until(stream))
        self.docket.speaking[stream] = speech
        return self.enter(speech, now)

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
        return self.open_with(speech, now)

    def settle(self, speech: Speech, now: int) -> list[Decision]:
        """Speech that was taken for noise or for a late echo is over: it may have been a turn after all."""
        if speech.standing is Standing.UNSURE:
            return self.enter(speech, now)
        if speech.standing is not Standing.ABSORBED or self.docket.decided_on(speech) is not None:
            return []
        return self._promote(speech, None, now)

    def open_with(self, speech: Speech, now: int) -> list[Decision]:
        """Open an utterance with speech, and all who may hear it, and name the first winner."""
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
        self.scales.weigh(utterance.speeches)
        best = max(utterance.speeches, key=expected)
        return [
            started,
            select(utterance, best, Reason.ONLY_STREAM if alone else Reason.HIGHEST_QUALITY, now),
        ]

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
        return self.begin_anew(utterance, over, now)

    def begin_anew(self, utterance: Utterance, over: Speech, now: int) -> list[Decision]:
        """Let an utterance begin where somebody spoke over what it was, and name the winner anew."""
        self.docket.begin_anew(utterance, over, now)
        self.scales.weigh(utterance.speeches)
        best = max(utterance.speeches, key=expected)
        return [select(utterance, best, Reason.HIGHEST_QUALITY, now)]

    def look_again(self, now: int) -> list[Decision]:
        """Look again at speech that may have been noise, and at what came late of a decided sentence."""
        decisions: list[Decision] = []
        for stream, speech in list(self.docket.speaking.items()):
            if speech.standing is Standing.ABSORBED:
                decisions += self._watch(stream, speech, now)
            elif speech.standing is Standing.UNSURE:
                wait = LOOKED_EVERY[speech.hops > HOPS_PER_SECOND // 2]
                if speech.hops >= speech.looked_at + wait:
                    decisions += self.enter(speech, now)
        return decisions

    def _watch(self, stream: Stream, speech: Speech, now: int) -> list[Decision]:
        """Follow speech that came late: it may turn out to be another sentence after all."""
        due = speech.hops // COMPARED_EVERY
        if due <= speech.compared:
            return []
        speech.compared = due
        echo = self.docket.decided_on(speech)
        decided = echo is not None and speech in echo.speeches
        if (echo is None or self._goes_beyond(speech, echo)) and self.docket.rules.lets_pass(speech.judge()):
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

    def _surpasses(self, speech: Speech, echoed: Utterance) -> bool:
        """Whether speech that came late is good enough where its sentence was not used for being too poor."""
        return echoed.too_poor and self.docket.rules.lets_pass(speech.judge())

    def _promote(self, speech: Speech, echo: Utterance | None, now: int) -> list[Decision]:
        """Place speech taken for a decided one; unless it is another, it has to prove itself anew."""
        proven = False
        if echo is not None:
            speech.depart(echo.winner)
            echo.speeches = [each for each in echo.speeches if each is not speech]
            proven = echo.too_poor or (speech.proven and speech.heard_else(echo.winner))
        speech.standing, speech.proven = Standing.UNSURE, proven
        return self.enter(speech, now)
