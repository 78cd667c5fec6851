"""The sound of answers, behind links that carry their own proof."""

from typing import Final

from attrs import frozen

from adapters.http.dialects.companion.dialect import COMPANION
from adapters.http.routing import Call, Content, operation
from application.speech.growing_sounds import SoundUnderWay
from domain.ids import NetworkId

KEEP_FOR_SECONDS: Final = 600


@frozen(kw_only=True)
class LinkQuery:
    """What a link carries as its proof."""

    network: str
    expires: str
    signature: str


@operation(COMPANION, "blob.get", "GET", "/v1/audio/{blob_id}", conditional=True, ranged=True)
async def fetch(call: Call[None, LinkQuery]) -> Content:
    """Fetch the sound that a link leads to, from its beginning also while it is still being made."""
    link = call.query
    sound = await call.use.fetch_speech(NetworkId(link.network), call.blob_id, link.expires, link.signature)
    if isinstance(sound, SoundUnderWay):
        return Content(data=sound.chunks, media_type=sound.media_type)
    return Content(
        data=sound.content,
        media_type=sound.media_type,
        keep_for_seconds=KEEP_FOR_SECONDS,
        entity_tag=call.blob_id,
    )


OPERATIONS = (fetch,)
