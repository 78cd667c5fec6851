"""What the dashboard's parts tell each other."""

from attrs import frozen
from textual.message import Message

from adapters.hub.operating import ClientSeen, NetworkSeen


class PictureChanged(Message):
    """Parts of what is known of the hub have changed; told at most a few times a second."""

    def __init__(self, parts: frozenset[str]) -> None:
        super().__init__()
        self.parts = parts


class NetworkChosen(Message):
    """The operator has chosen a network, or all of them (None)."""

    def __init__(self, network_id: str | None) -> None:
        super().__init__()
        self.network_id = network_id


@frozen(kw_only=True)
class Found:
    """Something that a search has found: a network, or a client."""

    title: str
    detail: str
    network: NetworkSeen | None = None
    client: ClientSeen | None = None
