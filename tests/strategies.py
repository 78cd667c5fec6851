"""Values of the domain for properties: everything that a store must give back as it was."""

from datetime import UTC, datetime, timedelta, timezone
from typing import get_args

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st

from domain.agenda import LONGEST_RECURRING, CalendarEvent, CalendarEventStatus, Reminder, ReminderStatus
from domain.clients import Client, ConnectionStatus, Location
from domain.ids import ClientId, ConversationId, NetworkId
from domain.interactions import (
    Action,
    ActionType,
    Conversation,
    HeardWord,
    Hearing,
    Interaction,
    KeptSound,
    ProcessingStatus,
    StreamReport,
    Usage,
)
from domain.networks import Network, NetworkSettings, SpokenBy
from domain.quotas import quota_names
from domain.sessions import RunningReply, Session, SessionStatus
from domain.uploads import Upload, UploadStatus

on_a_store = settings(
    max_examples=20,
    deadline=None,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
"""How a property is tried on a store: one store for all examples, which take ids of their own."""

NASTY = [
    "\u0001",
    "\\u0000",
    "'; --",
    '"',
    "%",
    "\U0001d56c\U0001f9c0",
    "e\u0301",
    "\u202e",
    "\ufeff",
    "\uffff",
    "\u2028",
    "\x7f",
]
characters = st.characters(exclude_categories=["Cs"], exclude_characters="\x00")
texts = st.text(characters, max_size=20) | st.sampled_from(NASTY)
labels = texts.filter(lambda text: len(text.strip()) > 0)
RECURRENCES = ["FREQ=DAILY", "FREQ=WEEKLY;BYDAY=MO,WE", "FREQ=MONTHLY;BYMONTHDAY=-1;COUNT=3"]
ids = st.text("abcXYZ019_.:-", min_size=1, max_size=12)
offsets = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
moments = st.datetimes(
    min_value=datetime(2, 1, 1),  # noqa: DTZ001
    max_value=datetime(9998, 12, 31),  # noqa: DTZ001
    timezones=st.just(UTC) | offsets,
)
numbers = st.floats(allow_nan=False, allow_infinity=False)
shares = st.floats(0.0, 1.0)
counts = st.integers(0, 2**53)
plain = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63) + 1, 2**63 - 1) | numbers | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=6,
)
objects = st.dictionaries(texts, plain, max_size=3)


def perhaps(values: st.SearchStrategy) -> st.SearchStrategy:
    """One of these values, or None."""
    return st.none() | values


def several(values: st.SearchStrategy) -> st.SearchStrategy:
    """A tuple of up to three of these values."""
    return st.lists(values, max_size=3).map(tuple)


network_settings = st.builds(
    NetworkSettings,
    audio_quality_threshold=shares,
    max_clients=st.integers(1, 10_000),
    language=st.sampled_from(["en", "de-AT", "pt"]),
    timezone=st.sampled_from(["UTC", "Europe/Berlin", "Asia/Kolkata"]),
    answers_spoken_by=st.sampled_from(SpokenBy),
    preferred_mouths=several(ids),
)
locations = st.builds(
    Location,
    latitude=st.floats(-90, 90),
    longitude=st.floats(-180, 180),
    accuracy=perhaps(st.floats(0, 1e8)),
)
words = st.builds(HeardWord, text=texts, start=numbers, end=numbers, confidence=shares)
reports = st.builds(
    StreamReport,
    client_id=ids,
    score=numbers,
    measures=st.dictionaries(texts, numbers, max_size=3),
    selected=st.booleans(),
    reason=texts,
    reported=perhaps(st.dictionaries(texts, numbers, max_size=3)),
)
kept_sounds = st.builds(KeptSound, id=ids, expires_at=moments)
hearings = st.builds(
    Hearing,
    selected_client_id=ids,
    score=numbers,
    reason=texts,
    seconds=numbers,
    streams=several(reports),
    words=several(words),
)
actions = st.builds(
    Action, id=ids, type=st.sampled_from(get_args(ActionType)), result=objects, executed_at=moments
)
usages = st.builds(Usage, model=texts, prompt_tokens=counts, completion_tokens=counts)


def networks(network_id: NetworkId) -> st.SearchStrategy[Network]:
    """Networks of this id."""
    return st.builds(
        Network,
        id=st.just(network_id),
        name=labels,
        description=texts,
        settings=network_settings,
        token_version=counts,
        registration_version=counts,
        registrations_left=st.integers(0, 100_000),
        quota_overrides=st.dictionaries(st.sampled_from(quota_names()), st.integers(1, 1_000_000)),
        created_at=moments,
        updated_at=moments,
    )


