"""Dialog: saying something to a device's persona, and hearing the answer."""

import base64
import binascii
from typing import Annotated

from attrs import frozen
from msgspec import Meta

from adapters.http.dialects.companion.dialect import COMPANION
from adapters.http.routing import Call, operation
from application.turns.conversing import LONGEST_TEXT
from application.turns.dialog import MOST_IMAGES, Message, picture
from application.turns.turns import TurnEnded
from domain.errors import (
    DeviceNotFound,
    InvalidValue,
    ModelInferenceFailed,
    Overloaded,
    SessionExpired,
    SessionNotFound,
)
from domain.ids import ClientId, SessionId


@frozen(kw_only=True)
class DialogBody:
    """What is said to a device, in one of its sessions or in its live one.

    It is a text, or a recording in base64 where the text is empty: a sound file (WAV, FLAC, OGG, MP3), or raw
    mono s16le at 16 kHz. Pictures in base64 (PNG, JPEG, GIF, WebP) are shown along with it, to a model that
    sees; they are not kept.
    """

    device_id: str
    session_id: str | None = None
    message: Annotated[str, Meta(max_length=LONGEST_TEXT)] = ""
    audio_base64: str | None = None
    images_base64: Annotated[tuple[str, ...], Meta(max_length=MOST_IMAGES)] = ()

    @property
    def session(self) -> SessionId | None:
        """The session, if one is named."""
        return None if self.session_id is None else SessionId(self.session_id)

    def said(self) -> Message:
        """What is said.

        Raises:
            InvalidValue: nothing, too much, what is no base64, or no picture.
        """
        sound = None if self.audio_base64 is None else _decoded("audio_base64", self.audio_base64)
        if len(self.images_base64) > MOST_IMAGES:
            raise InvalidValue("images_base64", f"must be at most {MOST_IMAGES} pictures")
        images = tuple(
            picture(f"images_base64[{place}]", _decoded(f"images_base64[{place}]", image))
            for place, image in enumerate(self.images_base64)
        )
        if sound is None and not 1 <= len(self.message.strip()) <= LONGEST_TEXT:
            raise InvalidValue("message", f"must be 1 to {LONGEST_TEXT} characters, or else audio_base64")
        return Message(text=self.message, sound=sound, images=images)


def _decoded(name: str, text: str) -> bytes:
    try:
        content = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise InvalidValue(name, "must be base64") from error
    if not content:
        raise InvalidValue(name, "must hold something")
    return content


@frozen(kw_only=True)
class DialogView:
    """What was answered, and where its sound is.

    Where another device of the room says it aloud, spoken_by names it, and there is no sound for this one.
    """

    session_id: str
    response_text: str
    response_audio_url: str | None
    spoken_by: str | None = None
    persona_id: str
    latency_ms: int
    tokens_used: int

    @classmethod
    def of(cls, turn: TurnEnded, audio_url: str | None) -> "DialogView":
        """The view of a finished turn."""
        interaction, usage = turn.interaction, turn.usage
        return cls(
            session_id=interaction.session_id or "",
            response_text=interaction.response,
            response_audio_url=None if turn.spoken_by else audio_url,
            spoken_by=turn.spoken_by,
            persona_id=interaction.persona_id,
            latency_ms=round(interaction.timings.get("total", 0)),
            tokens_used=usage.prompt_tokens + usage.completion_tokens if usage else 0,
        )


@operation(
    COMPANION,
    "companion.dialog.send",
    "POST",
    "/v1/dialog/send",
    raises=(DeviceNotFound, SessionNotFound, SessionExpired, ModelInferenceFailed, Overloaded),
    names_network=True,
    large=True,
)
async def send(call: Call[DialogBody, None]) -> DialogView:
    """Say something, and wait for the answer."""
    network_id, device_id = call.own_network, ClientId(call.body.device_id)
    try:
        message = call.body.said()
        turn = await call.use.send_message(call.principal, network_id, device_id, call.body.session, message)
    except InvalidValue:
        await call.use.get_device_state(call.principal, network_id, device_id)
        raise
    return DialogView.of(turn, turn.speech and call.use.link_to_speech(network_id, turn.speech))


OPERATIONS = (send,)
