"""The client library of a hub: its REST API in typed calls, and its sockets."""

from collections.abc import Sequence
from datetime import timedelta
from types import TracebackType
from typing import Final, Literal, Self

import aiohttp

from adapters.hub.agenda import AgendaCalls
from adapters.hub.answers import Health
from adapters.hub.calls import Caller
from adapters.hub.coordinating import CoordinationCalls
from adapters.hub.device_socket import DeviceSocket
from adapters.hub.devices import DeviceCalls
from adapters.hub.interactions import InteractionCalls
from adapters.hub.lifeline import HEARTBEAT_SECONDS
from adapters.hub.network_socket import NetworkSocket
from adapters.hub.networks import NetworkCalls
from adapters.hub.operating import OperatorCalls
from adapters.hub.operator_socket import OperatorSocket
from adapters.hub.personas import PersonaCalls
from adapters.hub.reading import read
from adapters.hub.sessions import SessionCalls
from adapters.hub.upgrade import Upgrade
from adapters.hub.uploads import UploadCalls

ANSWER_MAY_TAKE: Final = timedelta(seconds=60)
TokenKind = Literal["network", "registration", "client"]


class Hub(
    NetworkCalls,
    InteractionCalls,
    AgendaCalls,
    UploadCalls,
    DeviceCalls,
    PersonaCalls,
    SessionCalls,
    CoordinationCalls,
    OperatorCalls,
):
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

    async def health(self) -> Health:
        """How the hub is."""
        return read(await self._call.json("GET", "/api/v1/health"), Health)

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
