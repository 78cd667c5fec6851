"""News of commits, from whoever commits to whoever waits for it: in this instance, and in the others."""

from collections.abc import Callable, Collection, Sequence

from attrs import define, field

from adapters.sql.bell import PostgresBell
from application.facts.wakeup import Wakeup
from domain.events import Fact
from domain.ids import NetworkId


def _nobody(_: Collection[NetworkId]) -> None:
    """Tell nobody."""


@define(eq=False)
class News:
    """Wakes whoever waits for facts when some are committed; the bell carries it to other instances."""

    delivery_wakeup: Wakeup = field(factory=Wakeup)
    relay_wakeup: Wakeup = field(factory=Wakeup)
    ring_wakeup: Wakeup = field(factory=Wakeup)
    bell: PostgresBell | None = None
    noticed: Callable[[Collection[NetworkId]], None] = _nobody

    def committed(self, facts: Sequence[Fact]) -> None:
        """Facts were committed by this instance."""
        networks = {fact.network_id for fact in facts}
        if self.bell is not None:
            self.bell.ring(networks)
        self.relay_wakeup.nudge()
        self.heard(networks)

    def heard(self, networks: Collection[NetworkId]) -> None:
        """Facts were committed somewhere."""
        self.noticed(networks)
        self.ring_wakeup.nudge()

    def followed(self, network_id: NetworkId) -> None:
        """Somebody has begun to listen here."""
        self.noticed([network_id])
