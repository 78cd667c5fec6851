"""Which part of a list is asked for."""

from typing import Annotated

from attrs import frozen
from msgspec import Meta

from application.ports.storage import MAX_PAGE, Page

Limit = Annotated[
    int, Meta(ge=0, description=f"At most so many, 1 to {MAX_PAGE}; more is taken for {MAX_PAGE}.")
]
Offset = Annotated[int, Meta(ge=0, description="After so many.")]


@frozen(kw_only=True)
class PageQuery:
    """At most limit items (1 to 200), after the first offset ones."""

    limit: Limit = 50
    offset: Offset = 0

    @property
    def page(self) -> Page:
        """The page."""
        return Page(limit=self.limit, offset=self.offset)
