"""Announcements in the words of the companion protocol: a device is told only what is addressed to it."""

from collections.abc import Callable, Mapping
from typing import Final

from attrs import frozen

from adapters.websocket.companion.lights import light
from adapters.websocket.companion.outgoing import (
    Answer,
    AnswerCompleteEvent,
    AnswerElsewhere,
    AnswerElsewhereEvent,
    AudioResponse,
    CompanionCommand,
    DueReminder,
    Error,
    Interrupted,
    LedControl,
    NewToken,
    Problem,
    StopAudio,
    SyncEvent,
    TokenRotatedCommand,
    WholeAnswer,
)
from domain.commands import Command, Perform
from domain.errors import MiraError
from domain.events import (
    ActionExecuted,
    ActivityChanged,
    Announcement,
    AnswerCompleted,
    AnswerInterrupted,
    AnswerSpokenElsewhere,
    Attention,
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
from domain.sessions import saying_takes

LinkMaker = Callable[[NetworkId, BlobId], str]
TokenMaker = Callable[[NetworkId, TokenRotated], str]
CODES: Final[Mapping[str, str]] = {
    "RATE_LIMIT_EXCEEDED": "RATE_LIMITED",
    "INVALID_CLIENT_ID": "DEVICE_NOT_FOUND",
    "MODEL_INFERENCE_FAILED": "LLM_API_ERROR",
}
"""The codes for which this dialect has names of its own."""
USUAL_RATE: Final = 165
"""Words a minute, to guess how long an answer is being spoken."""


@frozen
class CompanionVoice:
    """Says an announcement to one device, or nothing where it is not for it."""

    device_id: ClientId
    link: LinkMaker
    token: TokenMaker
    order: Callable[[Command], CompanionCommand]

    def __call__(self, announcement: Announcement) -> CompanionCommand | None:
        match announcement:
            case Fact():
                return self._fact(announcement)
            case LiveNews(event=event):
                match event:
                    case ErrorOccurred():
                        return self._error(event)
                    case AnswerInterrupted():
                        return self._silence(event)
                    case AttentionChanged():
                        return light(event.attention) if event.client_id == self.device_id else None
                    case AudioStreamSelected() | StreamsMeasured():
                        return None

    def lights(self, announcement: Announcement) -> LedControl | None:
        """What the device's lights show from an announcement on, where it changes that."""
        match announcement:
            case Fact(event=InteractionAnswered(client_id=self.device_id) as answered):
                lasts = saying_takes(answered.text, USUAL_RATE)
                return light(Attention.SPEAKING, round(lasts.total_seconds() * 1000))
            case Fact(event=CommandIssued(command=Command(client_id=self.device_id) as command)):
                released = isinstance(command.order, Perform) and command.order.payload.get("silence") is True
                return light(Attention.IDLE) if released else None
            case LiveNews(event=ErrorOccurred(client_id=self.device_id)):
                return light(Attention.ERROR)
            case _:
                return None

    def _fact(self, fact: Fact) -> CompanionCommand | None:
        match fact.event:
            case InteractionAnswered() | AnswerCompleted() | AnswerSpokenElsewhere() as answer:
                return self._told(fact, answer) if answer.client_id == self.device_id else None
            case ReminderDue() as due:
                return _reminder(fact, due)
            case TokenRotated() as rotated:
                return self._token(fact, rotated)
            case CommandIssued(command=command):
                return self.order(command) if command.client_id == self.device_id else None
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
                | PersonaSwitched()
                | SessionHandedOver()
                | ActivityChanged()
                | TokenRevoked()
            ):
                return None

    def _told(
        self, fact: Fact, answer: InteractionAnswered | AnswerCompleted | AnswerSpokenElsewhere
    ) -> CompanionCommand:
        """An answer that this device says, all of its text, or that another device says it."""
        match answer:
            case InteractionAnswered():
                return self._answer(fact, answer)
            case AnswerCompleted():
                return _whole(fact, answer)
            case AnswerSpokenElsewhere():
                return _elsewhere(fact, answer)

    def _answer(self, fact: Fact, answered: InteractionAnswered) -> AudioResponse:
        return AudioResponse(
            payload=Answer(
                text=answered.text,
                audio_url=None if answered.speech is None else self.link(fact.network_id, answered.speech),
                interaction_id=answered.interaction_id,
                complete=answered.complete,
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

    def _silence(self, event: AnswerInterrupted) -> StopAudio | None:
        if event.client_id != self.device_id:
            return None
        return StopAudio(payload=Interrupted(interaction_id=event.interaction_id))

    def _error(self, event: ErrorOccurred) -> Error | None:
        if event.client_id != self.device_id:
            return None
        return Error(payload=_problem(event.code, event.message, event.details))


def refused(error: MiraError) -> Error:
    """A refusal, as a device is told of it."""
    return Error(payload=_problem(error.code, error.message, error.details))


def _problem(code: str, message: str, details: Mapping[str, object]) -> Problem:
    return Problem(error_code=CODES.get(code, code), message=message, details=details)


def _whole(fact: Fact, completed: AnswerCompleted) -> AnswerCompleteEvent:
    return AnswerCompleteEvent(
        payload=WholeAnswer(event_id=fact.id, interaction_id=completed.interaction_id, text=completed.text)
    )


def _elsewhere(fact: Fact, elsewhere: AnswerSpokenElsewhere) -> AnswerElsewhereEvent:
    return AnswerElsewhereEvent(
        payload=AnswerElsewhere(
            event_id=fact.id,
            interaction_id=elsewhere.interaction_id,
            spoken_by=elsewhere.spoken_by,
            text=elsewhere.text,
            complete=elsewhere.complete,
        )
    )


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
