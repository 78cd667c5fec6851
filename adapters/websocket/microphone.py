"""The microphone at the far end of a socket: whatever form its sound has, it comes to the hub's ears."""

from collections.abc import Mapping
from typing import Final

from attrs import define, field

from adapters.websocket.clocks import client_micros
from adapters.websocket.sound import read_base64, read_frame
from adapters.websocket.streams import SoundStream
from adapters.websocket.use_cases import Ears
from application.ports.meters import Meters
from application.ports.sounds import SoundCodec
from application.ports.watching import Watchtower
from application.ports.world import Clock
from domain.audio.pcm import SAMPLE_RATE, Samples, from_s16le
from domain.clients import Client
from domain.errors import CapabilityMissing, RateLimitExceeded
from domain.ids import ClientId, NetworkId

BETWEEN_COMPLAINTS: Final = 1_000_000
"""A stream that sends too much is told so once in as many microseconds, not for each frame."""


@define(kw_only=True, eq=False)
class Microphone:
    """Takes the sound of one client in, within its budget and in the hub's time."""

    network_id: NetworkId
    client_id: ClientId
    listening: Ears
    sounds: SoundCodec
    meters: Meters
    tower: Watchtower
    clock: Clock
    stream: SoundStream = field(factory=SoundStream)
    _complained_at: int | None = field(default=None, init=False)
    _client: Client | None = field(default=None, init=False)

    def belongs_to(self, client: Client) -> None:
        """Know whose it is, and whether there is one at all."""
        if self._client is not None and self._client.can_hear != client.can_hear:
            self.listening.join(self.network_id, client)
        self._client = client

    def take_frame(self, data: bytes) -> None:
        """Take in a binary frame: the time of its first sample, and samples.

        Raises:
            InvalidValue: it is no such frame.
            RateLimitExceeded: the stream sends more than it may; said at most once a second.
            CapabilityMissing: the client has said that it has no microphone; said at most once a second.
        """
        if not self._is_there():
            return
        frame, now = read_frame(data), self.clock.micros()
        try:
            captured_at = self.stream.place(frame, now)
        except RateLimitExceeded:
            self.meters.sound_dropped()
            if self._may_complain(now):
                raise
            return
        self._hand_on(frame.samples, captured_at)

    async def take_base64(self, name: str, text: str) -> None:
        """Take in sound in base64, from a field of that name: a sound file, or raw samples.

        Raises:
            InvalidValue: it is not base64, a broken file, or half a sample.
            TooLarge: the file is longer than the hub takes.
            Overloaded: as many files are being read as may be.
            RateLimitExceeded: the stream sends more than it may; said at most once a second.
            CapabilityMissing: the client has said that it has no microphone; said at most once a second.
        """
        if not self._is_there():
            return
        data = read_base64(name, text)
        if self.sounds.recognises(data):
            samples = (await self.sounds.decode(data)).samples
        else:
            samples = from_s16le(data)
        now = self.clock.micros()
        try:
            self.stream.let_through(samples, now)
        except RateLimitExceeded:
            self.meters.sound_dropped()
            if self._may_complain(now):
                raise
            return
        self._hand_on(samples, None)

    def note_quality(self, reported: Mapping[str, float]) -> None:
        """The client says how well it hears; that is shown, and trusted for nothing."""
        self.listening.note(self.network_id, self.client_id, reported)

    def finish(self) -> None:
        """The utterance is complete."""
        self.listening.finish(self.network_id, self.client_id)

    def note_heartbeat(
        self, timestamp: str | int | None, answer_sent_at: int | None, answer_received_at: int | None
    ) -> int:
        """Compare clocks, and say when the heartbeat was received (microseconds, hub time)."""
        now = self.clock.micros()
        if timestamp is not None:
            self.stream.clock.note(sent_at=client_micros(timestamp), received_at=now)
        if answer_sent_at is not None and answer_received_at is not None:
            self.stream.clock.note_answer(sent_at=answer_sent_at, received_at=answer_received_at)
        return now

    def _hand_on(self, samples: Samples, captured_at: int | None) -> None:
        seconds = len(samples) / SAMPLE_RATE
        self.meters.sound_taken(seconds)
        self.tower.sound(self.network_id, seconds)
        self.listening.hear(self.network_id, self.client_id, samples, captured_at)

    def _is_there(self) -> bool:
        """Whether the client has a microphone, by what it says of itself."""
        if self._client is None or self._client.can_hear:
            return True
        self.meters.sound_dropped()
        if self._may_complain(self.clock.micros()):
            raise CapabilityMissing("audio", self._client.capabilities)
        return False

    def _may_complain(self, now: int) -> bool:
        if self._complained_at is not None and 0 <= now - self._complained_at < BETWEEN_COMPLAINTS:
            return False
        self._complained_at = now
        return True
