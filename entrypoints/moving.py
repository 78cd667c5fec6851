"""`mira migrate --from --to`: a household's data in another database."""

import argparse
import asyncio
import sys
from collections.abc import Sequence
from typing import Final

from domain.errors import MiraError
from entrypoints.configuration import WrongSetting, exit_wrong

DRIVERS: Final = {"sqlite:": "sqlite+aiosqlite:", "postgresql:": "postgresql+asyncpg:"}


def move_store(arguments: Sequence[str], examples: str) -> int:
    """Move everything from one store into another, and say what was verified."""
    parser = argparse.ArgumentParser(
        prog="mira migrate", epilog=examples, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--from", dest="source", required=True, help="store to read, as in sqlite:///path")
    parser.add_argument(
        "--to", dest="target", required=True, help="store to fill, as in postgresql://host/db"
    )
    chosen = parser.parse_args(list(arguments))
    try:
        asyncio.run(_move(with_driver(chosen.source), with_driver(chosen.target)))
    except MiraError as error:
        return exit_wrong(WrongSetting(error.message))
    return 0


def with_driver(url: str) -> str:
    """A URL as people write it, with the driver that is used here."""
    for plain, driven in DRIVERS.items():
        if url.startswith(plain):
            return driven + url.removeprefix(plain)
    return url


async def _move(source_url: str, target_url: str) -> None:
    from adapters.sql.engine import open_engine
    from adapters.sql.migrating import migrate
    from adapters.sql.moving import move

    async with open_engine(source_url) as source, open_engine(target_url) as target:
        await migrate(source)
        await migrate(target)
        for one in await move(source, target, _tell):
            sys.stdout.write(f"verified  {one.table:<20} {one.rows:>9} rows  sha256 {one.checksum[:16]}\n")
    sys.stdout.write("Everything was moved; point the hub to the new store with MIRA_DATABASE_URL.\n")


def _tell(table: str, moved: int) -> None:
    sys.stdout.write(f"moved     {table:<20} {moved:>9} rows so far\n")
    sys.stdout.flush()
