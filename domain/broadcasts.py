"""A broadcast is something told to many devices at once; it is kept who got it."""

from collections.abc import Mapping
from datetime import datetime

from attrs import field, frozen

from domain.ids import BroadcastId, ClientId, NetworkId


@frozen(kw_only=True)
class Broadcast:
    """What was told, to those who were there (sent_to), and who of those meant was not (offline)."""

    id: BroadcastId
    network_id: NetworkId
    event_type: str
    payload: Mapping[str, object] = field(factory=dict)
    sent_to: tuple[ClientId, ...]
    offline: tuple[ClientId, ...] = ()
    sent_at: datetime
