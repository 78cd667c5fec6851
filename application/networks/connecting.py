"""Sockets coming and going."""

from collections.abc import Collection
from datetime import datetime

from attrs import evolve, frozen

from application.networks.access import Principal, within
from application.ports.storage import Transaction, Transactions
from application.ports.world import Clock
from domain.clients import Client, ConnectionStatus, LeaveReason
from domain.commands import Command
from domain.errors import ClientNotFound, NotFound, Unauthorized
from domain.events import ClientJoined, ClientLeft, CommandIssued, Fact
from domain.ids import ONLY_INSTANCE, ClientId, EventId, InstanceId, NetworkId
from domain.networks import Network

MISSED_AT_ONCE = 1000
MOST_MISSED = 5000
"""A client that missed more has to read the state of things anew."""


@frozen(kw_only=True)
class Connection:
    """A client that has said hello, its network, and the facts that it missed since its last visit.

    resumed says whether that last visit is known, so that no fact is missing between; event_id is the
    fact that the client has come, to name at its next visit if it hears of nothing else, and position is
    that fact's place in the network's order. orders are what a device has still to do of all that was
    commanded before that place.
    """

    network: Network
    client: Client
    event_id: EventId
    position: int
    missed: tuple[Fact, ...] = ()
    orders: tuple[Command, ...] = ()
    resumed: bool = False


@frozen
class Connect:
    """Note that a client's socket is open, and tell the others; its earlier socket is replaced.

    What it missed is read after its coming has a place in the network's order: until the commit no other
    fact gets one, so that none falls between what was missed and what is told from then on.
    """

    transactions: Transactions
    clock: Clock
    instance_id: InstanceId = ONLY_INSTANCE

    async def __call__(
        self,
        principal: Principal,
        network_id: NetworkId,
        client_id: ClientId,
        *,
        capabilities: tuple[str, ...] | None = None,
        last_event_id: EventId | None = None,
        takes_commands: bool = False,
    ) -> Connection:
        within(principal, network_id)
        if principal.client_id != client_id:
            raise ClientNotFound(client_id)
        now = self.clock.now()
        async with self.transactions.begin() as tx:
            network = await tx.networks.get(network_id)
            known = await tx.clients.get(network_id, client_id)
            if principal.token_version not in {None, known.token_version}:
                raise Unauthorized
            told: list[Fact] = []
            if known.connected:
                replaced = ClientLeft(client_id=client_id, reason=LeaveReason.REPLACED, at=now)
                told.append(await tx.outbox.append(network_id, replaced))
            client = evolve(
                known,
                capabilities=known.capabilities if capabilities is None else capabilities,
                connection_status=ConnectionStatus.CONNECTED,
                connected_since=now,
                instance_id=self.instance_id,
                takes_commands=takes_commands,
                reported_status=None,
                last_seen_at=now,
            )
            await tx.clients.update(client)
            joined = ClientJoined(
                client_id=client_id, device_type=client.device_type, capabilities=client.capabilities, at=now
            )
            told.append(await tx.outbox.append(network_id, joined))
            missed = await self._missed(tx, network_id, last_event_id)
            orders = await tx.commands.pending(network_id, client_id, now) if takes_commands else ()
        return Connection(
            network=network,
            client=client,
            event_id=told[-1].id,
            position=told[-1].position,
            missed=tuple(one for one in missed or () if one not in told and _is_missed(one, client_id)),
            orders=orders,
            resumed=missed is not None,
        )

    async def _missed(
        self, tx: Transaction, network_id: NetworkId, last_event_id: EventId | None
    ) -> tuple[Fact, ...] | None:
        missed: list[Fact] = []
        while last_event_id is not None and len(missed) <= MOST_MISSED:
            facts = await tx.outbox.since(network_id, last_event_id, MISSED_AT_ONCE)
            if facts is None:
                return None
            missed.extend(facts)
            if len(facts) < MISSED_AT_ONCE:
                return tuple(missed)
            last_event_id = facts[-1].id
        return None


def _is_missed(fact: Fact, client_id: ClientId) -> bool:
    """Whether a fact is for a client that comes back; what it was commanded is told by itself."""
    return fact.recipient in {None, client_id} and not isinstance(fact.event, CommandIssued)


@frozen
class Disconnect:
    """Note that a client's socket has ended, and tell the others; a newer socket of it stays connected."""

    transactions: Transactions
    clock: Clock

    async def __call__(
        self,
        network_id: NetworkId,
        client_id: ClientId,
        reason: LeaveReason,
        *,
        since: datetime | None = None,
    ) -> None:
        try:
            async with self.transactions.begin() as tx:
                client = await tx.clients.get(network_id, client_id)
                if since is None or client.connected_since == since:
                    await self._leave(tx, client, reason)
        except NotFound:
            return

    async def sweep(self, tx: Transaction, instance_ids: Collection[InstanceId]) -> int:
        """Note that nobody is connected to some instances any more, and say how many were."""
        clients = await tx.clients.connected(instance_ids)
        for client in sorted(clients, key=lambda one: (one.network_id, one.id)):
            await self._leave(tx, client, LeaveReason.DISCONNECTED)
        return len(clients)

    async def _leave(self, tx: Transaction, client: Client, reason: LeaveReason) -> None:
        """Note it within a transaction; a client that is not connected has left already."""
        if not client.connected:
            return
        now = self.clock.now()
        status = ConnectionStatus.DISCONNECTED
        await tx.clients.update(
            evolve(
                client,
                connection_status=status,
                connected_since=None,
                instance_id=None,
                reported_status=None,
                last_seen_at=now,
            )
        )
        left = ClientLeft(client_id=client.id, reason=reason, at=now)
        await tx.outbox.append(client.network_id, left)
