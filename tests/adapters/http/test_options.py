"""Where people reach the hub."""

import pytest

from adapters.http.options import HttpOptions
from domain.errors import InvalidValue


@pytest.mark.parametrize(
    ("options", "base", "socket"),
    [
        ({}, "http://127.0.0.1:8080", "ws://127.0.0.1:8080/ws/net_1"),
        ({"host": "192.168.1.5", "port": 9}, "http://192.168.1.5:9", "ws://192.168.1.5:9/ws/net_1"),
        ({"host": "0.0.0.0"}, "http://127.0.0.1:8080", "ws://127.0.0.1:8080/ws/net_1"),
        ({"host": "::"}, "http://127.0.0.1:8080", "ws://127.0.0.1:8080/ws/net_1"),
        ({"host": "::1"}, "http://[::1]:8080", "ws://[::1]:8080/ws/net_1"),
        ({"public_url": "https://hub.example"}, "https://hub.example", "wss://hub.example/ws/net_1"),
        (
            {"public_url": "http://hub.example:81/a/"},
            "http://hub.example:81/a",
            "ws://hub.example:81/a/ws/net_1",
        ),
    ],
)
def test_addresses_are_those_that_people_can_reach(options, base, socket):
    told = HttpOptions(**options)

    assert told.base_url == base
    assert told.socket_url("net_1") == socket


@pytest.mark.parametrize(
    "public_url",
    [
        "",
        "hub.example",
        "ftp://hub.example",
        "https://",
        "https://[",
        "https://hub.example:99999",
        "https://hub.example?x=1",
        "https://hub.example#x",
        "https://user:secret@hub.example",
        "https://hub example",
    ],
)
def test_what_is_no_address_is_refused(public_url):
    with pytest.raises(InvalidValue, match="public_url"):
        HttpOptions(public_url=public_url)
