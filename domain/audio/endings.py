"""When a sentence pauses, and when it is over."""

from typing import Final

from domain.audio.pcm import SAMPLE_RATE
from domain.audio.streams import SECOND
from domain.audio.utterances import Speech, Standing, Utterance

PAUSE: Final = 3 * SAMPLE_RATE // 20
"""So much silence may be the end: 150 ms."""
SAME_PAUSE: Final = 3 * SECOND // 10
"""A pause that begins so much later on another stream is the same: echoes last."""
OVERRULED_AFTER: Final = SECOND
"""So long after another that hears the same has noticed the end, a winner that hears on is overruled."""


def pauses(utterance: Utterance) -> bool:
    """Whether the winner is silent, and has not been found so already."""
    winner, endpointer = utterance.winner, utterance.winner.stream.endpointer
    if winner.ended is not None or not endpointer.speaking:
        return False
    silent_since = endpointer.last_active
    return endpointer.heard - silent_since >= PAUSE and utterance.paused != (winner.stream, silent_since)


def is_over(utterance: Utterance, window_ms: int, now: int) -> bool:
    """Whether the winner has finished, and competitors have had their time to come."""
    winner = utterance.winner
    others = [s for s in utterance.competing() if s is not winner and s.noticed]
    if winner.goes_on and winner.standing is not Standing.BARRED:
        if not winner.noticed:
            return all(not speech.goes_on for speech in others)
        heard = winner.stream.heard_until - OVERRULED_AFTER - waited_for(winner)
        finished = [s.ended_at for s in others if s.agreement.same and not s.left]
        return any(ended is not None and ended < heard for ended in finished)
    return not winner.came_whole or now - winner.first_arrival >= window_ms * 1000


def waited_for(winner: Speech) -> int:
    """By how many microseconds more than usual a silence is waited out."""
    more = winner.stream.endpointer.patience_ms - winner.stream.endpointer.rules.end_silence_ms
    return max(0, more) * 1000


def expect(utterance: Utterance, speech_ended_at: int, patience_ms: int) -> None:
    """Wait for so much silence, on every stream that heard the same pause begin."""
    told = utterance.paused
    if told is None or told[0].at(told[1]) != speech_ended_at:
        return
    for speech in utterance.competing():
        stream = speech.stream
        silent = stream.at(stream.endpointer.last_active) <= speech_ended_at + SAME_PAUSE
        if speech.ended is None and silent:
            stream.endpointer.expect(patience_ms)
