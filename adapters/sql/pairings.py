"""Offers to devices in a database."""

from datetime import datetime
from typing import Final

from attrs import frozen
from sqlalchemy import delete

from adapters.sql import coordination_tables as tables
from adapters.sql.shelves import Shelf
from adapters.sql.statements import Statements
from domain.errors import NetworkNotFound, PairingCodeUnknown
from domain.pairing import PairingOffer

OFFERS: Final = tables.pairing_offers.c
SHELF: Final = Shelf(
    table=tables.pairing_offers,
    kind=PairingOffer,
    noun="pairing code",
    newest=("created_at", "id"),
    missing=PairingCodeUnknown,
    orphaned=lambda offer: NetworkNotFound(offer.network_id),
)


@frozen
class SqlPairings:
    """Places in networks that are offered to devices under a code."""

    _statements: Statements

    async def add(self, offer: PairingOffer) -> None:
        """Keep a new offer, or raise NetworkNotFound, or Conflict when the code is taken."""
        await SHELF.add(self._statements, offer)

    async def take(self, code_hash: str, now: datetime) -> PairingOffer:
        """Take an offer away for good and answer it, or raise PairingCodeUnknown; of two only one gets it."""
        taken = delete(tables.pairing_offers).where(OFFERS.code_hash == code_hash, OFFERS.expires_at > now)
        rows = await self._statements.rows(taken.returning(*tables.pairing_offers.columns))
        if not rows:
            raise PairingCodeUnknown
        return SHELF.read(rows[0])

    async def forget(self, now: datetime) -> int:
        """Drop the offers that are over, and say how many those were."""
        return await self._statements.changed(delete(tables.pairing_offers).where(OFFERS.expires_at <= now))
