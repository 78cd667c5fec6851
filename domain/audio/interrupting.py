"""Which answers of the hub's own are silenced by what is being said."""

from domain.audio.decisions import AnswerSpokenOver, Decision
from domain.audio.docket import Docket
from domain.audio.utterances import Utterance


def interrupt(utterance: Utterance, docket: Docket, now: int) -> list[Decision]:
    """Silence the answers that an utterance is spoken over: each is told of once."""
    over = [playback for playback in docket.playing if utterance.is_over_answer(playback)]
    decisions: list[Decision] = [
        AnswerSpokenOver(
            utterance=utterance.id,
            playback=playback.id,
            client_id=playback.client_id,
            is_late=now > playback.usually_over_at and not docket.is_heard(playback),
            at=now,
        )
        for playback in over
    ]
    for playback in over:
        docket.stop(playback.id, now)
    return decisions
