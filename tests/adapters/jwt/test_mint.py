"""Tokens: what is issued is read back, and nothing else is."""

import base64
import hashlib
import hmac
import json
from datetime import UTC, datetime, timedelta
from itertools import count

import pytest
from attrs import define, evolve, field, frozen
from hypothesis import given
from hypothesis import strategies as st

from adapters.jwt.mint import JwtTokenMint
from application.ports.tokens import Claims, TokenKind
from domain.errors import InvalidValue, Unauthorized
from domain.ids import NetworkId, TokenId

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
SECRET = b"0123456789abcdef0123456789abcdef"


@define
class StoppedClock:
    """A clock that says what it was set to."""

    moment: datetime = NOW

    def now(self) -> datetime:
        return self.moment

    def micros(self) -> int:
        return int(self.moment.timestamp() * 1_000_000)


@frozen
class CountingTokenIds:
    """Token ids, one after the other."""

    numbers: count = field(factory=lambda: count(1))

    def token(self) -> TokenId:
        return TokenId(f"tok_{next(self.numbers)}")


@pytest.fixture
def clock():
    return StoppedClock()


@pytest.fixture
def mint(clock):
    return JwtTokenMint(secret=SECRET, clock=clock, ids=CountingTokenIds())


def claims(**changes):
    made = Claims(
        kind=TokenKind.CLIENT,
        subject="phone-1",
        network_id=NetworkId("net_1"),
        version=3,
        expires_at=NOW + timedelta(hours=1),
    )
    return evolve(made, **changes)


def part(document) -> str:
    return base64.urlsafe_b64encode(json.dumps(document).encode()).rstrip(b"=").decode()


def signed(header, payload, secret=SECRET) -> str:
    """A token made by hand, without the library."""
    said = f"{part(header)}.{part(payload)}"
    digest = hmac.new(secret, said.encode(), hashlib.sha256).digest()
    return f"{said}.{base64.urlsafe_b64encode(digest).rstrip(b'=').decode()}"


HEADER = {"alg": "HS256", "typ": "JWT"}
PAYLOAD = {
    "iss": "mira",
    "sub": "phone-1",
    "kind": "client",
    "net": "net_1",
    "ver": 1,
    "iat": 1772366400,
    "jti": "tok_x",
}

texts = st.text(st.characters(codec="utf-8"), min_size=1, max_size=128)
issued = st.builds(
    Claims,
    kind=st.sampled_from(TokenKind),
    subject=texts,
    network_id=st.none() | texts.map(NetworkId),
    scopes=st.frozensets(st.text("abc:._-", min_size=1, max_size=20), max_size=4),
    version=st.integers(1, 2**31),
    expires_at=st.none() | st.integers(1, 10**9).map(lambda seconds: NOW + timedelta(seconds=seconds)),
)


@given(said=issued)
def test_what_is_issued_is_read_back(said):
    mint = JwtTokenMint(secret=SECRET, clock=StoppedClock(), ids=CountingTokenIds())

    assert mint.read(mint.issue(said)) == said


def test_a_token_says_its_claims_by_their_documented_names(mint):
    header, payload, _ = mint.issue(claims(scopes=frozenset({"b", "a"}))).split(".")

    assert json.loads(base64.urlsafe_b64decode(header + "==")) == HEADER
    assert json.loads(base64.urlsafe_b64decode(payload + "==")) == {
        "iss": "mira",
        "sub": "phone-1",
        "kind": "client",
        "net": "net_1",
        "scope": "a b",
        "ver": 3,
        "iat": int(NOW.timestamp()),
        "exp": int(NOW.timestamp()) + 3600,
        "jti": "tok_1",
    }


def test_two_tokens_of_the_same_claims_differ(mint):
    assert mint.issue(claims()) != mint.issue(claims())


def test_a_token_ends_at_its_time_and_not_before(mint, clock):
    token = mint.issue(claims())

    clock.moment = NOW + timedelta(minutes=59, seconds=59)
    assert mint.read(token).subject == "phone-1"
    clock.moment = NOW + timedelta(hours=1)
    with pytest.raises(Unauthorized):
        mint.read(token)


def test_a_token_of_another_secret_is_refused(mint):
    other = evolve(mint, secret=b"x" * 32)

    with pytest.raises(Unauthorized):
        mint.read(other.issue(claims()))


def test_a_token_made_by_hand_with_the_secret_is_read(mint):
    assert mint.read(signed(HEADER, PAYLOAD)).subject == "phone-1"


@pytest.mark.parametrize(
    ("header", "changes"),
    [
        ({"alg": "none", "typ": "JWT"}, {}),
        ({"alg": "HS512", "typ": "JWT"}, {}),
        ({"alg": ["HS256"]}, {}),
        ({}, {}),
        (HEADER, {"iss": "somebody"}),
        (HEADER, {"kind": "emperor"}),
        (HEADER, {"kind": ["client"]}),
        (HEADER, {"ver": "one"}),
        (HEADER, {"ver": None}),
        (HEADER, {"sub": 5}),
        (HEADER, {"exp": 10**30}),
        (HEADER, {"exp": "soon"}),
        (HEADER, {"exp": 1}),
    ],
)
def test_a_signed_token_that_says_nonsense_is_refused(mint, header, changes):
    with pytest.raises(Unauthorized):
        mint.read(signed(header, PAYLOAD | changes))


@pytest.mark.parametrize("missing", ["iss", "sub", "kind", "ver", "iat", "jti"])
def test_a_token_without_a_claim_that_all_have_is_refused(mint, missing):
    payload = {name: value for name, value in PAYLOAD.items() if name != missing}

    with pytest.raises(Unauthorized):
        mint.read(signed(HEADER, payload))


deep = base64.urlsafe_b64encode(b'{"alg":' + b"[" * 1400 + b"]" * 1400 + b"}").rstrip(b"=").decode()


@pytest.mark.parametrize(
    "token", ["", ".", "..", "a.b.c", "\ud800", "é.é.é", "\0", f"{deep}.e30.x", "x" * 100_000, "e30.e30."]
)
def test_what_is_no_token_is_refused(mint, token):
    with pytest.raises(Unauthorized):
        mint.read(token)


@given(place=st.integers(0, 10_000), letter=st.sampled_from("ABCxyz019-_"))
def test_a_token_changed_anywhere_is_refused(place, letter):
    mint = JwtTokenMint(secret=SECRET, clock=StoppedClock(), ids=CountingTokenIds())
    token = mint.issue(claims())
    place %= len(token) - 1  # the last letter of base64 carries unused bits
    altered = token[:place] + letter + token[place + 1 :]

    if altered != token:
        with pytest.raises(Unauthorized):
            mint.read(altered)


def test_a_short_secret_is_refused_by_name(clock):
    with pytest.raises(InvalidValue, match="jwt_secret_key"):
        JwtTokenMint(secret=b"x" * 31, clock=clock, ids=CountingTokenIds())


def test_the_secret_is_not_shown(mint):
    assert "0123456789" not in repr(mint)
