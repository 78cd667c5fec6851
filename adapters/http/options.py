"""What the hub's HTTP side is told once, when it starts."""

from datetime import timedelta
from typing import Final
from urllib.parse import urlsplit

from attrs import field, frozen

from domain.errors import InvalidValue

EVERYWHERE: Final = frozenset({"", "0.0.0.0", "::", "[::]"})  # noqa: S104 - recognised, not bound


@frozen(kw_only=True)
class HttpOptions:
    """Where people reach the hub, and how much it takes in one request.

    public_url is the address that a proxy or a name server gives the hub, with or without a path; without
    it the address that the hub is bound to is told, and loopback where it is bound to all of them.
    """

    host: str = "127.0.0.1"
    port: int = 8080
    public_url: str | None = field(default=None)
    version: str = "0"
    largest_body: int = 1024 * 1024
    largest_form: int = 16 * 1024 * 1024
    body_patience: timedelta = timedelta(seconds=30)

    @public_url.validator
    def _check_public_url(self, _: object, value: str | None) -> None:
        if value is not None and not _is_address(value):
            raise InvalidValue("public_url", "must be an address such as https://hub.example")

    @property
    def base_url(self) -> str:
        """The address that all others begin with, without a slash at its end."""
        if self.public_url is not None:
            return self.public_url.rstrip("/")
        host = "127.0.0.1" if self.host in EVERYWHERE else self.host
        return f"http://{f'[{host}]' if ':' in host and host[0] != '[' else host}:{self.port}"

    def socket_url(self, name: str) -> str:
        """The address of a network's or a device's WebSocket."""
        return f"ws{self.base_url.removeprefix('http')}/ws/{name}"


def _is_address(text: str) -> bool:
    """Whether a text is the address of a web server, with or without a path."""
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        return False
    plain = not (parts.query or parts.fragment or parts.username or " " in text)
    return plain and parts.scheme in {"http", "https"} and bool(parts.hostname) and port != 0
