"""Personas and the sessions that they are spoken with in."""
