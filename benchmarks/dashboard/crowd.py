"""A big, busy hub as the dashboard sees it: a server that speaks the operator API, with a flood of events."""

import asyncio
import random
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

import orjson
from aiohttp import WSMsgType, web

PAGE: Final = 200
STREAMS: Final = 4


class Crowd:
    """So many networks and clients, and so many events a second, spoken as the hub speaks them."""

    def __init__(self, networks: int, clients: int, events_per_second: int) -> None:
        self.networks, self.clients, self.rate = networks, clients, events_per_second
        self.sent = 0
        self.chance = random.Random(7)
        self.watched: list[str] = []

    def app(self) -> web.Application:
        """The server."""
        app = web.Application()
        app.router.add_get("/internal/operator", self.overview)
        app.router.add_get("/internal/operator/networks", self.find_networks)
        app.router.add_get("/internal/operator/clients", self.find_clients)
        app.router.add_get("/internal/operator/events", self.events)
        return app

    async def overview(self, _: web.Request) -> web.Response:
        """The hub as a whole."""
        told = {
            "instance": {"name": "crowd:1", "version": "1", "started_at": now()},
            "instances": [{"instance_id": "inst_1", "name": "crowd:1", "seen_at": now()}],
            "status": "healthy",
            "services": {"database": "healthy"},
            "active_networks": self.networks,
            "active_clients": self.clients,
            "requests_per_minute": 60,
            "figures": [figures() for _ in range(300)],
            "turns": [],
            "troubles": [],
            "limits": [],
            "codes": {},
            "timestamp": now(),
        }
        return web.json_response(told)

    async def find_networks(self, request: web.Request) -> web.Response:
        """A page of networks."""
        offset = int(request.query.get("offset", 0))
        page = [self.network(i) for i in range(offset, min(offset + PAGE, self.networks))]
        return web.json_response({"networks": page, "total": self.networks, "limit": PAGE, "offset": offset})

    async def find_clients(self, request: web.Request) -> web.Response:
        """A page of clients."""
        offset = int(request.query.get("offset", 0))
        page = [self.client(i) for i in range(offset, min(offset + PAGE, self.clients))]
        return web.json_response({"clients": page, "total": self.clients, "limit": PAGE, "offset": offset})

    async def events(self, request: web.Request) -> web.WebSocketResponse:
        """The flood, in even portions, with figures once a second and meters eight times."""
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        await send(socket, {"type": "hello", "instance": "crowd:1", "version": "1", "at": now()})
        reading = asyncio.create_task(self.read(socket))
        loop = asyncio.get_running_loop()
        began, ticks = loop.time(), 0
        try:
            while not socket.closed:
                ticks += 1
                for _ in range(self.rate // 20):
                    await send(socket, self.event())
                if ticks % 20 == 0:
                    await send(socket, {"type": "figures", **figures(), "networks": self.activity()})
                if ticks % 3 == 0:
                    for network_id in self.watched:
                        await send(socket, self.streams(network_id))
                await asyncio.sleep(max(0, began + ticks / 20 - loop.time()))
        except ConnectionError:
            pass
        finally:
            reading.cancel()
        return socket

    async def read(self, socket: web.WebSocketResponse) -> None:
        """Take in what is to be watched."""
        async for message in socket:
            if message.type is WSMsgType.TEXT:
                self.watched = orjson.loads(message.data).get("networks", [])

    def event(self) -> Mapping[str, Any]:
        """Any of what happens most."""
        self.sent += 1
        i = self.chance.randrange(self.clients)
        network_id, client_id = f"net_{i % self.networks}", f"client-{i}"
        common = {"network_id": network_id, "client_id": client_id, "at": now()}
        match self.sent % 5:
            case 0:
                return common | {
                    "type": "turn",
                    "interaction_id": f"int_{self.sent}",
                    "stage": "over",
                    "spoken": True,
                    "started_at": now(),
                    "timings": {"total": 700.0, "reply": 20.0},
                    "status": "completed",
                }
            case 1:
                return common | {
                    "type": "trouble",
                    "code": "NOT_FOUND",
                    "message": "There is none.",
                    "status": 404,
                    "place": "mira.network.get",
                    "request_id": f"req_{self.sent}",
                }
            case sort:
                name = ("client_joined", "client_left", "interaction_created")[sort - 2]
                details = {"client_id": client_id, "reason": "disconnected"}
                fact = {"type": "fact", "name": name, "event_id": f"evt_{self.sent}", "details": details}
                return {"network_id": network_id, "at": now(), **fact}

    def activity(self) -> list[Mapping[str, Any]]:
        """A second of every network."""
        return [
            {
                "network_id": f"net_{i}",
                "requests": i % 5,
                "failed": 0,
                "sound": 0.5,
                "facts": i % 3,
                "turns": 0,
            }
            for i in range(self.networks)
        ]

    def streams(self, network_id: str) -> Mapping[str, Any]:
        """A few streams of a network."""
        heard = [
            {
                "client_id": f"mic-{i}",
                "quality_score": self.chance.uniform(0, 10),
                "metrics": {"snr": 20.0, "speech_clarity": 60.0, "volume_level": 0.4},
                "speaking": True,
                "selected": i == 0,
            }
            for i in range(STREAMS)
        ]
        return {"type": "streams", "network_id": network_id, "streams": heard, "at": now()}

    def network(self, i: int) -> Mapping[str, Any]:
        """One network."""
        return {
            "network_id": f"net_{i}",
            "name": f"Network number {i}",
            "description": "",
            "status": "active",
            "settings": {
                "audio_quality_threshold": 0.5,
                "max_clients": 100,
                "language": "en",
                "timezone": "UTC",
            },
            "limits": {},
            "created_at": now(),
            "updated_at": now(),
            "counts": {"clients": 10, "connected": 5, "interactions": i, "reminders": 1, "events": 1},
            "metrics": {
                "requests": i,
                "response_time_ms": 3.0,
                "error_rate": 0.0,
                "websocket_connections": 5,
                "audio_processing_volume": 1.0,
                "turns": i,
                "websocket_events": {"ClientJoined": 3},
            },
            "streams": [],
        }

    def client(self, i: int) -> Mapping[str, Any]:
        """One client."""
        return {
            "network_id": f"net_{i % self.networks}",
            "client_id": f"client-{i}",
            "name": None,
            "device_type": "tablet",
            "device_info": {},
            "capabilities": ["audio"],
            "room": "kitchen",
            "group_id": None,
            "persona_id": None,
            "connected": i % 2 == 0,
            "connection_status": "connected",
            "connected_since": None,
            "audio_quality_score": None,
            "registered_at": now(),
            "last_seen_at": now(),
        }


async def send(socket: web.WebSocketResponse, message: Mapping[str, Any]) -> None:
    """Say something on the socket."""
    await socket.send_str(orjson.dumps(message).decode())


def figures() -> dict[str, Any]:
    """The figures of one second."""
    return {
        "at": now(),
        "rates": {"requests": 40.0, "facts": 300.0, "sound": 4.0, "cpu": 0.3},
        "levels": {"memory": 3e8, "networks": 1000, "clients": 5000, "outbox": 0},
        "latencies": {"requests": {"p50": 3.0, "p95": 9.0, "p99": 20.0, "count": 2400}},
    }


def now() -> str:
    """The present moment, as it is written."""
    return datetime.now(UTC).isoformat()


def main(port: int, networks: int, clients: int, events_per_second: int) -> None:
    """Serve until ended."""
    web.run_app(Crowd(networks, clients, events_per_second).app(), host="127.0.0.1", port=port, print=None)
