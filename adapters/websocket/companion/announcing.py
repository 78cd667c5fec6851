"""Announcements in the words of the companion protocol: a device is told only what is addressed to it."""

from collections.abc import Callable, Mapping
from typing import Final

from attrs import frozen

from adapters.websocket.companion.outgoing import (
    Answer,
    AudioResponse,
    CompanionCommand,
    DueReminder,
    Error,
    NewToken,
    Problem,
    SyncEvent,
    TokenRotatedCommand,
)
from domain.errors import MiraError
from domain.events import (
    ActionExecuted,
    ActivityChanged,
    Announcement,
    AttentionChanged,
    AudioStreamSelected,
    ClientDeregistered,
    ClientJoined,
    ClientLeft,
    ClientRegistered,
    CommandIssued,
    ContextUpdated,
    ErrorOccurred,
    Fact,
    InteractionAnswered,
    InteractionCreated,
    LiveNews,
    NetworkCreated,
    NetworkDeleted,
    NetworkUpdated,
    PersonaSwitched,
    ReminderDue,
    SessionHandedOver,
    StreamsMeasured,
    TokenRevoked,
    TokenRotated,
)
from domain.ids import BlobId, ClientId, NetworkId
from domain.moments import utc_text

LinkMaker = Callable[[NetworkId, BlobId], str]
TokenMaker = Callable[[NetworkId, TokenRotated], str]
CODES: Final[Mapping[str, str]] = {
    "RATE_LIMIT_EXCEEDED": "RATE_LIMITED",
    "INVALID_CLIENT_ID": "DEVICE_NOT_FOUND",
    "MODEL_INFERENCE_FAILED": "LLM_API_ERROR",
}
"""The codes for which this dialect has names of its own."""


@frozen
class CompanionVoice:
    """Says an announcement to one device, or nothing where it is not for it."""

    device_id: ClientId
    link: LinkMaker
    token: TokenMaker

    def __call__(self, announcement: Announcement) -> CompanionCommand | None:
        match announcement:
            case Fact():
                return self._fact(announcement)
            case LiveNews(event=event):
                match event:
                    case ErrorOccurred():
                        return self._error(event)
                    case AudioStreamSelected() | StreamsMeasured() | AttentionChanged():
                        return None

    def _fact(self, fact: Fact) -> CompanionCommand | None:
        match fact.event:
            case InteractionAnswered() as answered:
                return self._answer(fact, answered)
            case ReminderDue() as due:
                return _reminder(fact, due)
            case TokenRotated() as rotated:
                return self._token(fact, rotated)
            case (
                InteractionCreated()
                | ActionExecuted()
                | ContextUpdated()
                | ClientJoined()
                | ClientLeft()
                | NetworkCreated()
                | NetworkUpdated()
                | NetworkDeleted()
                | ClientRegistered()
                | ClientDeregistered()
                | CommandIssued()
                | PersonaSwitched()
                | SessionHandedOver()
                | ActivityChanged()
                | TokenRevoked()
            ):
                return None

    def _answer(self, fact: Fact, answered: InteractionAnswered) -> AudioResponse | None:
        if answered.client_id != self.device_id:
            return None
        return AudioResponse(
            payload=Answer(
                text=answered.text,
                audio_url=None if answered.speech is None else self.link(fact.network_id, answered.speech),
                interaction_id=answered.interaction_id,
                event_id=fact.id,
            )
        )

    def _token(self, fact: Fact, rotated: TokenRotated) -> TokenRotatedCommand | None:
        """The device's own new token; nobody else's is ever told."""
        if rotated.client_id != self.device_id:
            return None
        return TokenRotatedCommand(
            payload=NewToken(
                event_id=fact.id,
                auth_token=self.token(fact.network_id, rotated),
                expires_at=utc_text(rotated.expires_at),
            )
        )

    def _error(self, event: ErrorOccurred) -> Error | None:
        if event.client_id != self.device_id:
            return None
        return Error(payload=_problem(event.code, event.message, event.details))


def refused(error: MiraError) -> Error:
    """A refusal, as a device is told of it."""
    return Error(payload=_problem(error.code, error.message, error.details))


def _problem(code: str, message: str, details: Mapping[str, object]) -> Problem:
    return Problem(error_code=CODES.get(code, code), message=message, details=details)


def _reminder(fact: Fact, due: ReminderDue) -> SyncEvent:
    return SyncEvent(
        payload=DueReminder(
            event_id=fact.id,
            reminder_id=due.reminder.id,
            title=due.reminder.title,
            due_time=utc_text(due.reminder.due_time),
            status=due.reminder.status.value,
        )
    )
