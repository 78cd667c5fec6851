"""What Mira refuses, and why: one class per refusal, none of which knows a transport."""

from collections.abc import Mapping
from enum import Enum
from typing import ClassVar


class Kind(Enum):
    """What sort of refusal an error is; each transport maps kinds to its own numbers, once."""

    INVALID = "invalid"
    UNAUTHENTICATED = "unauthenticated"
    FORBIDDEN = "forbidden"
    NOT_FOUND = "not_found"
    CONFLICT = "conflict"
    GONE = "gone"
    TOO_LARGE = "too_large"
    UNSUPPORTED = "unsupported"
    LIMITED = "limited"
    UNAVAILABLE = "unavailable"
    UPSTREAM = "upstream"
    INTERNAL = "internal"


class MiraError(Exception):
    """A refusal with a kind, a stable code, a sentence for people and details for programs."""

    kind: ClassVar[Kind] = Kind.INTERNAL
    code: ClassVar[str] = "INTERNAL_ERROR"

    def __init__(self, message: str, **details: object) -> None:
        super().__init__(message)
        self.message = message
        self.details: Mapping[str, object] = details


class InvalidValue(MiraError):
    """Something that was sent, typed or configured cannot be what it claims to be."""

    kind = Kind.INVALID
    code = "VALIDATION_ERROR"

    def __init__(self, field: str, problem: str, **details: object) -> None:
        super().__init__(f"{field} {problem}", field=field, problem=problem, **details)


class Unauthorized(MiraError):
    """The token is missing, unreadable, expired or revoked."""

    kind = Kind.UNAUTHENTICATED
    code = "UNAUTHORIZED"

    def __init__(
        self, message: str = "A valid token is needed: send it as 'Authorization: Bearer ...'."
    ) -> None:
        super().__init__(message)


class Forbidden(MiraError):
    """The token is good, but not for this."""

    kind = Kind.FORBIDDEN
    code = "FORBIDDEN"


class ScopeMissing(Forbidden):
    """The token is of the right kind, but was made for less than this."""

    code = "INSUFFICIENT_SCOPE"

    def __init__(self, operation: str, scope: str) -> None:
        super().__init__(f"The token lacks the scope {scope}.", operation=operation, scope=scope)


class NotFound(MiraError):
    """The thing is not there, or belongs to somebody else; the two are answered alike."""

    kind = Kind.NOT_FOUND
    code = "NOT_FOUND"


class NetworkNotFound(NotFound):
    """No network of that id is visible to the caller."""

    code = "INVALID_NETWORK_ID"

    def __init__(self, network_id: str) -> None:
        super().__init__("There is no network with this id.", network_id=network_id)


class ClientNotFound(NotFound):
    """No client of that id is visible to the caller."""

    code = "INVALID_CLIENT_ID"

    def __init__(self, client_id: str) -> None:
        super().__init__("There is no client with this id in the network.", client_id=client_id)


class InteractionNotFound(NotFound):
    """No interaction of that id is in the network."""

    def __init__(self, interaction_id: str) -> None:
        super().__init__(
            "There is no interaction with this id in the network.", interaction_id=interaction_id
        )


class DeviceNotFound(NotFound):
    """No device of that id is visible to the caller."""

    code = "DEVICE_NOT_FOUND"

    def __init__(self, device_id: str) -> None:
        super().__init__("There is no device with this id in the network.", device_id=device_id)


class PersonaNotFound(NotFound):
    """No persona of that id is in the library."""

    code = "PERSONA_NOT_FOUND"

    def __init__(self, persona_id: str) -> None:
        super().__init__("There is no persona with this id in the library.", requested_id=persona_id)


class SessionNotFound(NotFound):
    """No session of that id is visible to the caller."""

    code = "SESSION_NOT_FOUND"

    def __init__(self, session_id: str) -> None:
        super().__init__("There is no session with this id in the network.", session_id=session_id)


class SessionExpired(MiraError):
    """The session has ended or was idle for too long; its conversation stays."""

    kind = Kind.GONE
    code = "SESSION_EXPIRED"

    def __init__(self, session_id: str) -> None:
        super().__init__("This session is over; start a new one to go on.", session_id=session_id)


