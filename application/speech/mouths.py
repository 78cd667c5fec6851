"""Finding who says an answer aloud, among those who are connected now."""

from application.ports.storage import Transaction
from domain.clients import Client
from domain.mouths import mouth_of
from domain.networks import Network, SpokenBy


async def mouth_at(tx: Transaction, network: Network, asking: Client) -> Client | None:
    """Who says aloud what a client has asked; None where nobody can be heard there."""
    own = asking.can_speak and network.settings.answers_spoken_by is SpokenBy.OWN
    others = () if own or asking.room is None else await tx.clients.connected_in(network.id)
    return mouth_of(asking, others, network.settings)
