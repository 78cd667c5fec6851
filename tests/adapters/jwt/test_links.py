"""Links: a signed one opens its blob until it expires, and nothing else does."""

from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from attrs import define, evolve
from hypothesis import given
from hypothesis import strategies as st

from adapters.jwt.links import HmacLinkSigner
from domain.errors import InvalidValue, NotFound
from domain.ids import BlobId, NetworkId

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
NETWORK, BLOB = NetworkId("net_1"), BlobId("blob_1")


@define
class StoppedClock:
    """A clock that says what it was set to."""

    moment: datetime = NOW

    def now(self) -> datetime:
        return self.moment

    def micros(self) -> int:
        return int(self.moment.timestamp() * 1_000_000)


@pytest.fixture
def clock():
    return StoppedClock()


@pytest.fixture
def signer(clock):
    return HmacLinkSigner(secret=b"k" * 32, base_url="https://hub.example/mira/", clock=clock)


def proof_of(url: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}


def test_a_link_leads_to_its_blob_below_the_public_address(signer):
    url = urlsplit(signer.sign(NETWORK, BLOB, NOW + timedelta(minutes=5)))

    assert (url.scheme, url.netloc, url.path) == ("https", "hub.example", "/mira/v1/audio/blob_1")
    assert set(parse_qs(url.query)) == {"network", "expires", "signature"}


def test_a_link_is_good_until_it_expires(signer, clock):
    proof = proof_of(signer.sign(NETWORK, BLOB, NOW + timedelta(minutes=5)))

    clock.moment = NOW + timedelta(minutes=4, seconds=59)
    signer.verify(NETWORK, BLOB, proof["expires"], proof["signature"])
    clock.moment = NOW + timedelta(minutes=5)
    with pytest.raises(NotFound):
        signer.verify(NETWORK, BLOB, proof["expires"], proof["signature"])


def test_another_hub_with_the_same_secret_reads_the_link(signer, clock):
    proof = proof_of(signer.sign(NETWORK, BLOB, NOW + timedelta(minutes=5)))
    twin = HmacLinkSigner(secret=b"k" * 32, base_url="http://127.0.0.1:9", clock=clock)
    stranger = evolve(twin, secret=b"z" * 32)

    twin.verify(NETWORK, BLOB, proof["expires"], proof["signature"])
    with pytest.raises(NotFound):
        stranger.verify(NETWORK, BLOB, proof["expires"], proof["signature"])


@pytest.mark.parametrize(
    "changed",
    [
        {"network_id": "net_2"},
        {"blob_id": "blob_2"},
        {"expires": "99999999999"},
        {"expires": "1" * 5000},
        {"expires": "soon"},
        {"expires": "١٢"},
        {"expires": "-1"},
        {"signature": ""},
        {"signature": "é\ud800\0"},
        {"network_id": "net_1\nblob_1"},
    ],
)
def test_an_altered_link_leads_nowhere(signer, changed):
    proof = proof_of(signer.sign(NETWORK, BLOB, NOW + timedelta(minutes=5)))
    asked = {
        "network_id": NETWORK,
        "blob_id": BLOB,
        "expires": proof["expires"],
        "signature": proof["signature"],
    }

    with pytest.raises(NotFound):
        signer.verify(**asked | changed)


@given(network=st.text(max_size=40), blob=st.text(max_size=40), guess=st.text(max_size=60))
def test_a_guess_is_never_right_and_never_breaks_anything(network, blob, guess):
    signer = HmacLinkSigner(secret=b"k" * 32, base_url="http://localhost", clock=StoppedClock())

    with pytest.raises(NotFound):
        signer.verify(NetworkId(network), BlobId(blob), "99999999999", guess)


def test_a_short_secret_is_refused(clock):
    with pytest.raises(InvalidValue, match="jwt_secret_key"):
        HmacLinkSigner(secret=b"short", base_url="http://localhost", clock=clock)
