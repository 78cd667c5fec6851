"""Which client of a room says an answer aloud: voice here, mouth there."""

from collections.abc import Iterable
from typing import Final

from domain.clients import AUDIO_OUTPUTS, Client
from domain.networks import NetworkSettings, SpokenBy

LOUDSPEAKERS: Final = frozenset({"smart_speaker", "speaker"})
"""Types of device that are there to be heard."""


def same_room(one: Client, other: Client) -> bool:
    """Whether two clients say that they are in one room; capitals and the space around make no difference."""
    return one.room is not None and other.room is not None and _name(one.room) == _name(other.room)


def mouth_of(asking: Client, connected: Iterable[Client], settings: NetworkSettings) -> Client | None:
    """Who of a network says aloud what a client has asked; None where nobody can be heard there.

    It is the asking client itself where it can be heard, unless the network leaves that to the room. Of a
    room, only those serve that are connected and say that they have a loudspeaker. The network's preferred
    mouths come first, in their order; then what is a loudspeaker by its type; then the asking client; then
    who was registered first; then by id.
    """
    if asking.can_speak and settings.answers_spoken_by is SpokenBy.OWN:
        return asking
    serving = [one for one in connected if one.id != asking.id and one.connected and same_room(one, asking)]
    candidates = [one for one in serving if AUDIO_OUTPUTS.intersection(one.capabilities)]
    if asking.can_speak:
        candidates.append(asking)
    places = {id_: place for place, id_ in reversed([*enumerate(settings.preferred_mouths)])}

    def rank(client: Client) -> tuple[object, ...]:
        return (
            places.get(client.id, len(places)),
            client.device_type not in LOUDSPEAKERS,
            client.id != asking.id,
            client.registered_at,
            client.id,
        )

    return min(candidates, key=rank, default=None)


def _name(room: str) -> str:
    return room.strip().casefold()
