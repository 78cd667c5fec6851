"""How the tables came to be, one small step a file; versions/ is read by Alembic."""

from typing import Final

NEWEST: Final = "0002"
"""The step that this code's tables stand on; known here so that a start need not load Alembic."""
