"""How what happens in the hub is told to operators: without people's words, unless these are asked for."""

import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from enum import Enum
from typing import Any, Final, assert_never, cast

import attrs

from adapters.websocket.operator import messages
from application.operating.pulse import Figures
from application.ports.watching import LimitHit, LogLine, Sight, Tally, TroubleSeen, TurnSeen
from application.turns.reports import measures_by_name
from domain.audio.decisions import StreamState
from domain.events import (
    ActionExecuted,
    AnswerInterrupted,
    AttentionChanged,
    AudioStreamSelected,
    ErrorOccurred,
    Fact,
    FactEvent,
    InteractionCreated,
    LiveNews,
    StreamsMeasured,
)
from domain.ids import NetworkId
from domain.interactions import Interaction

OURS: Final = frozenset({"reason", "device_type", "status", "code", "version", "sort", "kind", "state"})
"""Fields of facts with words of our own, beside ids; others may hold what people said."""


def told(sight: Sight, *, transcripts: bool) -> object | None:
    """The message that a sight becomes; None for what is not told so."""
    match sight:
        case Fact():
            return _fact(sight, transcripts=transcripts)
        case LiveNews():
            return _news(sight)
        case TurnSeen():
            return _turn(sight, transcripts=transcripts)
        case TroubleSeen():
            return messages.TroubleTold(**attrs.asdict(sight))
        case LimitHit():
            return messages.LimitTold(limit=sight.limit, subject=sight.subject, at=sight.at)
        case _:
            assert_never(sight)


def _news(news: LiveNews) -> object | None:
    match news.event:
        case AudioStreamSelected() as chosen:
            return messages.Selection(
                network_id=news.network_id,
                client_id=chosen.client_id,
                quality_score=chosen.score,
                reason=chosen.reason,
                provisional=chosen.provisional,
                streams=tuple(_competing(stream) for stream in chosen.streams),
                at=chosen.at,
            )
        case ErrorOccurred() as error:
            return messages.TroubleTold(
                code=error.code,
                message=error.message,
                status=0,
                place="socket",
                request_id=None,
                network_id=news.network_id,
                client_id=error.client_id,
                at=error.at,
            )
        case StreamsMeasured() | AttentionChanged() | AnswerInterrupted():
            return None
        case _:
            assert_never(news.event)


def _competing(report: Any) -> messages.Competing:
    return messages.Competing(
        client_id=report.client_id,
        quality_score=report.score,
        metrics=report.measures,
        selected=report.selected,
        reason=report.reason,
    )


def streams(network_id: NetworkId, states: Iterable[StreamState], at: datetime) -> messages.StreamsNow:
    """All streams of a network."""
    heard = (
        messages.Hearing(
            client_id=state.client_id,
            quality_score=round(state.quality.score, 2),
            metrics=measures_by_name(state.quality),
            speaking=state.speaking,
            selected=state.selected,
        )
        for state in states
    )
    return messages.StreamsNow(network_id=network_id, streams=tuple(heard), at=at)


def figures(found: Figures, activity: Mapping[NetworkId, Tally]) -> messages.FiguresTold:
    """How the hub did in one second."""
    return messages.FiguresTold(
        at=found.at,
        rates=found.rates,
        levels=found.levels,
        latencies={
            name: messages.PercentilesTold(**attrs.asdict(one)) for name, one in found.latencies.items()
        },
        networks=tuple(_activity(network_id, tally) for network_id, tally in activity.items()),
    )


def _activity(network_id: NetworkId, tally: Tally) -> messages.Activity:
    return messages.Activity(
        network_id=network_id,
        requests=tally.requests,
        failed=tally.failed_requests,
        sound=round(tally.audio_seconds, 2),
        facts=sum(tally.facts.values()),
        turns=tally.turns,
    )


def lines(found: Iterable[LogLine]) -> messages.LogTold:
    """Lines of the log."""
    return messages.LogTold(
        lines=tuple(
            messages.LineTold(at=line.at, level=line.level, text=line.text, fields=line.fields)
            for line in found
        )
    )


def _turn(turn: TurnSeen, *, transcripts: bool) -> messages.TurnTold:
    return messages.TurnTold(
        network_id=turn.network_id,
        client_id=turn.client_id,
        interaction_id=turn.interaction_id,
        stage=turn.stage,
        spoken=turn.spoken,
        started_at=turn.started_at,
        at=turn.at,
        timings=turn.took,
        status=turn.status,
        code=turn.code,
        text=turn.text if transcripts else None,
        response=turn.response if transcripts else None,
    )


def _fact(fact: Fact, *, transcripts: bool) -> messages.FactTold:
    event = fact.event
    match event:
        case InteractionCreated():
            details = _interaction(event.interaction, transcripts=transcripts)
        case ActionExecuted():
            details = {**_details(event), "action_type": event.action.type}
        case _:
            details = _details(event)
    return messages.FactTold(
        name=re.sub(r"(?<=[a-z])(?=[A-Z])", "_", type(event).__name__).lower(),
        event_id=fact.id,
        network_id=fact.network_id,
        details=details,
        at=event.at,
    )


def _details(event: FactEvent) -> Mapping[str, object]:
    """What of a fact is an id, or a word of our own; of what it holds, the id alone."""
    found: dict[str, object] = {}
    for field in attrs.fields(cast(Any, type(event))):
        value = getattr(event, field.name)
        if isinstance(value, Enum):
            value = value.value
        if isinstance(value, str | int | None) and (field.name.endswith("_id") or field.name in OURS):
            found[field.name] = value
        elif isinstance(held := getattr(value, "id", None), str):
            found[f"{field.name}_id"] = held
    return found


def _interaction(turn: Interaction, *, transcripts: bool) -> Mapping[str, object]:
    details: dict[str, object] = {
        "interaction_id": turn.id,
        "client_id": turn.client_id,
        "persona_id": turn.persona_id,
        "status": turn.status.value,
        "code": turn.error_code,
        "timings": turn.timings,
        "actions": [action.type for action in turn.actions],
        "streams": 0 if turn.hearing is None else len(turn.hearing.streams),
    }
    if transcripts:
        details |= {"text": turn.text, "response": turn.response}
    return details
