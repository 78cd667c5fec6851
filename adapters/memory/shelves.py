"""A shelf: values of one kind by their ids, in memory."""

from collections.abc import Callable, Iterable
from typing import Generic, TypeVar

from attrs import frozen

from application.ports.storage import Listing, Page
from domain.errors import Conflict, MiraError
from domain.plain import require_plain

Item = TypeVar("Item")
Key = tuple[str, ...]
"""The ids that name a value, its network's first."""


@frozen(kw_only=True, eq=False)
class Shelf(Generic[Item]):
    """Values of one kind; the noun names them in refusals, missing makes the refusal of an unknown id."""

    rows: dict[Key, Item]
    noun: str
    missing: Callable[[str], MiraError]
    writable: bool

    def add(self, key: Key, item: Item) -> None:
        """Keep a new value, or raise Conflict when its id is taken."""
        self.require_writable()
        require_plain(self.noun, item)
        if key in self.rows:
            raise Conflict(f"There is already a {self.noun} with this id.", id=key[-1])
        self.rows[key] = item

    def get(self, key: Key) -> Item:
        """Find a value, or raise what stands for its absence."""
        if key not in self.rows:
            raise self.missing(key[-1])
        return self.rows[key]

    def update(self, key: Key, item: Item) -> None:
        """Replace a value, or raise what stands for its absence."""
        self.require_writable()
        require_plain(self.noun, item)
        self.get(key)
        self.rows[key] = item

    def remove(self, key: Key) -> None:
        """Take a value away, or raise what stands for its absence."""
        self.require_writable()
        self.get(key)
        del self.rows[key]

    def remove_within(self, *prefix: str) -> None:
        """Take everything away whose key begins with these ids."""
        self.require_writable()
        for key in [key for key in self.rows if key[: len(prefix)] == prefix]:
            del self.rows[key]

    def within(self, *prefix: str) -> Iterable[Item]:
        """Everything whose key begins with these ids."""
        return (item for key, item in self.rows.items() if key[: len(prefix)] == prefix)

    def require_writable(self) -> None:
        """Refuse a write in a snapshot."""
        if not self.writable:
            raise MiraError("A snapshot of the store cannot be written to.")


def listing(items: Iterable[Item], page: Page, newest: Callable[[Item], tuple[object, ...]]) -> Listing[Item]:
    """The part of some items that a page wants, the greatest by newest first."""
    ordered = sorted(items, key=newest, reverse=True)
    start = max(page.offset, 0)
    return Listing(items=tuple(ordered[start : start + page.limit]), total=len(ordered), page=page)
