"""When a sentence pauses, when it is over, and what is told of it then."""

from typing import Final

from domain.audio.decisions import Reason, UtteranceEnded, UtterancePaused, UtteranceRejected
from domain.audio.docket import Docket
from domain.audio.endpointing import SpeechDropped, TurnRules
from domain.audio.finality import patience_ms
from domain.audio.overruling import overrules
from domain.audio.pcm import SAMPLE_RATE
from domain.audio.speeches import Speech, Standing
from domain.audio.streams import SECOND
from domain.audio.utterances import Utterance

PAUSE: Final = 3 * SAMPLE_RATE // 20
"""So much silence may be the end: 150 ms."""
FINAL_PAUSE: Final = 3 * SAMPLE_RATE // 50
"""So much is enough after what sounds like all of it: 60 ms. Within a word it may be as long."""
SOUNDS_FINAL: Final = 0.0
"""Log-odds, by sound, from which on that is so."""
SAME_PAUSE: Final = 3 * SECOND // 10
"""A pause that begins so much later on another stream is the same: echoes last."""


def pauses(utterance: Utterance) -> bool:
    """Whether the winner is silent, and has not been found so already."""
    winner, endpointer = utterance.winner, utterance.winner.stream.endpointer
    if winner.ended is not None or not endpointer.speaking:
        return False
    silent = endpointer.heard - endpointer.last_active
    if silent < FINAL_PAUSE or utterance.paused == (winner.stream, endpointer.last_active):
        return False
    return silent >= PAUSE or (finality(utterance) >= SOUNDS_FINAL and not winner.is_faint())


def finality(utterance: Utterance) -> float:
    """How likely what the winner heard before this pause sounds like all of it, measured once a pause."""
    winner = utterance.winner
    pause = winner.stream, winner.stream.endpointer.last_active
    if utterance.sounded is None or utterance.sounded[0] != pause:
        utterance.sounded = pause, winner.finality()
    return utterance.sounded[1]


def goes_on(utterance: Utterance) -> bool:
    """Whether the winner is being spoken to."""
    winner, endpointer = utterance.winner, utterance.winner.stream.endpointer
    if winner.ended is not None or not endpointer.speaking:
        return False
    told = utterance.paused == (winner.stream, endpointer.last_active)
    return not told and endpointer.heard - endpointer.last_active < PAUSE


def is_over(utterance: Utterance, window_ms: int, now: int) -> bool:
    """Whether the winner has finished, and competitors have had their time to come."""
    winner = utterance.winner
    others = [s for s in utterance.competing() if s is not winner and s.noticed]
    if winner.goes_on and winner.standing is not Standing.BARRED:
        if not winner.noticed:
            return all(not speech.goes_on for speech in others)
        heard = winner.stream.heard_until - waited_for(winner)
        finished = [s for s in others if s.agreement.same and not s.left]
        return any(overrules(speech, speech.ended_at, winner, heard) for speech in finished)
    return not winner.came_whole or now - winner.first_arrival >= window_ms * 1000


def waited_for(winner: Speech) -> int:
    """By how many microseconds more than usual a silence is waited out."""
    more = winner.stream.endpointer.patience_ms - winner.stream.endpointer.rules.end_silence_ms
    return max(0, more) * 1000


def expect(utterance: Utterance, speech_ended_at: int, patience_ms: int) -> None:
    """Wait for so much silence, on every stream that heard the same pause begin."""
    told = utterance.paused
    if told is not None and told[0].at(told[1]) == speech_ended_at:
        utterance.awaited = speech_ended_at, patience_ms
        keep_waiting(utterance)


def keep_waiting(utterance: Utterance) -> None:
    """Have streams where the last of what was said still echoes wait as long, once they are silent, too."""
    told = utterance.paused
    if utterance.awaited is None or told is None or told[0].endpointer.last_active != told[1]:
        return
    speech_ended_at, patience_ms = utterance.awaited
    for speech in utterance.competing():
        stream = speech.stream
        silent = stream.at(stream.endpointer.last_active) <= speech_ended_at + SAME_PAUSE
        if speech.ended is None and silent:
            stream.endpointer.expect(patience_ms)


def wait_by_sound(utterance: Utterance, paused: UtterancePaused, turns: TurnRules) -> None:
    """Until the words are known, wait as long as the sound of what was said lets expect.

    Of speech hardly louder than the noise, soft words are not heard: then the wait is never less than usual.
    """
    patience = patience_ms(paused.finality, None, turns.end_silence_ms)
    if utterance.winner.is_faint():
        patience = max(patience, turns.end_silence_ms)
    expect(utterance, paused.speech_ended_at, patience)


def refusal(utterance: Utterance, docket: Docket) -> Reason | None:
    """Why an utterance that is over is not used, if it is not."""
    winner = utterance.winner
    quality = winner.quality or winner.judge()
    if docket.is_barred(winner):
        return Reason.NO_STREAM
    echoed = docket.echoes(winner, surely=True) if winner.reference is None else None
    if echoed is not None and not (echoed.too_poor and docket.rules.lets_pass(quality)):
        return Reason.HEARD_ALREADY
    if isinstance(winner.ended, SpeechDropped):
        return Reason.TOO_SHORT
    if not quality.is_speech:
        return Reason.NOT_SPEECH
    return None if docket.rules.lets_pass(quality) else Reason.BELOW_THRESHOLD


def used(utterance: Utterance, now: int) -> UtteranceEnded:
    """An utterance is over and used."""
    winner, competitors = utterance.winner, utterance.explain()
    return UtteranceEnded(
        utterance=utterance.id,
        client_id=winner.stream.client_id,
        reference=winner.reference,
        recording=winner.recording(utterance.started_at),
        started_at=utterance.started_at,
        speech_ended_at=winner.ended_at or winner.stream.heard_until,
        ended_at=now,
        quality=winner.quality or winner.judge(),
        reason=Reason.FINAL_QUALITY if len(competitors) > 1 else Reason.ONLY_STREAM,
        competitors=competitors,
    )


def refused(utterance: Utterance, reason: Reason, now: int) -> UtteranceRejected:
    """An utterance is over and not used."""
    winner = utterance.winner
    return UtteranceRejected(
        utterance=utterance.id,
        client_id=winner.stream.client_id,
        reference=winner.reference,
        quality=winner.quality or winner.judge(),
        reason=reason,
        at=now,
        competitors=utterance.explain(),
    )


def heard_already(speech: Speech, echoed: Utterance, now: int) -> UtteranceRejected:
    """What came whole, but after its sentence was decided, is told so at once."""
    quality = speech.judge()
    return UtteranceRejected(
        utterance=echoed.id,
        client_id=speech.stream.client_id,
        reference=speech.reference,
        quality=quality,
        reason=Reason.HEARD_ALREADY,
        at=now,
        competitors=(echoed.competitor(speech, quality),),
    )
