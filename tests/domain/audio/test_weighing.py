"""How a household's own past steadies the choice of a stream."""

from itertools import pairwise

import numpy as np

from domain.audio.decisions import StreamSelected, UtteranceEnded


def first_picks(decisions) -> list[str]:
    named = [each for each in decisions if isinstance(each, StreamSelected)]
    return [
        next(each.client_id for each in named if each.utterance == k) for k in {n.utterance: 0 for n in named}
    ]


def test_after_the_first_sentence_the_best_is_named_at_once(studio, household) -> None:
    """Two devices that are hard to tell apart by the first fifth of a second."""
    dry = sum(studio.say("slt", at=at, seconds=20.0) for at in (1.0, 6.0, 11.0, 15.5))
    near = 0.7 * studio.room(dry, reverberation=0.5, direct_db=2.0) + studio.noise(len(dry), 0.004)
    far = 0.5 * studio.room(dry, reverberation=0.7, direct_db=-4.0) + studio.noise(len(dry), 0.0005)
    decisions = household.play({"far": far, "near": near})
    ends = [each for each in decisions if isinstance(each, UtteranceEnded)]
    assert [end.client_id for end in ends] == ["near"] * 4
    assert first_picks(decisions)[1:] == ["near"] * 3
    named = [each for each in decisions if isinstance(each, StreamSelected)]
    later = [each for each in named if each.utterance > ends[0].utterance]
    assert all(a.client_id == b.client_id for a, b in pairwise(later))


def test_who_walks_over_to_another_device_is_heard_there(studio, household) -> None:
    here = sum(studio.say("rms", at=at, seconds=21.0) for at in (1.0, 6.0))
    there = sum(studio.say("rms", at=at, seconds=21.0) for at in (11.0, 16.0))
    kitchen = studio.near(here) + np.float32(0.4) * studio.far(there)
    living = studio.near(there) + np.float32(0.4) * studio.far(here)
    decisions = household.play({"kitchen": kitchen, "living": living})
    ends = [each.client_id for each in decisions if isinstance(each, UtteranceEnded)]
    assert ends == ["kitchen", "kitchen", "living", "living"]
    assert first_picks(decisions)[1:] == ["kitchen", "living", "living"]
