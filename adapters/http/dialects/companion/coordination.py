"""What devices do together, and telling something to many of them."""

from collections.abc import Mapping
from datetime import datetime
from http import HTTPStatus
from typing import Annotated, Any, Literal

from attrs import field, frozen
from msgspec import Meta

from adapters.http.dialects.companion.dialect import COMPANION
from adapters.http.routing import Call, operation
from application.coordination.activities import GivenAnswer, NewActivity
from application.coordination.broadcasting import EVERYBODY, NewBroadcast, Receipt
from application.ports.paging import Listing, Page
from domain.activities.activity import Activity, ActivityStatus, ActivityType
from domain.activities.playback import Playback
from domain.activities.story import Telling
from domain.activities.trivia import Answered, Trivia
from domain.errors import Conflict, DeviceNotFound, DeviceOffline, InvalidValue, PersonaNotFound
from domain.ids import ClientId, PersonaId
from domain.moments import from_micros, utc_text

DeviceIds = Annotated[tuple[str, ...], Meta(min_length=1, max_length=1000)]


@frozen(kw_only=True)
class GroupActivityBody:
    """What is to be done together, by which devices, with whom, and how."""

    activity_type: Literal["trivia", "story", "sync_playback"]
    device_ids: DeviceIds
    persona_id: str
    config: Mapping[str, Any] = field(factory=dict)

    def wanted(self) -> NewActivity:
        """The activity that is wanted."""
        return NewActivity(
            type=ActivityType(self.activity_type),
            device_ids=tuple(map(ClientId, self.device_ids)),
            persona_id=PersonaId(self.persona_id),
            config=self.config,
        )


@frozen(kw_only=True)
class ActivityView:
    """An activity as it stands; the state is by its type, and tells no right answer beforehand."""

    activity_id: str
    activity_type: Literal["trivia", "story", "sync_playback"]
    status: Literal["running", "finished", "stopped"]
    persona_id: str
    device_ids: tuple[str, ...]
    offline_device_ids: tuple[str, ...]
    config: Mapping[str, Any]
    state: Mapping[str, Any]
    started_at: datetime
    updated_at: datetime
    ended_at: datetime | None

    @classmethod
    def of(cls, activity: Activity) -> "ActivityView":
        """The view of an activity."""
        return cls(
            activity_id=activity.id,
            activity_type=activity.type.value,
            status=activity.status.value,
            persona_id=activity.persona_id,
            device_ids=activity.client_ids,
            offline_device_ids=activity.offline_client_ids,
            config=activity.config,
            state=_state(activity),
            started_at=activity.started_at,
            updated_at=activity.updated_at,
            ended_at=activity.ended_at,
        )


@frozen(kw_only=True)
class ActivitiesView:
    """A part of the activities of a network, and how many there are in all."""

    activities: tuple[ActivityView, ...]
    total: int
    limit: int
    offset: int

    @classmethod
    def of(cls, listing: Listing[Activity]) -> "ActivitiesView":
        """The view of a part of the activities."""
        return cls(
            activities=tuple(map(ActivityView.of, listing.items)),
            total=listing.total,
            limit=listing.page.limit,
            offset=listing.page.offset,
        )


@frozen(kw_only=True)
class ActivitiesQuery:
    """Which activities are wanted."""

    status: Literal["running", "finished", "stopped"] | None = None
    limit: int = 50
    offset: int = 0


@frozen(kw_only=True)
class ActivityAnswerBody:
    """What somebody answers at a device, in words or by a letter."""

    device_id: str
    answer: Annotated[str, Meta(min_length=1, max_length=500)]


@frozen(kw_only=True)
class ActivityAnswerView:
    """What an answer came to: whether it was one of the choices, whether right, and for how many points."""

    accepted: bool
    right: bool | None
    points: int | None
    activity: ActivityView

    @classmethod
    def of(cls, given: GivenAnswer) -> "ActivityAnswerView":
        """The view of an answer."""
        taken = next((one for one in given.news if isinstance(one, Answered)), None)
        story = isinstance(given.activity.state, Telling)
        told = any(type(one).__name__ in {"Told", "StoryOver"} for one in given.news)
        return cls(
            accepted=taken is not None or (story and told),
            right=None if taken is None else taken.right,
            points=None if taken is None else taken.points,
            activity=ActivityView.of(given.activity),
        )


@frozen(kw_only=True)
class BroadcastBody:
    """What is to be told, and to whom: device ids, or ["all"], of a group or a room where one is named."""

    event_type: Annotated[str, Meta(min_length=1, max_length=100)]
    target_devices: DeviceIds
    payload: Mapping[str, Any] = field(factory=dict)
    group_id: str | None = None
    room: str | None = None
    priority: Annotated[int, Meta(ge=0, le=10)] = 5

    def wanted(self) -> NewBroadcast:
        """The broadcast that is wanted."""
        if EVERYBODY in self.target_devices and len(self.target_devices) > 1:
            raise InvalidValue("target_devices", 'must be device ids, or "all" alone')
        everybody = self.target_devices == (EVERYBODY,)
        if not everybody and (self.group_id or self.room):
            raise InvalidValue("target_devices", 'must be "all" where a group or a room is named')
        return NewBroadcast(
            event_type=self.event_type,
            targets=None if everybody else tuple(map(ClientId, self.target_devices)),
            payload=self.payload,
            group_id=self.group_id,
            room=self.room,
            priority=self.priority,
        )


