"""The client library of a hub: its REST API in typed calls, and its sockets."""

import base64
from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from datetime import datetime, timedelta
from types import TracebackType
from typing import Final, Literal, Self, TypedDict

import aiohttp
import attrs

from adapters.hub.agenda import AgendaCalls
from adapters.hub.answers import (
    Answer,
    Client,
    Conversation,
    DeviceState,
    Health,
    Interaction,
    Listing,
    Location,
    Network,
    NewNetwork,
    NewToken,
    RegisteredClient,
    RegisteredDevice,
)
from adapters.hub.calls import Caller, part
from adapters.hub.coordinating import CoordinationCalls
from adapters.hub.device_socket import DeviceSocket
from adapters.hub.lifeline import HEARTBEAT_SECONDS
from adapters.hub.network_socket import NetworkSocket
from adapters.hub.operating import OperatorCalls
from adapters.hub.operator_socket import OperatorSocket
from adapters.hub.reading import read
from adapters.hub.sessions import SessionCalls
from adapters.hub.upgrade import Upgrade
from adapters.hub.uploads import UploadCalls

ANSWER_MAY_TAKE: Final = timedelta(seconds=30)
TokenKind = Literal["network", "registration", "client"]


class SettingsChanges(TypedDict, total=False):
    """Settings of a network that are not to have their default, or are to be changed."""

    audio_quality_threshold: float
    max_clients: int
    language: str
    timezone: str
    answers_spoken_by: Literal["own", "room"]
    preferred_mouths: Sequence[str]


