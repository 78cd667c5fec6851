"""`mira status`, `networks`, `clients` and `tail`: what the dashboard shows, for scripts.

Exit codes: 0 when all is well, 1 when the hub is degraded or unhealthy (status), 2 when it was asked wrongly
or refuses, 3 when it does not answer.
"""

import argparse
import asyncio
import sys
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from entrypoints.configuration import WrongSetting, exit_wrong
from entrypoints.reaching import no_answer, operator_token, reach

if TYPE_CHECKING:
    from adapters.hub import Hub

UNWELL: Final = 1
PAGE: Final = 200
STATUS_EXAMPLES: Final = """\
examples:
  mira status                          how this machine's hub is; exit code 0, 1 (not well) or 3 (no answer)
  mira status --json --url https://mira.example --token TOKEN
"""
NETWORKS_EXAMPLES: Final = """\
examples:
  mira networks                        one line a network
  mira networks --search home --json   one JSON object a line
"""
CLIENTS_EXAMPLES: Final = """\
examples:
  mira clients --online                those whose sockets are open
  mira clients --network net_9a0b... --json
"""
TAIL_EXAMPLES: Final = """\
examples:
  mira tail                            everything that happens, as it happens; Ctrl-C ends it
  mira tail --json --count 10          ten events, one JSON object a line
  mira tail --network net_9a0b... --only turn,fact
  mira tail --log --only log           the hub's log
  mira tail --words                    with what people say
"""
Ask = Callable[["Hub", argparse.Namespace], Awaitable[int]]


def status(arguments: Sequence[str]) -> int:
    """Say how a hub is."""
    parser = _parser("status", "Say how a hub is.", STATUS_EXAMPLES)
    return _run(parser, arguments, _status)


def networks(arguments: Sequence[str]) -> int:
    """List the networks of a hub."""
    parser = _parser("networks", "List the networks of a hub, newest first.", NETWORKS_EXAMPLES)
    parser.add_argument("--search", default="", help="only those with this text in their names or ids")
    return _run(parser, arguments, _networks)


def clients(arguments: Sequence[str]) -> int:
    """List the clients of a hub."""
    parser = _parser("clients", "List the clients of a hub, newest first.", CLIENTS_EXAMPLES)
    parser.add_argument("--search", default="", help="only those with this text in what they are called")
    parser.add_argument("--network", metavar="ID", help="only those of one network")
    parser.add_argument("--online", action="store_true", help="only those whose sockets are open")
    return _run(parser, arguments, _clients)


def tail(arguments: Sequence[str]) -> int:
    """Tell what happens in a hub, as it happens."""
    parser = _parser("tail", "Tell what happens in a hub, as it happens.", TAIL_EXAMPLES)
    parser.add_argument("--network", metavar="ID", help="only what happens in one network")
    parser.add_argument(
        "--only", metavar="SORTS", help="only these, by commas: fact, turn, selection, trouble"
    )
    parser.add_argument("--count", type=_some, help="stop after so many, at least one")
    parser.add_argument("--log", action="store_true", help="the hub's log, too")
    parser.add_argument("--words", action="store_true", help="with what people say")
    return _run(parser, arguments, _tail)


