"""Calendars as files, for other programs."""

from collections.abc import Sequence
from typing import Protocol

from domain.agenda import CalendarEvent, Reminder
from domain.networks import Network


class CalendarWriter(Protocol):
    """Writes what a network plans as one document, the same bytes for the same plans."""

    async def write(
        self, network: Network, events: Sequence[CalendarEvent], reminders: Sequence[Reminder]
    ) -> bytes:
        """Write events and reminders, those that recur with their rules, in the time zone of the network."""
        ...
