"""What was heard of clients that lost their sockets, so that what they send again is not heard twice."""

from typing import Final

from attrs import define, field

from domain.audio.pcm import SAMPLE_RATE
from domain.ids import ClientId

REMEMBERED: Final = 15_000_000
"""Microseconds; what is sent again is never older, because older sound is not believed."""


@define(eq=False)
class HeardBefore:
    """Knows up to when, in capture time (microseconds, hub time), each client was heard.

    A client that comes back may not know what of its last sound had arrived, and send it once more; what
    was heard is known by its time. The first sound that is new ends that.
    """

    _until: dict[ClientId, int] = field(factory=dict, init=False)
    _back: set[ClientId] = field(factory=set, init=False)

    def __bool__(self) -> bool:
        return bool(self._until)

    def came(self, client_id: ClientId) -> None:
        """A client has opened a socket."""
        if client_id in self._until:
            self._back.add(client_id)

    def again(self, client_id: ClientId, captured_at: int | None, samples: int) -> bool:
        """Whether a piece of sound of so many samples was heard already; if not, it is now."""
        if captured_at is None:
            return False
        took = samples * 1_000_000 // SAMPLE_RATE
        until = self._until.get(client_id, captured_at)
        if client_id in self._back:
            if until - REMEMBERED < captured_at + took // 2 <= until:
                return True
            self._back.discard(client_id)
        self._until[client_id] = captured_at + took
        return False

    def forget_before(self, moment: int) -> None:
        """Let go of those who were last heard before a moment."""
        for client_id in [one for one, until in self._until.items() if until < moment]:
            del self._until[client_id]
            self._back.discard(client_id)
