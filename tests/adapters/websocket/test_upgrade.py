"""Who gets in, and how the others are told."""

import base64
import json
from typing import Any

import pytest
from attrs import evolve

from application.ports.tokens import Claims, TokenKind
from domain.ids import NetworkId
from domain.moments import read_moment
from tests.adapters.websocket.house import House
from tests.patience import PATIENCE

UPGRADE = {
    "Connection": "Upgrade",
    "Upgrade": "websocket",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": base64.b64encode(b"sixteen bytes of").decode(),
}


async def knock(
    house: House, name: str, token: str | None = None, **headers: str
) -> tuple[int, dict[str, Any], Any]:
    """Ask for a socket, and answer the status, the body and the headers of the refusal."""
    params = {} if token is None else {"token": token}
    async with house.web.get(f"{house.url}/ws/{name}", params=params, headers=UPGRADE | headers) as answer:
        assert answer.content_type == "application/json"
        return answer.status, json.loads(await answer.read()), answer.headers


@pytest.mark.parametrize("token", [None, "", "nonsense", "a.b.c", "é" * 300])
async def test_a_network_wants_a_good_token(house: House, token: str | None) -> None:
    await house.network()
    status, body, headers = await knock(house, "net_home", token, **{"X-Request-ID": "req_mine"})
    assert status == 401
    assert headers["WWW-Authenticate"] == "Bearer"
    assert headers["X-Request-ID"] == "req_mine"
    assert read_moment(body["error"]["details"].pop("timestamp"), field="timestamp")
    assert body == {
        "error": {
            "code": "UNAUTHORIZED",
            "message": "A valid token is needed: send it as 'Authorization: Bearer ...'.",
            "details": {},
            "request_id": "req_mine",
        }
    }


async def test_a_device_is_told_so_in_its_own_envelope(house: House) -> None:
    status, body, _ = await knock(house, "dev_x")
    assert status == 401
    assert body["error_code"] == "UNAUTHORIZED"
    assert sorted(body) == ["details", "error_code", "message", "request_id"]
    assert body["request_id"].startswith("req_")


async def test_a_socket_needs_its_scope(house: House) -> None:
    phone = await house.client(await house.network())
    claims = house.tokens.mint.read(phone.token)
    lesser = house.tokens.mint.issue(evolve(claims, scopes=claims.scopes - {"ws:write"}))
    operator = house.tokens.mint.read(house.tokens.operator())
    nobody = house.tokens.mint.issue(evolve(operator, scopes=frozenset({"network:read"})))
    for address, token, scope in (
        ("ws/net_home", lesser, "ws:write"),
        ("ws/phone", lesser, "ws:write"),
        ("internal/operator/events", nobody, "operator:read"),
    ):
        url, params = f"{house.url}/{address}", {"token": token}
        async with house.web.get(url, params=params, headers=UPGRADE) as answer:
            body = json.loads(await answer.read())
            assert answer.status == 403
            assert f'scope="{scope}"' in answer.headers["WWW-Authenticate"]
            assert (body.get("error_code") or body["error"]["code"]) == "INSUFFICIENT_SCOPE"


async def test_only_clients_have_sockets(house: House) -> None:
    network = await house.network()
    for token in (
        house.tokens.network(network),
        house.tokens.registration(network),
        house.tokens.operator(),
    ):
        for name in ("net_home", "dev_x"):
            status, body, _ = await knock(house, name, token)
            assert status == 403
            assert (body.get("error_code") or body["error"]["code"]) == "FORBIDDEN"


async def test_another_network_is_not_there(house: House) -> None:
    phone = await house.client(await house.network("net_home"))
    await house.network("net_shop")
    for name in ("net_shop", "net_nowhere"):
        status, body, _ = await knock(house, name, phone.token)
        assert status == 404
        assert body["error"]["code"] == "INVALID_NETWORK_ID"
        assert body["error"]["details"]["network_id"] == name


async def test_another_device_is_not_there(house: House) -> None:
    network = await house.network()
    phone = await house.client(network)
    await house.client(network, "tablet")
    for name in ("tablet", "dev_nobody"):
        status, body, _ = await knock(house, name, phone.token)
        assert status == 404
        assert body["error_code"] == "DEVICE_NOT_FOUND"


async def test_a_token_that_was_replaced_is_good_no_more(house: House) -> None:
    network = await house.network()
    old = await house.client(network)
    new = await house.client(network)
    status, _, _ = await knock(house, "net_home", old.token)
    assert status == 401
    async with house.talk(new):
        pass


async def test_a_client_that_was_deregistered_is_unknown(house: House) -> None:
    network = await house.network()
    phone = await house.client(network)
    await house.hub.deregister_client()(await house.owner(network), phone.client.id)
    status, _, _ = await knock(house, "net_home", phone.token)
    assert status == 401


async def test_a_token_of_another_hub_is_refused(house: House) -> None:
    await house.client(await house.network())
    claims = Claims(kind=TokenKind.CLIENT, subject="phone", network_id=NetworkId("net_home"))
    mint = evolve(house.tokens.mint, secret=b"the secret of quite another hub!!")
    status, _, _ = await knock(house, "net_home", mint.issue(claims))
    assert status == 401


async def test_voice_sessions_are_refused_by_name(house: House) -> None:
    status, body, _ = await knock(house, "voice_session_1")
    assert status == 404
    assert body["message"] == "This hub does not serve voice sessions."


async def test_the_token_may_be_in_the_header(house: House) -> None:
    phone = await house.client(await house.network())
    headers = {"Authorization": f"Bearer {phone.token}"}
    async with house.web.ws_connect(f"{house.url}/ws/net_home", headers=headers) as socket:
        await socket.send_json({"type": "handshake"})
        assert (await socket.receive_json(timeout=PATIENCE))["type"] == "handshake_ack"


async def test_a_hub_that_stops_takes_no_new_socket(house: House) -> None:
    phone = await house.client(await house.network())
    house.sockets.open_sockets.stop()
    status, body, _ = await knock(house, "net_home", phone.token)
    assert status == 503
    assert body["error"]["code"] == "OVERLOADED"
