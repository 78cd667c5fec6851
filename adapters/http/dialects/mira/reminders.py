"""Reminders: setting, reading, changing and dropping them."""

from datetime import datetime
from http import HTTPStatus
from typing import Annotated

from attrs import frozen
from msgspec import UNSET, Meta, UnsetType

from adapters.http.dialects.mira.dialect import MIRA
from adapters.http.dialects.mira.paging import PageQuery
from adapters.http.routing import Call, operation
from application.agenda.reminding import UNCHANGED, NewReminder, ReminderChanges
from application.ports.storage import Listing, ReminderFilter
from domain.agenda import MAX_TITLE, Reminder, ReminderStatus
from domain.recurrence import LONGEST_RULE

Title = Annotated[str, Meta(min_length=1, max_length=MAX_TITLE)]
Recurrence = Annotated[
    str, Meta(max_length=LONGEST_RULE, description="An RRULE, such as FREQ=WEEKLY;BYDAY=MO.")
]


@frozen(kw_only=True)
class ReminderQuery(PageQuery):
    """Which reminders are asked for: by status, and due before a moment."""

    status: ReminderStatus | None = None
    due_before: datetime | None = None


@frozen(kw_only=True)
class NewReminderBody:
    """A reminder to be set; recurrence goes by the clocks of the network."""

    title: Title
    due_time: datetime
    recurrence: Recurrence | None = None


@frozen(kw_only=True)
class ReminderChangesBody:
    """What is to be changed of a reminder; what is not sent stays as it is.

    A recurrence of null makes it a single one. To complete one that recurs is to have done what rang, or else
    its next occurrence; occurrence names the due time that is meant, so that it can be sent twice.
    """

    title: Title | None = None
    due_time: datetime | None = None
    status: ReminderStatus | None = None
    recurrence: str | UnsetType | None = UNSET
    occurrence: datetime | None = None

    def changes(self) -> ReminderChanges:
        """The changes."""
        return ReminderChanges(
            title=self.title,
            due_time=self.due_time,
            status=self.status,
            recurrence=UNCHANGED if self.recurrence is UNSET else self.recurrence,
            occurrence=self.occurrence,
        )


@frozen(kw_only=True)
class ReminderView:
    """A reminder; recurrence is an RRULE or null."""

    reminder_id: str
    title: str
    due_time: datetime
    status: str
    recurrence: str | None
    created_at: datetime

    @classmethod
    def of(cls, reminder: Reminder) -> "ReminderView":
        """The view of a reminder."""
        return cls(
            reminder_id=reminder.id,
            title=reminder.title,
            due_time=reminder.due_time,
            status=reminder.status.value,
            recurrence=reminder.recurrence,
            created_at=reminder.created_at,
        )


@frozen(kw_only=True)
class ReminderListView:
    """A part of the reminders of a network, newest first."""

    reminders: tuple[ReminderView, ...]
    total: int
    limit: int
    offset: int

    @classmethod
    def of(cls, found: Listing[Reminder]) -> "ReminderListView":
        """The view of a listing."""
        return cls(
            reminders=tuple(ReminderView.of(reminder) for reminder in found.items),
            total=found.total,
            limit=found.page.limit,
            offset=found.page.offset,
        )


@operation(MIRA, "mira.reminder.list", "GET", "/api/v1/networks/{network_id}/reminders")
async def list_reminders(call: Call[None, ReminderQuery]) -> ReminderListView:
    """List the reminders of a network."""
    wanted = ReminderFilter(status=call.query.status, due_before=call.query.due_before)
    found = await call.use.list_reminders(call.principal, call.network_id, wanted, call.query.page)
    return ReminderListView.of(found)


@operation(
    MIRA,
    "mira.reminder.create",
    "POST",
    "/api/v1/networks/{network_id}/reminders",
    status=HTTPStatus.CREATED,
)
async def create(call: Call[NewReminderBody, None]) -> ReminderView:
    """Set a reminder."""
    body = call.body
    wanted = NewReminder(title=body.title, due_time=body.due_time, recurrence=body.recurrence)
    return ReminderView.of(await call.use.create_reminder(call.principal, call.network_id, wanted))


@operation(MIRA, "mira.reminder.get", "GET", "/api/v1/networks/{network_id}/reminders/{reminder_id}")
async def get(call: Call[None, None]) -> ReminderView:
    """Look a reminder up."""
    return ReminderView.of(await call.use.get_reminder(call.principal, call.network_id, call.reminder_id))


@operation(MIRA, "mira.reminder.update", "PUT", "/api/v1/networks/{network_id}/reminders/{reminder_id}")
async def update(call: Call[ReminderChangesBody, None]) -> ReminderView:
    """Change what is sent of a reminder, complete it, or cancel it."""
    changes = call.body.changes()
    changed = await call.use.update_reminder(call.principal, call.network_id, call.reminder_id, changes)
    return ReminderView.of(changed)


@operation(
    MIRA,
    "mira.reminder.delete",
    "DELETE",
    "/api/v1/networks/{network_id}/reminders/{reminder_id}",
    status=HTTPStatus.NO_CONTENT,
)
async def delete(call: Call[None, None]) -> None:
    """Take a reminder away, with all its occurrences."""
    await call.use.delete_reminder(call.principal, call.network_id, call.reminder_id)


OPERATIONS = (list_reminders, create, get, update, delete)
