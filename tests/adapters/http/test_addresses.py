"""Addresses: where a word and a name can stand, each answers for itself."""

from adapters.http.addresses import rules
from tests.adapters.http.house import bearer


def test_a_name_is_not_a_word_that_stands_beside_it():
    paths = [
        "/a",
        "/a/{one_id}",
        "/a/feed",
        "/a/{one_id}/b",
        "/b/{name}.ics",
        "/a/{one_id}/{other_id}",
        "/a/x.y",
    ]

    assert rules(paths) == {
        "/a": "/a",
        "/a/{one_id}": "/a/<unlike('feed', 'x.y'):one_id>",
        "/a/feed": "/a/feed",
        "/a/{one_id}/b": "/a/<one_id>/b",
        "/b/{name}.ics": "/b/<name>.ics",
        "/a/{one_id}/{other_id}": "/a/<one_id>/<unlike('b'):other_id>",
        "/a/x.y": "/a/x.y",
    }


async def test_a_word_allows_only_what_it_has_itself(house):
    network = await house.network()
    path, owner = f"/api/v1/networks/{network['network_id']}/calendar", bearer(network["network_token"])
    ask = house.app.test_client()
    options = await ask.options(f"{path}/feed")
    refused = await ask.put(f"{path}/feed", headers=owner, json={})
    named = await ask.options(f"{path}/feed2")

    assert set(options.headers["Allow"].split(", ")) == {"POST", "DELETE", "OPTIONS"}
    assert refused.status_code == 405
    assert refused.headers["Allow"] == "DELETE, OPTIONS, POST"
    assert set(named.headers["Allow"].split(", ")) == {"GET", "PUT", "DELETE", "HEAD", "OPTIONS"}
