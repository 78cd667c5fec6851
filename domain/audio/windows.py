"""Sentences that were sent as a whole: who of those that came within a window heard one best."""

from collections.abc import Iterable

from attrs import frozen

from domain.audio.arbitration import Arbiter
from domain.audio.decisions import Decision, UtteranceEnded, UtteranceRejected
from domain.audio.pcm import Samples
from domain.audio.rules import ArbitrationRules
from domain.ids import ClientId


@frozen(kw_only=True, eq=False)
class WholeSound:
    """An utterance that was sent as a whole: by whom, what (16 kHz), when (microseconds), and its name."""

    client_id: ClientId
    samples: Samples
    arrived_at: int
    reference: str


def decide(
    sounds: Iterable[WholeSound], rules: ArbitrationRules, now: int
) -> tuple[UtteranceEnded | UtteranceRejected, ...]:
    """Decide on all whose windows are over by now; a sound that no decision names has to wait.

    Those that came within a window of each other and are of one sentence compete. What came before all that
    is undecided has no part in it: the same sentence sent again later is one of its own.
    """
    arbiter, undecided = Arbiter(rules), set[str]()
    verdicts: list[UtteranceEnded | UtteranceRejected] = []

    def note(decisions: Iterable[Decision]) -> None:
        for decision in decisions:
            if isinstance(decision, UtteranceEnded | UtteranceRejected):
                verdicts.append(decision)
                undecided.difference_update(one.reference or "" for one in decision.competitors)

    for sound in sorted(sounds, key=lambda one: one.arrived_at):
        note(arbiter.advance(sound.arrived_at))
        if not undecided:
            arbiter = Arbiter(rules)
        undecided.add(sound.reference)
        note(arbiter.hear_whole(sound.client_id, sound.samples, sound.arrived_at, sound.reference))
    note(arbiter.advance(now))
    return tuple(verdicts)
