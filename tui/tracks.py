"""What moves, kept for half a minute: the streams of a network, and what each network does."""

from collections import deque
from collections.abc import Iterable
from datetime import datetime
from typing import Final

from attrs import define, field

from adapters.hub.answers import Stream
from adapters.hub.operating import LiveStream, NetworkSeen
from adapters.hub.operator_events import Activity, Selection

HISTORY_SECONDS: Final = 30.0
METERS_PER_SECOND: Final = 8
SECONDS: Final = 60


@define(eq=False)
class StreamTrack:
    """One stream: how it is now, its scores of the last half minute, and why it was used or was not."""

    now: LiveStream
    scores: deque[float] = field(factory=lambda: deque(maxlen=int(HISTORY_SECONDS * METERS_PER_SECOND)))
    reason: str = ""
    gone: bool = False


@define(eq=False)
class NetworkTrack:
    """One network: what is known of it, and how busy it was in each of the last seconds."""

    seen: NetworkSeen
    requests: deque[float] = field(factory=lambda: deque(maxlen=SECONDS))
    sound: deque[float] = field(factory=lambda: deque(maxlen=SECONDS))
    facts: deque[float] = field(factory=lambda: deque(maxlen=SECONDS))
    turns: int = 0
    connected: int = 0
    clients: int = 0
    second: int = 0
    lately: float = 0.0

    @classmethod
    def of(cls, seen: NetworkSeen) -> "NetworkTrack":
        """The track of a network just read."""
        track = cls(seen)
        track.refresh(seen)
        return track

    def refresh(self, seen: NetworkSeen) -> None:
        """Take what was read anew."""
        self.seen = seen
        self.turns = seen.counts.interactions
        self.connected, self.clients = seen.counts.connected, seen.counts.clients

    def pass_to(self, second: int) -> None:
        """Let time pass to a second; those in which nothing was told were quiet."""
        quiet = min(max(second - self.second, 0), SECONDS) if self.second else 1
        for _ in range(quiet):
            for line in (self.requests, self.sound, self.facts):
                line.append(0.0)
        self.second = max(second, self.second)
        self.lately *= 0.9**quiet

    def note(self, activity: Activity, second: int) -> None:
        """Note what happened within a second."""
        self.pass_to(second)
        if self.requests:
            self.requests[-1] += activity.requests
            self.sound[-1] += activity.sound
            self.facts[-1] += activity.facts
        self.lately += activity.requests + activity.facts + activity.sound * 3

    @property
    def busy(self) -> list[float]:
        """How busy it was in each of the last seconds: sound weighs most, then facts, then requests."""
        return [
            3 * sound + facts + 0.3 * requests
            for sound, facts, requests in zip(self.sound, self.facts, self.requests, strict=True)
        ]


@define(eq=False)
class Streams:
    """The streams of one network."""

    tracks: dict[str, StreamTrack] = field(factory=dict)
    chosen: Selection | None = None
    at: datetime | None = None

    def measure(self, streams: Iterable[LiveStream], at: datetime) -> None:
        """Take in how all streams are now; those that are not named any more are gone, and fade out."""
        self.at = at
        heard = {stream.client_id: stream for stream in streams}
        for client_id, stream in heard.items():
            track = self.tracks.get(client_id)
            if track is None:
                track = self.tracks[client_id] = StreamTrack(stream)
            track.now, track.gone = stream, False
            track.scores.append(stream.quality_score if stream.speaking else 0.0)
        for client_id in [name for name in self.tracks if name not in heard]:
            self._fade(client_id)

    def select(self, selection: Selection) -> None:
        """Take in which stream was chosen, and why each of the others was not."""
        self.chosen = selection
        for stream in selection.streams:
            track = self.tracks.get(stream.client_id)
            if track is not None:
                track.reason = stream.reason

    def _fade(self, client_id: str) -> None:
        track = self.tracks[client_id]
        track.gone = True
        track.scores.append(0.0)
        if not any(track.scores):
            del self.tracks[client_id]


def why(streams: Iterable[Stream], client_id: str) -> str:
    """The words for what became of a stream."""
    return next((stream.reason for stream in streams if stream.client_id == client_id), "")
