"""Plain values to test with: everything that matters is an argument, the rest is whatever will do."""

from datetime import UTC, datetime, timedelta
from typing import Any

from domain.activities.activity import Activity, ActivityType
from domain.activities.playback import Playback
from domain.agenda import CalendarEvent, Reminder
from domain.clients import Client
from domain.events import NetworkUpdated
from domain.ids import (
    ActivityId,
    CalendarEventId,
    ClientId,
    ConversationId,
    InteractionId,
    NetworkId,
    PersonaId,
    ReminderId,
    SessionId,
)
from domain.interactions import Conversation, Interaction
from domain.networks import Network
from domain.personas import Persona
from domain.sessions import Session

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
HOME = NetworkId("net_home")
SHOP = NetworkId("net_shop")


def minutes(number: float) -> datetime:
    """So many minutes after noon."""
    return NOON + timedelta(minutes=number)


def network(network_id: str = HOME, *, at: datetime = NOON, **others: Any) -> Network:
    """A network opened at a moment."""
    values = {"name": "Home", "created_at": at, "updated_at": at, **others}
    return Network(id=NetworkId(network_id), **values)


def client(client_id: str, network_id: str = HOME, *, at: datetime = NOON, **others: Any) -> Client:
    """A client registered at a moment."""
    values = {"device_type": "phone", "registered_at": at, "last_seen_at": at, **others}
    return Client(id=ClientId(client_id), network_id=NetworkId(network_id), **values)


def conversation(
    conversation_id: str = "conv_a", network_id: str = HOME, *, at: datetime = NOON, **others: Any
) -> Conversation:
    """A conversation last used at a moment."""
    values = {"created_at": at, "updated_at": at, **others}
    return Conversation(id=ConversationId(conversation_id), network_id=NetworkId(network_id), **values)


def interaction(
    interaction_id: str, network_id: str = HOME, *, at: datetime = NOON, **others: Any
) -> Interaction:
    """A turn of conv_a begun by kitchen at a moment."""
    values = {
        "conversation_id": ConversationId("conv_a"),
        "client_id": ClientId("kitchen"),
        "persona_id": PersonaId("mira"),
        "text": "what time is it",
        "created_at": at,
        **others,
    }
    return Interaction(id=InteractionId(interaction_id), network_id=NetworkId(network_id), **values)


def reminder(reminder_id: str, network_id: str = HOME, *, at: datetime = NOON, **others: Any) -> Reminder:
    """A reminder made at a moment, due an hour later."""
    values = {"title": "tea", "due_time": at + timedelta(hours=1), "created_at": at, **others}
    return Reminder(id=ReminderId(reminder_id), network_id=NetworkId(network_id), **values)


def calendar_event(
    event_id: str,
    network_id: str = HOME,
    *,
    at: datetime = NOON,
    start: datetime,
    end: datetime,
    **others: Any,
) -> CalendarEvent:
    """An event entered at a moment."""
    values = {"title": "dentist", "start_time": start, "end_time": end, "created_at": at, **others}
    return CalendarEvent(id=CalendarEventId(event_id), network_id=NetworkId(network_id), **values)


def session(session_id: str, network_id: str = HOME, *, at: datetime = NOON, **others: Any) -> Session:
    """A session of kitchen begun at a moment, good for half an hour."""
    values = {
        "client_id": ClientId("kitchen"),
        "persona_id": PersonaId("mira"),
        "conversation_id": ConversationId("conv_a"),
        "created_at": at,
        "attached_at": at,
        "expires_at": at + timedelta(minutes=30),
        **others,
    }
    return Session(id=SessionId(session_id), network_id=NetworkId(network_id), **values)


def activity(activity_id: str, network_id: str = HOME, *, at: datetime = NOON, **others: Any) -> Activity:
    """Something that plays in the kitchen."""
    values = {
        "type": ActivityType.SYNC_PLAYBACK,
        "persona_id": PersonaId("mira"),
        "client_ids": (ClientId("kitchen"),),
        "state": Playback(media={"track": "rain"}, starts_at=0),
        "started_at": at,
        "updated_at": at,
        **others,
    }
    return Activity(id=ActivityId(activity_id), network_id=NetworkId(network_id), **values)


def persona(persona_id: str, network_id: str = HOME, *, at: datetime = NOON, **others: Any) -> Persona:
    """A persona that a network made at a moment."""
    values = {"name": "Somebody", "version": "1", "created_at": at, "updated_at": at, **others}
    return Persona(id=PersonaId(persona_id), network_id=NetworkId(network_id), **values)


def renamed(name: str, *, at: datetime = NOON) -> NetworkUpdated:
    """The event that a network was given a name at a moment."""
    return NetworkUpdated(name=name, at=at)
