"""What a device says: an envelope of type, payload and timestamp, and one shape a payload."""

from collections.abc import Mapping
from typing import Final, Literal

from attrs import Factory, field, frozen

from adapters.websocket.clocks import client_micros
from adapters.websocket.wire import choose, read_object, structure, tagged
from domain.errors import InvalidValue

LONGEST_TEXT: Final = 4000


@frozen(kw_only=True)
class Sound:
    """A chunk of sound in base64: a sound file, or raw mono s16le at 16 kHz."""

    audio_b64: str


@frozen(kw_only=True)
class TypedText:
    """Something typed, 1 to 4000 characters."""

    text: str = field()

    @text.validator
    def _check(self, _: object, text: str) -> None:
        if not 1 <= len(text.strip()) <= LONGEST_TEXT:
            raise InvalidValue("text", f"must be 1 to {LONGEST_TEXT} characters")


@frozen(kw_only=True)
class Button:
    """Which button, and how it was pressed."""

    button: str = field()
    action: Literal["press", "hold", "double"] = "press"

    @button.validator
    def _check(self, _: object, button: str) -> None:
        if not 1 <= len(button) <= 64:
            raise InvalidValue("button", "must be 1 to 64 characters")


@frozen(kw_only=True)
class SignOfLife:
    """Nothing but that the device is there; the answer times help to tell clocks apart more closely."""

    answer_sent_at: int | None = None
    answer_received_at: int | None = None


@frozen(kw_only=True)
class Nothing:
    """No payload is needed."""


@frozen(kw_only=True)
class AudioStream:
    """Sound of the device."""

    type: Literal["audio_stream"] = "audio_stream"
    payload: Sound
    timestamp: str | int | None = None


@frozen(kw_only=True)
class AudioEnd:
    """The utterance is complete; nobody need wait for silence."""

    type: Literal["audio_end"] = "audio_end"
    payload: Nothing = Nothing()
    timestamp: str | int | None = None


@frozen(kw_only=True)
class TextInput:
    """Somebody typed something at the device."""

    type: Literal["text_input"] = "text_input"
    payload: TypedText
    timestamp: str | int | None = None


@frozen(kw_only=True)
class ButtonPress:
    """Somebody pressed a button of the device."""

    type: Literal["button_press"] = "button_press"
    payload: Button
    timestamp: str | int | None = None


@frozen(kw_only=True)
class Heartbeat:
    """A sign of life, and the time by the device's clock: ISO 8601, or microseconds since 1970."""

    type: Literal["heartbeat"] = "heartbeat"
    payload: SignOfLife = SignOfLife()
    timestamp: str | int | None = None


@frozen(kw_only=True)
class Ack:
    """The device has carried out a command; the payload says how that went."""

    type: Literal["ack"] = "ack"
    payload: Mapping[str, object] = Factory(dict)
    timestamp: str | int | None = None


CompanionMessage = AudioStream | AudioEnd | TextInput | ButtonPress | Heartbeat | Ack
SHAPES: Final[Mapping[str, type[CompanionMessage]]] = tagged(
    AudioStream, AudioEnd, TextInput, ButtonPress, Heartbeat, Ack
)


def decode(text: str) -> CompanionMessage:
    """Read a message, or raise InvalidValue."""
    data = read_object(text)
    message = structure(data, choose(data.get("type"), SHAPES))
    if message.timestamp is not None:
        client_micros(message.timestamp)
    return message
