"""Commands to devices in a database."""

from datetime import datetime
from typing import Final

from attrs import frozen
from sqlalchemy import delete, select, update

from adapters.sql import coordination_tables as tables
from adapters.sql.shelves import Shelf
from adapters.sql.statements import Statements
from domain.commands import Command
from domain.errors import ClientNotFound, CommandNotFound
from domain.ids import ClientId, CommandId, NetworkId

COMMANDS: Final = tables.commands.c
SHELF: Final = Shelf(
    table=tables.commands,
    kind=Command,
    noun="command",
    newest=("issued_at", "id"),
    missing=CommandNotFound,
    orphaned=lambda command: ClientNotFound(command.client_id),
)


@frozen
class SqlCommands:
    """What devices have been told to do."""

    _statements: Statements

    async def add(self, command: Command) -> None:
        """Keep a new command, or raise ClientNotFound when its client is not kept."""
        await SHELF.add(self._statements, command)

    async def get(self, network_id: NetworkId, command_id: CommandId) -> Command:
        """Find a command of a network, or raise CommandNotFound."""
        return await SHELF.get(self._statements, network_id, command_id)

    async def update(self, command: Command) -> None:
        """Replace a command, or raise CommandNotFound."""
        await SHELF.update(self._statements, command)

    async def pending(self, network_id: NetworkId, client_id: ClientId, now: datetime) -> tuple[Command, ...]:
        """What a client has still to do: neither acknowledged nor too old; the oldest first."""
        statement = (
            select(tables.commands)
            .where(
                COMMANDS.network_id == network_id,
                COMMANDS.client_id == client_id,
                COMMANDS.acknowledged_at.is_(None),
                COMMANDS.expires_at > now,
            )
            .order_by(COMMANDS.issued_at, COMMANDS.id)
        )
        return tuple(map(SHELF.read, await self._statements.rows(statement)))

    async def of_origin(self, network_id: NetworkId, origin: str) -> tuple[Command, ...]:
        """The commands of an activity or a broadcast, the oldest first."""
        statement = (
            select(tables.commands)
            .where(COMMANDS.network_id == network_id, COMMANDS.origin == origin)
            .order_by(COMMANDS.issued_at, COMMANDS.id)
        )
        return tuple(map(SHELF.read, await self._statements.rows(statement)))

    async def withdraw(self, network_id: NetworkId, origin: str, now: datetime) -> int:
        """Let the pending commands of an activity end now, and say how many those were."""
        statement = (
            update(tables.commands)
            .where(
                COMMANDS.network_id == network_id,
                COMMANDS.origin == origin,
                COMMANDS.acknowledged_at.is_(None),
                COMMANDS.expires_at > now,
            )
            .values(expires_at=now)
        )
        return await self._statements.changed(statement)

    async def forget(self, before: datetime) -> int:
        """Drop what has been too old since before a moment, and say how many those were."""
        return await self._statements.changed(delete(tables.commands).where(COMMANDS.expires_at < before))
