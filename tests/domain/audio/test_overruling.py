"""A sentence ends when its talker does, not where a device that hears it badly loses it."""

from collections.abc import Mapping

import numpy as np
import pytest

from domain.audio.agreement import Agreement
from domain.audio.arbitration import Arbiter, ArbitrationRules
from domain.audio.decisions import UtteranceId
from domain.audio.endpointing import TurnRules
from domain.audio.overruling import knows_the_end, overrules
from domain.audio.pcm import SAMPLE_RATE, Samples
from domain.audio.speeches import Speech, Standing, whole
from domain.audio.utterances import Utterance
from domain.ids import ClientId
from tests.domain.audio.conftest import Household, Studio
from tests.domain.audio.deciding import BEGIN, ended

BEGINS = 1.0


def _heard(samples: Samples) -> Speech:
    return whole(ClientId("one"), samples, BEGIN, None, TurnRules())


@pytest.mark.parametrize(
    ("heard", "goes_on_at", "knows"),
    [("noisy", 1.0, False), ("noisy", 0.3, True), ("near", 1.0, True)],
    ids=["badly, the winner as before", "badly, the winner less", "as well, the winner as before"],
)
def test_an_end_is_believed_of_who_hears_as_well_or_if_the_winner_hears_less_since(
    heard: str, goes_on_at: float, knows: bool, studio: Studio
) -> None:
    """One hears the first half of what another hears; the second half is as loud, or softer."""
    twice = np.tile(np.trim_zeros(studio.say("slt")), 2)
    half = len(twice) // 2
    second = np.where(np.arange(len(twice)) < half, 1.0, goes_on_at).astype(np.float32)
    winner, other = _heard(studio.near(twice * second)), _heard(getattr(studio, heard)(twice[:half]))
    over = winner.started_at + half * 1_000_000 // SAMPLE_RATE
    assert knows_the_end(other, over, winner) is knows


def test_what_goes_on_for_the_winner_is_over_when_the_last_who_hears_the_same_says_so(studio: Studio) -> None:
    winner, *others = (_heard(studio.near(studio.say("slt"))) for _ in range(3))
    for speech in (winner, *others):
        speech.standing = Standing.COMPETING
    winner.ended = winner.ended_at = None
    for speech, seconds in zip(others, (2, 3), strict=True):
        speech.agreement = Agreement(likeness=0.9, together=0.9, lag_hops=0, hops=200)
        speech.ended_at = BEGIN + seconds * 1_000_000
    Utterance(UtteranceId(1), winner, [winner, *others]).close()
    assert winner.ended_at == BEGIN + 3_000_000


def test_who_hears_on_when_all_is_said_is_overruled(voices: Mapping[str, Samples]) -> None:
    """Beside the one that hears the talker best a wireless goes on, softer than they were."""
    studio = Studio(voices, np.random.default_rng(4))
    said = studio.say("slt", at=BEGINS, seconds=9.0)
    wireless = studio.say("rms", at=BEGINS + 2.0, seconds=9.0) + studio.say("awb", at=4.6, seconds=9.0)
    near = studio.near(said) + 0.15 * studio.near(wireless)
    arbiter = Arbiter(ArbitrationRules(threshold=0.3))
    first = ended(Household(arbiter=arbiter).play({"near": near, "far": studio.far(said)}))[0]
    over = BEGINS + len(voices["slt"]) / SAMPLE_RATE
    assert (first.speech_ended_at - BEGIN) / 1e6 == pytest.approx(over, abs=0.5)


@pytest.mark.parametrize(("seconds", "overruled"), [(0.9, False), (1.1, True), (2.9, True), (3.1, False)])
def test_an_end_is_believed_from_one_second_after_it_until_three(
    seconds: float, overruled: bool, studio: Studio
) -> None:
    winner = other = _heard(studio.near(studio.say("slt")))
    over = winner.started_at + 1_000_000
    assert overrules(other, over, winner, over + int(1e6 * seconds)) is overruled
    assert not overrules(other, None, winner, over)
