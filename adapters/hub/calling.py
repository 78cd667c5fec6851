"""What every group of calls to a hub shares: the call itself, and how a list is read."""

from collections.abc import Mapping
from typing import Any, TypeVar

from adapters.hub.answers import Listing
from adapters.hub.calls import Caller, part
from adapters.hub.reading import read

Item = TypeVar("Item")


class Calling:
    """The stem of the groups of calls; the hub that is made of them brings the caller."""

    @property
    def _call(self) -> Caller:
        raise RuntimeError("open the hub with `async with` before speaking to it")

    async def _list(
        self, path: str, item: type[Item], query: Mapping[str, Any], *, name: str | None = None
    ) -> Listing[Item]:
        """A page of a list; its items are under the name of the last part of the path, or under another."""
        told = await self._call.json("GET", path, query=query)
        page = {
            "items": told.get(name or path.rsplit("/", 1)[-1]),
            **{key: told.get(key) for key in ("total", "limit", "offset")},
        }
        return read(page, Listing[item])  # type: ignore[valid-type]


def place(network_id: str, *parts: str) -> str:
    """Where something of a network is found in the networks API."""
    return "/".join(["/api/v1/networks", *map(part, (network_id, *parts))])
