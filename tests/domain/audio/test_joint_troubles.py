"""One sentence on several instances while radios fall silent and instances stand still: it is used once."""

from collections.abc import Mapping

import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from domain.audio.pcm import Samples
from domain.audio.testimony import Place
from tests.domain.audio.conftest import Studio
from tests.domain.audio.facility import Facility
from tests.domain.audio.test_joint import middling

Span = tuple[float, float]
INSTANCES = ("one", "two", "three")
CLIENTS = ("phone", "tablet", "speaker")
spans = st.builds(lambda begin, length: (begin, begin + length), st.floats(0.5, 4.0), st.floats(0.3, 3.0))
few = settings(
    max_examples=8,
    deadline=None,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


def heard_by_all(studio, order: list[int]) -> Mapping[str, Samples]:
    """A sentence as three clients hear it, of whom one is near."""
    dry = studio.say("rms", at=0.6, seconds=6.0)
    ways = (studio.near(dry), middling(studio, dry), studio.noisy(dry))
    return {client: ways[way] for client, way in zip(CLIENTS, order, strict=True)}


def apart(streams: Mapping[str, Samples]) -> Mapping[str, Mapping[str, Samples]]:
    """Each client on an instance of its own."""
    return {name: {client: streams[client]} for name, client in zip(INSTANCES, CLIENTS, strict=True)}


@given(
    order=st.permutations(range(3)),
    held_up=st.dictionaries(st.sampled_from(INSTANCES), spans, min_size=1, max_size=2),
)
@few
def test_instances_that_stand_still_for_a_while_hear_nothing_twice(
    order: list[int], held_up: Mapping[str, Span], studio
) -> None:
    facility = Facility(apart(heard_by_all(studio, order)), held_up=held_up).play()
    assert len(facility.used()) == 1
    assert {place for places in facility.places().values() for place in places} <= {
        Place.USED,
        Place.PASSED_OVER,
    }


@given(
    order=st.permutations(range(3)),
    cut_off=st.dictionaries(st.sampled_from(CLIENTS), spans, min_size=1, max_size=2),
)
@few
def test_what_a_radio_kept_back_is_heard_once_on_several_instances(
    order: list[int], cut_off: Mapping[str, Span], studio
) -> None:
    facility = Facility(apart(heard_by_all(studio, order)), cut_off=cut_off).play()
    assert len(facility.used()) == 1


@given(order=st.permutations(range(3)), name=st.sampled_from(CLIENTS), span=spans)
@few
def test_what_a_radio_kept_back_is_heard_once_on_one_instance(
    order: list[int], name: str, span: Span, studio
) -> None:
    facility = Facility({"only": heard_by_all(studio, order)}, cut_off={name: span}).play()
    assert len(facility.used()) == 1


@pytest.mark.parametrize("order", [[0, 1, 2], [1, 0, 2]])
def test_the_end_that_a_radio_kept_back_is_heard_once_though_the_others_heard_badly(
    order: list[int], studio
) -> None:
    cut_off = {"phone": (2.9, 5.5), "tablet": (1.3, 4.3)}
    assert len(Facility(apart(heard_by_all(studio, order)), cut_off=cut_off).play().used()) == 1


@pytest.mark.parametrize(("tells_at", "used"), [(5.0, "two"), (6.5, "one")])
def test_an_end_that_is_told_long_after_does_not_end_what_another_hears_on(
    tells_at: float, used: str, studio
) -> None:
    """One hears on after the other, who stands still meanwhile, and then tells of the end it heard."""
    said = np.concatenate([studio.voices[voice] for voice in ("slt", "rms", "awb")])
    said = said[np.abs(said) > 0.002]
    speaking = Studio({"all": said, "part": said[: len(said) // 3]})
    hearing = {
        "one": {"near": studio.near(speaking.say("all", seconds=10.0))},
        "two": {"next": studio.near(speaking.say("part", seconds=10.0))},
    }
    facility = Facility(hearing, held_up={"two": (3.0, tells_at)}).play()
    assert [heard.instance for heard in facility.used()] == [used]
