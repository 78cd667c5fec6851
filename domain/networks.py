"""A network is the tenant: a household or a facility, to which everything else belongs."""

from collections.abc import Mapping
from datetime import datetime
from enum import Enum
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from attrs import evolve, field, frozen

from domain.errors import InvalidValue
from domain.ids import ClientId, NetworkId
from domain.quotas import check_overrides

MAX_NAME: Final = 100
MAX_DESCRIPTION: Final = 1000
DEFAULT_THRESHOLD: Final = 0.5
DEFAULT_MAX_CLIENTS: Final = 100
MAX_CLIENTS: Final = 10_000
DEFAULT_REGISTRATIONS: Final = 25
"""How many new clients one registration token takes in, unless it is told otherwise."""
MAX_REGISTRATIONS: Final = 100_000
MAX_MOUTHS: Final = 32


def network_name(text: str) -> str:
    """Take what people want to call a network, without the space around it.

    Raises:
        InvalidValue: nothing is left, or it is longer than 100 characters.
    """
    trimmed = text.strip()
    if not 1 <= len(trimmed) <= MAX_NAME:
        raise InvalidValue("name", f"must be 1 to {MAX_NAME} characters")
    return trimmed


def zone_of(name: str) -> ZoneInfo:
    """Find the time zone of an IANA name.

    Raises:
        InvalidValue: there is no such zone.
    """
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise InvalidValue("timezone", "must be an IANA name such as Europe/Berlin") from error


class SpokenBy(Enum):
    """Who says an answer aloud: the client that asked, where it can, or the best mouth of its room."""

    OWN = "own"
    ROOM = "room"


@frozen(kw_only=True)
class NetworkSettings:
    """What an owner may tune: the quality a stream needs (0..1), how many clients, language and time zone.

    answers_spoken_by says who says answers aloud, and preferred_mouths which clients sooner than others.
    """

    audio_quality_threshold: float = field(default=DEFAULT_THRESHOLD)
    max_clients: int = field(default=DEFAULT_MAX_CLIENTS)
    language: str = field(default="en")
    timezone: str = field(default="UTC")
    answers_spoken_by: SpokenBy = SpokenBy.OWN
    preferred_mouths: tuple[ClientId, ...] = field(default=())

    @audio_quality_threshold.validator
    def _check_threshold(self, _: object, value: float) -> None:
        if not 0.0 <= value <= 1.0:
            raise InvalidValue("audio_quality_threshold", "must be a number from 0 to 1")

    @max_clients.validator
    def _check_clients(self, _: object, value: int) -> None:
        if not 1 <= value <= MAX_CLIENTS:
            raise InvalidValue("max_clients", f"must be a whole number from 1 to {MAX_CLIENTS}")

    @language.validator
    def _check_language(self, _: object, value: str) -> None:
        if not 2 <= len(value) <= 35:
            raise InvalidValue("language", "must be a language tag such as en or de-AT")

    @timezone.validator
    def _check_zone(self, _: object, value: str) -> None:
        zone_of(value)

    @preferred_mouths.validator
    def _check_mouths(self, _: object, value: tuple[ClientId, ...]) -> None:
        if len(value) > MAX_MOUTHS or any(not 1 <= len(one) <= 128 for one in value):
            raise InvalidValue("preferred_mouths", f"must be at most {MAX_MOUTHS} ids of clients")

    @property
    def zone(self) -> ZoneInfo:
        """The time zone in which "tomorrow" is meant."""
        return zone_of(self.timezone)


class NetworkStatus(Enum):
    """Whether a network is in use."""

    ACTIVE = "active"


@frozen(kw_only=True)
class Network:
    """A household or facility, its settings, and the versions that its tokens must carry.

    The owner's token and the registration token have versions of their own, so that one can be replaced
    without the other; registrations_left is how many new clients the latter still takes in. Quotas that
    are not as on the whole hub are in quota_overrides, by name.
    """

    id: NetworkId
    name: str = field(converter=network_name)
    description: str = field(default="")
    status: NetworkStatus = NetworkStatus.ACTIVE
    settings: NetworkSettings = NetworkSettings()
    token_version: int = 1
    registration_version: int = 1
    registrations_left: int = field(default=DEFAULT_REGISTRATIONS)
    quota_overrides: Mapping[str, int] = field(factory=dict, validator=check_overrides)
    created_at: datetime
    updated_at: datetime

    @description.validator
    def _check_description(self, _: object, value: str) -> None:
        if len(value) > MAX_DESCRIPTION:
            raise InvalidValue("description", f"must be at most {MAX_DESCRIPTION} characters")

    @registrations_left.validator
    def _check_registrations(self, _: object, value: int) -> None:
        if not 0 <= value <= MAX_REGISTRATIONS:
            raise InvalidValue("uses", f"must be a whole number from 0 to {MAX_REGISTRATIONS}")

    def without_owner_token(self) -> "Network":
        """The network when no owner's token made so far is good any more."""
        return evolve(self, token_version=self.token_version + 1)

    def without_registration_token(self, uses: int = 0) -> "Network":
        """The network when no registration token so far is good any more, and the next has so many uses."""
        return evolve(self, registration_version=self.registration_version + 1, registrations_left=uses)

    def with_registration_used(self) -> "Network":
        """The network when its registration token has taken one more client in."""
        return evolve(self, registrations_left=self.registrations_left - 1)
