"""Networks over REST: they, their tokens and their clients."""

from collections.abc import Collection, Mapping, Sequence
from typing import Literal, TypedDict

import attrs

from adapters.hub.answers import Client, Listing, Location, Network, NewNetwork, NewToken, RegisteredClient
from adapters.hub.calling import Calling, place
from adapters.hub.calls import part
from adapters.hub.reading import read

TokenKind = Literal["network", "registration", "client"]


class SettingsChanges(TypedDict, total=False):
    """Settings of a network that are not to have their default, or are to be changed."""

    audio_quality_threshold: float
    max_clients: int
    language: str
    timezone: str
    answers_spoken_by: Literal["own", "room"]
    preferred_mouths: Sequence[str]


class NetworkCalls(Calling):
    """The calls about networks, and about who is in them."""

    async def create_network(
        self, name: str, *, description: str | None = None, settings: SettingsChanges | None = None
    ) -> NewNetwork:
        """Open a network."""
        body = {"name": name, "description": description, "settings": settings}
        return read(await self._call.json("POST", "/api/v1/networks", body=body), NewNetwork)

    async def get_network(self, network_id: str) -> Network:
        """Look a network up."""
        return read(await self._call.json("GET", place(network_id)), Network)

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
        return read(await self._call.json("PUT", place(network_id), body=body), Network)

    async def delete_network(self, network_id: str) -> None:
        """Close a network, with everything in it."""
        await self._call.json("DELETE", place(network_id))

    async def rotate_token(
        self, network_id: str, kind: TokenKind, *, client_id: str | None = None, uses: int | None = None
    ) -> NewToken:
        """Replace a token of a network or of one of its clients; the old one is good no more.

        A client's token needs its client_id; uses is how many clients a registration token takes in.
        """
        path = place(network_id, "tokens", kind, "rotate")
        return read(
            await self._call.json("POST", path, body={"client_id": client_id, "uses": uses}), NewToken
        )

    async def narrow_token(self, network_id: str, scopes: Collection[str]) -> NewToken:
        """Make another token of a network that may do less, as in reminder:read; rotating ends it too."""
        path = place(network_id, "tokens", "network", "narrow")
        return read(await self._call.json("POST", path, body={"scopes": sorted(scopes)}), NewToken)

    async def revoke_token(self, network_id: str, kind: TokenKind, *, client_id: str | None = None) -> None:
        """End a token without another; a client's socket is closed."""
        path = place(network_id, "tokens", kind, "revoke")
        await self._call.json("POST", path, body={"client_id": client_id})

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
        path = place(network_id, "clients")
        return read(await self._call.json("POST", path, body=body), RegisteredClient)

    async def list_clients(self, network_id: str, *, limit: int = 50, offset: int = 0) -> Listing[Client]:
        """The clients of a network, newest first."""
        return await self._list(place(network_id, "clients"), Client, {"limit": limit, "offset": offset})

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
