"""The pages for people: everything that the documents say is on them, and they load nothing."""

import re
from html.parser import HTMLParser

import pytest

from adapters.http.app import OPERATIONS
from adapters.http.openapi import openapi_document
from adapters.http.options import HttpOptions
from adapters.pages.fields import Shapes
from adapters.pages.migrating import migrating_page
from adapters.pages.rendering import prose
from adapters.pages.rest import rest_page
from adapters.pages.sockets import sockets_page
from adapters.websocket.asyncapi import asyncapi
from adapters.websocket.options import SocketOptions
from entrypoints.commands import described
from tests.adapters.http.house import build_house

REST = openapi_document(OPERATIONS, HttpOptions(version="1.2.3"))
SOCKETS = asyncapi(SocketOptions(version="1.2.3"), described(HttpOptions(version="1.2.3")))
VOID = {"meta", "link", "br"}


class Page(HTMLParser):
    """A page as a browser sees it: its tags are balanced, its ids its own, its links known."""

    def __init__(self, page: bytes) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.loads: list[str] = []
        self.words = ""
        self._open: list[str] = []
        self.feed(page.decode())
        assert self._open == []

    def handle_starttag(self, tag, attributes):
        told = dict(attributes)
        self.ids += [told["id"]] if "id" in told else []
        self.links += [told["href"]] if tag == "a" else []
        self.loads += [told["src"]] if "src" in told else []
        self.loads += [tag] if tag in {"script", "link", "iframe", "img"} else []
        if tag not in VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag, attributes):
        assert tag == "path"

    def handle_endtag(self, tag):
        assert self._open.pop() == tag

    def handle_data(self, data):
        self.words += data


@pytest.mark.parametrize(
    "make", [lambda: rest_page(REST), lambda: sockets_page(SOCKETS), lambda: migrating_page(REST)]
)
def test_a_page_is_whole_and_loads_nothing(make):
    page = make()
    seen = Page(page)

    assert seen.loads == []
    assert len(seen.ids) == len(set(seen.ids))
    assert {link[1:] for link in seen.links if link.startswith("#")} <= set(seen.ids)
    assert not re.search(rb"https?://(?!127\.0\.0\.1)", page)
    assert not re.search(rb"url\(|@import", page)


def test_every_operation_is_on_its_page_with_its_fields_and_refusals():
    seen = Page(rest_page(REST))

    for path, methods in REST["paths"].items():
        assert path in seen.words
        for one in methods.values():
            assert one["operationId"] in seen.ids
            assert one["summary"].replace("`", "") in seen.words
            assert all(told["name"] in seen.words for told in one["parameters"])
            assert all(status in seen.words for status in one["responses"])
            assert all(scope in seen.words for scope in one["security"][0].get("bearer", ()))
    for schema in REST["components"]["schemas"].values():
        assert all(name in seen.words for name in schema.get("properties", ()))


def test_every_message_and_close_code_is_on_the_page_of_the_sockets():
    seen = Page(sockets_page(SOCKETS))

    for name, message in SOCKETS["components"]["messages"].items():
        assert name in seen.ids
        assert message["name"] in seen.words
    for one in SOCKETS["info"]["x-close-codes"]:
        assert str(one["code"]) in seen.words
        assert one["meaning"].replace("`", "") in seen.words


async def test_the_pages_are_served_and_may_load_nothing():
    house = build_house()
    for path in ("/docs", "/docs/migrating"):
        answer = await house.app.test_client().get(path)

        assert answer.status_code == 200
        assert answer.content_type == "text/html; charset=utf-8"
        assert answer.headers["Content-Security-Policy"].startswith("default-src 'none';")
        Page(await answer.get_data())


def test_what_is_shown_is_escaped():
    assert prose("a < b, `<script>` & more") == "a &lt; b, <code>&lt;script&gt;</code> &amp; more"


def test_fields_are_told_with_those_inside_them_and_end_where_shapes_hold_themselves():
    tree = {
        "type": "object",
        "required": ["name"],
        "properties": {"name": {"type": "string", "minLength": 1}},
    }
    tree["properties"]["children"] = {"type": "array", "items": {"$ref": "#/components/schemas/Tree"}}
    shapes = Shapes({"Tree": tree})
    told = list(shapes.fields({"anyOf": [{"$ref": "#/components/schemas/Tree"}, {"type": "null"}]}))

    assert [(one.name, one.depth, one.kind, one.required, one.bounds) for one in told[:4]] == [
        ("name", 0, "string", True, "1 or more characters"),
        ("children", 0, "list of object", False, ""),
        ("name", 1, "string", True, "1 or more characters"),
        ("children", 1, "list of object", False, ""),
    ]
    assert max(one.depth for one in told) == 4
    assert shapes.sample({"$ref": "#/components/schemas/Tree"}) == {"name": "..."}
