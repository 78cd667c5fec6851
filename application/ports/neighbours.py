"""What the other instances of a hub hear just now."""

from collections.abc import Collection, Iterable, Mapping
from typing import Protocol

from attrs import frozen

from domain.audio.decisions import StreamState
from domain.events import AudioStreamSelected
from domain.ids import InstanceId, NetworkId


class LiveStreams(Protocol):
    """The streams of the sockets that this instance holds."""

    def streams(self, network_id: NetworkId) -> tuple[StreamState, ...]:
        """How each stream of a network stands right now."""
        ...

    def last_choice(self, network_id: NetworkId) -> AudioStreamSelected | None:
        """Which stream was last found to be the best, if any was."""
        ...


@frozen(kw_only=True)
class Heard:
    """What is heard of a network just now: its streams, and the choice that was told last, if any was."""

    streams: tuple[StreamState, ...] = ()
    choice: AudioStreamSelected | None = None

    @classmethod
    def by(cls, live: LiveStreams, network_id: NetworkId) -> "Heard":
        """What one instance hears of a network."""
        return cls(streams=live.streams(network_id), choice=live.last_choice(network_id))

    @classmethod
    def together(cls, several: Iterable["Heard"]) -> "Heard":
        """All of it as one: a client that moved in between counts where it was heard last."""
        streams: dict[str, StreamState] = {}
        choices = []
        for heard in several:
            choices += [heard.choice] if heard.choice is not None else []
            for state in heard.streams:
                known = streams.get(state.client_id)
                if known is None or known.last_frame_at < state.last_frame_at:
                    streams[state.client_id] = state
        choice = max(choices, key=lambda one: one.at, default=None)
        return cls(streams=tuple(streams.values()), choice=choice)


class Neighbours(Protocol):
    """The other instances, asked what their ears hear."""

    @property
    def alone(self) -> bool:
        """Whether there are none, or none can be reached just now."""
        ...

    async def heard(
        self, network_ids: Collection[NetworkId], instances: Collection[InstanceId]
    ) -> tuple[Mapping[NetworkId, Heard], ...]:
        """What some instances hear of some networks; those that do not answer soon are left out."""
        ...
