"""Interactions and conversations: what was said, answered and done."""

from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from typing import Any

from attrs import frozen

from adapters.http.dialects.mira.dialect import MIRA
from adapters.http.dialects.mira.paging import Limit, PageQuery
from adapters.http.routing import Call, Content, operation
from application.ports.storage import InteractionFilter, Listing
from application.turns.interactions import Talk
from domain.errors import AudioProcessingFailed, Conflict, ModelInferenceFailed, Overloaded
from domain.ids import ClientId
from domain.interactions import Action, Hearing, Interaction, StreamReport


@frozen(kw_only=True)
class InteractionQuery(PageQuery):
    """Which interactions are asked for: by whom, created from start_date on and before end_date."""

    client_id: str | None = None
    speaker_id: str | None = None
    start_date: datetime | None = None
    end_date: datetime | None = None

    @property
    def wanted(self) -> InteractionFilter:
        """The filter."""
        return InteractionFilter(
            client_id=None if self.client_id is None else ClientId(self.client_id),
            speaker_id=self.speaker_id,
            start=self.start_date,
            end=self.end_date,
        )


@frozen(kw_only=True)
class ConversationQuery(PageQuery):
    """Which conversations are asked for, and whether their interactions are wanted too."""

    limit: Limit = 20
    include_interactions: bool = True


@frozen(kw_only=True)
class ActionView:
    """Something done because of an interaction."""

    action_id: str
    action_type: str
    result: Mapping[str, Any]
    timestamp: datetime

    @classmethod
    def of(cls, action: Action) -> "ActionView":
        """The view of an action."""
        return cls(
            action_id=action.id, action_type=action.type, result=action.result, timestamp=action.executed_at
        )


@frozen(kw_only=True)
class StreamView:
    """How one stream heard an utterance: score 0 to 10, measures by name, and why it won or lost.

    reported_metrics is what its client said of it: shown, and trusted for nothing.
    """

    client_id: str
    quality_score: float
    metrics: Mapping[str, float]
    selected: bool
    reason: str
    reported_metrics: Mapping[str, float] | None

    @classmethod
    def of(cls, stream: StreamReport) -> "StreamView":
        """The view of a stream's report."""
        return cls(
            client_id=stream.client_id,
            quality_score=stream.score,
            metrics=stream.measures,
            selected=stream.selected,
            reason=stream.reason,
            reported_metrics=stream.reported,
        )


@frozen(kw_only=True)
class AudioView:
    """How an utterance was heard, and which stream was used."""

    selected_client_id: str
    quality_score: float
    reason: str
    seconds: float
    streams: tuple[StreamView, ...]

    @classmethod
    def of(cls, hearing: Hearing) -> "AudioView":
        """The view of a hearing."""
        return cls(
            selected_client_id=hearing.selected_client_id,
            quality_score=hearing.score,
            reason=hearing.reason,
            seconds=hearing.seconds,
            streams=tuple(StreamView.of(stream) for stream in hearing.streams),
        )


@frozen(kw_only=True)
class InteractionView:
    """One turn; timings are milliseconds by stage, audio is null where nothing was heard.

    Its sound can be heard until audio_kept_until, if that is known. The revision counts how often it was
    processed, the last time with what context tells.
    """

    interaction_id: str
    conversation_id: str
    client_id: str
    speaker_id: str | None
    text: str
    response: str
    actions: tuple[ActionView, ...]
    audio: AudioView | None
    timings: Mapping[str, float]
    processing_status: str
    error_code: str | None
    audio_kept_until: datetime | None
    context: str | None
    revision: int
    timestamp: datetime

    @classmethod
    def of(cls, interaction: Interaction) -> "InteractionView":
        """The view of an interaction."""
        return cls(
            interaction_id=interaction.id,
            conversation_id=interaction.conversation_id,
            client_id=interaction.client_id,
            speaker_id=interaction.speaker_id,
            text=interaction.text,
            response=interaction.response,
            actions=tuple(ActionView.of(action) for action in interaction.actions),
            audio=AudioView.of(interaction.hearing) if interaction.hearing else None,
            timings=interaction.timings,
            processing_status=interaction.status.value,
            error_code=interaction.error_code,
            audio_kept_until=interaction.recording.expires_at if interaction.recording else None,
            context=interaction.context,
            revision=interaction.revision,
            timestamp=interaction.created_at,
        )


@frozen(kw_only=True)
class InteractionListView:
    """A part of the interactions of a network, newest first."""

    interactions: tuple[InteractionView, ...]
    total: int
    limit: int
    offset: int

    @classmethod
    def of(cls, found: Listing[Interaction]) -> "InteractionListView":
        """The view of a listing."""
        return cls(
            interactions=tuple(InteractionView.of(interaction) for interaction in found.items),
            total=found.total,
            limit=found.page.limit,
            offset=found.page.offset,
        )


