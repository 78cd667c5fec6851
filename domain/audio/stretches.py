"""Stretches of speech, and how far two of them are the same sentence."""

from typing import Final, Protocol

from domain.audio.agreement import (
    DECIDED_FAR_HOPS,
    LEAST_HOPS,
    UNKNOWN,
    Agreement,
    compare_far,
    compare_near,
)
from domain.audio.kernels import HOP
from domain.audio.pcm import Samples
from domain.audio.streams import microseconds

COMPARED_BEFORE: Final = 20
"""So many hops from before speech are compared: a talker in another room is silent there."""


class Stretch(Protocol):
    """A stretch of speech that others can be compared with, wherever its stream is heard."""

    @property
    def started_at(self) -> int:
        """When it began, in capture time."""
        ...

    @property
    def has_clock(self) -> bool:
        """Whether capture times are told, rather than guessed from arrivals."""
        ...

    @property
    def agreement(self) -> Agreement:
        """How far it agrees with what leads its sentence."""
        ...

    def rows(self) -> Samples:
        """What the kernels told of it and a little before."""
        ...

    def rows_began_at(self) -> int:
        """The capture time of the first of its rows."""
        ...

    def rows_since(self, moment: int) -> tuple[int, Samples]:
        """What the kernels told of its stream from a moment on, and when the first of it was captured."""
        ...


def agreement_of(one: Stretch, other: Stretch) -> Agreement:
    """How far two stretches of speech are the same sentence.

    By clocks that are trusted they are compared from a little before the earlier one on, until now or a
    little after the later one's end: what one hears and the other does not counts as well. What neither of
    them is about, because only one has begun, says nothing.
    """
    begins = min(one.started_at, other.started_at) - microseconds(COMPARED_BEFORE * HOP)
    began, rows = one.rows_since(begins)
    other_began, other_rows = other.rows_since(begins)
    skip, other_skip = hops_between(began, other_began), hops_between(other_began, began)
    heard = min(began + microseconds(HOP * len(rows)), other_began + microseconds(HOP * len(other_rows)))
    later = max(one.started_at, other.started_at)
    spoken = hops_between(later, heard) >= LEAST_HOPS - COMPARED_BEFORE
    near = compare_near(rows[skip:], other_rows[other_skip:]) if spoken else UNKNOWN
    timed = one.has_clock and other.has_clock
    if near.same or (timed and near.hops == 0):
        return near
    ahead = (one.rows_began_at() - other.rows_began_at()) // microseconds(HOP)
    far = compare_far(one.rows(), other.rows(), ahead)
    if timed or far.same:
        return far if far.same else near
    return far if far.hops >= DECIDED_FAR_HOPS else UNKNOWN


def hops_between(moment: int, later: int) -> int:
    """How many hops later the second moment is; 0 if it is not."""
    return max(0, later - moment) // microseconds(HOP)
