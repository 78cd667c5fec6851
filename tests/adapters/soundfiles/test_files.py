"""Every kind of file that people send comes out as 16 kHz mono, and nothing that they send breaks it."""

from io import BytesIO

import numpy as np
import pytest
import soundfile
from hypothesis import given
from hypothesis import strategies as st

from adapters.soundfiles.codec import SndfileCodec
from adapters.soundfiles.files import decode, decode_raw, encode, recognises
from application.ports.sounds import RawForm
from domain.audio.pcm import SAMPLE_RATE, Recording, Samples, to_s16le
from domain.errors import InvalidValue, Overloaded, TooLarge

TONE_HZ = 440.0


def tone(rate: int, seconds: float = 1.0) -> Samples:
    return (0.5 * np.sin(2 * np.pi * TONE_HZ * np.arange(int(rate * seconds)) / rate)).astype(np.float32)


def file_of(samples: Samples, rate: int, kind: str, subtype: str | None = None) -> bytes:
    target = BytesIO()
    soundfile.write(target, samples, rate, format=kind, subtype=subtype)
    return target.getvalue()


def loudest_hz(samples: Samples) -> float:
    spectrum = np.abs(np.fft.rfft(samples * np.hanning(len(samples))))
    return float(np.argmax(spectrum) * SAMPLE_RATE / len(samples))


@pytest.mark.parametrize(
    ("kind", "subtype", "rate"),
    [
        ("WAV", "PCM_16", 16_000),
        ("WAV", "PCM_24", 44_100),
        ("WAV", "FLOAT", 48_000),
        ("WAV", "ULAW", 8_000),
        ("FLAC", "PCM_16", 22_050),
        ("OGG", "VORBIS", 44_100),
        ("OGG", "OPUS", 48_000),
        ("MP3", "MPEG_LAYER_III", 44_100),
        ("RF64", "PCM_16", 16_000),
    ],
)
@pytest.mark.parametrize("channels", [1, 2])
def test_every_kind_of_file_keeps_its_tone(kind: str, subtype: str, rate: int, channels: int) -> None:
    sound = tone(rate)
    data = file_of(np.stack([sound] * channels, axis=1), rate, kind, subtype)
    assert recognises(data)
    heard = decode(data)
    assert heard.sample_rate == SAMPLE_RATE
    assert heard.samples.dtype == np.float32
    assert heard.samples.ndim == 1
    assert heard.seconds == pytest.approx(1.0, abs=0.1)
    assert loudest_hz(heard.samples) == pytest.approx(TONE_HZ, abs=3)
    assert float(np.abs(heard.samples[4000:12000]).max()) == pytest.approx(0.5, abs=0.05)


def test_channels_are_averaged() -> None:
    left, right = np.full(800, 0.5, np.float32), np.full(800, -0.25, np.float32)
    heard = decode(file_of(np.stack([left, right], axis=1), SAMPLE_RATE, "WAV", "FLOAT"))
    np.testing.assert_allclose(heard.samples, 0.125, atol=1e-6)


def test_no_numbers_become_silence_and_the_rest_is_clipped() -> None:
    wild = np.array([np.nan, np.inf, -np.inf, 7.0, -7.0, 0.25], np.float32)
    heard = decode(file_of(wild, SAMPLE_RATE, "WAV", "FLOAT"))
    np.testing.assert_allclose(heard.samples, [0.0, 1.0, -1.0, 1.0, -1.0, 0.25])


@given(
    st.lists(st.integers(-32_768, 32_767), min_size=1, max_size=300),
    st.sampled_from(["wav", "flac"]),
)
def test_what_is_written_is_read_back(values: list[int], form: str) -> None:
    samples = (np.array(values, np.float32) / 32_768.0).astype(np.float32)
    written = encode(Recording(samples=samples), "wav" if form == "wav" else "flac")
    np.testing.assert_array_equal(decode(written).samples, samples)


def test_a_recording_keeps_its_own_rate_in_the_file() -> None:
    data = encode(Recording(samples=tone(22_050), sample_rate=22_050))
    assert soundfile.info(BytesIO(data)).samplerate == 22_050
    assert loudest_hz(decode(data).samples) == pytest.approx(TONE_HZ, abs=3)