@frozen(kw_only=True)
class ProcessBody:
    """How an interaction is to be processed: with something more to go by, and though it was completed."""

    context: str | None = None
    force_reprocess: bool = False


@frozen(kw_only=True)
class HistoryView:
    """What an interaction came to before, latest first."""

    interaction_id: str
    history: tuple[InteractionView, ...]


@frozen(kw_only=True)
class ConversationView:
    """A conversation; its interactions, oldest first, are null unless they were asked for."""

    conversation_id: str
    client_id: str | None
    summary: str
    participants: tuple[str, ...]
    created_at: datetime
    updated_at: datetime
    interactions: tuple[InteractionView, ...] | None

    @classmethod
    def of(cls, talk: Talk, *, with_interactions: bool) -> "ConversationView":
        """The view of a conversation."""
        conversation = talk.conversation
        turns = tuple(InteractionView.of(interaction) for interaction in talk.interactions)
        return cls(
            conversation_id=conversation.id,
            client_id=conversation.client_id,
            summary=conversation.summary,
            participants=conversation.participants,
            created_at=conversation.created_at,
            updated_at=conversation.updated_at,
            interactions=turns if with_interactions else None,
        )


@frozen(kw_only=True)
class ConversationListView:
    """A part of the conversations of a network, the most recently used first."""

    conversations: tuple[ConversationView, ...]
    total: int
    limit: int
    offset: int


@operation(MIRA, "mira.interaction.list", "GET", "/api/v1/networks/{network_id}/interactions")
async def list_interactions(call: Call[None, InteractionQuery]) -> InteractionListView:
    """List the interactions of a network."""
    found = await call.use.list_interactions(
        call.principal, call.network_id, call.query.wanted, call.query.page
    )
    return InteractionListView.of(found)


@operation(MIRA, "mira.interaction.get", "GET", "/api/v1/networks/{network_id}/interactions/{interaction_id}")
async def get_interaction(call: Call[None, None]) -> InteractionView:
    """Look an interaction up, with every stream that heard it."""
    found = await call.use.get_interaction(call.principal, call.network_id, call.interaction_id)
    return InteractionView.of(found)


@operation(
    MIRA,
    "mira.interaction.process",
    "POST",
    "/api/v1/networks/{network_id}/interactions/{interaction_id}/process",
    raises=(Conflict, ModelInferenceFailed, AudioProcessingFailed, Overloaded),
)
async def process(call: Call[ProcessBody | None, None]) -> InteractionView:
    """Process an interaction once more, from its sound where that is kept, else from its words."""
    body = call.body or ProcessBody()
    found = await call.use.process_interaction(
        call.principal,
        call.network_id,
        call.interaction_id,
        context=body.context,
        force=body.force_reprocess,
    )
    return InteractionView.of(found)


@operation(
    MIRA,
    "mira.interaction.history",
    "GET",
    "/api/v1/networks/{network_id}/interactions/{interaction_id}/history",
)
async def history(call: Call[None, None]) -> HistoryView:
    """Read what an interaction came to before it was processed again."""
    found = await call.use.list_earlier_results(call.principal, call.network_id, call.interaction_id)
    return HistoryView(
        interaction_id=call.interaction_id, history=tuple(InteractionView.of(result) for result in found)
    )


@operation(
    MIRA,
    "mira.interaction.audio",
    "GET",
    "/api/v1/networks/{network_id}/interactions/{interaction_id}/audio",
    conditional=True,
    ranged=True,
)
async def hear_interaction(call: Call[None, None]) -> Content:
    """Hear again what was said, where the hub keeps the sound of turns."""
    sound = await call.use.fetch_recording(call.principal, call.network_id, call.interaction_id)
    tag = sha256(sound.content).hexdigest()[:32]
    return Content(data=sound.content, media_type=sound.media_type, entity_tag=tag)


@operation(MIRA, "mira.conversation.list", "GET", "/api/v1/networks/{network_id}/conversations")
async def list_conversations(call: Call[None, ConversationQuery]) -> ConversationListView:
    """List the conversations of a network."""
    wanted = call.query.include_interactions
    found = await call.use.list_conversations(
        call.principal, call.network_id, call.query.page, include_interactions=wanted
    )
    return ConversationListView(
        conversations=tuple(ConversationView.of(talk, with_interactions=wanted) for talk in found.items),
        total=found.total,
        limit=found.page.limit,
        offset=found.page.offset,
    )


OPERATIONS = (
    list_interactions,
    get_interaction,
    process,
    history,
    hear_interaction,
    list_conversations,
)
