"""Dialog and the sound of answers, as the second document describes them."""

import base64
import io
import wave
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import numpy as np
import pytest

from application.speech.growing_sounds import GrowingSound
from domain.audio.pcm import Recording
from domain.ids import BlobId, NetworkId
from tests.adapters.http.house import bearer
from tests.adapters.http.refusing import as_companion

SOUNDS = Path(__file__).parents[2] / "sounds"


@pytest.mark.parametrize(
    ("images", "problem"),
    [
        (["?"], "base64"),
        ([""], "hold something"),
        (["aGVsbG8="], "PNG, JPEG, GIF or WebP"),
        (["R0lGODlh"] * 5, "images_base64"),
        ("R0lGODlh", "images_base64"),
    ],
)
async def test_what_is_no_picture_is_refused(house, images, problem):
    network = await house.network()
    device = await house.device(network)
    answer = await house.app.test_client().post(
        "/v1/dialog/send",
        headers=bearer(device["auth_token"]),
        json={"device_id": device["device_id"], "message": "What is this?", "images_base64": images},
    )
    assert answer.status_code == 422
    assert problem in str(await answer.get_json())


async def test_a_message_with_its_pictures_may_be_as_large_as_a_form(house):
    network = await house.network()
    device = await house.device(network)
    picture = base64.b64encode(b"GIF89a" + bytes(3 * 1024 * 1024)).decode()
    answer = await house.app.test_client().post(
        "/v1/dialog/send",
        headers=bearer(device["auth_token"]),
        json={"device_id": device["device_id"], "message": "What is this?", "images_base64": [picture]},
    )
    assert answer.status_code == 200


async def test_something_typed_is_answered_kept_and_can_be_heard(house):
    network = await house.network()
    made = await house.device(network)
    client = house.app.test_client()
    answer = await client.post(
        "/v1/dialog/send",
        headers=bearer(made["auth_token"]),
        json={"device_id": made["device_id"], "message": "Tea, please"},
    )
    reply = await answer.get_json()

    assert answer.status_code == 200
    assert set(reply) == {
        "session_id",
        "response_text",
        "response_audio_url",
        "persona_id",
        "spoken_by",
        "latency_ms",
        "tokens_used",
    }
    assert reply["session_id"].startswith("sess_")
    assert reply["response_text"] == "You said Tea, please."
    assert (reply["persona_id"], reply["latency_ms"], reply["tokens_used"]) == ("mira", 250, 7)
    kept = await client.get(
        f"/api/v1/networks/{network['network_id']}/interactions", headers=bearer(network["network_token"])
    )
    (interaction,) = (await kept.get_json())["interactions"]
    assert (interaction["text"], interaction["response"]) == ("Tea, please", "You said Tea, please.")
    assert (interaction["client_id"], interaction["processing_status"]) == (made["device_id"], "completed")
    link = urlsplit(reply["response_audio_url"])
    sound = await client.get(f"{link.path}?{link.query}")
    assert sound.status_code == 200
    assert sound.content_type == "audio/wav"
    with wave.open(io.BytesIO(await sound.get_data())) as file:
        assert file.getnframes() == 1600


async def test_a_session_goes_on_until_it_was_idle_for_too_long(house):
    network = await house.network()
    made = await house.device(network)
    client = house.app.test_client()

    async def say(session_id):
        answer = await client.post(
            "/v1/dialog/send",
            headers=bearer(made["auth_token"]),
            json={"device_id": made["device_id"], "message": "hello", "session_id": session_id},
        )
        return answer.status_code, await answer.get_json()

    _, first = await say(None)
    house.clock.pass_by(minutes=29)
    _, second = await say(first["session_id"])
    assert second["session_id"] == first["session_id"]
    house.clock.pass_by(minutes=31)
    status, over = await say(first["session_id"])
    assert (status, as_companion(over)["error_code"]) == (410, "SESSION_EXPIRED")
    status, unknown = await say("sess_0")
    assert (status, as_companion(unknown)["error_code"]) == (404, "SESSION_NOT_FOUND")
    status, fresh = await say(None)
    assert status == 200
    assert fresh["session_id"] != first["session_id"]


