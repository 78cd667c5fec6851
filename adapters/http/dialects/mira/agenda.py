"""The agenda: reminders, calendar events, and feeds of both."""

from adapters.http.dialects.mira import calendar, feeds, reminders

OPERATIONS = (*reminders.OPERATIONS, *calendar.OPERATIONS, *feeds.OPERATIONS)
