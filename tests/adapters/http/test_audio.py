"""Sentences over REST: every form that they come in, what is refused, and what is told of them."""

import json
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile
from attrs import evolve
from quart.datastructures import FileStorage

from domain.audio.decisions import StreamState
from domain.audio.pcm import to_s16le
from domain.audio.quality import assess
from domain.events import AudioStreamSelected
from domain.ids import ClientId, NetworkId, UploadId
from domain.uploads import UploadStatus
from tests.adapters.http.house import House, bearer, utc
from tests.samples import NOON

SOUND = Path(__file__).parents[2] / "sounds" / "slt.flac"
JSON = "application/json"
FORM = "multipart/form-data; boundary=x"
NAMED = b'--x\r\nContent-Disposition: form-data; name="%s"\r\n\r\n'


def spoken(rate: int = 16_000) -> np.ndarray:
    samples, _ = soundfile.read(SOUND, dtype="float32")
    times = np.arange(0, len(samples), 16_000 / rate)
    return np.interp(times, np.arange(len(samples)), samples).astype(np.float32)


def file_of(kind: str, subtype: str, rate: int, channels: int) -> bytes:
    target = BytesIO()
    soundfile.write(target, np.stack([spoken(rate)] * channels, axis=1), rate, format=kind, subtype=subtype)
    return target.getvalue()


@pytest.fixture
async def home(house: House) -> Mapping[str, Any]:
    """A network with a client in it."""
    network = await house.network()
    return {**network, **await house.client(network)}


async def send(
    house: House,
    home: Mapping[str, Any],
    content: bytes,
    media_type: str = "",
    *,
    token: str = "client_token",
    **fields: str,
) -> tuple[int, Any]:
    """Send a sound, and answer what was told."""
    part = FileStorage(BytesIO(content), filename="sentence.bin", content_type=media_type or None)
    answer = await house.app.test_client().post(
        f"/api/v1/networks/{home['network_id']}/audio",
        headers=bearer(home[token]),
        form=fields,
        files={"audio_data": part},
    )
    return answer.status_code, await answer.get_json()


async def asked(house: House, home: Mapping[str, Any], path: str) -> Any:
    answer = await house.app.test_client().get(
        f"/api/v1/networks/{home['network_id']}/audio/{path}", headers=bearer(home["network_token"])
    )
    assert answer.status_code == 200
    return await answer.get_json()


@pytest.mark.parametrize("channels", [1, 2])
@pytest.mark.parametrize(
    ("kind", "subtype", "rate"),
    [
        ("WAV", "PCM_16", 16_000),
        ("WAV", "PCM_24", 44_100),
        ("FLAC", "PCM_16", 48_000),
        ("OGG", "OPUS", 48_000),
        ("MP3", "MPEG_LAYER_III", 44_100),
    ],
)
@pytest.mark.parametrize("media_type", ["", "audio/wav", "application/octet-stream"])
async def test_files_of_every_kind_rate_and_number_of_channels_are_taken(
    house: House,
    home: Mapping[str, Any],
    kind: str,
    subtype: str,
    rate: int,
    channels: int,
    media_type: str,
) -> None:
    status, told = await send(house, home, file_of(kind, subtype, rate, channels), media_type)
    assert (status, told["status"], told["selected_for_processing"]) == (202, "processing", True)
    assert set(told) == {
        "processing_id",
        "status",
        "estimated_completion",
        "audio_quality_score",
        "selected_for_processing",
    }
    assert told["processing_id"].startswith("proc_")
    assert 5 < told["audio_quality_score"] <= 10
    async with house.transactions.snapshot() as tx:
        upload = await tx.uploads.get(NetworkId(home["network_id"]), UploadId(told["processing_id"]))
    assert upload.seconds == pytest.approx(len(spoken()) / 16_000, abs=0.1)


@pytest.mark.parametrize(
    ("media_type", "metadata", "rate"),
    [
        ("audio/L16", None, 16_000),
        ("audio/L16; rate=8000", None, 8_000),
        ("audio/pcm", {"sample_rate": 44_100}, 44_100),
        ("application/octet-stream", {"sample_rate": 16_000, "channels": 1, "duration": 3.2}, 16_000),
        ("", {"encoding": "pcm_s16le", "sample_rate": 22_050, "channels": 2}, 22_050),
    ],
)
async def test_raw_samples_are_taken_where_they_are_said_to_be_that(
    house: House, home: Mapping[str, Any], media_type: str, metadata: Any, rate: int
) -> None:
    told = metadata or {}
    raw = to_s16le(np.repeat(spoken(rate), told.get("channels", 1)))
    fields = {} if metadata is None else {"metadata": json.dumps(metadata)}
    status, receipt = await send(house, home, raw, media_type, **fields)
    assert (status, receipt["status"]) == (202, "processing")
    async with house.transactions.snapshot() as tx:
        upload = await tx.uploads.get(NetworkId(home["network_id"]), UploadId(receipt["processing_id"]))
    assert upload.seconds == pytest.approx(len(spoken()) / 16_000, abs=0.1)


