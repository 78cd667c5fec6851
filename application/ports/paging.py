"""Parts of lists."""

from typing import Generic, TypeVar

from attrs import field, frozen

Item = TypeVar("Item")
MAX_PAGE = 200


def _at_most_a_page(limit: int) -> int:
    return max(1, min(limit, MAX_PAGE))


@frozen(kw_only=True)
class Page:
    """Which part of a list is wanted; a limit is clamped to 1..200."""

    limit: int = field(default=50, converter=_at_most_a_page)
    offset: int = 0


@frozen(kw_only=True)
class Listing(Generic[Item]):
    """A part of a list, the page it answers, and how many items there are in all."""

    items: tuple[Item, ...]
    total: int
    page: Page
