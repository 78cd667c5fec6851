"""What was said in a network, over REST."""

from datetime import datetime

from adapters.hub.answers import Conversation, Interaction, Listing
from adapters.hub.calling import Calling, place
from adapters.hub.reading import read


class InteractionCalls(Calling):
    """The calls about interactions and conversations."""

    async def interactions(
        self,
        network_id: str,
        *,
        client_id: str | None = None,
        speaker_id: str | None = None,
        start: datetime | None = None,
        end: datetime | None = None,
        limit: int = 50,
        offset: int = 0,
    ) -> Listing[Interaction]:
        """The interactions of a network, newest first: from start on, and before end."""
        query = {
            "client_id": client_id,
            "speaker_id": speaker_id,
            "start_date": start,
            "end_date": end,
            "limit": limit,
            "offset": offset,
        }
        return await self._list(place(network_id, "interactions"), Interaction, query)

    async def interaction(self, network_id: str, interaction_id: str) -> Interaction:
        """Look an interaction up, with every stream that heard it."""
        path = place(network_id, "interactions", interaction_id)
        return read(await self._call.json("GET", path), Interaction)

    async def process_interaction(
        self, network_id: str, interaction_id: str, *, context: str | None = None, force: bool = False
    ) -> Interaction:
        """Have an interaction processed once more, with something to go by; force one that was completed."""
        path = place(network_id, "interactions", interaction_id, "process")
        body = {"context": context, "force_reprocess": force}
        return read(await self._call.json("POST", path, body=body), Interaction)

    async def interaction_history(self, network_id: str, interaction_id: str) -> tuple[Interaction, ...]:
        """What an interaction came to before it was processed again, latest first."""
        path = place(network_id, "interactions", interaction_id, "history")
        told = await self._call.json("GET", path)
        return tuple(read(one, Interaction) for one in told["history"])

    async def interaction_audio(
        self, network_id: str, interaction_id: str, *, first: int | None = None, last: int | None = None
    ) -> bytes:
        """What was said in an interaction, as a sound file, where the hub keeps it; or some of its bytes.

        These are those from first to last, last included, or to the end.
        """
        path = place(network_id, "interactions", interaction_id, "audio")
        wanted = None if first is None else f"bytes={first}-{'' if last is None else last}"
        return await self._call.sound(path, wanted)

    async def conversations(
        self, network_id: str, *, include_interactions: bool = True, limit: int = 20, offset: int = 0
    ) -> Listing[Conversation]:
        """The conversations of a network, the most recently used first."""
        query = {"include_interactions": include_interactions, "limit": limit, "offset": offset}
        return await self._list(place(network_id, "conversations"), Conversation, query)