async def test_silence_is_taken_in_and_rejected(house: House, home: Mapping[str, Any]) -> None:
    status, told = await send(house, home, bytes(64_000), "audio/pcm")
    assert (status, told["status"], told["selected_for_processing"]) == (202, "rejected", False)
    (kept,) = (await asked(house, home, f"status?processing_id={told['processing_id']}"))["recent"]
    assert (kept["status"], kept["error"]) == ("rejected", "AUDIO_QUALITY_TOO_LOW")


@pytest.mark.parametrize(
    ("content", "media_type", "fields", "field"),
    [
        (b"\0" * 3200, "", {}, "audio_data"),
        (b"\0" * 3200, "audio/wav", {}, "audio_data"),
        (b"RIFF\0\0\0\0WAVEjunk", "audio/wav", {}, "audio_data"),
        (b"", "audio/pcm", {}, "audio_data"),
        (b"\0" * 3201, "audio/pcm", {}, "audio_data"),
        (b"\0" * 3200, "audio/pcm", {"metadata": '{"sample_rate": 1}'}, "audio_data"),
        (b"\0" * 3200, "audio/pcm", {"metadata": '{"channels": 0}'}, "audio_data"),
        (b"\0" * 3200, "audio/L16; rate=fast", {}, "audio_data"),
        (b"\0" * 3200, "audio/pcm", {"metadata": '{"sample_rate": "16000"}'}, "metadata.sample_rate"),
        (b"\0" * 3200, "audio/pcm", {"metadata": "rate=16000"}, "metadata"),
        (b"\0" * 3200, "audio/pcm", {"metadata": "[]"}, "metadata"),
        (b"\0" * 3200, "audio/pcm", {"quality_metrics": '{"snr": "good"}'}, "quality_metrics.snr"),
        (b"\0" * 3200, "audio/pcm", {"quality_metrics": '{"snr": 1e999}'}, "quality_metrics"),
        (b"\0" * 3200, "audio/pcm", {"client_id": "a\0b"}, "client_id"),
    ],
)
async def test_what_is_no_sentence_is_refused_by_name(
    house: House, home: Mapping[str, Any], content: bytes, media_type: str, fields: Any, field: str
) -> None:
    status, told = await send(house, home, content, media_type, **fields)
    assert (status, told["error"]["code"]) == (422, "VALIDATION_ERROR")
    assert told["error"]["details"]["field"].startswith(field)


async def test_somebody_else_s_sentence_is_refused(house: House, home: Mapping[str, Any]) -> None:
    wave = file_of("WAV", "PCM_16", 16_000, 1)
    status, told = await send(house, home, wave, client_id="somebody")
    assert (status, told["error"]["code"]) == (404, "INVALID_CLIENT_ID")
    status, told = await send(house, home, wave, token="network_token")
    assert (status, told["error"]["code"]) == (403, "FORBIDDEN")
    other = {**await house.network(), "client_token": home["client_token"]}
    status, told = await send(house, other, wave)
    assert (status, told["error"]["code"]) == (404, "INVALID_NETWORK_ID")


@pytest.mark.parametrize(
    ("body", "content_type", "status"),
    [
        (b"{}", JSON, 415),
        (b"", "", 415),
        (b"", "multipart/form-data", 422),
        (b"", FORM, 422),
        (b"--x\r\njunk", FORM, 422),
        (b"\xff" * 100, "multipart/form-data; boundary=\xff", 422),
        (NAMED % b"audio_data", FORM, 422),
        (NAMED % b"client_id" + b"a\r\n--x--\r\n", FORM, 422),
        ((NAMED % b"client_id" + b"a\r\n") * 2 + b"--x--\r\n", FORM, 422),
        ((NAMED % b"z" + b"a\r\n") * 30 + b"--x--\r\n", FORM, 413),
        (NAMED % b"metadata" + b"1" * 70_000 + b"\r\n--x--\r\n", FORM, 413),
    ],
)
async def test_what_is_no_form_is_refused(
    house: House, home: Mapping[str, Any], body: bytes, content_type: str, status: int
) -> None:
    answer = await house.app.test_client().post(
        f"/api/v1/networks/{home['network_id']}/audio",
        headers={**bearer(home["client_token"]), "Content-Type": content_type},
        data=body,
    )
    assert answer.status_code == status, await answer.get_data()


