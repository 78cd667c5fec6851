"""Whatever is sent to any route, the hub never fails: every answer is one that its document declares."""

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote_from_bytes

from attrs import field, frozen
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adapters.http.app import OPERATIONS
from adapters.http.openapi import openapi_document
from adapters.http.options import HttpOptions
from adapters.http.routing import Operation
from domain.ids import NetworkId
from tests import samples
from tests.adapters.http.house import House, bearer
from tests.adapters.http.raw import ask

DOCUMENT = openapi_document(OPERATIONS, HttpOptions())
FIELDS = [
    "name",
    "description",
    "settings",
    "audio_quality_threshold",
    "max_clients",
    "language",
    "timezone",
    "client_id",
    "device_type",
    "device_info",
    "capabilities",
    "location",
    "latitude",
    "longitude",
    "accuracy",
    "room",
    "group_id",
    "connection_status",
    "audio_quality_score",
    "device_id",
    "session_id",
    "message",
    "title",
    "due_time",
    "start_time",
    "end_time",
    "attendees",
    "recurrence",
    "status",
    "occurrence",
    "context",
    "force_reprocess",
]
PARAMETERS = [
    "limit",
    "offset",
    "client_id",
    "speaker_id",
    "start_date",
    "end_date",
    "due_before",
    "status",
    "include_interactions",
    "network",
    "expires",
    "signature",
]
ODD_TEXTS = [
    "",
    "\0",
    "\ud800",
    "a\0b",
    "9999-12-31T23:59:59-23:59",
    "0001-01-01T00:00:00+23:59",
    "2026-02-30",
    "-1",
    "1e999",
    "NaN",
    "9" * 400,
    "true",
    "pending",
    "' OR 1=1 --",
    "../../etc/passwd",
    "net_" + "0" * 32,
    "\u202e",
    "\U0001f9c0",
    "x" * 5000,
]
texts = st.sampled_from(ODD_TEXTS) | st.text(max_size=20)
numbers = (
    st.integers()
    | st.floats()
    | st.sampled_from([2**31, 2**53, 2**63, 2**64, -(2**63) - 1, 10**400, 1e308, -0.0])
)
trees = st.recursive(
    st.none() | st.booleans() | numbers | texts,
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(FIELDS) | texts, inner, max_size=6)
    ),
    max_leaves=12,
)
deep = st.integers(1, 3000).map(lambda depth: b'{"name":' + b"[" * depth + b"]" * depth + b"}")
GOOD_BODIES: Mapping[str, Mapping[str, Any]] = {
    "mira.network.create": {"name": "Home", "settings": {"max_clients": 5}},
    "mira.network.update": {"name": "Home", "settings": {"timezone": "UTC"}},
    "mira.client.register": {
        "client_id": "phone-2",
        "device_type": "mobile",
        "device_info": {"os": "x"},
        "capabilities": ["audio"],
        "location": {"latitude": 1, "longitude": 2, "accuracy": 3},
    },
    "mira.client.update": {"connection_status": "connected", "audio_quality_score": 5},
    "mira.reminder.create": {
        "title": "tea",
        "due_time": "2026-03-02T08:00:00Z",
        "recurrence": "FREQ=MONTHLY;BYMONTHDAY=31",
    },
    "mira.reminder.update": {"title": "tea", "status": "completed", "recurrence": "FREQ=DAILY"},
    "mira.calendar.create": {
        "title": "tea",
        "start_time": "2026-03-02T08:00:00Z",
        "attendees": ["Ann"],
        "recurrence": "FREQ=DAILY;COUNT=3",
    },
    "mira.calendar.update": {"start_time": "2026-03-02T08:00:00Z", "location": None, "status": "tentative"},
    "mira.interaction.process": {"context": "he meant tea", "force_reprocess": True},
    "companion.device.register": {"name": "x", "device_type": "tablet", "capabilities": ["leds"]},
    "companion.dialog.send": {"device_id": "DEVICE", "message": "hello", "session_id": None},
}


@frozen(kw_only=True)
class Attempt:
    """Something to be sent; capital words in it stand for what is really there."""

    operation: Operation = field(repr=False)
    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    body: bytes


@st.composite
def bodies(draw, operation):
    """JSON of a likely shape with something odd in it, any JSON, or any bytes."""
    good = GOOD_BODIES.get(operation.id)
    if good is not None and draw(st.integers(0, 2)):
        document = json.loads(json.dumps(good))
        for name in draw(st.lists(st.sampled_from(sorted(document) + FIELDS), max_size=2)):
            document[name] = draw(trees)
        return json.dumps(document).encode()
    return draw(trees.map(lambda tree: json.dumps(tree).encode()) | st.binary(max_size=60) | deep)


@st.composite
def forms(draw):
    """A form of several parts, of likely names, with odd contents."""
    parts = draw(
        st.lists(
            st.tuples(
                st.sampled_from(["audio_data", "client_id", "quality_metrics", "metadata", "\xff"]),
                st.sampled_from(["", "audio/pcm", "audio/L16; rate=-1", "application/octet-stream", "\xff"]),
                st.binary(max_size=40)
                | trees.map(lambda tree: json.dumps(tree).encode())
                | st.sampled_from([b"RIFF\0\0\0\0WAVE", b"fLaC", b"OggS", b"ID3", bytes(6400), b"phone-1"]),
            ),
            max_size=5,
        )
    )
    lines = [
        f'--x\r\nContent-Disposition: form-data; name="{name}"\r\nContent-Type: {kind}\r\n\r\n'.encode(
            "latin-1"
        )
        + content
        for name, kind, content in parts
    ]
    return b"\r\n".join([*lines, draw(st.sampled_from([b"--x--\r\n", b"--x", b""]))])


