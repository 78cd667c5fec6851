"""What was decided just now, and what else is heard of it."""

import pytest

from domain.audio.decisions import UtteranceId
from domain.audio.docket import Docket
from domain.audio.endpointing import TurnRules
from domain.audio.pcm import SAMPLE_RATE
from domain.audio.rules import ArbitrationRules
from domain.audio.speeches import Speech, whole
from domain.audio.utterances import Utterance
from domain.ids import ClientId
from tests.domain.audio.conftest import Studio
from tests.domain.audio.deciding import BEGIN


def _stretch(heard: Speech, began: float, ended: float) -> Speech:
    """What the stream of a speech heard between two moments of it, in seconds."""
    first = heard.started + int(began * SAMPLE_RATE)
    stretch = Speech(heard.stream, first, heard.stream.at(first), BEGIN)
    stretch.over = heard.started + int(ended * SAMPLE_RATE)
    stretch.ended_at = heard.stream.at(stretch.over)
    return stretch


@pytest.mark.parametrize(("lost_at", "again_at", "known"), [(1.2, 1.9, True), (2.2, 2.6, False)])
def test_the_rest_of_a_sentence_that_a_stream_had_lost_is_known_as_such(
    lost_at: float, again_at: float, known: bool, studio: Studio
) -> None:
    """What it hears again before the sentence was over is the same; what it hears afterwards is not."""
    dry = studio.say("rms")
    near, far = (
        whole(ClientId(name), hear(dry), BEGIN, None, TurnRules())
        for name, hear in (("near", studio.near), ("far", studio.far))
    )
    near.stream.has_clock = far.stream.has_clock = True
    lost, again = _stretch(far, 0.0, lost_at), _stretch(far, again_at, again_at + 0.6)
    docket = Docket(ArbitrationRules(), {})
    decided = Utterance(UtteranceId(1), near, [near, lost])
    docket.decided.append((decided, BEGIN))
    assert docket.echoes(again) is (decided if known else None)
