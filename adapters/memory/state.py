"""One state of the in-memory store: plain dictionaries, copied for each transaction that writes."""

from datetime import datetime

from attrs import define, field

from adapters.memory.shelves import Key
from application.ports.outbox import InstanceSeen
from domain.activities.activity import Activity
from domain.agenda import CalendarEvent, CalendarFeed, Reminder
from domain.broadcasts import Broadcast
from domain.clients import Client
from domain.commands import Command
from domain.events import Fact
from domain.ids import InstanceId, NetworkId
from domain.interactions import Conversation, Interaction
from domain.jobs import Job
from domain.networks import Network
from domain.pairing import PairingOffer
from domain.personas import Persona
from domain.sessions import Session
from domain.uploads import Upload


@define(kw_only=True, eq=False)
class State:
    """Everything that is kept; facts lie in the order in which they were appended."""

    networks: dict[Key, Network] = field(factory=dict)
    clients: dict[Key, Client] = field(factory=dict)
    conversations: dict[Key, Conversation] = field(factory=dict)
    interactions: dict[Key, Interaction] = field(factory=dict)
    reminders: dict[Key, Reminder] = field(factory=dict)
    calendar_events: dict[Key, CalendarEvent] = field(factory=dict)
    feeds: dict[Key, CalendarFeed] = field(factory=dict)
    sessions: dict[Key, Session] = field(factory=dict)
    jobs: dict[Key, Job] = field(factory=dict)
    uploads: dict[Key, Upload] = field(factory=dict)
    earlier_results: dict[Key, Interaction] = field(factory=dict)
    personas: dict[Key, tuple[Persona, ...]] = field(factory=dict)
    commands: dict[Key, Command] = field(factory=dict)
    activities: dict[Key, Activity] = field(factory=dict)
    broadcasts: dict[Key, Broadcast] = field(factory=dict)
    pairing_offers: dict[Key, PairingOffer] = field(factory=dict)
    facts: list[Fact] = field(factory=list)
    published: set[str] = field(factory=set)
    positions: dict[NetworkId, int] = field(factory=dict)
    claims: dict[NetworkId, tuple[InstanceId, datetime]] = field(factory=dict)
    instances: dict[InstanceId, InstanceSeen] = field(factory=dict)

    def copy(self) -> "State":
        """A state of its own with the same values, which are frozen and so can be shared."""
        return State(
            networks=dict(self.networks),
            clients=dict(self.clients),
            conversations=dict(self.conversations),
            interactions=dict(self.interactions),
            reminders=dict(self.reminders),
            calendar_events=dict(self.calendar_events),
            feeds=dict(self.feeds),
            sessions=dict(self.sessions),
            jobs=dict(self.jobs),
            uploads=dict(self.uploads),
            earlier_results=dict(self.earlier_results),
            personas=dict(self.personas),
            commands=dict(self.commands),
            activities=dict(self.activities),
            broadcasts=dict(self.broadcasts),
            pairing_offers=dict(self.pairing_offers),
            facts=list(self.facts),
            published=set(self.published),
            positions=dict(self.positions),
            claims=dict(self.claims),
            instances=dict(self.instances),
        )
