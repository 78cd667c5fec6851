"""What is kept of an action, in plain values."""

from collections.abc import Mapping

from domain.agenda import CalendarEvent, Reminder
from domain.moments import utc_text


def of_reminder(reminder: Reminder) -> Mapping[str, object]:
    return {
        "reminder_id": reminder.id,
        "title": reminder.title,
        "due_time": utc_text(reminder.due_time),
        "status": reminder.status.value,
    }


def of_event(event: CalendarEvent) -> Mapping[str, object]:
    return {
        "event_id": event.id,
        "title": event.title,
        "start_time": utc_text(event.start_time),
        "end_time": utc_text(event.end_time),
        "attendees": list(event.attendees),
        "location": event.location,
    }
