"""What one hub has acknowledged, asked of another at once: it goes by that, and by nothing older."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final

import aiohttp
import pytest
from attrs import frozen

from adapters.hub.client import Hub
from adapters.hub.errors import HubError, SocketEnded
from adapters.hub.events import ErrorReported


@frozen
class TwoHubs:
    """Two hubs on one store: what is written goes to the one, and the other is asked."""

    writing: str
    asked: str
    operator: str
    """An operator's token at the one that is written to."""
    web: aiohttp.ClientSession
    network: Mapping[str, Any]

    @property
    def place(self) -> str:
        return f"/api/v1/networks/{self.network['network_id']}"

    @property
    def owner(self) -> str:
        token: str = self.network["network_token"]
        return token

    async def write(self, method: str, path: str, body: Any = None, token: str | None = None) -> Any:
        """Change something at the one hub, which acknowledges it."""
        status, told = await self._call(self.writing, method, path, token or self.owner, body)
        assert status < 300, told
        return told

    async def ask(
        self, path: str, token: str | None = None, method: str = "GET", body: Any = None
    ) -> tuple[int, Any]:
        """What the other hub answers to that."""
        return await self._call(self.asked, method, path, token or self.owner, body)

    async def register(self, client_id: str) -> str:
        """Let a client be in the network; its token."""
        body = {"client_id": client_id, "device_type": "tablet"}
        token: str = (await self.write("POST", f"{self.place}/clients", body))["client_token"]
        return token

    async def _call(self, url: str, method: str, path: str, token: str, body: Any) -> tuple[int, Any]:
        headers = {"Authorization": f"Bearer {token}"}
        async with self.web.request(method, url + path, headers=headers, json=body) as answer:
            return answer.status, await answer.json() if answer.content_type.endswith("json") else None


async def a_network(hubs: TwoHubs) -> None:
    await hubs.write("PUT", hubs.place, {"name": "Renamed", "settings": {"timezone": "Asia/Tokyo"}})
    _, told = await hubs.ask(hubs.place)
    assert (told["name"], told["settings"]["timezone"]) == ("Renamed", "Asia/Tokyo")


async def a_network_token(hubs: TwoHubs) -> None:
    narrow = f"{hubs.place}/tokens/network/narrow"
    token = (await hubs.write("POST", narrow, {"scopes": ["network:read"]}))["token"]
    assert (await hubs.ask(hubs.place, token))[0] == 200
    fresh = (await hubs.write("POST", f"{hubs.place}/tokens/network/rotate", {}))["token"]
    for old in (hubs.owner, token):
        assert (await hubs.ask(hubs.place, old))[0] == 401
    assert (await hubs.ask(hubs.place, fresh))[0] == 200


async def a_registration_token(hubs: TwoHubs) -> None:
    made = await hubs.write("POST", f"{hubs.place}/tokens/registration/rotate", {"uses": 1})
    await hubs.write("POST", f"{hubs.place}/clients", _tablet("first"), made["token"])
    status, _ = await hubs.ask(f"{hubs.place}/clients", made["token"], "POST", _tablet("second"))
    assert status in {401, 403}
    again = await hubs.write("POST", f"{hubs.place}/tokens/registration/rotate", {"uses": 5})
    await hubs.write("POST", f"{hubs.place}/tokens/registration/revoke", {})
    status, _ = await hubs.ask(f"{hubs.place}/clients", again["token"], "POST", _tablet("third"))
    assert status == 401


def _tablet(client_id: str) -> Mapping[str, str]:
    return {"client_id": client_id, "device_type": "tablet"}


async def a_client_token(hubs: TwoHubs) -> None:
    token = await hubs.register("phone")
    async with Hub(hubs.asked) as hub, hub.socket(hubs.network["network_id"], "phone", token) as socket:
        await hubs.write("POST", f"{hubs.place}/tokens/client/revoke", {"client_id": "phone"})
        assert (await hubs.ask("/api/v1/clients/phone", token, "PUT", {}))[0] == 401
        with pytest.raises(HubError) as refused:
            async with hub.socket(hubs.network["network_id"], "phone", token):
                pass
        assert refused.value.status == 401
        with pytest.raises(SocketEnded) as ended:
            await socket.expect(SocketEnded)
    assert ended.value.code == 4005


