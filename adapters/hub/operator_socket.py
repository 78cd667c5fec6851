"""The operators' socket: everything that happens in a hub, of all networks."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import aiohttp
import orjson
from attrs import define, field

from adapters.hub.errors import HubError
from adapters.hub.lifeline import HEARTBEAT_SECONDS, HeartbeatAnswer, Lifeline, Welcome
from adapters.hub.live_socket import LiveSocket, first_message
from adapters.hub.operator_events import LIVE, OperatorEvent, operator_event
from adapters.hub.upgrade import Upgrade

MOST_WAITING: Final = 4096


@define(eq=False)
class OperatorWords:
    """The operators' protocol: what is to be watched is said on coming, and again with each heartbeat."""

    wish: Mapping[str, Any] = field(factory=lambda: {"type": "watch"})

    def query(self, last_event_id: str | None) -> Mapping[str, str]:
        """Nothing: what was missed is read over REST."""
        return {}

    async def greet(self, socket: aiohttp.ClientWebSocketResponse, last_event_id: str | None) -> Welcome:
        """Wait for the hub's hello, and say what is to be watched.

        Raises:
            HubUnreachable: it did not come.
            SocketEnded: the hub has closed the socket for good.
        """
        if (await first_message(socket)).get("type") != "hello":
            raise HubError(0, "UNREADABLE", "This is no operators' socket.")
        await socket.send_str(orjson.dumps(self.wish).decode())
        return Welcome(resumed=False, last_event_id=None)

    def heartbeat(self, sent_at: int, answer: HeartbeatAnswer | None, heard_at: int) -> Mapping[str, Any]:
        """What is to be watched."""
        return self.wish

    def new_token(self, event: object) -> str | None:
        """An operator's token is not replaced over a socket."""
        return None

    def understand(self, body: Mapping[str, Any]) -> OperatorEvent | HeartbeatAnswer:
        """The event that a message is."""
        return operator_event(body)


class OperatorSocket(LiveSocket[OperatorEvent]):
    """Watches a hub; it is opened again by itself when it is lost, and a Reconnected says so.

    Subscribe first, read the state second: once it is open nothing is missed, and what it tells is newer
    than what is then read over REST. It ends with SocketEnded or HubError where the hub wants it no more.

    Example::

        async with hub.operator_socket() as socket:
            overview = await hub.overview()
            await socket.watch(networks=["net_..."], log=True)
            async for event in socket:
                print(event)
    """

    def __init__(self, upgrade: Upgrade) -> None:
        self._words = OperatorWords()
        super().__init__(
            Lifeline(
                upgrade,
                self._words,
                live=LIVE,
                heartbeat_seconds=HEARTBEAT_SECONDS,
                most_waiting=MOST_WAITING,
            )
        )

    async def watch(
        self, *, networks: Sequence[str] = (), log: bool = False, transcripts: bool = False
    ) -> None:
        """Say what is to be told from now on: streams of some networks, the log, what people said."""
        wish = {"type": "watch", "networks": list(networks), "log": log, "transcripts": transcripts}
        self._words.wish = wish
        if self.connected:
            await self._line.send(wish)
