"""Searching for a text in what a database keeps."""

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, Table, Text, func, or_, select, tuple_, type_coerce

from adapters.sql import coordination_tables, tables
from application.ports.census import LOOKED_THROUGH, SOUGHT, Search, Sort

TABLES: Final[Mapping[Sort, Table]] = {
    Sort.PERSONA: tables.personas,
    Sort.SESSION: tables.sessions,
    Sort.INTERACTION: tables.interactions,
    Sort.REMINDER: tables.reminders,
    Sort.EVENT: tables.calendar_events,
    Sort.ACTIVITY: coordination_tables.activities,
}


def said_in(text: str, *columns: ColumnElement[str]) -> ColumnElement[bool]:
    """Whether any of some columns contains a text, whatever the case of its letters."""
    lowered = text.lower()
    return or_(*(func.lower(column).contains(lowered, autoescape=True) for column in columns))


def statement(sort: Sort, search: Search, limit: int) -> Select[Any]:
    """The query for things of a sort: among the newest, those that hold every word."""
    sought, kept = SOUGHT[sort], TABLES[sort].c
    names = (*sought.texts, *(sought.said if search.said else ()))
    newest = select(
        kept.network_id,
        kept.id,
        type_coerce(kept[sought.title], Text).label("title"),
        type_coerce(kept[sought.about], Text).label("about"),
        kept[sought.at].label("at"),
        *(type_coerce(kept[name], Text).label(f"text_{name}") for name in names),
    )
    if sort is Sort.PERSONA:
        latest = select(kept.network_id, kept.id, func.max(kept.revision)).group_by(kept.network_id, kept.id)
        newest = newest.where(tuple_(kept.network_id, kept.id, kept.revision).in_(latest))
    order = (kept[sought.at].desc(), kept.id.desc())
    among = newest.order_by(*order).limit(LOOKED_THROUGH).subquery().c
    texts = [among[f"text_{name}"] for name in names]
    return (
        select(among.network_id, among.id, among.title, among.about, among.at)
        .where(*(said_in(word, *texts) for word in search.words))
        .order_by(among.at.desc(), among.id.desc())
        .limit(limit)
    )
