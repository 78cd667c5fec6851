"""How much a network and its clients may do in a while."""

from collections.abc import Mapping
from typing import Final

from attrs import evolve, field, fields, frozen

from domain.errors import InvalidValue

MAX_QUOTA: Final = 1_000_000


def _check_quota(_instance: object, attribute: object, value: int) -> None:
    name = str(getattr(attribute, "name", ""))
    if not 1 <= value <= MAX_QUOTA:
        raise InvalidValue(name, f"must be a whole number from 1 to {MAX_QUOTA}")


@frozen(kw_only=True)
class Quotas:
    """What a network may do in all, and what each of its clients may (those that begin with client)."""

    interactions_per_minute: int = field(default=100, validator=_check_quota)
    audio_uploads_per_minute: int = field(default=50, validator=_check_quota)
    websocket_connections: int = field(default=10, validator=_check_quota)
    api_requests_per_hour: int = field(default=1000, validator=_check_quota)
    client_audio_uploads_per_minute: int = field(default=20, validator=_check_quota)
    client_status_updates_per_minute: int = field(default=10, validator=_check_quota)
    client_websocket_messages_per_minute: int = field(default=100, validator=_check_quota)

    def with_overrides(self, overrides: Mapping[str, int]) -> "Quotas":
        """These quotas, but for those that are named.

        Raises:
            InvalidValue: a name is not that of a quota, or a number is out of bounds.
        """
        known = quota_names()
        for name in overrides:
            if name not in known:
                raise InvalidValue(name, "is not the name of a limit", known=list(known))
        return evolve(self, **overrides) if overrides else self


def quota_names() -> tuple[str, ...]:
    """What quotas are called."""
    return tuple(one.name for one in fields(Quotas))


def check_overrides(_instance: object, _attribute: object, overrides: Mapping[str, int]) -> None:
    """Refuse overrides that no quotas could take."""
    Quotas().with_overrides(overrides)
