"""How parts of values are written inside a column: JSON by one strict converter, with frozen tags."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final, TypeVar

import orjson
from cattrs import Converter
from cattrs.errors import BaseValidationError
from cattrs.strategies import configure_tagged_union

from domain import commands, events
from domain.activities.activity import ActivityState
from domain.activities.playback import Playback
from domain.activities.story import Telling
from domain.activities.trivia import Trivia
from domain.errors import MiraError

Value = TypeVar("Value")

MICROSECOND: Final = timedelta(microseconds=1)
UNREADABLE: Final = "Something in the store can no longer be read."
FACT_TAGS: Final[Mapping[type, str]] = {
    events.NetworkCreated: "network_created",
    events.NetworkUpdated: "network_updated",
    events.NetworkDeleted: "network_deleted",
    events.ClientRegistered: "client_registered",
    events.ClientDeregistered: "client_deregistered",
    events.TokenRotated: "token_rotated",
    events.TokenRevoked: "token_revoked",
    events.ClientJoined: "client_joined",
    events.ClientLeft: "client_left",
    events.InteractionCreated: "interaction_created",
    events.InteractionAnswered: "interaction_answered",
    events.AnswerSpokenElsewhere: "answer_spoken_elsewhere",
    events.AnswerCompleted: "answer_completed",
    events.ActionExecuted: "action_executed",
    events.ContextUpdated: "context_updated",
    events.ReminderDue: "reminder_due",
    events.CommandIssued: "command_issued",
    events.PersonaSwitched: "persona_switched",
    events.SessionHandedOver: "session_handed_over",
    events.ActivityChanged: "activity_changed",
}
"""What each kind of fact is called in the outbox; rows outlive the code, so a tag never changes."""
ORDER_TAGS: Final[Mapping[type, str]] = {
    commands.SwitchPersona: "switch_persona",
    commands.Say: "say",
    commands.Perform: "perform",
    commands.PlayTogether: "play_together",
}
STATE_TAGS: Final[Mapping[type, str]] = {
    Trivia: "trivia",
    Telling: "story",
    Playback: "playback",
}


def dump(value: object, kind: Any) -> str:
    """Write a value of a kind as JSON; it must have passed domain.plain.require_plain."""
    return orjson.dumps(_CONVERTER.unstructure(value, unstructure_as=kind)).decode()


def load(text: str, kind: Any) -> Any:
    """Read back a value of a kind.

    Raises:
        MiraError: the text is not what this code wrote, which is the hub's own fault.
    """
    try:
        return _CONVERTER.structure(orjson.loads(text), kind)
    except (BaseValidationError, MiraError, ValueError, TypeError, LookupError, AttributeError) as error:
        raise MiraError(UNREADABLE) from error


def _converter() -> Converter:
    converter = Converter(
        forbid_extra_keys=True,
        prefer_attrib_converters=False,
        unstruct_collection_overrides={frozenset: sorted},
    )
    for kind in (str, int, bool):
        converter.register_structure_hook(kind, _exactly(kind))
    converter.register_structure_hook(float, _number)
    converter.register_structure_hook(datetime, lambda text, _: datetime.fromisoformat(text))
    converter.register_unstructure_hook(datetime, lambda moment: moment.astimezone(UTC).isoformat())
    converter.register_structure_hook(timedelta, lambda micros, _: micros * MICROSECOND)
    converter.register_unstructure_hook(timedelta, lambda length: length // MICROSECOND)
    converter.register_structure_hook_func(lambda kind: kind is object, lambda value, _: value)
    configure_tagged_union(commands.Order, converter, tag_generator=ORDER_TAGS.__getitem__, tag_name="type")
    configure_tagged_union(ActivityState, converter, tag_generator=STATE_TAGS.__getitem__, tag_name="type")
    configure_tagged_union(events.FactEvent, converter, tag_generator=FACT_TAGS.__getitem__, tag_name="type")
    return converter


def _exactly(kind: type[Value]) -> Callable[[object, object], Value]:
    def structure(value: object, _: object) -> Value:
        if type(value) is not kind:
            raise TypeError(f"expected {kind.__name__}, found {type(value).__name__}")
        return value

    return structure


def _number(value: object, _: object) -> float:
    if type(value) not in (int, float):
        raise TypeError(f"expected a number, found {type(value).__name__}")
    return float(value)  # type: ignore[arg-type]


_CONVERTER: Final = _converter()