def clients(network_id: NetworkId, client_id: ClientId) -> st.SearchStrategy[Client]:
    """Clients of this id."""
    return st.builds(
        Client,
        network_id=st.just(network_id),
        id=st.just(client_id),
        device_type=labels,
        name=perhaps(labels),
        device_info=st.dictionaries(texts, texts, max_size=3),
        capabilities=several(labels),
        location=perhaps(locations),
        room=perhaps(labels),
        group_id=perhaps(labels),
        persona_id=perhaps(ids),
        connection_status=st.sampled_from(ConnectionStatus),
        connected_since=perhaps(moments),
        takes_commands=st.booleans(),
        reported_status=perhaps(labels),
        audio_quality_score=perhaps(st.floats(0, 10)),
        token_version=counts,
        registered_at=moments,
        last_seen_at=moments,
    )


def conversations(network_id: NetworkId) -> st.SearchStrategy[Conversation]:
    """Conversations of a network."""
    return st.builds(
        Conversation,
        id=ids,
        network_id=st.just(network_id),
        client_id=perhaps(ids),
        owner_id=perhaps(texts),
        summary=texts,
        participants=several(texts),
        created_at=moments,
        updated_at=moments,
    )


def interactions(network_id: NetworkId, conversation_id: ConversationId) -> st.SearchStrategy[Interaction]:
    """Turns of a conversation."""
    return st.builds(
        Interaction,
        id=ids,
        network_id=st.just(network_id),
        conversation_id=st.just(conversation_id),
        client_id=ids,
        session_id=perhaps(ids),
        persona_id=ids,
        speaker_id=perhaps(texts),
        text=texts,
        response=texts,
        status=st.sampled_from(ProcessingStatus),
        actions=several(actions),
        hearing=perhaps(hearings),
        timings=st.dictionaries(texts, numbers, max_size=3),
        usage=perhaps(usages),
        error_code=perhaps(texts),
        recording=perhaps(kept_sounds),
        context=perhaps(texts),
        revision=st.integers(1, 2**53),
        created_at=moments,
        completed_at=perhaps(moments),
    )


def uploads(network_id: NetworkId) -> st.SearchStrategy[Upload]:
    """Uploads of a network."""
    measures = st.dictionaries(texts, numbers, max_size=3)
    return st.builds(
        Upload,
        id=ids,
        network_id=st.just(network_id),
        client_id=ids,
        status=st.sampled_from(UploadStatus),
        score=numbers,
        measures=measures,
        reported=perhaps(measures),
        selected=st.booleans(),
        reason=perhaps(texts),
        seconds=numbers,
        sound=perhaps(ids),
        interaction_id=perhaps(ids),
        hearing=perhaps(hearings),
        error_code=perhaps(texts),
        accepted_at=moments,
        decided_at=perhaps(moments),
        finished_at=perhaps(moments),
    )


def reminders(network_id: NetworkId) -> st.SearchStrategy[Reminder]:
    """Reminders of a network."""
    return st.builds(
        Reminder,
        id=ids,
        network_id=st.just(network_id),
        title=labels,
        due_time=moments,
        status=st.sampled_from(ReminderStatus),
        recurrence=perhaps(st.sampled_from(RECURRENCES)),
        owner_id=perhaps(texts),
        client_id=perhaps(ids),
        interaction_id=perhaps(ids),
        created_at=moments,
        fired_at=perhaps(moments),
        series_start=perhaps(moments),
    )


def calendar_events(network_id: NetworkId) -> st.SearchStrategy[CalendarEvent]:
    """Calendar events of a network; those that recur are short."""
    return st.tuples(moments, moments).flatmap(
        lambda pair: st.builds(
            CalendarEvent,
            id=ids,
            network_id=st.just(network_id),
            title=labels,
            start_time=st.just(min(pair)),
            end_time=st.just(max(pair)),
            attendees=several(texts),
            location=perhaps(texts),
            status=st.sampled_from(CalendarEventStatus),
            recurrence=perhaps(st.sampled_from(RECURRENCES))
            if max(pair) - min(pair) <= LONGEST_RECURRING
            else st.none(),
            owner_id=perhaps(texts),
            client_id=perhaps(ids),
            interaction_id=perhaps(ids),
            created_at=moments,
        )
    )


def sessions(network_id: NetworkId, client_id: ClientId) -> st.SearchStrategy[Session]:
    """Sessions of a client."""
    return st.builds(
        Session,
        id=ids,
        network_id=st.just(network_id),
        client_id=st.just(client_id),
        persona_id=ids,
        conversation_id=ids,
        user_id=perhaps(texts),
        status=st.sampled_from(SessionStatus),
        metadata=objects,
        reply=perhaps(
            st.builds(
                RunningReply,
                interaction_id=ids,
                text=texts,
                speech=perhaps(ids),
                until=moments,
                spoken_by=perhaps(ids),
            )
        ),
        created_at=moments,
        attached_at=moments,
        expires_at=moments,
    )