class DeviceOffline(MiraError):
    """The device is not connected, so nothing can be done on it."""

    kind = Kind.UNAVAILABLE
    code = "DEVICE_OFFLINE"

    def __init__(self, device_id: str) -> None:
        super().__init__("The device is not connected.", device_id=device_id)


class ActivityNotFound(NotFound):
    """No activity of that id is visible to the caller."""

    def __init__(self, activity_id: str) -> None:
        super().__init__("There is no activity with this id in the network.", activity_id=activity_id)


class BroadcastNotFound(NotFound):
    """No broadcast of that id is visible to the caller."""

    def __init__(self, broadcast_id: str) -> None:
        super().__init__("There is no broadcast with this id in the network.", broadcast_id=broadcast_id)


class CommandNotFound(NotFound):
    """No command of that id was given to the device."""

    def __init__(self, command_id: str) -> None:
        super().__init__("This device has no command with this id.", command_id=command_id)


class PairingCodeUnknown(NotFound):
    """Nobody offered a place under this code, or the offer was taken or is too old."""

    def __init__(self, _: str = "") -> None:
        super().__init__("This pairing code is not good, or not any more; ask for another.")


class Conflict(MiraError):
    """The thing exists already, or is in a state that does not allow this."""

    kind = Kind.CONFLICT
    code = "CONFLICT"


class CapabilityMissing(MiraError):
    """A client does what it has said that it cannot."""

    kind = Kind.CONFLICT
    code = "CAPABILITY_MISSING"

    def __init__(self, capability: str, capabilities: tuple[str, ...]) -> None:
        super().__init__(
            f"The client did not name the capability {capability}.",
            capability=capability,
            capabilities=list(capabilities),
        )


class ClientLimitReached(MiraError):
    """The network has all the clients it may have."""

    kind = Kind.CONFLICT
    code = "CLIENT_LIMIT_REACHED"

    def __init__(self, max_clients: int) -> None:
        super().__init__(
            "The network has as many clients as its max_clients setting allows: "
            "deregister one, or raise the setting.",
            max_clients=max_clients,
        )


class TooLarge(MiraError):
    """What was sent is larger than the hub takes."""

    kind = Kind.TOO_LARGE
    code = "PAYLOAD_TOO_LARGE"


class UnsupportedMedia(MiraError):
    """What was sent is in a form that the hub does not read."""

    kind = Kind.UNSUPPORTED
    code = "UNSUPPORTED_MEDIA_TYPE"


class UnsupportedVersion(MiraError):
    """The caller asks for a version of the API that this hub does not speak."""

    kind = Kind.INVALID
    code = "UNSUPPORTED_API_VERSION"

    def __init__(self, asked: str, supported: tuple[str, ...]) -> None:
        super().__init__(
            f"This hub speaks API version {', '.join(supported)}.", asked=asked, supported=supported
        )


class AudioQualityTooLow(MiraError):
    """Speech was heard, but on every stream below the network's quality threshold."""

    kind = Kind.INVALID
    code = "AUDIO_QUALITY_TOO_LOW"


class AudioProcessingFailed(MiraError):
    """The hub could not work on the audio; the fault is the hub's."""

    kind = Kind.INTERNAL
    code = "AUDIO_PROCESSING_FAILED"


class ModelInferenceFailed(MiraError):
    """No model could answer."""

    kind = Kind.UPSTREAM
    code = "MODEL_INFERENCE_FAILED"


class ProviderFailed(ModelInferenceFailed):
    """One provider did not do its part; another may.

    passing says that the same one may do it when it is asked again, after so many seconds where it said so.
    """

    def __init__(self, message: str, *, passing: bool, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.passing = passing
        self.retry_after = retry_after


class RateLimitExceeded(MiraError):
    """The caller does more of this than it may; `retry_after` says in how many seconds it may again."""

    kind = Kind.LIMITED
    code = "RATE_LIMIT_EXCEEDED"

    def __init__(self, message: str, *, retry_after: float, **details: object) -> None:
        super().__init__(message, retry_after=retry_after, **details)


class Overloaded(MiraError):
    """The hub has as much work as it takes; the caller may try again."""

    kind = Kind.UNAVAILABLE
    code = "OVERLOADED"
