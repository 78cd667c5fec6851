"""`mira serve`: a hub on a port, from the first line it prints to a clean stop."""

import asyncio
import logging
import signal
import socket
import sys
from datetime import timedelta
from functools import partial
from typing import Final

import structlog
from hypercorn.asyncio import serve as serve_http
from hypercorn.config import Config
from quart import Quart

from adapters.http.app import create_app
from adapters.http.options import HttpOptions
from adapters.http.use_cases import UseCases
from adapters.nats.audio import Opening, StreamWire
from adapters.nats.commands import NatsCommands
from adapters.websocket.blueprint import SocketOptions, Sockets, SocketUseCases, sockets
from domain.errors import MiraError
from entrypoints.commands import PerformCommand, commands_of, described, served
from entrypoints.configuration import Start, WrongSetting, exit_wrong
from entrypoints.container import filled
from entrypoints.lifespan import RunningHub, running_hub
from entrypoints.logs import set_up_logs
from entrypoints.settings import Settings
from entrypoints.version import VERSION

log = structlog.get_logger(__name__)

TURNS_MAY_TAKE: Final = 8.0
CONNECTIONS_MAY_TAKE: Final = 1.5
BACKLOG: Final = 512
LARGEST_MESSAGE: Final = 2 * 1024 * 1024
CUT_OFF_AT: Final = 4 * LARGEST_MESSAGE
"""A message between the two is refused by name and its socket lives; a larger one ends its socket."""


def serve(start: Start) -> int:
    """Run a hub until it is told to stop, and answer the exit code."""
    try:
        set_up_logs(start.settings.log_level, as_json=start.settings.log_json)
        asyncio.run(_serve(start, bound(start.settings)))
    except WrongSetting as error:
        return exit_wrong(error)
    except MiraError as error:
        return exit_wrong(WrongSetting(error.message))
    return 0


def bound(settings: Settings) -> socket.socket:
    """Take the address to listen on; connections wait there from now on."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((settings.host, settings.port))
    except OSError as error:
        listener.close()
        raise WrongSetting(
            f"cannot listen on {settings.host}:{settings.port} ({error.strerror}); choose another --port"
        ) from error
    listener.setblocking(False)
    return listener


async def _serve(start: Start, listener: socket.socket) -> None:
    options = HttpOptions(
        host=start.settings.host,
        port=listener.getsockname()[1],
        public_url=start.settings.public_url or None,
        version=VERSION,
    )
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(name, stopping.set)
    async with running_hub(start, options.base_url) as hub:
        app = create_app(filled(UseCases, hub.container), options)
        socket_side = sockets(
            filled(SocketUseCases, hub.container),
            _socket_options(start.settings, options),
            beside=lambda: described(options),
        )
        app.register_blueprint(socket_side.blueprint)
        commands = _take_commands(hub, app, options)
        streams = hub.fabric.hold_streams(partial(_hold_stream, socket_side))
        listener.listen(BACKLOG)
        closing = asyncio.Event()
        serving = asyncio.create_task(_http(app, listener, closing))
        _greet(start.settings, options)
        await _first(stopping, serving)
        log.info("stopping")
        await asyncio.gather(_stop(hub, socket_side), *([commands.stop(TURNS_MAY_TAKE)] if commands else []))
        if streams is not None:
            await streams.stop()
        closing.set()
        await serving


def _take_commands(hub: RunningHub, app: Quart, options: HttpOptions) -> NatsCommands | None:
    """Serve over NATS what is served over REST, where NATS is wanted."""
    if not hub.fabric.relays:
        return None
    return hub.fabric.serve(VERSION, commands_of(served(), options), PerformCommand.on(app))


async def _hold_stream(socket_side: Sockets, opening: Opening, wire: StreamWire) -> None:
    """Talk over a stream by NATS as over a socket."""
    await socket_side.hold_stream(wire, opening.token, opening.network_id, opening.client_id)


async def _stop(hub: RunningHub, socket_side: Sockets) -> None:
    """Finish what is under way, tell what came of it, and say goodbye."""
    socket_side.open_sockets.stop()
    await asyncio.gather(socket_side.finish_turns(TURNS_MAY_TAKE), hub.settle(TURNS_MAY_TAKE))
    await hub.settle(0)
    await socket_side.close()
    await hub.settle(0)


def _greet(settings: Settings, options: HttpOptions) -> None:
    """Say where the hub is, where its data lies, and how to get in."""
    registration = (
        f"anyone on this machine may: POST {options.base_url}/api/v1/networks"
        if settings.registration_is_open
        else "with the operator's token: POST /api/v1/networks"
    )
    sys.stdout.write(
        f"Mira {VERSION} listens on {options.base_url}\n"
        f"  data       {settings.data_folder}\n"
        f"  token      mira token operator --data-dir {settings.data_folder}\n"
        f"  networks   {registration}\n"
        f"  documents  {options.base_url}/docs\n"
        f"  health     {options.base_url}/api/v1/health\n"
        "  stop       Ctrl-C\n"
    )
    sys.stdout.flush()


async def _http(app: Quart, listener: socket.socket, closing: asyncio.Event) -> None:
    config = Config()
    config.bind = [f"fd://{listener.detach()}"]
    config.accesslog = None
    config.errorlog = logging.getLogger("hypercorn")
    config.loglevel = "WARNING"
    config.include_server_header = False
    config.graceful_timeout = CONNECTIONS_MAY_TAKE
    config.websocket_max_message_size = CUT_OFF_AT
    await serve_http(app, config, shutdown_trigger=closing.wait, mode="asgi")


async def _first(stopping: asyncio.Event, serving: "asyncio.Task[None]") -> None:
    """Wait until the hub is told to stop, or cannot go on."""
    told = asyncio.create_task(stopping.wait())
    await asyncio.wait({told, serving}, return_when=asyncio.FIRST_COMPLETED)
    told.cancel()
    if serving.done():
        await serving


def _socket_options(settings: Settings, options: HttpOptions) -> SocketOptions:
    return SocketOptions(
        heartbeat_timeout=timedelta(seconds=settings.heartbeat_timeout_s),
        largest_message=LARGEST_MESSAGE,
        public_url=options.socket_url("").removesuffix("/ws/"),
        version=VERSION,
    )
