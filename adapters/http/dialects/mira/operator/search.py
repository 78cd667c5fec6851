"""Searching everything in all networks of the hub."""

from collections.abc import Sequence
from datetime import datetime

from attrs import frozen

from adapters.http.dialects.mira.dialect import MIRA
from adapters.http.dialects.mira.paging import Limit
from adapters.http.routing import Call, operation
from application.ports.census import Find, Search
from application.ports.paging import Page


@frozen(kw_only=True)
class EverywhereQuery:
    """The words to look for, whether what people said is meant, too, and at most how many of each sort."""

    search: str = ""
    said: bool = False
    limit: Limit = 10


@frozen(kw_only=True)
class FindView:
    """Something that was found: a persona, session, interaction, reminder, event or activity."""

    sort: str
    network_id: str
    id: str
    title: str
    about: str
    at: datetime

    @classmethod
    def of(cls, find: Find) -> "FindView":
        """The view of something found."""
        return cls(
            sort=find.sort.value,
            network_id=find.network_id,
            id=find.id,
            title=find.title,
            about=find.about,
            at=find.at,
        )


@frozen(kw_only=True)
class FindsView:
    """What was found, newest first in each sort."""

    finds: Sequence[FindView]


@operation(MIRA, "operator.search.list", "GET", "/internal/operator/search")
async def search(call: Call[None, EverywhereQuery]) -> FindsView:
    """Search all networks for what holds every word: ids, names, titles, and what people said if asked."""
    sought = Search(words=tuple(call.query.search.split()), said=call.query.said)
    found = await call.use.search_everywhere(sought, Page(limit=call.query.limit).limit)
    return FindsView(finds=[FindView.of(find) for find in found])


OPERATIONS = (search,)
