"""Who of a room says an answer aloud."""

from datetime import timedelta

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from domain.clients import Client, ConnectionStatus
from domain.ids import ClientId
from domain.mouths import mouth_of
from domain.networks import NetworkSettings, SpokenBy
from tests import samples

HEARD = ("audio_output",)
DEAF_MUTE = ("text",)
OWN, ROOM = NetworkSettings(), NetworkSettings(answers_spoken_by=SpokenBy.ROOM)


def one(name: str, *capabilities: str, room: str | None = "Kitchen", after: int = 0, **more: str) -> Client:
    """A connected client, registered so many minutes after the first."""
    first = samples.client(name)
    return evolve(
        first,
        capabilities=capabilities,
        room=room,
        connection_status=ConnectionStatus.CONNECTED,
        registered_at=first.registered_at + timedelta(minutes=after),
        **more,
    )


def chosen(asking: Client, others: list[Client], settings: NetworkSettings = OWN) -> str | None:
    """The id of the mouth."""
    mouth = mouth_of(asking, [asking, *others], settings)
    return None if mouth is None else mouth.id


PANEL = one("panel", "audio_input")
SHELF = one("shelf", "audio_output", room=" kitchen", after=5)


def test_who_can_be_heard_speaks_for_itself_unless_the_network_leaves_it_to_the_room() -> None:
    phone, speaker = one("phone", "audio"), evolve(SHELF, device_type="smart_speaker")
    assert chosen(phone, [speaker]) == "phone"
    assert chosen(phone, [speaker], ROOM) == "shelf"
    assert chosen(phone, [SHELF], ROOM) == "phone", "nothing speaks for another"


def test_who_has_no_loudspeaker_is_answered_by_its_room() -> None:
    assert chosen(PANEL, [SHELF]) == "shelf"
    assert chosen(PANEL, []) is None


@pytest.mark.parametrize(
    "other",
    [
        evolve(SHELF, room="Hall"),
        evolve(SHELF, room=None),
        evolve(SHELF, capabilities=()),
        evolve(SHELF, capabilities=DEAF_MUTE),
        evolve(SHELF, connection_status=ConnectionStatus.DISCONNECTED),
    ],
)
def test_others_serve_only_in_the_room_connected_and_with_a_loudspeaker_they_told_of(other: Client) -> None:
    assert chosen(PANEL, [other]) is None


def test_a_client_without_a_room_has_no_mouth_but_its_own() -> None:
    assert chosen(evolve(PANEL, room=None), [evolve(SHELF, room=None)]) is None


def test_preferred_mouths_come_first_in_their_order_then_loudspeakers_then_the_oldest() -> None:
    old, young = one("old", *HEARD), one("young", *HEARD, after=9)
    speaker = one("speaker", *HEARD, after=20, device_type="smart_speaker")
    everybody = [young, old, speaker]
    preferring = evolve(OWN, preferred_mouths=(ClientId("away"), ClientId("young"), ClientId("old")))
    assert chosen(PANEL, everybody, preferring) == "young"
    assert chosen(PANEL, everybody) == "speaker"
    assert chosen(PANEL, [young, old]) == "old"


@given(
    st.permutations([one(name, *HEARD, after=at) for name, at in (("b", 1), ("a", 1), ("c", 0), ("d", 2))])
)
def test_the_order_in_which_they_are_found_plays_no_part(others: list[Client]) -> None:
    assert chosen(PANEL, others) == "c"
    assert chosen(PANEL, [each for each in others if each.id != "c"]) == "a"
