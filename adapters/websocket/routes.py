"""The sockets' one address, which speaks the protocol that the name in it asks for."""

from typing import Final, cast

import orjson
import structlog
from quart import Blueprint, Quart, Response, websocket
from quart.blueprints import BlueprintSetupState

from adapters.websocket.asyncapi import asyncapi
from adapters.websocket.companion.announcing import CompanionVoice
from adapters.websocket.companion.talking import CompanionProtocol
from adapters.websocket.connection import BoundedConnection
from adapters.websocket.lines import Line, Wire
from adapters.websocket.microphone import Microphone
from adapters.websocket.mira.announcing import MiraVoice
from adapters.websocket.mira.talking import MiraProtocol
from adapters.websocket.options import SocketOptions
from adapters.websocket.protocol import Greeting, SocketProtocol
from adapters.websocket.refusals import companion_refusal, mira_refusal, request_id_of
from adapters.websocket.use_cases import SocketUseCases
from application.access import Principal, permit, within
from domain.errors import DeviceNotFound, MiraError, NotFound, Unauthorized
from domain.ids import ClientId, EventId, NetworkId
from domain.moments import utc_text
from domain.plain import is_plain_text

log = structlog.get_logger(__name__)

NETWORK: Final = "net_"
VOICE_SESSION: Final = "voice_session_"


def sockets(use: SocketUseCases, options: SocketOptions) -> Blueprint:
    """The blueprint of /ws/<id> and /asyncapi.json."""
    blueprint = Blueprint("sockets", __name__)
    document = orjson.dumps(asyncapi(options))

    @blueprint.record_once
    def bound_what_is_unread(state: BlueprintSetupState) -> None:
        cast(Quart, state.app).asgi_websocket_class = BoundedConnection

    @blueprint.websocket("/ws/<name>")
    async def open_socket(name: str) -> Response | None:
        """Check who comes, open the socket, and talk until it ends."""
        try:
            line = await _admitted(name, use, options)
            with use.open_sockets.opened(line):
                await websocket.accept()
                await line.run()
        except MiraError as error:
            return _refused(name, error, utc_text(use.clock.now()))
        return None

    @blueprint.get("/asyncapi.json")
    async def describe() -> Response:
        """The sockets, described by AsyncAPI 3."""
        return Response(document, content_type="application/json")

    return blueprint


async def _admitted(name: str, use: SocketUseCases, options: SocketOptions) -> Line:
    """Find out who comes, and whether this is the place for them.

    Raises:
        Unauthorized, Forbidden: the token is missing or bad, or not one of a client.
        NotFound: the network or device is not the token's, or the name is of a kind not served.
    """
    if name.startswith(VOICE_SESSION):
        raise NotFound("This hub does not serve voice sessions.", voice_session_id=name)
    principal = await use.authenticate(_token())
    network = name.startswith(NETWORK)
    permit(principal, "mira.ws" if network else "companion.ws")
    if principal.client_id is None or principal.network_id is None:
        raise Unauthorized
    if network:
        within(principal, NetworkId(name))
    elif principal.client_id != name:
        raise DeviceNotFound(name)
    return Line(
        wire=cast(Wire, websocket),
        protocol=_protocol(principal, principal.network_id, principal.client_id, use, network=network),
        principal=principal,
        network_id=principal.network_id,
        client_id=principal.client_id,
        use=use,
        options=options,
    )


def _protocol(
    principal: Principal, network_id: NetworkId, client_id: ClientId, use: SocketUseCases, *, network: bool
) -> SocketProtocol:
    microphone = Microphone(
        network_id=network_id,
        client_id=client_id,
        listening=use.listening,
        sounds=use.sounds,
        clock=use.clock,
    )
    if network:
        return MiraProtocol(
            principal=principal,
            client_id=client_id,
            microphone=microphone,
            voice=MiraVoice(client_id, use.link_to_speech),
            update_client=use.update_client,
            clock=use.clock,
        )
    return CompanionProtocol(
        network_id=network_id,
        device_id=client_id,
        greeting=Greeting(last_event_id=_last_event_id()),
        microphone=microphone,
        voice=CompanionVoice(client_id, use.link_to_speech),
        typed_turns=use.typed_turns,
        clock=use.clock,
    )


def _token() -> str | None:
    """The token of the upgrade: in the Authorization header, or in the query, where browsers can put it."""
    scheme, _, token = websocket.headers.get("Authorization", "").strip().partition(" ")
    return token.strip() if scheme.lower() == "bearer" else websocket.args.get("token")


def _last_event_id() -> EventId | None:
    """The fact after which a device wants to hear more, where the query names one."""
    text = websocket.args.get("last_event_id")
    return None if text is None or not is_plain_text(text) else EventId(text)


def _refused(name: str, error: MiraError, at: str) -> Response:
    request_id = request_id_of(websocket.headers.get("X-Request-ID"))
    refusal = mira_refusal if name.startswith(NETWORK) else companion_refusal
    return refusal(error, request_id, at)