@frozen(kw_only=True)
class BroadcastView:
    """Who was sent a broadcast, who of them has acknowledged it by now, and who was not there."""

    broadcast_id: str
    event_type: str
    delivered: tuple[str, ...]
    acknowledged: tuple[str, ...]
    offline: tuple[str, ...]
    sent_at: datetime

    @classmethod
    def of(cls, receipt: Receipt) -> "BroadcastView":
        """The view of how a broadcast stands."""
        return cls(
            broadcast_id=receipt.broadcast.id,
            event_type=receipt.broadcast.event_type,
            delivered=receipt.delivered,
            acknowledged=receipt.acknowledged,
            offline=receipt.offline,
            sent_at=receipt.broadcast.sent_at,
        )


@operation(
    COMPANION,
    "companion.coordination.activity",
    "POST",
    "/v1/coordination/group-activity",
    status=HTTPStatus.CREATED,
    raises=(DeviceNotFound, PersonaNotFound, DeviceOffline, Conflict),
    names_network=True,
)
async def start(call: Call[GroupActivityBody, None]) -> ActivityView:
    """Begin an activity with those of the devices that are connected."""
    return ActivityView.of(
        await call.use.start_activity(call.principal, call.own_network, call.body.wanted())
    )


@operation(COMPANION, "companion.coordination.list", "GET", "/v1/coordination/activities", names_network=True)
async def listed(call: Call[None, ActivitiesQuery]) -> ActivitiesView:
    """List activities, newest first."""
    status = None if call.query.status is None else ActivityStatus(call.query.status)
    page = Page(limit=call.query.limit, offset=call.query.offset)
    return ActivitiesView.of(await call.use.find_activities(call.principal, call.own_network, status, page))


@operation(
    COMPANION,
    "companion.coordination.get",
    "GET",
    "/v1/coordination/activities/{activity_id}",
    names_network=True,
)
async def get(call: Call[None, None]) -> ActivityView:
    """Look an activity up, as it stands."""
    return ActivityView.of(await call.use.get_activity(call.principal, call.own_network, call.activity_id))


@operation(
    COMPANION,
    "companion.coordination.stop",
    "POST",
    "/v1/coordination/activities/{activity_id}/stop",
    names_network=True,
)
async def stop(call: Call[None, None]) -> ActivityView:
    """Stop an activity; one that is over stays as it is."""
    return ActivityView.of(await call.use.stop_activity(call.principal, call.own_network, call.activity_id))


@operation(
    COMPANION,
    "companion.coordination.answer",
    "POST",
    "/v1/coordination/activities/{activity_id}/answers",
    raises=(DeviceNotFound, Conflict),
    names_network=True,
)
async def answer(call: Call[ActivityAnswerBody, None]) -> ActivityAnswerView:
    """Answer in an activity for a device, as its buttons and its people do."""
    given = await call.use.answer_activity(
        call.principal, call.own_network, call.activity_id, ClientId(call.body.device_id), call.body.answer
    )
    return ActivityAnswerView.of(given)


@operation(
    COMPANION,
    "companion.coordination.broadcast",
    "POST",
    "/v1/coordination/broadcast",
    status=HTTPStatus.ACCEPTED,
    raises=(DeviceNotFound,),
    names_network=True,
)
async def broadcast(call: Call[BroadcastBody, None]) -> BroadcastView:
    """Tell something to many devices, and say who was there."""
    return BroadcastView.of(
        await call.use.broadcast_event(call.principal, call.own_network, call.body.wanted())
    )


@operation(
    COMPANION,
    "companion.coordination.receipt",
    "GET",
    "/v1/coordination/broadcasts/{broadcast_id}",
    names_network=True,
)
async def receipt(call: Call[None, None]) -> BroadcastView:
    """Say who has acknowledged a broadcast by now."""
    return BroadcastView.of(await call.use.get_broadcast(call.principal, call.own_network, call.broadcast_id))


def _state(activity: Activity) -> Mapping[str, Any]:
    match activity.state:
        case Trivia() as game:
            asked = game.open_from is not None and activity.status is ActivityStatus.RUNNING
            question = game.questions[game.round - 1] if asked else None
            return {
                "round": game.round,
                "rounds": len(game.questions),
                "scores": dict(game.scores),
                "winners": list(game.winners) if game.over else [],
                "question": question and question.text,
                "choices": list(question.choices) if question else [],
                "answered": sorted(game.answered),
                "answer_by": utc_text(game.deadline) if game.deadline else None,
            }
        case Telling() as tale:
            scene = tale.scene
            return {
                "title": tale.story.title,
                "theme": tale.story.theme,
                "parts_told": len(tale.path),
                "text": scene and scene.text,
                "choices": [choice.text for choice in scene.choices] if scene else [],
                "teller": tale.teller,
            }
        case Playback() as playback:
            return {
                **playback.media,
                "volume": playback.volume,
                "start_at": utc_text(from_micros(playback.starts_at)),
                "start_at_us": playback.starts_at,
            }


OPERATIONS = (start, listed, get, stop, answer, broadcast, receipt)
