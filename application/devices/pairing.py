"""Pairing: a device without a keyboard comes into a network by a short code."""

import hashlib
from datetime import timedelta
from typing import Final

from attrs import evolve, field, frozen

from application.devices.devices import RegisterDevice
from application.networks.access import Principal, within
from application.networks.clients import ClientDetails, RegisteredClient
from application.ports.storage import Transactions
from application.ports.tokens import TokenKind
from application.ports.world import Clock, IdSource
from domain.ids import NetworkId
from domain.pairing import PairingOffer, written_code

GOOD_FOR: Final = timedelta(minutes=10)


@frozen(kw_only=True)
class OfferedCode:
    """A code for one device, told only once, and until when it is good."""

    code: str = field(repr=False)
    offer: PairingOffer


@frozen
class OfferPairing:
    """Make a code by which one device can come into a network."""

    transactions: Transactions
    ids: IdSource
    clock: Clock

    async def __call__(
        self,
        principal: Principal,
        network_id: NetworkId,
        *,
        name: str | None = None,
        room: str | None = None,
        group_id: str | None = None,
    ) -> OfferedCode:
        within(principal, network_id)
        code, now = self.ids.pairing_code(), self.clock.now()
        offer = PairingOffer(
            id=self.ids.pairing(),
            network_id=network_id,
            code_hash=_hash(code),
            name=name,
            room=room,
            group_id=group_id,
            created_at=now,
            expires_at=now + GOOD_FOR,
        )
        async with self.transactions.begin() as tx:
            await tx.networks.get(network_id)
            await tx.pairings.add(offer)
        return OfferedCode(code=code, offer=offer)


@frozen
class PairDevice:
    """Take the device that knows a code into the network that offered it; a code is good once."""

    transactions: Transactions
    register: RegisterDevice
    clock: Clock

    async def __call__(self, code: str, details: ClientDetails) -> RegisteredClient:
        """Raises PairingCodeUnknown where nobody offers this code, or not any more."""
        code_hash = _hash(written_code(code))
        async with self.transactions.begin() as tx:
            offer = await tx.pairings.take(code_hash, self.clock.now())
        owner = Principal(kind=TokenKind.NETWORK, subject=offer.network_id, network_id=offer.network_id)
        known = evolve(
            details,
            name=offer.name or details.name,
            room=offer.room or details.room,
            group_id=offer.group_id or details.group_id,
        )
        return await self.register(owner, offer.network_id, known)


def _hash(code: str) -> str:
    return hashlib.sha256(code.encode()).hexdigest()
