"""Calendars as iCalendar documents (RFC 5545)."""
