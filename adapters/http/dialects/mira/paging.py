"""Which part of a list is asked for."""

from attrs import frozen

from application.ports.storage import Page


@frozen(kw_only=True)
class PageQuery:
    """At most limit items (1 to 200), after the first offset ones."""

    limit: int = 50
    offset: int = 0

    @property
    def page(self) -> Page:
        """The page."""
        return Page(limit=self.limit, offset=self.offset)
