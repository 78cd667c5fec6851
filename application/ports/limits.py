"""Counting what is done, so that nobody does too much of it."""

from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from typing import Protocol

from attrs import frozen

from domain.ids import ClientId, NetworkId


@frozen(kw_only=True)
class Rate:
    """So many in so many seconds, by whichever stretch of that length one looks at."""

    most: int
    seconds: int


@frozen(kw_only=True)
class Charge:
    """One deed of a subject, of a class that is limited; subject and class are what is counted by."""

    subject: str
    what: str
    rate: Rate


@frozen(kw_only=True)
class Standing:
    """How a subject stands with a limit: what is left of it, and in how many seconds more will be."""

    what: str
    limit: int
    remaining: int
    resets_in: float
    allowed: bool = True


class Limits(Protocol):
    """Keeps count for as long as each rate looks back; nothing is counted twice, whoever asks at once."""

    async def charge(self, charges: Sequence[Charge]) -> Standing:
        """Count a deed against all of these rates, or against none where one of them is used up.

        Answers how the subject stands with the tightest of them; with the one that refuses, where it is
        not allowed.
        """
        ...

    def seat(
        self, network_id: NetworkId, client_id: ClientId, most: int
    ) -> AbstractAsyncContextManager[bool]:
        """Hold one of a network's seats while the block lasts; False where all are taken, and none is held.

        A client that has a seat may take one more beside it, as it does when it comes back before its
        lost socket is known to be lost.
        """
        ...
