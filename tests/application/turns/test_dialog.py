"""A typed turn that is answered at once."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from adapters.soundfiles.codec import SndfileCodec
from application.networks.access import Principal
from application.ports.dialogue import Image, Prompt, ReplyPart, Sentence, Toolbox
from application.turns.dialog import LARGEST_IMAGE, HearMessage, Message, SendMessage, picture
from application.turns.turns import TurnEnded
from domain.errors import (
    AudioProcessingFailed,
    DeviceNotFound,
    InvalidValue,
    ModelInferenceFailed,
    NetworkNotFound,
    SessionNotFound,
    TooLarge,
)
from domain.ids import ClientId, NetworkId, SessionId
from domain.interactions import ProcessingStatus
from tests.application.household import HALL, KITCHEN, OPERATOR, Household, as_client, owner
from tests.application.turns.turning import saying
from tests.fakes.dialogue import Parrot, Scripted
from tests.fakes.speech import Dictated

SPEECH = (Path(__file__).parents[2] / "sounds/speech_haircut.flac").read_bytes()


async def send(
    hub: Household,
    who: Principal,
    network_id: NetworkId,
    text: str = "hello",
    client_id: ClientId = KITCHEN,
    session_id: SessionId | None = None,
    sound: bytes | None = None,
) -> TurnEnded:
    async with SndfileCodec.open() as sounds:
        hear = HearMessage(hub.transactions, hub.transcriber, sounds, hub.clock)
        message = Message(text=text, sound=sound)
        return await SendMessage(hub.converse(), hear)(who, network_id, client_id, session_id, message)


async def test_the_answer_comes_back_with_the_turn_that_is_kept(hub: Household) -> None:
    home = await hub.home()
    for who in (owner(home), OPERATOR, as_client(home)):
        answer = await send(hub, who, home)
        assert answer.interaction == await hub.interaction(home, answer.interaction.id)
        assert answer.interaction.response == "You said: hello."
        assert answer.speech is not None


async def test_one_may_name_the_session_to_go_on_with(hub: Household) -> None:
    home = await hub.home()
    first = await send(hub, as_client(home), home)
    second = await send(hub, as_client(home), home, "again", session_id=first.interaction.session_id)
    assert second.interaction.conversation_id == first.interaction.conversation_id
    with pytest.raises(SessionNotFound):
        await send(hub, as_client(home), home, session_id=SessionId("sess_none"))


async def test_a_device_speaks_for_itself_only(hub: Household) -> None:
    home, shop = await hub.home(), await hub.home()
    await hub.register(home, HALL)
    with pytest.raises(DeviceNotFound):
        await send(hub, as_client(home, HALL), home)
    with pytest.raises(NetworkNotFound):
        await send(hub, as_client(shop), home)
    with pytest.raises(NetworkNotFound):
        await send(hub, owner(shop), home)
    assert await hub.interactions(home) == []


async def test_a_device_that_is_not_there_is_named(hub: Household) -> None:
    home = await hub.home()
    with pytest.raises(DeviceNotFound) as refused:
        await send(hub, owner(home), home, client_id=ClientId("dev_none"))
    assert refused.value.details == {"device_id": "dev_none"}


async def test_refusals_and_failures_come_back_as_they_are(hub: Household) -> None:
    home = await hub.home()
    with pytest.raises(InvalidValue):
        await send(hub, owner(home), home, "  ")
    hub.interlocutor = saying()
    with pytest.raises(ModelInferenceFailed):
        await send(hub, owner(home), home)


async def test_whoever_hangs_up_leaves_no_turn_open(hub: Household) -> None:
    home = await hub.home()
    asked = asyncio.Event()

    async def script(prompt: Prompt, tools: Toolbox) -> AsyncIterator[ReplyPart]:
        asked.set()
        await asyncio.Event().wait()
        yield Sentence(text="Too late.")

    hub.interlocutor = Scripted(script)
    waiting = asyncio.create_task(send(hub, owner(home), home))
    await asked.wait()
    waiting.cancel()
    await asyncio.gather(waiting, return_exceptions=True)
    (turn,) = await hub.interactions(home)
    assert turn.status is ProcessingStatus.FAILED


async def test_a_recording_is_written_down_and_kept_with_how_it_was_heard(hub: Household) -> None:
    home = await hub.home(room="Attic")
    hub.transcriber = Dictated("what time is it")
    answer = await send(hub, as_client(home), home, "", sound=SPEECH)
    turn = await hub.interaction(home, answer.interaction.id)
    assert (turn.text, turn.response) == ("what time is it", "You said: what time is it.")
    assert turn.hearing is not None
    assert (turn.hearing.selected_client_id, turn.hearing.reason) == (KITCHEN, "sent_whole")
    assert turn.hearing.seconds > 1
    assert {"transcription", "total"} <= set(turn.timings)
    assert "attic" in hub.transcriber.known[0]


async def test_a_text_goes_before_a_recording(hub: Household) -> None:
    home = await hub.home()
    answer = await send(hub, as_client(home), home, "hello", sound=SPEECH)
    assert answer.interaction.text == "hello"
    assert answer.interaction.hearing is None
    assert hub.transcriber.heard == []


async def test_what_was_not_understood_is_asked_for_again(hub: Household) -> None:
    home = await hub.home()
    hub.transcriber = Dictated("wreck a nice beach", understood=False)
    answer = await send(hub, as_client(home), home, "", sound=SPEECH)
    assert answer.interaction.status is ProcessingStatus.NOT_UNDERSTOOD


@pytest.mark.parametrize(
    ("sound", "error"),
    [
        (b"", InvalidValue),
        (b"abc", InvalidValue),
        (bytes(32_000), InvalidValue),
        (b"RIFF1234WAVEfmt ", InvalidValue),
        (bytes(2 * 16_000 * 121), TooLarge),
    ],
    ids=["nothing", "half a sample", "silence", "broken", "too long"],
)
async def test_what_is_no_speech_makes_no_turn(hub: Household, sound: bytes, error: type[Exception]) -> None:
    home = await hub.home()
    with pytest.raises(error):
        await send(hub, as_client(home), home, "", sound=sound)
    assert await hub.interactions(home) == []


async def test_a_recording_that_cannot_be_written_down_is_a_turn_that_failed(hub: Household) -> None:
    home = await hub.home()
    hub.transcriber = Dictated(errors=[AudioProcessingFailed("It broke.")])
    with pytest.raises(AudioProcessingFailed):
        await send(hub, as_client(home), home, "", sound=SPEECH)
    (turn,) = await hub.interactions(home)
    assert turn.status is ProcessingStatus.FAILED


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        (b"\x89PNG\r\n\x1a\n...", "image/png"),
        (b"\xff\xd8\xff\xe0...", "image/jpeg"),
        (b"GIF89a...", "image/gif"),
        (b"RIFF\x04\x00\x00\x00WEBPVP8 ", "image/webp"),
    ],
)
def test_a_picture_is_known_by_how_its_file_begins(content: bytes, media_type: str) -> None:
    assert picture("images_base64[0]", content) == Image(content=content, media_type=media_type)


@pytest.mark.parametrize("content", [b"", b"<svg/>", b"RIFF1234WAVE", b"\x89PNG" + bytes(LARGEST_IMAGE)])
def test_what_is_no_picture_or_too_large_is_refused_by_its_place(content: bytes) -> None:
    with pytest.raises(InvalidValue, match=r"images_base64\[2\]"):
        picture("images_base64[2]", content)


async def test_pictures_are_shown_to_whoever_answers_this_turn_and_no_other(hub: Household) -> None:
    home = await hub.home()
    parrot = hub.interlocutor = Parrot()
    shown = Image(content=b"GIF89a...", media_type="image/gif")
    async with SndfileCodec.open() as sounds:
        hear = HearMessage(hub.transactions, hub.transcriber, sounds, hub.clock)
        message = Message(text="What is this?", images=(shown,))
        await SendMessage(hub.converse(), hear)(owner(home), home, KITCHEN, None, message)
    await send(hub, owner(home), home, "And now?")
    assert [one.images for one in parrot.prompts] == [(shown,), ()]
