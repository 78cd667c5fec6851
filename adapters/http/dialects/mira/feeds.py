"""Calendar feeds, for calendar apps."""

from datetime import datetime
from hashlib import sha256
from http import HTTPStatus
from typing import Final

from attrs import frozen

from adapters.http.dialects.mira.dialect import MIRA
from adapters.http.options import HttpOptions
from adapters.http.routing import Call, Content, operation
from application.agenda.feeds import OpenedFeed
from domain.errors import NotFound

KEEP_FOR_SECONDS: Final = 300
MEDIA_TYPE: Final = "text/calendar; charset=utf-8"


@frozen(kw_only=True)
class FeedView:
    """A calendar feed just opened; its address is a secret that is told only here."""

    feed_url: str
    created_at: datetime

    @classmethod
    def of(cls, opened: OpenedFeed, options: HttpOptions) -> "FeedView":
        """The view of a feed."""
        return cls(
            feed_url=f"{options.base_url}/api/v1/feeds/{opened.secret}.ics", created_at=opened.created_at
        )


@operation(
    MIRA,
    "mira.feed.create",
    "POST",
    "/api/v1/networks/{network_id}/calendar/feed",
    status=HTTPStatus.CREATED,
)
async def create(call: Call[None, None]) -> FeedView:
    """Open the calendar feed under a fresh secret address; the one before it is dead from then on."""
    return FeedView.of(await call.use.open_feed(call.principal, call.network_id), call.hub.options)


@operation(
    MIRA,
    "mira.feed.delete",
    "DELETE",
    "/api/v1/networks/{network_id}/calendar/feed",
    status=HTTPStatus.NO_CONTENT,
    raises=(NotFound,),
)
async def delete(call: Call[None, None]) -> None:
    """Close the calendar feed; its address is dead from then on."""
    await call.use.close_feed(call.principal, call.network_id)


@operation(MIRA, "feed.get", "GET", "/api/v1/feeds/{secret}.ics", conditional=True)
async def read(call: Call[None, None]) -> Content:
    """Read the agenda of a network as iCalendar; the address is its own proof."""
    data = await call.use.read_feed(call.feed_secret)
    return Content(
        data=data,
        media_type=MEDIA_TYPE,
        keep_for_seconds=KEEP_FOR_SECONDS,
        entity_tag=sha256(data).hexdigest()[:32],
    )


OPERATIONS = (create, delete, read)
