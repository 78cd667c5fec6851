"""Commands to devices: issued with the rows that they are about, and kept until they are acknowledged."""

import asyncio
from collections.abc import Mapping
from datetime import timedelta
from typing import Final

from attrs import evolve, field, frozen

from application.ports.announcing import Announcer
from application.ports.storage import Transaction, Transactions
from application.ports.world import Clock, IdSource
from domain.commands import TIMELY, Command, Order, SwitchPersona
from domain.errors import CommandNotFound, NotFound
from domain.events import Attention, AttentionChanged, CommandIssued, LiveNews
from domain.ids import ClientId, CommandId, InteractionId, NetworkId

LASTS: Final = timedelta(minutes=10)
"""For how long a command is told again to a device that comes back."""
LOOKS_AGAIN: Final = timedelta(milliseconds=250)
"""An acknowledgement that another hub took in is seen within this time."""
LARGEST_OUTCOME: Final = 32
"""How many names a device may give to what became of a command."""


@frozen
class CommandDesk:
    """Writes commands down in the transaction of what they are about; the outbox carries them."""

    ids: IdSource
    clock: Clock

    async def issue(
        self,
        tx: Transaction,
        network_id: NetworkId,
        client_id: ClientId,
        order: Order,
        *,
        priority: int = TIMELY,
        origin: str | None = None,
        lasts: timedelta = LASTS,
    ) -> Command:
        """Give a device an order, or raise ClientNotFound."""
        now = self.clock.now()
        command = Command(
            id=self.ids.command(),
            network_id=network_id,
            client_id=client_id,
            order=order,
            priority=priority,
            origin=origin,
            issued_at=now,
            expires_at=now + lasts,
        )
        await tx.commands.add(command)
        await tx.outbox.append(network_id, CommandIssued(command=command, at=now), recipient=client_id)
        return command


@frozen(eq=False)
class AckBoard:
    """Wakes whoever waits in this hub for a command to be acknowledged."""

    _waiting: dict[CommandId, asyncio.Event] = field(factory=dict, init=False)

    def note(self, command_id: CommandId) -> None:
        """A command was acknowledged."""
        if command_id in self._waiting:
            self._waiting[command_id].set()

    async def wait(self, command_id: CommandId, longest: timedelta) -> None:
        """Wait until a command is acknowledged here, or for so long."""
        noted = self._waiting.setdefault(command_id, asyncio.Event())
        try:
            async with asyncio.timeout(longest.total_seconds()):
                await noted.wait()
        except TimeoutError:
            pass
        finally:
            self._waiting.pop(command_id, None)


@frozen
class AwaitAcknowledgement:
    """Wait until a device has acknowledged a command, wherever its socket is; but not for ever."""

    transactions: Transactions
    board: AckBoard

    async def __call__(self, command: Command, longest: timedelta) -> Command:
        """Answer the command as it stands in the end."""
        loop = asyncio.get_running_loop()
        until = loop.time() + longest.total_seconds()
        while True:
            left = timedelta(seconds=until - loop.time())
            await self.board.wait(command.id, min(LOOKS_AGAIN, max(left, timedelta(0))))
            async with self.transactions.snapshot() as tx:
                latest = await tx.commands.get(command.network_id, command.id)
            if latest.acknowledged_at is not None or loop.time() >= until:
                return latest


@frozen
class AcknowledgeCommand:
    """Note what a device says of a command, or that it has finished saying an answer.

    One that names no command means the latest switch of its persona, where it says switch_complete; one that
    names an interaction means that its answer was said, or was broken off.
    """

    transactions: Transactions
    announcer: Announcer
    board: AckBoard
    clock: Clock

    async def __call__(
        self, network_id: NetworkId, device_id: ClientId, outcome: Mapping[str, object]
    ) -> None:
        """Raises CommandNotFound where the device was given no such command."""
        named, interaction_id = outcome.get("command_id"), outcome.get("interaction_id")
        if isinstance(named, str):
            await self._note(network_id, device_id, CommandId(named), outcome)
        elif isinstance(interaction_id, str):
            await self._silence(network_id, device_id, interaction_id)
        elif "switch_complete" in outcome:
            await self._note_switch(network_id, device_id, outcome)

    async def _note(
        self, network_id: NetworkId, device_id: ClientId, command_id: CommandId, outcome: Mapping[str, object]
    ) -> None:
        async with self.transactions.begin() as tx:
            command = await tx.commands.get(network_id, command_id)
            if command.client_id != device_id:
                raise CommandNotFound(command_id)
            if command.acknowledged_at is None:
                await tx.commands.update(command.acknowledged(_kept(outcome), self.clock.now()))
        self.board.note(command_id)

    async def _note_switch(
        self, network_id: NetworkId, device_id: ClientId, outcome: Mapping[str, object]
    ) -> None:
        async with self.transactions.snapshot() as tx:
            pending = await tx.commands.pending(network_id, device_id, self.clock.now())
        switches = [one for one in pending if isinstance(one.order, SwitchPersona)]
        for switch in switches[-1:]:
            await self._note(network_id, device_id, switch.id, outcome)

    async def _silence(self, network_id: NetworkId, device_id: ClientId, interaction_id: str) -> None:
        """The device is silent: there is no reply left that could move elsewhere."""
        async with self.transactions.begin() as tx:
            try:
                interaction = await tx.interactions.get(network_id, InteractionId(interaction_id))
                if interaction.session_id is None:
                    return
                session = await tx.sessions.get(network_id, interaction.session_id)
            except NotFound:
                return
            reply = session.reply
            if reply is None or reply.interaction_id != interaction_id:
                return
            if device_id != (reply.spoken_by or session.client_id):
                return
            await tx.sessions.update(evolve(session, reply=None))
        idle = AttentionChanged(client_id=device_id, attention=Attention.IDLE, at=self.clock.now())
        self.announcer.tell(LiveNews(network_id=network_id, event=idle, recipient=device_id))


def _kept(outcome: Mapping[str, object]) -> Mapping[str, object]:
    """What is kept of an outcome: its plain values."""
    plain = ((name, value) for name, value in outcome.items() if isinstance(value, str | int | float | None))
    return (
        {name: value if not isinstance(value, str) else value[:500] for name, value in plain}
        if len(outcome) <= LARGEST_OUTCOME
        else {"switch_complete": outcome.get("switch_complete") is not False}
    )
