"""What the arbiter decided, as it is kept and told: which stream was used and why, and what each heard."""

from collections.abc import Mapping

from application.turns.reports import measures_by_name, reports
from domain.audio.decisions import StreamSelected, UtteranceEnded, UtteranceRejected
from domain.errors import AudioQualityTooLow
from domain.events import AudioStreamSelected
from domain.interactions import Hearing
from domain.moments import from_micros

Reported = Mapping[str, Mapping[str, float]]
"""What clients themselves had measured, by the client, or by the reference of what came as a whole."""


def choice(
    decision: StreamSelected | UtteranceEnded, at: int, reported: Reported | None = None
) -> AudioStreamSelected:
    """Which stream is used: for now while the sentence is said, for good when it is over."""
    return AudioStreamSelected(
        client_id=decision.client_id,
        score=round(decision.quality.score, 2),
        reason=decision.reason.value,
        provisional=isinstance(decision, StreamSelected),
        streams=reports(decision.competitors, reported),
        at=from_micros(at),
    )


def hearing(utterance: UtteranceEnded, reported: Reported | None = None) -> Hearing:
    """How an utterance was heard."""
    return Hearing(
        selected_client_id=utterance.client_id,
        score=round(utterance.quality.score, 2),
        reason=utterance.reason.value,
        seconds=round(utterance.recording.seconds, 3),
        streams=reports(utterance.competitors, reported),
    )


def too_poor(rejected: UtteranceRejected, threshold: float) -> AudioQualityTooLow:
    """What is told to the client that was heard best, but not well enough."""
    return AudioQualityTooLow(
        "The best stream was heard too badly: go nearer, or lower the network's threshold.",
        quality_score=round(rejected.quality.score, 2),
        threshold=threshold,
        metrics=measures_by_name(rejected.quality),
    )
