"""What an interlocutor may do in the house during one turn."""

from collections.abc import Awaitable, Callable
from typing import Literal

from attrs import frozen

from application.ports.dialogue import ActivityWish
from application.turns.acting import Acting
from application.turns.house_deeds import HouseDeeds
from domain.errors import Forbidden

HouseTool = Literal["announce", "switch_persona", "continue_at", "start_activity", "stop_activity"]


@frozen
class HouseTools(Acting):
    """Announcements, personas, places and activities: each is done, and kept with the interaction."""

    async def announce(self, *, text: str, room: str | None = None) -> str:
        return await self._in_house(
            "announce", text, lambda house: house.announce(self.interaction, text, room)
        )

    async def switch_persona(self, *, name: str) -> str:
        return await self._in_house(
            "switch_persona", name, lambda house: house.switch(self.interaction, name)
        )

    async def continue_at(self, *, place: str) -> str:
        return await self._in_house("continue_at", place, lambda house: house.go_on(self.interaction, place))

    async def start_activity(self, *, activity: ActivityWish, theme: str | None = None) -> str:
        return await self._in_house(
            "start_activity", activity, lambda house: house.start(self.interaction, activity, theme)
        )

    async def stop_activity(self) -> str:
        return await self._in_house("stop_activity", "", lambda house: house.stop(self.interaction))

    async def _in_house(
        self, tool: HouseTool, wanted: str, act: Callable[[HouseDeeds], Awaitable[str]]
    ) -> str:
        """Do something that is of the house rather than of its agenda, and keep what was told of it."""
        self._permit(tool)
        if self.house is None:
            raise Forbidden("Nothing of the house can be done from here.", tool=tool)
        standing = self.earlier.standing(tool, lambda action: action.result.get("wanted") == wanted)
        if standing is not None:
            async with self.transactions.begin() as tx:
                await self._note_again(tx, standing)
            return str(standing.result.get("said", ""))
        said = await act(self.house)
        async with self.transactions.begin() as tx:
            action = await self._note(tx, tool, {"wanted": wanted, "said": said})
        self.done.append(action)
        return said
