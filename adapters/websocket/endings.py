"""How sockets end: the close codes, what they mean, and what the others are told."""

from collections.abc import Mapping
from typing import Final

from attrs import frozen

from application.ports.announcing import Inbox
from domain.clients import LeaveReason
from domain.errors import Kind, MiraError


@frozen(kw_only=True)
class Goodbye:
    """Why the hub closes a socket: the close code of RFC 6455, a word, and what the others are told."""

    code: int
    reason: str
    leave: LeaveReason = LeaveReason.DISCONNECTED


class Over(Exception):
    """A socket has come to its end; raised by whichever of its tasks notices."""

    def __init__(self, goodbye: Goodbye) -> None:
        super().__init__(goodbye.reason)
        self.goodbye = goodbye


SERVER_STOPS: Final = Goodbye(code=1001, reason="server_stops")
MALFORMED: Final = Goodbye(code=1008, reason="malformed")
FAILED: Final = Goodbye(code=1011, reason="failed")
TOO_SLOW: Final = Goodbye(code=1013, reason="too_slow")
REPLACED: Final = Goodbye(code=4000, reason="replaced", leave=LeaveReason.REPLACED)
DEREGISTERED: Final = Goodbye(code=4001, reason="deregistered", leave=LeaveReason.DEREGISTERED)
NETWORK_DELETED: Final = Goodbye(code=4002, reason="network_deleted", leave=LeaveReason.NETWORK_DELETED)
TIMED_OUT: Final = Goodbye(code=4003, reason="timeout", leave=LeaveReason.TIMEOUT)
NO_HANDSHAKE: Final = Goodbye(code=4004, reason="no_handshake")
TOKEN_REVOKED: Final = Goodbye(code=4005, reason="token_revoked")

MEANINGS: Final[Mapping[Goodbye, str]] = {
    SERVER_STOPS: "The hub stops; come back soon.",
    MALFORMED: "Too many messages in a row could not be read.",
    FAILED: "The hub failed; come back.",
    TOO_SLOW: "Come back, and resume with last_event_id: facts were not read in time, or an operator asks.",
    REPLACED: "The same client has opened another socket.",
    DEREGISTERED: "The client was deregistered.",
    NETWORK_DELETED: "The network was deleted.",
    TIMED_OUT: "Nothing was heard from the client for too long; send heartbeats.",
    NO_HANDSHAKE: "The handshake did not come in time.",
    TOKEN_REVOKED: "The client's token was revoked; get another.",
}
"""Every way in which the hub closes a socket, as the AsyncAPI document tells it."""

_BY_KIND: Final = {Kind.NOT_FOUND: DEREGISTERED, Kind.UNAUTHENTICATED: TOKEN_REVOKED}
_BY_REASON: Final = {
    goodbye.leave: goodbye for goodbye in (REPLACED, DEREGISTERED, NETWORK_DELETED, TOKEN_REVOKED)
}


def goodbye_of(inbox: Inbox) -> Goodbye:
    """Why an inbox has come to its end."""
    if inbox.overflowed:
        return TOO_SLOW
    if inbox.leave_reason is None:
        return FAILED
    return _BY_REASON.get(inbox.leave_reason, Goodbye(code=1000, reason=inbox.leave_reason.value))


def goodbye_for(error: MiraError) -> Goodbye:
    """Why a client that has said hello cannot stay."""
    return _BY_KIND.get(error.kind, FAILED)
