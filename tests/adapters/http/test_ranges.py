"""Parts of sounds: players ask for bytes from here to there."""

from urllib.parse import urlsplit

import pytest

from tests.adapters.http.house import House, bearer


async def sound_of(house: House) -> tuple[str, bytes, str]:
    """The address of an answer's sound, all of its bytes, and its entity tag."""
    network = await house.network()
    made = await house.device(network)
    client = house.app.test_client()
    said = await client.post(
        "/v1/dialog/send",
        headers=bearer(made["auth_token"]),
        json={"device_id": made["device_id"], "message": "hello"},
    )
    link = urlsplit((await said.get_json())["response_audio_url"])
    address = f"{link.path}?{link.query}"
    whole = await client.get(address)
    assert (whole.status_code, whole.headers["Accept-Ranges"]) == (200, "bytes")
    return address, await whole.get_data(), whole.headers["ETag"]


@pytest.mark.parametrize(
    ("wanted", "part"),
    [
        ("bytes=0-0", slice(0, 1)),
        ("bytes=10-99", slice(10, 100)),
        ("bytes=100-", slice(100, None)),
        ("bytes=-44", slice(-44, None)),
        ("bytes=-999999", slice(None)),
        ("bytes=0-999999", slice(None)),
    ],
)
async def test_a_part_is_given(house: House, wanted: str, part: slice) -> None:
    address, whole, _ = await sound_of(house)
    answer = await house.app.test_client().get(address, headers={"Range": wanted})
    first = part.indices(len(whole))[0]
    assert answer.status_code == 206
    assert await answer.get_data() == whole[part]
    assert answer.headers["Content-Length"] == str(len(whole[part]))
    last = first + len(whole[part]) - 1
    assert answer.headers["Content-Range"] == f"bytes {first}-{last}/{len(whole)}"
    assert answer.content_type == "audio/wav"


@pytest.mark.parametrize(
    "wanted", ["", "bytes", "bytes=", "bytes=b-a", "bytes=9-2", "lines=1-2", "bytes=0-1,5-6"]
)
async def test_what_is_no_single_part_is_passed_over(house: House, wanted: str) -> None:
    address, whole, _ = await sound_of(house)
    answer = await house.app.test_client().get(address, headers={"Range": wanted})
    assert (answer.status_code, await answer.get_data()) == (200, whole)


async def test_bytes_that_are_not_there_are_refused(house: House) -> None:
    address, whole, _ = await sound_of(house)
    answer = await house.app.test_client().get(address, headers={"Range": f"bytes={len(whole)}-"})
    assert answer.status_code == 416
    assert answer.headers["Content-Range"] == f"bytes */{len(whole)}"
    assert (await answer.get_json())["error_code"] == "RANGE_NOT_SATISFIABLE"


async def test_a_part_of_something_else_is_not_given(house: House) -> None:
    address, whole, tag = await sound_of(house)
    client = house.app.test_client()
    same = await client.get(address, headers={"Range": "bytes=0-9", "If-Range": tag})
    other = await client.get(address, headers={"Range": "bytes=0-9", "If-Range": '"other"'})
    known = await client.get(address, headers={"If-None-Match": tag})
    assert (same.status_code, await same.get_data()) == (206, whole[:10])
    assert (other.status_code, await other.get_data()) == (200, whole)
    assert known.status_code == 304
