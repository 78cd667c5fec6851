"""Letting clients in: who comes, whether this is the place for them, and which protocol they speak."""

from typing import Final, cast

from attrs import frozen
from quart import websocket

from adapters.websocket.companion.announcing import CompanionVoice
from adapters.websocket.companion.ordering import OrderVoice
from adapters.websocket.companion.talking import CompanionProtocol
from adapters.websocket.lines import Line, Wire
from adapters.websocket.microphone import Microphone
from adapters.websocket.mira.announcing import MiraVoice
from adapters.websocket.mira.talking import MiraProtocol, StreamProtocol
from adapters.websocket.open_sockets import OpenSockets
from adapters.websocket.options import SocketOptions
from adapters.websocket.protocol import Greeting, SocketProtocol
from adapters.websocket.typed_turns import TypedTurns
from adapters.websocket.use_cases import SocketUseCases
from application.networks.access import Principal, permit, within
from domain.errors import ClientNotFound, DeviceNotFound, NotFound, Unauthorized
from domain.ids import ClientId, EventId, NetworkId
from domain.plain import is_plain_text

NETWORK: Final = "net_"
VOICE_SESSION: Final = "voice_session_"


@frozen(kw_only=True)
class Doorkeeper:
    """Looks at each upgrade before it is accepted."""

    use: SocketUseCases
    options: SocketOptions
    open_sockets: OpenSockets
    typed_turns: TypedTurns

    async def admit(self, name: str) -> Line:
        """The line that the upgrade at hand becomes.

        Raises:
            Unauthorized, Forbidden: the token is missing or bad, or not one of a client.
            NotFound: the network or device is not the token's, or the name is of a kind not served.
        """
        if name.startswith(VOICE_SESSION):
            raise NotFound("This hub does not serve voice sessions.", voice_session_id=name)
        principal = await self.use.authenticate(token_of_upgrade())
        network = name.startswith(NETWORK)
        permit(principal, "mira.ws" if network else "companion.ws")
        if principal.client_id is None or principal.network_id is None:
            raise Unauthorized
        if network:
            within(principal, NetworkId(name))
        elif principal.client_id != name:
            raise DeviceNotFound(name)
        microphone = self._microphone(principal.network_id, principal.client_id)
        protocol = self._mira(principal, microphone) if network else self._companion(principal, microphone)
        return self._line(cast(Wire, websocket), protocol, principal, microphone)

    async def admit_stream(
        self, wire: Wire, token: str | None, network_id: NetworkId, client_id: ClientId
    ) -> Line:
        """The line that a stream becomes which a gateway sends over another wire than a socket.

        Raises:
            Unauthorized, Forbidden: the token is missing or bad, or not one of a client.
            NotFound: the network or client is not the token's.
        """
        principal = await self.use.authenticate(token)
        permit(principal, "mira.ws")
        within(principal, network_id)
        if principal.client_id != client_id:
            raise ClientNotFound(client_id)
        microphone = self._microphone(network_id, client_id)
        protocol = self._mira(principal, microphone, StreamProtocol)
        return self._line(wire, protocol, principal, microphone)

    def _line(
        self, wire: Wire, protocol: SocketProtocol, principal: Principal, microphone: Microphone
    ) -> Line:
        return Line(
            wire=wire,
            protocol=protocol,
            principal=principal,
            network_id=microphone.network_id,
            client_id=microphone.client_id,
            use=self.use,
            options=self.options,
            open_sockets=self.open_sockets,
        )

    def _microphone(self, network_id: NetworkId, client_id: ClientId) -> Microphone:
        return Microphone(
            network_id=network_id,
            client_id=client_id,
            listening=self.use.listening,
            sounds=self.use.sounds,
            meters=self.use.meters,
            tower=self.use.tower,
            clock=self.use.clock,
        )

    def _mira(
        self, principal: Principal, microphone: Microphone, kind: type[MiraProtocol] = MiraProtocol
    ) -> SocketProtocol:
        return kind(
            principal=principal,
            client_id=microphone.client_id,
            microphone=microphone,
            voice=MiraVoice(microphone.client_id, self.use.link_to_speech, self.use.hand_over_token),
            update_client=self.use.update_client,
            admit=self.use.admit_message,
            clock=self.use.clock,
        )

    def _companion(self, principal: Principal, microphone: Microphone) -> SocketProtocol:
        return CompanionProtocol(
            principal=principal,
            network_id=microphone.network_id,
            device_id=microphone.client_id,
            greeting=Greeting(last_event_id=_last_event_id()),
            microphone=microphone,
            voice=CompanionVoice(
                microphone.client_id,
                self.use.link_to_speech,
                self.use.hand_over_token,
                OrderVoice(self.use.link_to_speech, microphone.stream.clock),
            ),
            acknowledge=self.use.acknowledge_command,
            next_persona=self.use.next_persona_at,
            answer_activity=self.use.answer_activity,
            typed_turns=self.typed_turns,
            admit=self.use.admit_message,
            clock=self.use.clock,
        )


def token_of_upgrade() -> str | None:
    """The token of the upgrade: in the Authorization header, or in the query, where browsers can put it."""
    scheme, _, token = websocket.headers.get("Authorization", "").strip().partition(" ")
    return token.strip() if scheme.lower() == "bearer" else websocket.args.get("token")


def _last_event_id() -> EventId | None:
    """The fact after which a device wants to hear more, where the query names one."""
    text = websocket.args.get("last_event_id")
    return None if text is None or not is_plain_text(text) else EventId(text)
