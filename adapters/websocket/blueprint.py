"""The sockets' one address, which speaks the protocol that the name in it asks for."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from typing import Final, cast

import orjson
from attrs import frozen
from quart import Blueprint, Quart, Response, websocket
from quart.blueprints import BlueprintSetupState

from adapters.pages.rendering import HEADERS, MEDIA_TYPE
from adapters.pages.sockets import sockets_page
from adapters.websocket.admission import NETWORK, Doorkeeper, token_of_upgrade
from adapters.websocket.asyncapi import Sections, asyncapi
from adapters.websocket.connection import BoundedConnection
from adapters.websocket.lines import Wire
from adapters.websocket.open_sockets import OpenSockets
from adapters.websocket.operator.watching import OperatorLine
from adapters.websocket.options import SocketOptions
from adapters.websocket.refusals import companion_refusal, mira_refusal, request_id_of
from adapters.websocket.typed_turns import TypedTurns
from adapters.websocket.use_cases import SocketUseCases
from application.networks.access import permit
from application.ports.meters import Meters
from domain.errors import MiraError
from domain.ids import ClientId, NetworkId
from domain.moments import utc_text

__all__ = ["SocketOptions", "SocketUseCases", "Sockets", "sockets"]

TURNS_MAY_TAKE: Final = 8.0
GOODBYES_MAY_TAKE: Final = 2.5


@frozen(kw_only=True)
class Sockets:
    """The sockets of a hub: the blueprint that serves them, and what to do with them when the hub stops."""

    blueprint: Blueprint
    open_sockets: OpenSockets
    typed_turns: TypedTurns
    doorkeeper: Doorkeeper

    async def hold_stream(
        self, wire: Wire, token: str | None, network_id: NetworkId, client_id: ClientId
    ) -> None:
        """Talk the mira protocol over another wire than a socket, until it ends.

        Raises:
            MiraError: the stream is refused before anything was said.
        """
        use = self.doorkeeper.use
        line = await self.doorkeeper.admit_stream(wire, token, network_id, client_id)
        async with use.throttle.seat(line.principal, line.client_id):
            with self.open_sockets.opened(line), _counted(use.meters, "stream"):
                await line.run()

    async def finish_turns(self, seconds: float = TURNS_MAY_TAKE) -> None:
        """Give the turns that were typed so long to end; the sockets stay open for their answers."""
        await self.typed_turns.finish_turns(seconds)

    async def close(self, turns: float = TURNS_MAY_TAKE, goodbyes: float = GOODBYES_MAY_TAKE) -> None:
        """Take no new socket, let typed turns end, and say goodbye (1001); limits in seconds."""
        self.open_sockets.stop()
        await self.typed_turns.close(turns)
        await self.open_sockets.close(goodbyes)


def sockets(use: SocketUseCases, options: SocketOptions, beside: Callable[[], Sections] = dict) -> Sockets:
    """Make the sockets of a hub: /ws/<name>, and /asyncapi.json which describes them and what is beside."""
    open_sockets, typed_turns = OpenSockets(), TypedTurns(use.converse)
    use.meters.watch("typed_turns", lambda: typed_turns.under_way)
    doorkeeper = Doorkeeper(use=use, options=options, open_sockets=open_sockets, typed_turns=typed_turns)
    blueprint = Blueprint("sockets", __name__)
    described = cache(lambda: asyncapi(options, beside()))
    document = cache(lambda: orjson.dumps(described()))
    page = cache(lambda: sockets_page(described()))

    @blueprint.record_once
    def bound_what_is_unread(state: BlueprintSetupState) -> None:
        cast(Quart, state.app).asgi_websocket_class = BoundedConnection

    @blueprint.websocket("/ws/<name>")
    async def open_socket(name: str) -> Response | None:
        """Check who comes, open the socket, and talk until it ends."""
        try:
            line = await doorkeeper.admit(name)
            async with use.throttle.seat(line.principal, line.client_id):
                with open_sockets.opened(line), _counted(use.meters, _protocol(name)):
                    await line.run()
        except MiraError as error:
            return _refused(name, error, utc_text(use.clock.now()))
        return None

    @blueprint.websocket("/internal/operator/events")
    async def watch() -> Response | None:
        """Let an operator watch everything that happens."""
        try:
            permit(await use.authenticate(token_of_upgrade()), "operator.events")
            line = OperatorLine(
                wire=cast(Wire, websocket), use=use, instance=use.instance.name, version=options.version
            )
            with open_sockets.opened(line), _counted(use.meters, "operator"):
                await websocket.accept()
                await line.run()
        except MiraError as error:
            request_id = request_id_of(websocket.headers.get("X-Request-ID"))
            return mira_refusal(error, request_id, utc_text(use.clock.now()))
        return None

    @blueprint.get("/asyncapi.json")
    async def describe() -> Response:
        """The sockets and subjects, described by AsyncAPI 3."""
        return Response(document(), content_type="application/json")

    @blueprint.get("/docs/sockets")
    async def show() -> Response:
        """The sockets and subjects, as a page for people."""
        return Response(page(), headers=HEADERS, content_type=MEDIA_TYPE)

    return Sockets(
        blueprint=blueprint, open_sockets=open_sockets, typed_turns=typed_turns, doorkeeper=doorkeeper
    )


def _protocol(name: str) -> str:
    """Which protocol is spoken at an address."""
    return "mira" if name.startswith(NETWORK) else "companion"


@contextmanager
def _counted(meters: Meters, protocol: str) -> Iterator[None]:
    """Count a socket as open while the block lasts."""
    meters.socket(protocol, 1)
    try:
        yield
    finally:
        meters.socket(protocol, -1)


def _refused(name: str, error: MiraError, at: str) -> Response:
    request_id = request_id_of(websocket.headers.get("X-Request-ID"))
    refusal = mira_refusal if name.startswith(NETWORK) else companion_refusal
    return refusal(error, request_id, at)