def _some(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError("must be a number from 1")
    return int(text)


def _parser(command: str, purpose: str, examples: str) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog=f"mira {command}",
        description=purpose,
        epilog=examples,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    reach(parser)
    parser.add_argument("--json", action="store_true", help="JSON, one object a line")
    return parser


def _run(parser: argparse.ArgumentParser, arguments: Sequence[str], ask: Ask) -> int:
    chosen = parser.parse_args(list(arguments))
    try:
        return asyncio.run(_asked(chosen, operator_token(chosen), ask))
    except WrongSetting as error:
        return exit_wrong(error)
    except BrokenPipeError:
        sys.stderr.close()
        return 0


async def _asked(chosen: argparse.Namespace, token: str, ask: Ask) -> int:
    from adapters.hub import Hub, HubError, HubUnreachable

    try:
        async with Hub(chosen.url, token) as hub:
            return await ask(hub, chosen)
    except HubUnreachable as error:
        return no_answer(error)
    except HubError as error:
        raise WrongSetting(f"the hub refuses: {error.message} ({error.code})") from error


async def _status(hub: "Hub", chosen: argparse.Namespace) -> int:
    found = await hub.overview()
    figures = found.figures[-1] if found.figures else None
    told = {
        "status": found.status,
        "services": dict(found.services),
        "networks": found.active_networks,
        "clients": found.active_clients,
        "requests_per_minute": found.requests_per_minute,
        "turns": len(found.turns),
        "outbox": figures.levels.get("outbox", 0) if figures else 0,
        "version": found.instance.version,
        "instance": found.instance.name,
        "instances": [_plain(one) for one in found.instances],
        "started_at": found.instance.started_at,
    }
    if chosen.json:
        _write_json(told)
    else:
        services = ", ".join(f"{name} {wellness}" for name, wellness in found.services.items())
        _write(f"{found.status}: {services}")
        _write(
            f"{found.active_networks} networks, {found.active_clients} clients online, "
            f"{found.requests_per_minute} requests a minute, {len(found.turns)} turns under way"
        )
        _write(
            f"{found.instance.name}, version {found.instance.version}, "
            f"since {found.instance.started_at.astimezone():%Y-%m-%d %H:%M:%S}"
        )
        if len(found.instances) > 1:
            _write(f"instances: {', '.join(one.name for one in found.instances)}")
    return 0 if found.status == "healthy" else UNWELL


async def _networks(hub: "Hub", chosen: argparse.Namespace) -> int:
    async for one in _all(lambda offset: hub.find_networks(chosen.search, limit=PAGE, offset=offset)):
        if chosen.json:
            _write_json(_plain(one))
        else:
            counts = one.counts
            _write(
                f"{one.network_id}  {counts.connected:>4}/{counts.clients:<4} online  "
                f"{counts.interactions:>6} turns in 24 h  {one.name}"
            )
    return 0


async def _clients(hub: "Hub", chosen: argparse.Namespace) -> int:
    async for one in _all(
        lambda offset: hub.find_clients(
            chosen.search,
            of_network=chosen.network,
            connected=True if chosen.online else None,
            limit=PAGE,
            offset=offset,
        )
    ):
        if chosen.json:
            _write_json(_plain(one))
        else:
            state = "online " if one.connected else "offline"
            _write(f"{state}  {one.network_id}  {one.client_id:<24} {one.device_type:<14} {one.room or ''}")
    return 0


async def _tail(hub: "Hub", chosen: argparse.Namespace) -> int:
    from adapters.hub.operator_events import SHAPES

    names = {shape: name for name, shape in SHAPES.items()}
    wanted = set(chosen.only.split(",")) if chosen.only else set(names.values()) - {"figures", "health"}
    unknown = wanted - set(names.values())
    if unknown:
        raise WrongSetting(f"there is no {', '.join(sorted(unknown))}; known are {', '.join(sorted(SHAPES))}")
    told = 0
    async with hub.operator_socket() as socket:
        watched = [chosen.network] if chosen.network and "streams" in wanted else []
        await socket.watch(networks=watched, log=chosen.log, transcripts=chosen.words)
        async for event in socket:
            name = names.get(type(event))
            if (
                name is None
                or name not in wanted
                or chosen.network not in {None, getattr(event, "network_id", None)}
            ):
                continue
            _tell(name, event, as_json=chosen.json)
            told += 1
            if told == chosen.count:
                break
    return 0


def _tell(name: str, event: object, *, as_json: bool) -> None:
    body = {"type": name, **_plain(event)}
    if as_json:
        _write_json(body)
        return
    at = body.pop("at", None) or datetime.now(UTC)
    shown = {key: value for key, value in body.items() if key != "type" and value not in (None, "", {}, [])}
    words = " ".join(f"{key}={value}" for key, value in shown.items())
    _write(f"{at.astimezone():%H:%M:%S} {name:<9} {words}")


async def _all(page: Callable[[int], Awaitable[Any]]) -> Any:
    """Every item of a list, page by page."""
    offset, total = 0, 1
    while offset < total:
        found = await page(offset)
        for item in found.items:
            yield item
        offset, total = offset + PAGE, found.total


def _plain(value: Any) -> dict[str, Any]:
    import attrs

    return attrs.asdict(value)


def _write(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def _write_json(value: dict[str, Any]) -> None:
    import orjson

    _write(orjson.dumps(value, option=orjson.OPT_UTC_Z).decode())
