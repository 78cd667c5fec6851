"""The hub behind its real server, over a real socket."""

import asyncio
import io
import json
from collections.abc import AsyncIterator

import aiohttp
import pytest
from hypercorn.asyncio import serve
from hypercorn.config import Config

from tests.adapters.http.house import bearer, build_house
from tests.patience import PATIENCE


@pytest.fixture
async def served(unused_tcp_port) -> AsyncIterator[int]:
    """A hub that serves; its port."""
    house = build_house(port=unused_tcp_port)

    @house.app.websocket("/ws/<name>")
    async def closed(name: str) -> None:
        from domain.errors import NetworkNotFound

        raise NetworkNotFound(name)

    config, stop = Config(), asyncio.Event()
    config.bind, config.graceful_timeout = [f"127.0.0.1:{unused_tcp_port}"], 1
    task = asyncio.create_task(serve(house.app, config, shutdown_trigger=stop.wait))
    for _ in range(200):
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", unused_tcp_port)
        except OSError:
            await asyncio.sleep(0.02)
        else:
            writer.close()
            await writer.wait_closed()
            break
    yield unused_tcp_port
    stop.set()
    await task


async def exchange(port: int, request: bytes) -> tuple[int, dict[str, str], bytes]:
    """Send the bytes of a request, and read all that comes until the server closes."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        writer.write(request)
        await writer.drain()
        answer = await asyncio.wait_for(reader.read(), PATIENCE)
    finally:
        writer.close()
    head, _, body = answer.partition(b"\r\n\r\n")
    lines = head.decode("latin-1").split("\r\n")
    headers = dict(line.lower().split(": ", 1) for line in lines[1:])
    return int(lines[0].split()[1]), headers, body


async def test_a_network_is_opened_read_and_closed(served):
    async with aiohttp.ClientSession(f"http://127.0.0.1:{served}") as session:
        async with session.post("/api/v1/networks", json={"name": "Home"}) as answer:
            assert answer.status == 201
            assert answer.headers["API-Version"] == "v1"
            network = await answer.json()
        path, headers = f"/api/v1/networks/{network['network_id']}", bearer(network["network_token"])
        assert network["websocket_url"] == f"ws://127.0.0.1:{served}/ws/{network['network_id']}"
        async with session.get(path, headers=headers) as answer:
            assert (await answer.json())["name"] == "Home"
        async with session.head(path, headers=headers) as answer:
            assert answer.status == 200
        async with session.options(path) as answer:
            assert set(answer.headers["Allow"].split(", ")) == {"GET", "PUT", "DELETE", "HEAD", "OPTIONS"}
        async with session.delete(path, headers=headers) as answer:
            assert answer.status == 204
        async with session.get(path, headers=headers) as answer:
            assert answer.status == 401
            assert answer.headers["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize("size", [1024 * 1024 + 1, 8 * 1024 * 1024])
async def test_a_body_that_is_too_large_is_told_so_whether_or_not_its_length_is(served, size):
    async def pieces():
        for _ in range(0, size, 65536):
            yield b" " * 65536

    async with aiohttp.ClientSession(f"http://127.0.0.1:{served}") as session:
        for data in (io.BytesIO(b" " * size), pieces()):
            async with session.post(
                "/api/v1/networks", data=data, headers={"Content-Type": "application/json"}
            ) as answer:
                assert answer.status == 413
                assert (await answer.json())["error"]["code"] == "PAYLOAD_TOO_LARGE"


async def test_who_may_not_call_is_told_so_after_all_was_sent(served):
    async with (
        aiohttp.ClientSession(f"http://127.0.0.1:{served}") as session,
        session.post("/v1/devices", data=io.BytesIO(b" " * (4 * 1024 * 1024))) as answer,
    ):
        assert answer.status == 401
        assert (await answer.json())["error_code"] == "UNAUTHORIZED"


@pytest.mark.slow
async def test_who_never_sends_all_is_answered_all_the_same(served):
    status, _, data = await exchange(
        served, b"POST /v1/devices HTTP/1.1\r\nHost: h\r\nContent-Length: 100\r\n\r\n{"
    )

    assert status == 401
    assert json.loads(data)["error_code"] == "UNAUTHORIZED"


@pytest.mark.parametrize(
    "host", [b"evil.example", b"[", b"a b", b"", b"\xff\xfe", b"x" * 2000, b"127.0.0.1:999999"]
)
async def test_no_host_header_fools_or_breaks_the_hub(served, host):
    body = b'{"name": "Home"}'
    status, _, data = await exchange(
        served,
        b"POST /api/v1/networks HTTP/1.1\r\nHost: "
        + host
        + b"\r\nContent-Type: application/json\r\nConnection: close\r\nContent-Length: "
        + str(len(body)).encode()
        + b"\r\n\r\n"
        + body,
    )

    assert status in {201, 400}
    if status == 201:
        assert json.loads(data)["websocket_url"].startswith(f"ws://127.0.0.1:{served}/ws/net_")


@pytest.mark.parametrize(
    ("target", "status"),
    [
        (b"/api/v1/networks/%ff%00", 401),
        (b"/api/v1/health?%ff=%00&&&=&a", 200),
        (b"/%e2%80%ae", 404),
        (b"//evil.example/api/v1/networks", 404),
        (b"/api/v1/../v1/health", 404),
        (b"*", 404),
        (b"http://evil.example/api/v1/health", 200),
    ],
)
async def test_odd_targets_are_answered(served, target, status):
    told, headers, data = await exchange(
        served, b"GET " + target + b" HTTP/1.1\r\nHost: h\r\nX-Request-ID: odd-1\r\nConnection: close\r\n\r\n"
    )

    assert told == status
    assert headers["x-request-id"] == "odd-1"
    assert "location" not in headers
    assert json.loads(data)


async def test_two_requests_on_one_connection_have_ids_of_their_own(served):
    async with aiohttp.ClientSession(
        f"http://127.0.0.1:{served}", connector=aiohttp.TCPConnector(limit=1)
    ) as session:
        told = []
        for _ in range(2):
            async with session.get("/v1/nothing") as answer:
                told.append((answer.headers["X-Request-ID"], (await answer.json())["request_id"]))

    assert told[0][0] == told[0][1]
    assert told[1][0] == told[1][1]
    assert told[0] != told[1]


@pytest.mark.parametrize(
    ("path", "key"), [("/ws/net_1", "error_code"), ("/api/v1/nothing", "error"), ("/nothing", "error_code")]
)
async def test_a_socket_that_is_refused_is_told_why(served, path, key):
    async with aiohttp.ClientSession(f"http://127.0.0.1:{served}") as session:
        with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
            await session.ws_connect(path)
        assert refused.value.status == 404
        assert refused.value.headers["X-Request-ID"]
    status, _, data = await exchange(
        served,
        f"GET {path} HTTP/1.1\r\nHost: h\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
        "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n".encode(),
    )
    assert status == 404
    assert key in json.loads(data)