class Hub(OperatorCalls, CoordinationCalls, SessionCalls, AgendaCalls, UploadCalls):
    """Speaks to a hub. Every call raises HubError where the hub refuses, HubUnreachable where it is silent.

    Example::

        async with Hub("http://127.0.0.1:8080") as hub:
            home = await hub.create_network("Home")
            owner = hub.bearing(home.network_token)
            phone = await owner.register_client(home.network_id, "phone", "mobile")
            async with hub.socket(home.network_id, "phone", phone.client_token) as socket:
                await socket.send_audio(samples)
                async for event in socket:
                    print(event)
    """

    def __init__(
        self, base_url: str, token: str | None = None, *, answer_may_take: timedelta = ANSWER_MAY_TAKE
    ) -> None:
        self._base_url = base_url.rstrip("/")
        self._token = token
        self._answer_may_take = answer_may_take
        self._web: aiohttp.ClientSession | None = None
        self._owns_web = True

    async def __aenter__(self) -> Self:
        timeout = aiohttp.ClientTimeout(total=self._answer_may_take.total_seconds())
        self._web = aiohttp.ClientSession(timeout=timeout)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._web is not None and self._owns_web:
            await self._web.close()

    def bearing(self, token: str) -> "Hub":
        """The same hub, spoken to with another token; it lasts as long as this one."""
        other = Hub(self._base_url, token, answer_may_take=self._answer_may_take)
        other._web, other._owns_web = self._open_web, False
        return other

    # networks

    async def create_network(
        self, name: str, *, description: str | None = None, settings: SettingsChanges | None = None
    ) -> NewNetwork:
        """Open a network."""
        body = {"name": name, "description": description, "settings": settings}
        return read(await self._call.json("POST", "/api/v1/networks", body=body), NewNetwork)

    async def get_network(self, network_id: str) -> Network:
        """Look a network up."""
        return read(await self._call.json("GET", _network(network_id)), Network)

    async def update_network(
        self,
        network_id: str,
        *,
        name: str | None = None,
        description: str | None = None,
        settings: SettingsChanges | None = None,
    ) -> Network:
        """Change what is given of a network."""
        body = {"name": name, "description": description, "settings": settings}
        return read(await self._call.json("PUT", _network(network_id), body=body), Network)

    async def delete_network(self, network_id: str) -> None:
        """Close a network, with everything in it."""
        await self._call.json("DELETE", _network(network_id))

    async def rotate_token(
        self, network_id: str, kind: TokenKind, *, client_id: str | None = None, uses: int | None = None
    ) -> NewToken:
        """Replace a token of a network or of one of its clients; the old one is good no more.

        A client's token needs its client_id; uses is how many clients a registration token takes in.
        """
        path = f"{_network(network_id)}/tokens/{kind}/rotate"
        return read(
            await self._call.json("POST", path, body={"client_id": client_id, "uses": uses}), NewToken
        )

    async def narrow_token(self, network_id: str, scopes: Collection[str]) -> NewToken:
        """Make another token of a network that may do less, as in reminder:read; rotating ends it too."""
        path = f"{_network(network_id)}/tokens/network/narrow"
        return read(await self._call.json("POST", path, body={"scopes": sorted(scopes)}), NewToken)

    async def revoke_token(self, network_id: str, kind: TokenKind, *, client_id: str | None = None) -> None:
        """End a token without another; a client's socket is closed."""
        path = f"{_network(network_id)}/tokens/{kind}/revoke"
        await self._call.json("POST", path, body={"client_id": client_id})

    # clients

    async def register_client(
        self,
        network_id: str,
        client_id: str,
        device_type: str,
        *,
        capabilities: Sequence[str] | None = None,
        device_info: Mapping[str, str] | None = None,
        location: Location | None = None,
        room: str | None = None,
        group_id: str | None = None,
    ) -> RegisteredClient:
        """Register a client, or register a known one again with a fresh token."""
        body = {
            "client_id": client_id,
            "device_type": device_type,
            "capabilities": capabilities,
            "device_info": device_info,
            "location": None if location is None else attrs.asdict(location),
            "room": room,
            "group_id": group_id,
        }
        path = f"{_network(network_id)}/clients"
        return read(await self._call.json("POST", path, body=body), RegisteredClient)

    async def list_clients(self, network_id: str, *, limit: int = 50, offset: int = 0) -> Listing[Client]:
        """The clients of a network, newest first."""
        return await self._list(network_id, "clients", Client, {"limit": limit, "offset": offset})

    async def update_client(
        self,
        client_id: str,
        *,
        connection_status: str | None = None,
        audio_quality_score: float | None = None,
        capabilities: Sequence[str] | None = None,
        location: Location | None = None,
    ) -> Client:
        """Say what has changed of a client, with its own token."""
        body = {
            "connection_status": connection_status,
            "audio_quality_score": audio_quality_score,
            "capabilities": capabilities,
            "location": None if location is None else attrs.asdict(location),
        }
        return read(await self._call.json("PUT", f"/api/v1/clients/{part(client_id)}", body=body), Client)

    async def deregister_client(self, client_id: str) -> None:
        """Take a client out of its network."""
        await self._call.json("DELETE", f"/api/v1/clients/{part(client_id)}")

    # what was said; what is planned is in AgendaCalls

    async def interactions(
        self,
        network_id: str,
        *,
        client_id: str | None = None,
        speaker_id: str | None = None,
        start: datetime | None = None,
        end: datetime | None = None,
        limit: int = 50,
        offset: int = 0,
    ) -> Listing[Interaction]:
        """The interactions of a network, newest first: from start on, and before end."""
        query = {
            "client_id": client_id,
            "speaker_id": speaker_id,
            "start_date": start,
            "end_date": end,
            "limit": limit,
            "offset": offset,
        }
        return await self._list(network_id, "interactions", Interaction, query)

    async def interaction(self, network_id: str, interaction_id: str) -> Interaction:
        """Look an interaction up, with every stream that heard it."""
        path = f"{_network(network_id)}/interactions/{part(interaction_id)}"
        return read(await self._call.json("GET", path), Interaction)

    async def process_interaction(
        self, network_id: str, interaction_id: str, *, context: str | None = None, force: bool = False
    ) -> Interaction:
        """Have an interaction processed once more, with something to go by; force one that was completed."""
        path = f"{_network(network_id)}/interactions/{part(interaction_id)}/process"
        body = {"context": context, "force_reprocess": force}
        return read(await self._call.json("POST", path, body=body), Interaction)

    async def interaction_history(self, network_id: str, interaction_id: str) -> tuple[Interaction, ...]:
        """What an interaction came to before it was processed again, latest first."""
        path = f"{_network(network_id)}/interactions/{part(interaction_id)}/history"
        told = await self._call.json("GET", path)
        return tuple(read(one, Interaction) for one in told["history"])

    async def interaction_audio(
        self, network_id: str, interaction_id: str, *, first: int | None = None, last: int | None = None
    ) -> bytes:
        """What was said in an interaction, as a sound file, where the hub keeps it; or some of its bytes.

        These are those from first to last, last included, or to the end.
        """
        path = f"{_network(network_id)}/interactions/{part(interaction_id)}/audio"
        wanted = None if first is None else f"bytes={first}-{'' if last is None else last}"
        return await self._call.sound(path, wanted)

    async def conversations(
        self, network_id: str, *, include_interactions: bool = True, limit: int = 20, offset: int = 0
    ) -> Listing[Conversation]:
        """The conversations of a network, the most recently used first."""
        query = {"include_interactions": include_interactions, "limit": limit, "offset": offset}
        return await self._list(network_id, "conversations", Conversation, query)

    async def health(self) -> Health:
        """How the hub is."""
        return read(await self._call.json("GET", "/api/v1/health"), Health)

    # devices

    async def register_device(
        self,
        name: str,
        device_type: str,
        *,
        location: str | None = None,
        group_id: str | None = None,
        capabilities: Sequence[str] | None = None,
        network_id: str | None = None,
    ) -> RegisteredDevice:
        """Register a device; an operator names the network that it is for."""
        body = {
            "name": name,
            "device_type": device_type,
            "location": location,
            "group_id": group_id,
            "capabilities": capabilities,
        }
        made = await self._call.json("POST", "/v1/devices", body=body, network_id=network_id)
        return read(made, RegisteredDevice)

    async def pair_device(
        self,
        code: str,
        name: str,
        device_type: str,
        *,
        location: str | None = None,
        capabilities: Sequence[str] | None = None,
    ) -> RegisteredDevice:
        """Come into a network as a device, by the code that its owner was shown; no token is needed."""
        body = {
            "code": code,
            "name": name,
            "device_type": device_type,
            "location": location,
            "capabilities": capabilities,
        }
        return read(await self._call.json("POST", "/v1/devices/pair", body=body), RegisteredDevice)

    async def device_state(self, device_id: str, *, network_id: str | None = None) -> DeviceState:
        """How a device is doing."""
        path = f"/v1/devices/{part(device_id)}/state"
        return read(await self._call.json("GET", path, network_id=network_id), DeviceState)

    async def send_message(
        self,
        device_id: str,
        message: str,
        *,
        session_id: str | None = None,
        images: Sequence[bytes] = (),
        network_id: str | None = None,
    ) -> Answer:
        """Say something to a device in words, perhaps with files of pictures, and wait for the answer."""
        body: dict[str, object] = {"device_id": device_id, "message": message, "session_id": session_id}
        if images:
            body["images_base64"] = [base64.b64encode(image).decode() for image in images]
        return read(
            await self._call.json("POST", "/v1/dialog/send", body=body, network_id=network_id), Answer
        )

    async def fetch_audio(self, url: str) -> bytes:
        """The sound file that the audio_url of an answer leads to."""
        return await self._call.linked(url)

    def follow_audio(self, url: str) -> AsyncIterator[bytes]:
        """The sound file that an audio_url leads to, piece by piece, while it is still being spoken."""
        return self._call.growing(url)

    # sockets

    def socket(
        self,
        network_id: str,
        client_id: str,
        token: str,
        *,
        capabilities: Sequence[str] | None = None,
        last_event_id: str | None = None,
    ) -> NetworkSocket:
        """The socket of a client of a network; open it with `async with`.

        last_event_id is that of an earlier socket of the client: what came since is told first.
        """
        upgrade = Upgrade(web=self._open_web, base_url=self._base_url, name=network_id, token=token)
        return NetworkSocket(upgrade, client_id, capabilities, last_event_id=last_event_id)

    def operator_socket(self) -> OperatorSocket:
        """The socket that tells operators of everything; open it with `async with`."""
        upgrade = Upgrade(
            web=self._open_web,
            base_url=self._base_url,
            name="events",
            token=self._token or "",
            place="/internal/operator",
        )
        return OperatorSocket(upgrade)

    def device_socket(
        self,
        device_id: str,
        token: str,
        *,
        heartbeat_seconds: float = HEARTBEAT_SECONDS,
        patient: bool = False,
    ) -> DeviceSocket:
        """The socket of a device; open it with `async with`. Who is patient waits for a hub that is away."""
        upgrade = Upgrade(web=self._open_web, base_url=self._base_url, name=device_id, token=token)
        return DeviceSocket(upgrade, heartbeat_seconds=heartbeat_seconds, patient=patient)

    @property
    def _open_web(self) -> aiohttp.ClientSession:
        if self._web is None:
            raise RuntimeError("open the hub with `async with` before speaking to it")
        return self._web

    @property
    def _call(self) -> Caller:
        return Caller(base_url=self._base_url, token=self._token, web=self._open_web)


def _network(network_id: str) -> str:
    return f"/api/v1/networks/{part(network_id)}"