async def test_a_recording_is_answered_like_a_text(house):
    network = await house.network()
    made = await house.device(network)
    client = house.app.test_client()
    speech = (SOUNDS / "speech_haircut.flac").read_bytes()

    async def send(**said):
        answer = await client.post(
            "/v1/dialog/send",
            headers=bearer(made["auth_token"]),
            json={"device_id": made["device_id"], **said},
        )
        return answer.status_code, await answer.get_json()

    for said in ({"message": ""}, {}):
        status, reply = await send(audio_base64=base64.b64encode(speech).decode(), **said)
        assert (status, reply["response_text"]) == (200, "You said what was said.")
        assert reply["response_audio_url"]
    for sound, said in (
        ("not base64!", ""),
        ("", ""),
        (base64.b64encode(bytes(32_000)).decode(), ""),
        (base64.b64encode(b"RIFF0000WAVE").decode(), " "),
    ):
        status, refusal = await send(audio_base64=sound, message=said)
        assert (status, as_companion(refusal)["error_code"]) == (422, "VALIDATION_ERROR")
    status, refusal = await send()
    assert (status, as_companion(refusal)["error_code"]) == (422, "VALIDATION_ERROR")
    assert refusal["details"]["field"] == "message"


@pytest.mark.parametrize("message", ["", "  ", "x" * 4001, None, 5, "a\0b"])
async def test_what_cannot_be_said_is_refused(house, message):
    network = await house.network()
    made = await house.device(network)
    answer = await house.app.test_client().post(
        "/v1/dialog/send",
        headers=bearer(made["auth_token"]),
        json={"device_id": made["device_id"], "message": message},
    )

    assert answer.status_code == 422
    document = await answer.get_json()
    assert as_companion(document)["error_code"] == "VALIDATION_ERROR"
    assert document["details"]["field"] == "message"


async def test_a_model_that_fails_is_told_as_such(house):
    network = await house.network()
    made = await house.device(network)
    answer = await house.app.test_client().post(
        "/v1/dialog/send",
        headers=bearer(made["auth_token"]),
        json={"device_id": made["device_id"], "message": "fail"},
    )

    assert answer.status_code == 502
    assert as_companion(await answer.get_json())["error_code"] == "LLM_API_ERROR"


async def test_a_link_ends_and_cannot_be_bent(house):
    network, other = await house.network(), await house.network()
    made = await house.device(network)
    client = house.app.test_client()
    said = await client.post(
        "/v1/dialog/send",
        headers=bearer(made["auth_token"]),
        json={"device_id": made["device_id"], "message": "hello"},
    )
    link = urlsplit((await said.get_json())["response_audio_url"])
    bent = [
        f"{link.path}?{link.query}x",
        f"{link.path}x?{link.query}",
        f"/v1/audio/%00?{link.query}",
        f"{link.path}?{link.query.replace(network['network_id'], other['network_id'])}",
    ]
    for path in bent:
        answer = await client.get(path)
        assert answer.status_code == 404
        assert as_companion(await answer.get_json())["error_code"] == "NOT_FOUND"
    assert (await client.get(link.path)).status_code == 422
    assert (await client.get(f"{link.path}?{link.query}")).status_code == 200
    house.clock.pass_by(minutes=31)
    assert (await client.get(f"{link.path}?{link.query}")).status_code == 404


async def test_the_sound_of_an_answer_flows_while_it_grows(house):
    network = await house.network()
    network_id, speech = NetworkId(network["network_id"]), BlobId("blob_growing")
    sound = GrowingSound(
        blobs=house.blobs,
        clock=house.clock,
        network_id=network_id,
        id=speech,
        kept_for=timedelta(hours=1),
    )
    await sound.add(Recording(samples=np.full(400, 0.25, np.float32), sample_rate=8000))
    link = urlsplit(house.signer.sign(network_id, speech, house.clock.now() + timedelta(minutes=5)))
    address = f"{link.path}?{link.query}"
    async with house.app.test_client().request(address) as flowing:
        await flowing.send_complete()
        begun = await flowing.receive()
        await sound.add(Recording(samples=np.full(400, 0.5, np.float32), sample_rate=8000))
        await sound.finish()
    flowed = await flowing.as_response()
    assert (flowed.status_code, flowed.content_type) == (200, "audio/wav")
    assert flowed.headers["Cache-Control"] == "no-store"
    data = begun + await flowed.get_data()
    assert (len(data), data[4:8]) == (44 + 1600, b"\xff\xff\xff\xff")
    whole = await (await house.app.test_client().get(address)).get_data()
    assert whole[44:] == data[44:]
    with wave.open(io.BytesIO(whole)) as file:
        assert (file.getframerate(), file.getnframes()) == (8000, 800)
    forged = await house.app.test_client().get(address.replace("signature=", "signature=x"))
    assert forged.status_code in {401, 403, 404}
