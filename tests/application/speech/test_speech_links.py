"""The sound of answers behind links that carry their own proof."""

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from attrs import frozen

from adapters.jwt.links import HmacLinkSigner
from application.ports.blobs import Blob
from application.speech.speech_links import LINK_LASTS, FetchSpeech, LinkToSpeech
from domain.errors import NotFound
from domain.ids import BlobId, NetworkId
from tests.application.household import Household


@frozen
class Link:
    """What a link says."""

    network_id: NetworkId
    blob_id: BlobId
    expires: str
    signature: str


def read(url: str) -> Link:
    parts = urlsplit(url)
    said = {name: values[0] for name, values in parse_qs(parts.query).items()}
    blob_id = BlobId(parts.path.rsplit("/", 1)[-1])
    return Link(NetworkId(said["network"]), blob_id, said["expires"], said["signature"])


def signer(hub: Household, secret: bytes = b"k" * 48) -> HmacLinkSigner:
    return HmacLinkSigner(secret=secret, base_url="http://hub", clock=hub.clock)


async def fetch(hub: Household, link: Link) -> Blob:
    fetch_speech = FetchSpeech(signer(hub), hub.blobs)
    return await fetch_speech(link.network_id, link.blob_id, link.expires, link.signature)


async def link_to_an_answer(hub: Household) -> Link:
    home = await hub.home()
    speech = (await hub.say(home, "hello")).speech
    assert speech is not None
    return read(LinkToSpeech(signer(hub), hub.clock)(home, speech))


async def test_a_link_leads_to_the_sound_of_an_answer_for_a_while(hub: Household) -> None:
    link = await link_to_an_answer(hub)
    assert (await fetch(hub, link)).content[:4] == b"RIFF"
    hub.clock.pass_by(seconds=LINK_LASTS.total_seconds() - 1)
    assert (await fetch(hub, link)).media_type == "audio/wav"
    hub.clock.pass_by(seconds=1)
    with pytest.raises(NotFound):
        await fetch(hub, link)


async def test_an_altered_link_leads_nowhere(hub: Household) -> None:
    link = await link_to_an_answer(hub)
    other = await link_to_an_answer(hub)
    later = str(int(link.expires) + 1)
    for altered in (
        Link(other.network_id, link.blob_id, link.expires, link.signature),
        Link(link.network_id, other.blob_id, link.expires, link.signature),
        Link(link.network_id, link.blob_id, later, link.signature),
        Link(link.network_id, link.blob_id, link.expires, other.signature),
        Link(link.network_id, link.blob_id, link.expires, ""),
    ):
        with pytest.raises(NotFound):
            await fetch(hub, altered)


async def test_a_link_of_another_hub_leads_nowhere(hub: Household) -> None:
    link = await link_to_an_answer(hub)
    foreign = LinkToSpeech(signer(hub, b"f" * 48), hub.clock)(link.network_id, link.blob_id)
    with pytest.raises(NotFound):
        await fetch(hub, read(foreign))


async def test_a_sound_that_is_gone_is_not_found(hub: Household) -> None:
    link = await link_to_an_answer(hub)
    await hub.blobs.remove_expired(hub.clock.now() + timedelta(hours=2))
    with pytest.raises(NotFound):
        await fetch(hub, link)
