"""What can go wrong when a hub is spoken to."""

from collections.abc import Mapping


class HubError(Exception):
    """The hub refused: its status, code, sentence and details, and the id under which its log has it."""

    def __init__(
        self,
        status: int,
        code: str,
        message: str,
        details: Mapping[str, object] | None = None,
        request_id: str | None = None,
    ) -> None:
        super().__init__(f"{code}: {message}")
        self.status = status
        self.code = code
        self.message = message
        self.details: Mapping[str, object] = details or {}
        self.request_id = request_id

    @property
    def retry_after(self) -> float | None:
        """After so many seconds it is worth trying again, where the hub says so."""
        wait = self.details.get("retry_after")
        return float(wait) if isinstance(wait, int | float) else None


class HubUnreachable(Exception):
    """There is no hub at the address, or it did not answer in time."""


class SocketEnded(Exception):
    """The hub closed a socket for good: the close code, and the word that came with it."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(f"the hub closed the socket: {code} {reason}".rstrip())
        self.code = code
        self.reason = reason
