"""The `mira` command: finds what was asked for, and loads no more than that needs."""

import sys
from collections.abc import Callable, Sequence
from typing import Final

from entrypoints.version import VERSION

INTERRUPTED: Final = 130
"""What shells call a command that was ended by Ctrl-C."""

USAGE: Final = """\
usage: mira COMMAND [OPTIONS]

A hub that hears a home through its best microphone, answers, and acts.

commands:
  serve     run the hub
  tui       watch and steer a running hub
  status    say how a running hub is
  networks  list the networks of a running hub
  clients   list the clients of a running hub
  tail      tell what happens in a running hub
  device    be a device: microphone, loudspeaker, buttons, lights
  demo      watch three microphones hear one sentence, live
  token     print a token, as in: mira token operator
  migrate   bring the store up to date and stop
  score     say how well recordings, or a microphone, can be heard
  explain   say why a stream was used for a turn
  nats      write what NATS is to permit, as in: mira nats permissions NETWORK
  doctor    check that everything the hub needs is there

options:
  -h, --help     show this help
  --version      show the version

examples:
  mira demo                                  the main job in half a minute
  mira serve                                 a hub on http://127.0.0.1:8080
  mira serve --host 0.0.0.0 --port 9000      reachable from the network
  mira COMMAND --help                        every option of a command
"""

SERVE_EXAMPLES: Final = """\
examples:
  mira serve                                    on http://127.0.0.1:8080
  mira serve --host 0.0.0.0 --port 9000         reachable from the network
  mira serve --data-dir /srv/mira               keep everything there
  MIRA_LOG_LEVEL=debug mira serve               any option as a variable
"""


def _serve(arguments: Sequence[str]) -> int:
    from entrypoints.configuration import WrongSetting, exit_wrong, read_settings

    try:
        start = read_settings(arguments, examples=SERVE_EXAMPLES)
    except WrongSetting as error:
        return exit_wrong(error)
    from entrypoints.server import serve

    return serve(start)


def _demo(arguments: Sequence[str]) -> int:
    from entrypoints.demo.command import demo

    return demo(arguments)


def _tui(arguments: Sequence[str]) -> int:
    from entrypoints.dashboard import tui

    return tui(arguments)


def _status(arguments: Sequence[str]) -> int:
    from entrypoints.asking import status

    return status(arguments)


def _networks(arguments: Sequence[str]) -> int:
    from entrypoints.asking import networks

    return networks(arguments)


def _clients(arguments: Sequence[str]) -> int:
    from entrypoints.asking import clients

    return clients(arguments)


def _tail(arguments: Sequence[str]) -> int:
    from entrypoints.asking import tail

    return tail(arguments)


def _device(arguments: Sequence[str]) -> int:
    from entrypoints.device.command import device

    return device(arguments)


def _token(arguments: Sequence[str]) -> int:
    from entrypoints.maintenance import token

    return token(arguments)


def _migrate(arguments: Sequence[str]) -> int:
    from entrypoints.maintenance import migrate

    return migrate(arguments)


def _score(arguments: Sequence[str]) -> int:
    from entrypoints.scoring import score

    return score(arguments)


def _explain(arguments: Sequence[str]) -> int:
    from entrypoints.explaining import explain

    return explain(arguments)


def _nats(arguments: Sequence[str]) -> int:
    from entrypoints.nats_permissions import nats_command

    return nats_command(arguments)


def _doctor(arguments: Sequence[str]) -> int:
    from entrypoints.maintenance import doctor

    return doctor(arguments)


COMMANDS: Final[dict[str, Callable[[Sequence[str]], int]]] = {
    "serve": _serve,
    "tui": _tui,
    "status": _status,
    "networks": _networks,
    "clients": _clients,
    "tail": _tail,
    "device": _device,
    "demo": _demo,
    "token": _token,
    "migrate": _migrate,
    "score": _score,
    "explain": _explain,
    "nats": _nats,
    "doctor": _doctor,
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command and answer its exit code."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    if not words or words[0] in {"-h", "--help", "help"}:
        sys.stdout.write(USAGE)
        return 0
    if words[0] == "--version":
        sys.stdout.write(f"mira {VERSION}\n")
        return 0
    command = COMMANDS.get(words[0])
    if command is None:
        sys.stderr.write(f"mira: there is no command {words[0]!r}; mira --help lists them\n")
        return 2
    try:
        return command(words[1:])
    except KeyboardInterrupt:
        return INTERRUPTED


if __name__ == "__main__":
    raise SystemExit(main())