@st.composite
def attempts(draw):
    """Something for one of the declared routes, as likely as not with a good token."""
    operation = draw(st.sampled_from(OPERATIONS))
    path = operation.path
    for name, real in {
        "{network_id}": "NETWORK",
        "{client_id}": "phone-1",
        "{device_id}": "DEVICE",
        "{interaction_id}": "int_0",
        "{blob_id}": "blob_0",
        "{reminder_id}": "REMINDER",
        "{event_id}": "EVENT",
        "{secret}": "SECRET",
    }.items():
        odd = texts.map(lambda text: quote_from_bytes(text.encode("utf-8", "surrogatepass"), safe=""))
        path = path.replace(name, draw(st.just(real) | odd | st.sampled_from(["%ff%fe", "%", "..", "a/b"])))
    raw = st.binary(max_size=12).map(lambda data: quote_from_bytes(data, safe="=&"))
    known = st.tuples(st.sampled_from(PARAMETERS), texts).map(
        lambda pair: f"{pair[0]}={quote_from_bytes(pair[1].encode('utf-8', 'surrogatepass'))}"
    )
    headers = draw(
        st.dictionaries(
            st.sampled_from(
                [
                    "X-Request-ID",
                    "API-Version",
                    "X-Network-Id",
                    "Content-Encoding",
                    "Accept",
                    "Host",
                    "Cookie",
                ]
            ),
            st.text(
                st.characters(min_codepoint=32, max_codepoint=255, exclude_characters="\x7f"), max_size=30
            )
            | st.sampled_from(["v1", "NETWORK", "identity", "gzip"]),
            max_size=2,
        )
    )
    token = draw(
        st.sampled_from(["", "NETTOKEN", "CLIENTTOKEN", "REGTOKEN", "OPERATOR", "DEVTOKEN", "e30.e30.x"])
    )
    if token:
        headers["Authorization"] = f"Bearer {token}"
    kind = draw(st.sampled_from(["application/json"] * 6 + ["", "text/plain", "a/b; charset=x", "\xff"]))
    body = draw(bodies(operation))
    if operation.form and draw(st.integers(0, 5)):
        kind, body = "multipart/form-data; boundary=x", draw(forms())
    if kind:
        headers["Content-Type"] = kind
    return Attempt(
        operation=operation,
        method=draw(st.sampled_from([operation.method] * 9 + ["PATCH"])),
        path=path,
        query="&".join(draw(st.lists(known | raw, max_size=3))),
        headers=headers,
        body=body,
    )


def filled(text: str, there: Mapping[str, str]) -> str:
    """A text with what is really there in place of its capital words."""
    for word, value in there.items():
        text = text.replace(word, value)
    return text


async def household(house: House) -> Mapping[str, str]:
    """A network with a client and a device in it, and every sort of token."""
    network = await house.network()
    client, device = await house.client(network), await house.device(network)
    network_id = NetworkId(network["network_id"])
    async with house.transactions.begin() as tx:
        daily = "FREQ=DAILY"
        await tx.agenda.add_reminder(samples.reminder("rem_1", network_id, recurrence=daily))
        event = samples.calendar_event(
            "event_1", network_id, start=samples.NOON, end=samples.NOON, recurrence=daily
        )
        await tx.agenda.add_event(event)
    opened = await house.app.test_client().post(
        f"/api/v1/networks/{network_id}/calendar/feed", headers=bearer(network["network_token"])
    )
    return {
        "NETTOKEN": network["network_token"],
        "CLIENTTOKEN": client["client_token"],
        "REGTOKEN": network["client_registration_token"],
        "DEVTOKEN": device["auth_token"],
        "OPERATOR": house.tokens.operator(),
        "NETWORK": network["network_id"],
        "DEVICE": device["device_id"],
        "REMINDER": "rem_1",
        "EVENT": "event_1",
        "SECRET": (await opened.get_json())["feed_url"].rpartition("/")[2].removesuffix(".ics"),
    }


async def check(house: House, attempt: Attempt) -> None:
    """Send it, and look at the answer."""
    there = await household(house)
    path = filled(attempt.path, there)
    answer = await ask(
        house.app,
        attempt.method,
        f"{path}?{filled(attempt.query, there)}",
        {name: filled(value, there) for name, value in attempt.headers.items()},
        filled(attempt.body.decode("latin-1"), there).encode("latin-1"),
    )
    status, data = answer.status, answer.data

    assert status < 500, data
    assert answer.headers["x-request-id"]
    if status >= 400:
        document = answer.document
        mira = path.startswith(("/api/v1", "/internal/"))
        assert set(document) == ({"error"} if mira else {"error_code", "message", "details", "request_id"})
    reached = attempt.method == attempt.operation.method and "/" not in attempt.path.replace(
        attempt.operation.path.split("{")[0], "", 1
    )
    if reached:
        declared = DOCUMENT["paths"][attempt.operation.path][attempt.operation.method.lower()]["responses"]
        assert str(status) in {*declared, "404"}, (status, data)


@given(attempt=attempts())
@settings(
    max_examples=200,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
async def test_no_route_fails_whatever_is_sent(any_house, attempt):
    await check(any_house, attempt)