async def a_client(hubs: TwoHubs) -> None:
    token = await hubs.register("radio")
    await hubs.write("PUT", "/api/v1/clients/radio", {"connection_status": "muted"}, token)
    _, told = await hubs.ask(f"{hubs.place}/clients")
    (radio,) = [one for one in told["clients"] if one["client_id"] == "radio"]
    assert radio["connection_status"] == "muted"
    await hubs.write("DELETE", "/api/v1/clients/radio", None, token)
    _, told = await hubs.ask(f"{hubs.place}/clients")
    assert "radio" not in {one["client_id"] for one in told["clients"]}
    assert (await hubs.ask("/api/v1/clients/radio", token, "PUT", {}))[0] == 401


async def limits_of_a_socket_that_is_open(hubs: TwoHubs) -> None:
    token = await hubs.register("talker")
    limits = f"/internal/operator/networks/{hubs.network['network_id']}/limits"
    async with Hub(hubs.asked) as hub, hub.socket(hubs.network["network_id"], "talker", token) as socket:
        await socket.status("here")
        await hubs.write("PUT", limits, {"client_websocket_messages_per_minute": 1}, hubs.operator)
        await socket.status("there")
        refused = await socket.expect(ErrorReported)
        assert refused.error_code == "RATE_LIMIT_EXCEEDED"
        assert refused.details["limit"] == 1
        await hubs.write("PUT", limits, {}, hubs.operator)
        await socket.status("here again")
        _, told = await hubs.ask(f"{hubs.place}/clients")
    assert "talker" in {one["client_id"] for one in told["clients"]}


async def limits_of_requests(hubs: TwoHubs) -> None:
    limits = f"/internal/operator/networks/{hubs.network['network_id']}/limits"
    for _ in range(3):
        assert (await hubs.ask(hubs.place))[0] == 200
    await hubs.write("PUT", limits, {"api_requests_per_hour": 2}, hubs.operator)
    assert (await hubs.ask(hubs.place))[0] == 429
    await hubs.write("PUT", limits, {}, hubs.operator)
    assert (await hubs.ask(hubs.place))[0] == 200


async def a_persona(hubs: TwoHubs) -> None:
    made = {
        "id": "butler",
        "name": "Butler",
        "description": "Serves",
        "behavior_config": {"greeting": "Sir."},
    }
    await hubs.write("POST", "/v1/personas", made)
    device = await hubs.write("POST", "/v1/devices", {"name": "hall", "device_type": "tablet"})
    body = {"device_id": device["device_id"], "persona_id": "butler"}
    status, _ = await hubs.ask("/v1/sessions", None, "POST", body)
    assert status == 201
    await hubs.write("PUT", "/v1/personas/butler", {"name": "Jeeves"})
    _, told = await hubs.ask("/v1/personas/butler")
    assert told["name"] == "Jeeves"
    said = {"device_id": device["device_id"], "message": "who are you"}
    _, told = await hubs.ask("/v1/dialog/send", None, "POST", said)
    assert "Jeeves" in told["response_text"]


async def an_agenda(hubs: TwoHubs) -> None:
    path = f"{hubs.place}/reminders"
    made = await hubs.write("POST", path, {"title": "stretch", "due_time": "2999-01-01T10:00:00Z"})
    _, told = await hubs.ask(path)
    assert [one["title"] for one in told["reminders"]] == ["stretch"]
    await hubs.write("DELETE", f"{path}/{made['reminder_id']}")
    assert (await hubs.ask(f"{path}/{made['reminder_id']}"))[0] == 404


async def a_network_that_is_gone(hubs: TwoHubs) -> None:
    token = await hubs.register("witness")
    await hubs.write("DELETE", hubs.place)
    assert (await hubs.ask(hubs.place))[0] in {401, 404}
    assert (await hubs.ask("/api/v1/clients/witness", token, "PUT", {}))[0] == 401


KINDS: Final[tuple[Callable[[TwoHubs], Awaitable[None]], ...]] = (
    a_network,
    a_network_token,
    a_registration_token,
    a_client_token,
    a_client,
    limits_of_a_socket_that_is_open,
    limits_of_requests,
    a_persona,
    an_agenda,
    a_network_that_is_gone,
)
