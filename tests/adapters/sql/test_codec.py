"""How parts of values are written: what is written once must be read for ever."""

from datetime import UTC, datetime, timedelta, timezone
from typing import get_args

import pytest

from adapters.sql.codec import FACT_TAGS, dump, load
from domain import events
from domain.errors import Kind, MiraError
from domain.events import ClientLeft, FactEvent, NetworkDeleted
from domain.interactions import Usage
from domain.networks import NetworkSettings

FROZEN_TAGS = {
    "NetworkCreated": "network_created",
    "NetworkUpdated": "network_updated",
    "NetworkDeleted": "network_deleted",
    "ClientRegistered": "client_registered",
    "ClientDeregistered": "client_deregistered",
    "TokenRotated": "token_rotated",
    "TokenRevoked": "token_revoked",
    "ClientJoined": "client_joined",
    "ClientLeft": "client_left",
    "InteractionCreated": "interaction_created",
    "InteractionAnswered": "interaction_answered",
    "AnswerSpokenElsewhere": "answer_spoken_elsewhere",
    "AnswerCompleted": "answer_completed",
    "ActionExecuted": "action_executed",
    "ContextUpdated": "context_updated",
    "ReminderDue": "reminder_due",
    "CommandIssued": "command_issued",
    "PersonaSwitched": "persona_switched",
    "SessionHandedOver": "session_handed_over",
    "ActivityChanged": "activity_changed",
}


def test_tags_never_change() -> None:
    assert {kind.__name__: tag for kind, tag in FACT_TAGS.items()} == FROZEN_TAGS


def test_every_fact_has_a_tag_of_its_own() -> None:
    assert set(FACT_TAGS) == set(get_args(events.FactEvent))
    assert len(set(FACT_TAGS.values())) == len(FACT_TAGS)


def test_the_form_of_a_fact_never_changes() -> None:
    at = datetime(2026, 3, 1, 13, 0, 0, 5, tzinfo=timezone(timedelta(hours=1)))
    assert dump(NetworkDeleted(at=at), FactEvent) == (
        '{"at":"2026-03-01T12:00:00.000005+00:00","type":"network_deleted"}'
    )
    text = '{"client_id":"kitchen","reason":"timeout","at":"2026-03-01T12:00:00Z","type":"client_left"}'
    left = load(text, FactEvent)
    assert isinstance(left, ClientLeft)
    assert left.at == datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("", Usage),
        ("{", Usage),
        ("null", Usage),
        ("[]", Usage),
        ("{}", Usage),
        ('{"model": 5}', Usage),
        ('{"model": "a", "prompt_tokens": "5"}', Usage),
        ('{"model": "a", "prompt_tokens": 1.5}', Usage),
        ('{"model": "a", "prompt_tokens": true}', Usage),
        ('{"model": "a", "colour": "red"}', Usage),
        ('{"audio_quality_threshold": 7}', NetworkSettings),
        ('{"audio_quality_threshold": "0.5"}', NetworkSettings),
        ('{"type": "network_painted", "at": "2026-03-01T12:00:00Z"}', FactEvent),
        ('{"type": "network_deleted", "at": "yesterday"}', FactEvent),
        ('{"at": "2026-03-01T12:00:00Z"}', FactEvent),
        ("5", FactEvent),
    ],
)
def test_what_cannot_be_read_is_the_hubs_own_fault(text: str, kind: object) -> None:
    with pytest.raises(MiraError) as error:
        load(text, kind)
    assert error.value.kind is Kind.INTERNAL
    assert type(error.value) is MiraError
