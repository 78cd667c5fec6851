"""Quart's socket connection, with a bound on what was received and not yet read."""

import asyncio
from datetime import timedelta
from typing import Final

from hypercorn.typing import ASGIReceiveCallable, ASGIReceiveEvent, ASGISendCallable, WebsocketScope
from quart import Quart
from quart.asgi import ASGIWebsocketConnection

MOST_UNREAD: Final = 32
QUIET: Final = timedelta(seconds=5)


class BoundedConnection(ASGIWebsocketConnection):
    """Reads on only as the hub keeps up: a flood waits in its sender's buffers, not in the hub's memory.

    After the hub has closed a socket, what still comes is read and thrown away until the client agrees,
    or is quiet for five seconds: the server would otherwise wait for ever to hand over what it has read.
    """

    def __init__(self, app: Quart, scope: WebsocketScope) -> None:
        super().__init__(app, scope)
        self.queue = asyncio.Queue(maxsize=MOST_UNREAD)
        self._left = False

    async def __call__(self, receive: ASGIReceiveCallable, send: ASGISendCallable) -> None:
        async def noting() -> ASGIReceiveEvent:
            event = await receive()
            self._left = event["type"] == "websocket.disconnect"
            return event

        await super().__call__(noting, send)
        try:
            while self._accepted and not self._left:
                async with asyncio.timeout(QUIET.total_seconds()):
                    await noting()
        except TimeoutError:
            return
