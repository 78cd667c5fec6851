"""Reminders and events: made, changed, listed, rung and fed to calendars."""
