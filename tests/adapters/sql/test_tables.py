"""The tables mirror the values."""

from typing import get_args, get_type_hints

import pytest
from attrs import fields
from sqlalchemy import Table

from adapters.sql import coordination_tables, tables
from adapters.sql.columns import Choice, Moment
from domain.activities.activity import Activity
from domain.agenda import CalendarEvent, Reminder
from domain.broadcasts import Broadcast
from domain.clients import Client
from domain.commands import Command
from domain.interactions import Conversation, Interaction
from domain.jobs import Job
from domain.networks import Network
from domain.pairing import PairingOffer
from domain.sessions import Session
from domain.uploads import Upload

PAIRS = [
    (tables.networks, Network),
    (tables.clients, Client),
    (tables.conversations, Conversation),
    (tables.interactions, Interaction),
    (tables.reminders, Reminder),
    (tables.calendar_events, CalendarEvent),
    (tables.sessions, Session),
    (tables.jobs, Job),
    (tables.uploads, Upload),
    (coordination_tables.commands, Command),
    (coordination_tables.activities, Activity),
    (coordination_tables.broadcasts, Broadcast),
    (coordination_tables.pairing_offers, PairingOffer),
]


@pytest.mark.parametrize(("table", "kind"), PAIRS)
def test_there_is_a_column_for_each_attribute_and_it_may_be_null_where_that_may_be_none(
    table: Table, kind: type
) -> None:
    hints = get_type_hints(kind)
    assert {column.name for column in table.columns} == {attribute.name for attribute in fields(kind)}
    assert {column.name: column.nullable for column in table.columns} == {
        name: type(None) in get_args(hints[name])
        for name in table.columns.keys()  # noqa: SIM118
    }


@pytest.mark.parametrize(("table", "kind"), PAIRS)
def test_moments_and_choices_have_columns_that_know_them(table: Table, kind: type) -> None:
    hints = {name: str(hint) for name, hint in get_type_hints(kind).items()}
    moments = {column.name for column in table.columns if isinstance(column.type, Moment)}
    assert moments == {name for name, hint in hints.items() if "datetime" in hint}
    choices = {column.name: column.type.kind for column in table.columns if isinstance(column.type, Choice)}
    assert choices == {name: get_type_hints(kind)[name] for name, hint in hints.items() if "<enum" in hint}


@pytest.mark.parametrize("table", [table for table, _ in PAIRS[1:]])
def test_keys_begin_with_the_network_and_rows_go_with_their_owner(table: Table) -> None:
    assert [column.name for column in table.primary_key] == ["network_id", "id"]
    assert table.foreign_key_constraints
    for constraint in table.foreign_key_constraints:
        assert constraint.ondelete == "CASCADE"
        assert next(iter(constraint.columns)).name == "network_id"


def test_the_outbox_does_not_go_with_its_network() -> None:
    assert not tables.outbox.foreign_key_constraints
    assert not tables.outbox_heads.foreign_key_constraints
