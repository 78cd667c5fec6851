"""What was decided in each network, written down before it counts, by whoever has read all of it."""

from collections.abc import Sequence
from typing import Final

from attrs import define, field, frozen
from nats.js.errors import KeyNotFoundError, KeyWrongLastSequenceError

from adapters.nats.buckets import NatsBucket
from adapters.nats.connection import NatsConnection
from adapters.nats.testimonies import read_testimonies, write_testimonies
from domain.audio.testimony import Testimony
from domain.ids import NetworkId

BUCKET: Final = "MIRA_DECISIONS"
LASTS: Final = 20.0
"""Seconds; sound that comes later is not believed to be so old."""
MOST: Final = 6
"""So many are kept: a minute of speech is a quarter of what NATS takes in a message."""


@frozen(kw_only=True)
class Record:
    """What was decided in a network, by what was used, and the place of that in the bucket."""

    used: Sequence[Testimony] = ()
    revision: int = 0
    """0 for nothing at all."""


@define(eq=False)
class NatsDecisions:
    """Reads and writes the records of networks; whoever writes names what it has read."""

    connection: NatsConnection
    _bucket: NatsBucket = field(init=False)

    def __attrs_post_init__(self) -> None:
        meaning = "What was decided in each network a moment ago"
        self._bucket = NatsBucket(self.connection, BUCKET, meaning, LASTS)

    async def read(self, network_id: NetworkId) -> Record:
        """The record of a network.

        Raises:
            nats.errors.Error: NATS does not answer, or not as it should.
            InvalidValue: what is there is none.
        """
        try:
            entry = await (await self._bucket.opened()).get(network_id)
        except KeyNotFoundError:
            return Record()
        return Record(used=read_testimonies(entry.value or b""), revision=entry.revision or 0)

    async def write(self, network_id: NetworkId, used: Sequence[Testimony], revision: int) -> Record:
        """Replace a record that nobody has changed since.

        Raises:
            nats.errors.Error: somebody has (KeyWrongLastSequenceError), or NATS does not answer.
        """
        bucket, kept = await self._bucket.opened(), used[-MOST:]
        content = write_testimonies(kept)
        try:
            written = await bucket.update(network_id, content, last=revision)
        except KeyWrongLastSequenceError:
            if (await self.read(network_id)).revision:
                raise
            written = await bucket.create(network_id, content)
        return Record(used=kept, revision=written)
