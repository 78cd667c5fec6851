"""Opening a socket of a hub, and opening it again when it was lost."""

from collections.abc import Mapping
from datetime import timedelta
from secrets import SystemRandom
from typing import Final

import aiohttp
from attrs import define, field

from adapters.hub.calls import part
from adapters.hub.errors import HubError, HubUnreachable

LARGEST_MESSAGE: Final = 16 * 1024 * 1024
OPENING_MAY_TAKE: Final = timedelta(seconds=10)
CODES: Final[Mapping[int, str]] = {
    401: "UNAUTHORIZED",
    403: "FORBIDDEN",
    404: "NOT_FOUND",
    429: "RATE_LIMIT_EXCEEDED",
    503: "OVERLOADED",
}
PASSING: Final = frozenset({429, 500, 502, 503, 504})
"""Refusals after which it is worth trying again."""


@define(kw_only=True, eq=False)
class Upgrade:
    """Where a socket is, and the token that opens it, which the hub may replace."""

    web: aiohttp.ClientSession
    base_url: str
    name: str
    token: str = field(repr=False)
    place: str = "/ws"

    async def __call__(self, query: Mapping[str, str]) -> aiohttp.ClientWebSocketResponse:
        """Open the socket.

        Raises:
            HubError: the hub refused.
            HubUnreachable: there is no hub just now.
        """
        try:
            return await self.web.ws_connect(
                f"ws{self.base_url.removeprefix('http')}{self.place}/{part(self.name)}",
                params=query,
                headers={"Authorization": f"Bearer {self.token}"},
                max_msg_size=LARGEST_MESSAGE,
                timeout=aiohttp.ClientWSTimeout(ws_close=OPENING_MAY_TAKE.total_seconds()),
            )
        except aiohttp.WSServerHandshakeError as error:
            code = CODES.get(error.status, "UNKNOWN")
            raise HubError(error.status, code, "The hub did not open the socket.") from error
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise HubUnreachable(f"{self.base_url} does not answer") from error


@define
class Backoff:
    """How long to wait before the next try: twice as long each time, by chance anywhere below it.

    Chance keeps a thousand devices from coming back in step when a hub restarts.
    """

    first: float = 0.25
    longest: float = 15.0
    _tries: int = field(default=0, init=False)
    _chance: SystemRandom = field(factory=SystemRandom, init=False)

    def next(self) -> float:
        """The next wait, in seconds."""
        most = min(self.longest, self.first * 2.0**self._tries)
        self._tries = min(self._tries + 1, 16)
        return self._chance.uniform(most / 4, most)

    def reset(self) -> None:
        """Begin anew, after a try that has held."""
        self._tries = 0