def test_a_rate_that_no_file_holds_is_refused() -> None:
    with pytest.raises(InvalidValue):
        encode(Recording(samples=tone(16_000), sample_rate=0), "flac")


@pytest.mark.parametrize(
    "data", [b"", b"R", b"RIFF", b"RIFF\x00\x00\x00\x00WAVE", b"fLaC", b"OggS" * 9, b"ID3"]
)
def test_a_stump_of_a_file_is_refused(data: bytes) -> None:
    with pytest.raises(InvalidValue):
        decode(data)


def test_nothing_cannot_be_written() -> None:
    with pytest.raises(InvalidValue):
        encode(Recording(samples=np.zeros(0, np.float32)))


def test_too_long_a_sound_is_refused_even_when_its_file_is_small() -> None:
    data = file_of(np.zeros(16_000 * 30, np.float32), SAMPLE_RATE, "FLAC")
    assert len(data) < 20_000
    with pytest.raises(TooLarge):
        decode(data, longest_seconds=20)


@pytest.mark.parametrize("kind", ["WAV", "FLAC", "OGG", "MP3"])
@given(data=st.data())
def test_a_damaged_file_is_refused_or_read_but_never_breaks(kind: str, data: st.DataObject) -> None:
    whole = bytearray(file_of(tone(SAMPLE_RATE, 0.2), SAMPLE_RATE, kind))
    places = data.draw(st.lists(st.tuples(st.integers(0, len(whole) - 1), st.integers(0, 255)), max_size=12))
    for place, value in places:
        whole[place] = value
    kept = data.draw(st.integers(0, len(whole)))
    try:
        heard = decode(bytes(whole[:kept]), longest_seconds=5)
    except (InvalidValue, TooLarge):
        return
    assert np.isfinite(heard.samples).all()
    assert float(np.abs(heard.samples).max(initial=0)) <= 1.0


@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    if not recognises(data):
        with pytest.raises(InvalidValue):
            decode(data)
        return
    try:
        heard = decode(data)
    except (InvalidValue, TooLarge):
        return
    assert heard.samples.ndim == 1


def test_raw_samples_are_not_taken_for_a_file() -> None:
    rng = np.random.default_rng(3)
    noise = (rng.normal(0, 3000, (2000, 64))).astype("<i2")
    taken = sum(recognises(row.tobytes()) for row in noise)
    assert taken <= 4


async def test_the_codec_reads_and_writes_off_the_loop() -> None:
    async with SndfileCodec.open() as codec:
        data = await codec.encode(Recording(samples=tone(16_000)), "flac")
        assert codec.recognises(data)
        assert (await codec.decode(data)).seconds == pytest.approx(1.0)


async def test_more_files_than_may_be_are_refused() -> None:
    async with SndfileCodec.open(most_at_once=0) as codec:
        with pytest.raises(Overloaded):
            await codec.decode(b"")


@pytest.mark.parametrize("channels", [1, 2, 6])
@pytest.mark.parametrize("rate", [8_000, 16_000, 44_100])
async def test_raw_samples_of_any_rate_and_number_of_channels_keep_their_tone(
    rate: int, channels: int
) -> None:
    data = to_s16le(np.repeat(tone(rate), channels))
    async with SndfileCodec.open() as codec:
        heard = await codec.decode_raw(data, RawForm(sample_rate=rate, channels=channels))
    assert heard.sample_rate == SAMPLE_RATE
    assert heard.seconds == pytest.approx(1.0, abs=0.01)
    assert loudest_hz(heard.samples) == pytest.approx(TONE_HZ, abs=3)


@pytest.mark.parametrize(
    ("length", "form", "refusal"),
    [
        (3, RawForm(), InvalidValue),
        (6, RawForm(channels=2), InvalidValue),
        (4, RawForm(channels=0), InvalidValue),
        (4, RawForm(channels=1000), InvalidValue),
        (4, RawForm(sample_rate=1), InvalidValue),
        (4, RawForm(sample_rate=-16_000), InvalidValue),
        (4, RawForm(sample_rate=10**9), InvalidValue),
        (64_002, RawForm(), TooLarge),
    ],
)
def test_what_are_no_such_samples_is_refused(length: int, form: RawForm, refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        decode_raw(bytes(length), form, longest_seconds=2.0)
