"""Small jobs around a hub: its operator's token, its store, its health before a start."""

import argparse
import asyncio
import importlib
import os
import platform
import shutil
import sys
from collections.abc import Sequence
from http import HTTPStatus
from pathlib import Path
from typing import Final
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from entrypoints.configuration import Start, WrongSetting, exit_wrong, read_settings
from entrypoints.keys import OPERATOR_FILE, OperatorSeal, keep_secret, private_folder, signing_key
from entrypoints.providers import key_of

EXAMPLES: Final = """\
examples:
  mira token operator                          the token of this machine's hub
  mira token operator --data-dir /srv/mira     of a hub that keeps its data there
  mira token operator --rotate                 replace it; the old one is good no more
"""
MIGRATE_EXAMPLES: Final = """\
examples:
  mira migrate                                 bring the store up to date and stop
  mira migrate --database-url postgresql+asyncpg://mira@db/mira
  mira migrate --from sqlite:///srv/mira/mira.db --to postgresql://mira@db/mira
                                               move everything, verified; resumes where it broke off
"""
DOCTOR_EXAMPLES: Final = """\
examples:
  mira doctor                                  check this machine
"""
LEAST_ROOM: Final = 100_000_000
"""Bytes."""
PATIENCE: Final = 5.0
"""Seconds."""
NEEDED: Final = ("numba", "pocketsphinx", "espeakng_loader", "soundfile", "soxr", "aiosqlite", "hypercorn")


def token(arguments: Sequence[str]) -> int:
    """Print the operator's token of a hub that has been started in a data folder, or replace it first."""
    kinds = argparse.ArgumentParser(
        prog="mira token", epilog=EXAMPLES, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    kinds.add_argument("kind", choices=["operator"], help="whose token")
    kinds.add_argument("--data-dir", help="the hub's data folder [default: ~/.local/share/mira]")
    kinds.add_argument("--rotate", action="store_true", help="end the old token at once, and make another")
    chosen = kinds.parse_args(list(arguments))
    try:
        start = read_settings(["--data-dir", chosen.data_dir] if chosen.data_dir else [])
    except WrongSetting as error:
        return exit_wrong(error)
    path = start.settings.data_folder / OPERATOR_FILE
    try:
        if chosen.rotate:
            _rotate_operator(start)
        sys.stdout.write(path.read_text() + "\n")
    except FileNotFoundError:
        return exit_wrong(WrongSetting(f"{path} is not there: start the hub once (mira serve)"))
    except PermissionError:
        return exit_wrong(WrongSetting(f"{path} may not be read by this user"))
    return 0


def _rotate_operator(start: Start) -> None:
    """End the operator's token and keep another, for a hub that runs and for one that will."""
    from adapters.jwt.mint import JwtTokenMint
    from application.networks.tokens import TokenDesk, TokenLifetimes
    from entrypoints.world import RandomIds, SystemClock

    folder = start.settings.data_folder
    if not (folder / OPERATOR_FILE).exists():
        return
    clock = SystemClock()
    mint = JwtTokenMint(secret=signing_key(folder, start.secret), clock=clock, ids=RandomIds())
    version = OperatorSeal(folder).rotate()
    operator_token = TokenDesk(mint, clock, TokenLifetimes(), lambda: version).operator()
    keep_secret(folder / OPERATOR_FILE, operator_token.encode(), replace=True)


def migrate(arguments: Sequence[str]) -> int:
    """Bring a store up to date, or move one into another."""
    if any(word.partition("=")[0] in {"--from", "--to"} for word in arguments):
        from entrypoints.moving import move_store

        return move_store(arguments, MIGRATE_EXAMPLES)
    from domain.errors import MiraError

    try:
        start = read_settings(
            arguments,
            command="mira migrate",
            purpose="Bring the store up to date, and stop.",
            examples=MIGRATE_EXAMPLES,
        )
        asyncio.run(_migrate(start))
    except WrongSetting as error:
        return exit_wrong(error)
    except MiraError as error:
        return exit_wrong(WrongSetting(error.message))
    sys.stdout.write("The store is up to date.\n")
    return 0


async def _migrate(start: Start) -> None:
    from adapters.sql.engine import open_engine
    from adapters.sql.migrating import migrate as bring_up_to_date

    private_folder(start.settings.data_folder)
    async with open_engine(start.settings.store_url) as engine:
        await bring_up_to_date(engine)


def doctor(arguments: Sequence[str]) -> int:
    """Check what a hub needs, and say what is missing."""
    try:
        start = read_settings(
            arguments,
            command="mira doctor",
            purpose="Check that everything the hub needs is there.",
            examples=DOCTOR_EXAMPLES,
        )
    except WrongSetting as error:
        return exit_wrong(error)
    findings = [
        (f"Python {platform.python_version()}", sys.version_info[:2] == (3, 11), "use Python 3.11"),
        *((f"package {name}", _importable(name), "run make setup") for name in NEEDED),
        (
            f"may write to {start.settings.data_folder}",
            os.access(_nearest_folder(start), os.W_OK | os.X_OK),
            "let this user write there, or choose another --data-dir",
        ),
        (
            f"room in {start.settings.data_folder}",
            shutil.disk_usage(_nearest_folder(start)).free > LEAST_ROOM,
            "free at least 100 MB, or choose another --data-dir",
        ),
    ]
    findings += [_reached(name, url) for name, url in _servers_of(start).items()]
    for name, well, remedy in findings:
        sys.stdout.write(f"{'ok  ' if well else 'FAIL'}  {name}{'' if well else ': ' + remedy}\n")
    return 0 if all(well for _, well, _ in findings) else 1


def _servers_of(start: Start) -> dict[str, str]:
    """The servers that the hub would use, and where they are."""
    named = {choice.provider for chosen in start.settings.choices.values() for choice in chosen}
    return {name: url for name, url in start.settings.servers.items() if name in named}


def _reached(name: str, url: str) -> tuple[str, bool, str]:
    """Whether a server answers, and takes the key that there is for it."""
    key = key_of(name)
    headers = {} if key is None else {"Authorization": f"Bearer {key}"}
    question = Request(f"{url.rstrip('/')}/models", headers=headers)  # noqa: S310 - the settings took it
    try:
        with urlopen(question, timeout=PATIENCE):  # noqa: S310
            remedy = ""
    except HTTPError as error:
        error.close()
        refused = error.code in {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}
        remedy = f"it refuses the key: set {name.upper()}_API_KEY" if refused else ""
    except (OSError, ValueError):
        remedy = "it does not answer: start it, or correct its address"
    return f"{name} at {url}", not remedy, remedy


def _importable(name: str) -> bool:
    try:
        importlib.import_module(name)
    except (ImportError, OSError):
        return False
    return True


def _nearest_folder(start: Start) -> Path:
    """The data folder, or what is there of the way to it."""
    folder = start.settings.data_folder
    while not folder.is_dir():
        folder = folder.parent
    return folder
