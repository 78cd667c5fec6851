"""Values that are made of others, for properties: commands, activities, and the facts that tell of all."""

from datetime import timedelta

from hypothesis import strategies as st

from domain import events
from domain.activities.activity import Activity, ActivityStatus, ActivityType
from domain.activities.playback import Playback
from domain.activities.questions import Level, PosedQuestion
from domain.activities.story import Scene, Story, Telling
from domain.activities.trivia import Trivia
from domain.clients import LeaveReason
from domain.commands import Command, Perform, PlayTogether, Say, SwitchPersona
from domain.ids import ClientId, ConversationId, NetworkId
from tests.strategies import (
    actions,
    counts,
    ids,
    interactions,
    labels,
    moments,
    objects,
    perhaps,
    reminders,
    several,
    shares,
    texts,
)

orders = st.one_of(
    st.builds(SwitchPersona, persona_id=ids, previous_persona_id=perhaps(ids), name=texts, session_id=ids),
    st.builds(Say, text=texts, speech=perhaps(ids)),
    st.builds(Perform, event=labels, payload=objects, speech=perhaps(ids)),
    st.builds(PlayTogether, activity_id=ids, media=objects, starts_at=counts, volume=shares),
)


def commands(network_id: NetworkId, client_id: ClientId) -> st.SearchStrategy[Command]:
    """Commands to a client."""
    return st.builds(
        Command,
        id=ids,
        network_id=st.just(network_id),
        client_id=st.just(client_id),
        order=orders,
        priority=st.integers(0, 10),
        origin=perhaps(ids),
        issued_at=moments,
        expires_at=moments,
        acknowledged_at=perhaps(moments),
        outcome=perhaps(objects),
    )


points = st.dictionaries(ids, st.integers(0, 1000), max_size=3)
posed_questions = st.builds(
    PosedQuestion,
    text=texts,
    options=st.lists(several(texts), min_size=1, max_size=4).map(tuple),
    right=st.just(0),
    level=st.sampled_from(Level),
)
quizzes = st.builds(
    Trivia,
    questions=st.lists(posed_questions, min_size=1, max_size=2).map(tuple),
    scores=points,
    playing=st.frozensets(ids, max_size=3),
    answer_time=st.timedeltas(timedelta(seconds=3), timedelta(minutes=2)),
    round=st.integers(0, 2),
    open_from=perhaps(moments),
    answered=st.frozensets(ids, max_size=3),
)
tellings = st.builds(
    Telling,
    story=st.builds(
        Story,
        title=texts,
        theme=texts,
        scenes=st.builds(Scene, text=texts).map(lambda scene: {"beginning": scene}),
    ),
    tellers=several(ids),
    path=several(ids),
    turn=st.integers(0, 9),
)
playbacks = st.builds(Playback, media=objects.filter(bool), starts_at=counts, volume=shares)


def activities(network_id: NetworkId) -> st.SearchStrategy[Activity]:
    """What devices of a network do together."""
    return st.builds(
        Activity,
        id=ids,
        network_id=st.just(network_id),
        type=st.sampled_from(ActivityType),
        persona_id=ids,
        client_ids=several(ids),
        offline_client_ids=several(ids),
        config=objects,
        state=st.one_of(quizzes, tellings, playbacks),
        status=st.sampled_from(ActivityStatus),
        due_at=perhaps(moments),
        started_at=moments,
        updated_at=moments,
        ended_at=perhaps(moments),
    )


def facts(network_id: NetworkId) -> st.SearchStrategy[events.FactEvent]:
    """Events of every kind that is kept."""
    return st.one_of(
        st.builds(events.NetworkCreated, name=texts, at=moments),
        st.builds(events.NetworkUpdated, name=texts, at=moments),
        st.builds(events.NetworkDeleted, at=moments),
        st.builds(events.ClientRegistered, client_id=ids, device_type=texts, at=moments),
        st.builds(events.ClientDeregistered, client_id=ids, at=moments),
        st.builds(events.TokenRevoked, client_id=ids, at=moments),
        st.builds(events.TokenRotated, client_id=ids, version=counts, expires_at=moments, at=moments),
        st.builds(
            events.ClientJoined, client_id=ids, device_type=texts, capabilities=several(texts), at=moments
        ),
        st.builds(events.ClientLeft, client_id=ids, reason=st.sampled_from(LeaveReason), at=moments),
        st.builds(
            events.InteractionCreated,
            interaction=interactions(network_id, ConversationId("conv_a")),
            at=moments,
        ),
        st.builds(
            events.InteractionAnswered,
            interaction_id=ids,
            client_id=ids,
            text=texts,
            speech=perhaps(ids),
            at=moments,
        ),
        st.builds(
            events.AnswerSpokenElsewhere,
            interaction_id=ids,
            client_id=ids,
            spoken_by=ids,
            text=texts,
            complete=st.booleans(),
            at=moments,
        ),
        st.builds(events.ActionExecuted, interaction_id=ids, client_id=ids, action=actions, at=moments),
        st.builds(
            events.ContextUpdated, conversation_id=ids, summary=texts, participants=several(texts), at=moments
        ),
        st.builds(events.ReminderDue, reminder=reminders(network_id), at=moments),
        st.builds(events.CommandIssued, command=commands(network_id, ClientId("kitchen")), at=moments),
        st.builds(
            events.PersonaSwitched,
            client_id=ids,
            session_id=ids,
            previous_persona_id=perhaps(ids),
            persona_id=ids,
            at=moments,
        ),
        st.builds(events.SessionHandedOver, session_id=ids, from_client_id=ids, to_client_id=ids, at=moments),
        st.builds(
            events.ActivityChanged,
            activity_id=ids,
            sort=st.sampled_from(ActivityType),
            status=st.sampled_from(ActivityStatus),
            client_ids=several(ids),
            at=moments,
        ),
    )
