"""Announcements in the words of the mira protocol."""

from collections.abc import Callable, Iterable

from attrs import frozen

from adapters.websocket.mira.outgoing import (
    ActionExecutedEvent,
    AnswerSpokenElsewhereEvent,
    AudioStreamSelectedEvent,
    ClientJoinedEvent,
    ClientLeftEvent,
    ContextUpdatedEvent,
    ErrorEvent,
    FactMessage,
    InteractionCreatedEvent,
    InteractionInterruptedEvent,
    InteractionResponseEvent,
    LiveMessage,
    ReminderDueEvent,
    StreamBody,
    StreamsMeasuredEvent,
    TokenRotatedEvent,
)
from domain.events import (
    ActionExecuted,
    ActivityChanged,
    Announcement,
    AnswerCompleted,
    AnswerInterrupted,
    AnswerSpokenElsewhere,
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
    LiveEvent,
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
from domain.interactions import StreamReport
from domain.moments import utc_text

LinkMaker = Callable[[NetworkId, BlobId], str]
TokenMaker = Callable[[NetworkId, TokenRotated], str]


@frozen
class MiraVoice:
    """Says an announcement to one client, or nothing where it is not for the sockets of networks."""

    client_id: ClientId
    link: LinkMaker
    token: TokenMaker

    def __call__(self, announcement: Announcement) -> FactMessage | LiveMessage | None:
        match announcement:
            case Fact():
                return self._fact(announcement)
            case LiveNews(event=event):
                return _live(event)

    def _fact(self, fact: Fact) -> FactMessage | None:
        match fact.event:
            case InteractionCreated() | InteractionAnswered() | ActionExecuted() | ContextUpdated() as turn:
                return self._turn(fact, turn)
            case AnswerSpokenElsewhere() as elsewhere:
                return _elsewhere(fact, elsewhere)
            case ReminderDue() as due:
                return _reminder(fact, due)
            case TokenRotated() as rotated:
                return self._token(fact, rotated)
            case ClientJoined() | ClientLeft() as presence:
                return None if presence.client_id == self.client_id else _presence(fact, presence)
            case (
                AnswerCompleted()
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

    def _turn(
        self, fact: Fact, event: InteractionCreated | InteractionAnswered | ActionExecuted | ContextUpdated
    ) -> FactMessage:
        match event:
            case InteractionCreated():
                return _interaction(fact, event)
            case InteractionAnswered():
                return self._answer(fact, event)
            case ActionExecuted():
                return _action(fact, event)
            case ContextUpdated():
                return _context(fact, event)

    def _answer(self, fact: Fact, answered: InteractionAnswered) -> InteractionResponseEvent:
        return InteractionResponseEvent(
            event_id=fact.id,
            interaction_id=answered.interaction_id,
            client_id=answered.client_id,
            text=answered.text,
            audio_url=None if answered.speech is None else self.link(fact.network_id, answered.speech),
            complete=answered.complete,
            timestamp=utc_text(answered.at),
        )

    def _token(self, fact: Fact, rotated: TokenRotated) -> TokenRotatedEvent | None:
        """The client's own new token; nobody else's is ever told."""
        if rotated.client_id != self.client_id:
            return None
        return TokenRotatedEvent(
            event_id=fact.id,
            client_token=self.token(fact.network_id, rotated),
            expires_at=utc_text(rotated.expires_at),
            timestamp=utc_text(rotated.at),
        )


def _interaction(fact: Fact, created: InteractionCreated) -> InteractionCreatedEvent:
    turn = created.interaction
    return InteractionCreatedEvent(
        event_id=fact.id,
        interaction_id=turn.id,
        conversation_id=turn.conversation_id,
        text=turn.text,
        response=turn.response,
        speaker_id=turn.speaker_id,
        client_id=turn.client_id,
        processing_status=turn.status.value,
        timestamp=utc_text(created.at),
    )


def _elsewhere(fact: Fact, elsewhere: AnswerSpokenElsewhere) -> AnswerSpokenElsewhereEvent:
    return AnswerSpokenElsewhereEvent(
        event_id=fact.id,
        interaction_id=elsewhere.interaction_id,
        client_id=elsewhere.client_id,
        spoken_by=elsewhere.spoken_by,
        text=elsewhere.text,
        complete=elsewhere.complete,
        timestamp=utc_text(elsewhere.at),
    )


def _action(fact: Fact, executed: ActionExecuted) -> ActionExecutedEvent:
    return ActionExecutedEvent(
        event_id=fact.id,
        action_id=executed.action.id,
        action_type=executed.action.type,
        result=executed.action.result,
        interaction_id=executed.interaction_id,
        client_id=executed.client_id,
        timestamp=utc_text(executed.at),
    )


def _context(fact: Fact, context: ContextUpdated) -> ContextUpdatedEvent:
    return ContextUpdatedEvent(
        event_id=fact.id,
        conversation_id=context.conversation_id,
        context_summary=context.summary,
        participants=context.participants,
        timestamp=utc_text(context.at),
    )


def _reminder(fact: Fact, due: ReminderDue) -> ReminderDueEvent:
    return ReminderDueEvent(
        event_id=fact.id,
        reminder_id=due.reminder.id,
        title=due.reminder.title,
        due_time=utc_text(due.reminder.due_time),
        status=due.reminder.status.value,
        timestamp=utc_text(due.at),
    )


def _presence(fact: Fact, event: ClientJoined | ClientLeft) -> ClientJoinedEvent | ClientLeftEvent:
    match event:
        case ClientJoined():
            return ClientJoinedEvent(
                event_id=fact.id,
                client_id=event.client_id,
                device_type=event.device_type,
                capabilities=event.capabilities,
                timestamp=utc_text(event.at),
            )
        case ClientLeft():
            return ClientLeftEvent(
                event_id=fact.id,
                client_id=event.client_id,
                reason=event.reason.value,
                timestamp=utc_text(event.at),
            )


def _live(event: LiveEvent) -> LiveMessage | None:
    match event:
        case AudioStreamSelected():
            return AudioStreamSelectedEvent(
                selected_client_id=event.client_id,
                quality_score=event.score,
                reason=event.reason,
                provisional=event.provisional,
                streams=_streams(event.streams),
                timestamp=utc_text(event.at),
            )
        case StreamsMeasured():
            return StreamsMeasuredEvent(streams=_streams(event.streams), timestamp=utc_text(event.at))
        case AnswerInterrupted():
            return InteractionInterruptedEvent(
                interaction_id=event.interaction_id,
                client_id=event.client_id,
                timestamp=utc_text(event.at),
            )
        case AttentionChanged():
            return None
        case ErrorOccurred():
            return ErrorEvent(
                error_code=event.code,
                message=event.message,
                client_id=event.client_id,
                details=event.details,
                timestamp=utc_text(event.at),
            )


def _streams(reports: Iterable[StreamReport]) -> tuple[StreamBody, ...]:
    return tuple(
        StreamBody(
            client_id=report.client_id,
            quality_score=report.score,
            metrics=report.measures,
            selected=report.selected,
            reason=report.reason,
        )
        for report in reports
    )