async def test_a_large_sentence_is_taken_and_one_too_large_is_refused(
    house: House, home: Mapping[str, Any]
) -> None:
    minute = to_s16le(np.tile(spoken(44_100), 20)[: 60 * 44_100])
    metadata = json.dumps({"sample_rate": 44_100})
    status, _ = await send(house, home, minute, "audio/pcm", metadata=metadata)
    assert status == 202
    status, told = await send(house, home, bytes(121 * 32_000), "audio/pcm")
    assert (status, told["error"]["code"]) == (413, "PAYLOAD_TOO_LARGE")
    status, told = await send(house, home, bytes(17 * 1024 * 1024), "audio/pcm")
    assert (status, told["error"]["code"]) == (413, "PAYLOAD_TOO_LARGE")


async def test_a_full_queue_is_told_with_when_to_come_back(house: House, home: Mapping[str, Any]) -> None:
    wave = file_of("WAV", "PCM_16", 16_000, 1)
    for _ in range(8):
        assert (await send(house, home, wave))[0] == 202
    part = FileStorage(BytesIO(wave), filename="sentence.wav")
    answer = await house.app.test_client().post(
        f"/api/v1/networks/{home['network_id']}/audio",
        headers=bearer(home["client_token"]),
        files={"audio_data": part},
    )
    assert answer.status_code == 503
    assert int(answer.headers["Retry-After"]) >= 1
    assert (await answer.get_json())["error"]["code"] == "OVERLOADED"
    assert (await asked(house, home, "status"))["queue_depth"] == 8


async def test_the_status_tells_what_became_of_each(house: House, home: Mapping[str, Any]) -> None:
    wave = file_of("WAV", "PCM_16", 16_000, 1)
    _, first = await send(house, home, wave, quality_metrics='{"snr": 25.5}')
    house.clock.pass_by(seconds=1)
    _, second = await send(house, home, wave)
    network_id = NetworkId(home["network_id"])
    async with house.transactions.begin() as tx:
        upload = await tx.uploads.get(network_id, UploadId(first["processing_id"]))
        assert upload.reported == {"snr": 25.5}
        await tx.uploads.update(evolve(upload, status=UploadStatus.NOT_UNDERSTOOD, finished_at=NOON))
    told = await asked(house, home, "status")
    assert (told["network_id"], told["queue_depth"]) == (home["network_id"], 1)
    assert [one["processing_id"] for one in told["recent"]] == [
        second["processing_id"],
        first["processing_id"],
    ]
    assert [one["status"] for one in told["recent"]] == ["queued", "not_understood"]
    assert told["recent"][1] == {
        "processing_id": first["processing_id"],
        "client_id": "phone-1",
        "status": "not_understood",
        "audio_quality_score": first["audio_quality_score"],
        "selected_for_processing": True,
        "interaction_id": None,
        "error": None,
    }
    assert len((await asked(house, home, "status?limit=1"))["recent"]) == 1
    for unknown in ("proc_0", "%20", "x" * 300):
        assert (await asked(house, home, f"status?processing_id={unknown}"))["recent"] == []


async def test_the_best_stream_is_told_with_all_that_were_heard(
    house: House, home: Mapping[str, Any]
) -> None:
    assert await asked(house, home, "best-stream") == {
        "network_id": home["network_id"],
        "selected_client_id": None,
        "quality_score": None,
        "reason": "no_active_streams",
        "threshold": 0.5,
        "selected_at": None,
        "streams": [],
    }
    kitchen = ClientId("kitchen")
    house.live.states = (
        StreamState(
            client_id=kitchen,
            quality=assess(spoken()),
            last_frame_at=house.clock.micros(),
            speaking=True,
            selected=True,
            may_win=True,
        ),
    )
    house.live.choice = AudioStreamSelected(
        client_id=kitchen, score=9.5, reason="highest_quality", provisional=True, streams=(), at=NOON
    )
    await send(house, home, file_of("WAV", "PCM_16", 16_000, 1))
    told = await asked(house, home, "best-stream")
    assert (told["selected_client_id"], told["quality_score"]) == ("kitchen", 9.5)
    assert (told["reason"], told["selected_at"]) == ("highest_quality", utc(NOON))
    assert {one["client_id"]: one["selected"] for one in told["streams"]} == {
        "kitchen": True,
        "phone-1": False,
    }
    assert set(told["streams"][0]) == {
        "client_id",
        "quality_score",
        "metrics",
        "last_frame_at",
        "selected",
    }
