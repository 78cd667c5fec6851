"""What the sockets are told once, when the hub starts."""

from datetime import timedelta

from attrs import frozen


@frozen(kw_only=True)
class SocketOptions:
    """How long the hub waits for those at its sockets, and how much it takes from them at once.

    handshake_timeout: from the upgrade to the handshake.
    heartbeat_timeout: from one message to the next, heartbeats included; then the reason is timeout.
    send_timeout: until a client has taken one message, when everything between is full already.
    largest_message: bytes of one text message or binary frame.
    most_malformed: messages in a row that could not be read; one more closes the socket with 1008.
    public_url: where people reach the sockets, for the AsyncAPI document.
    """

    handshake_timeout: timedelta = timedelta(seconds=10)
    heartbeat_timeout: timedelta = timedelta(seconds=60)
    send_timeout: timedelta = timedelta(seconds=10)
    largest_message: int = 2 * 1024 * 1024
    most_malformed: int = 100
    public_url: str = "ws://127.0.0.1:8080"
    version: str = "0"
