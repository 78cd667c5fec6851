"""What ends turns: Mira, with what it is told of the words, or silence alone."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Final

from application.listening.patience import patience_for, patience_without_words
from benchmarks.turns.requests import Request
from domain.audio.arbitration import Arbiter, ArbitrationRules
from domain.audio.decisions import UtteranceEnded, UtterancePaused
from domain.audio.endpointing import Endpointer, SpeechEnded, TurnRules
from domain.audio.pcm import SAMPLE_RATE
from domain.ids import ClientId

BEGIN: Final = 1_700_000_000_000_000
FRAME: Final = 320
LATENCY: Final = 160_000
USUAL_MS: Final = 550
NOW: Final = datetime(2026, 3, 4, 10, tzinfo=UTC)
Words = Callable[[Request, UtterancePaused], tuple[str, float]]
"""What is known to have been said by a pause, and how sure that is, 0..1."""


def said_before(request: Request, pause: UtterancePaused) -> tuple[str, float]:
    """The truth: a clause of which the last 150 ms were too quiet to be heard counts as said."""
    ended = (pause.speech_ended_at - BEGIN) * SAMPLE_RATE // 1_000_000
    return request.said_by(ended + 3 * SAMPLE_RATE // 20), 1.0


def by_silence(request: Request, silence_ms: int) -> list[float]:
    """When turns end (seconds) if so much silence ends them."""
    told = Endpointer(TurnRules(end_silence_ms=silence_ms)).hear(request.samples)
    return [each.noticed / SAMPLE_RATE for each in told if isinstance(each, SpeechEnded)]


def by_mira(request: Request, words: Words | None) -> list[float]:
    """When turns end (seconds); with words, the arbiter is told what to expect at each pause."""
    arbiter = Arbiter(ArbitrationRules(threshold=0.0, turns=TurnRules(end_silence_ms=USUAL_MS)))
    ends, due = [], []
    for first in range(0, len(request.samples), FRAME):
        now = BEGIN + (first + FRAME) * 1_000_000 // SAMPLE_RATE
        for at, pause, patience in [each for each in due if each[0] <= now]:
            arbiter.expect(pause.utterance, pause.speech_ended_at, patience)
            due.remove((at, pause, patience))
        captured = BEGIN + first * 1_000_000 // SAMPLE_RATE
        for each in arbiter.hear(ClientId("it"), request.samples[first : first + FRAME], captured, now):
            if isinstance(each, UtteranceEnded):
                ends.append((each.ended_at - BEGIN) / 1e6)
            elif isinstance(each, UtterancePaused) and words is not None:
                waited = patience_without_words(USUAL_MS, each.finality)
                arbiter.expect(each.utterance, each.speech_ended_at, waited)
                patience = patience_for(*words(request, each), NOW, USUAL_MS, each.finality)
                due.append((now + LATENCY, each, patience))
    return ends
