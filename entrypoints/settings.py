"""What a hub can be told before it starts."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any, Final, Literal

import typed_settings as ts

from domain.errors import InvalidValue
from domain.quotas import Quotas, quota_names
from entrypoints.providers import Chosen, Role, read_choices, read_servers, read_traits

EXAMPLE_LIMIT: Final = "api_requests_per_hour=5000"
LOOPBACK: Final = frozenset({"127.0.0.1", "::1", "localhost"})


Choice = Literal["auto", "yes", "no"]
"""Yes, no, or as the hub sees fit."""

LogLevel = Literal["debug", "info", "warning", "error"]
"""How much the hub writes about what it does."""


def _between(lowest: float, highest: float) -> Callable[[object, Any, float], None]:
    def check(_: object, attribute: Any, value: float) -> None:
        if not lowest <= value <= highest:
            raise ValueError(f"{attribute.name} must be from {lowest:g} to {highest:g}")

    return check


def _something(_: object, attribute: Any, value: str) -> None:
    if not value.strip():
        raise ValueError(f"{attribute.name} must not be empty")


def _url(_: object, attribute: Any, value: str) -> None:
    if value and not value.startswith(("http://", "https://")):
        raise ValueError(f"{attribute.name} must begin with http:// or https://")


def _database(_: object, attribute: Any, value: str) -> None:
    if value and not value.startswith(("sqlite+aiosqlite://", "postgresql+asyncpg://")):
        raise ValueError(f"{attribute.name} must begin with sqlite+aiosqlite:// or postgresql+asyncpg://")


def _nats(_: object, attribute: Any, value: str) -> None:
    if value and not all(one.strip().startswith(("nats://", "tls://")) for one in value.split(",")):
        raise ValueError(f"{attribute.name} must begin with nats:// or tls://")


def read_quotas(text: str) -> Quotas:
    """The default quotas, but for those in a text such as "api_requests_per_hour=5000".

    Raises:
        ValueError: a part of it is no quota.
    """
    overrides: dict[str, int] = {}
    for part in filter(None, (part.strip() for part in text.split(","))):
        name, equals, number = (word.strip() for word in part.partition("="))
        if not equals or not number.isascii() or not number.isdigit():
            raise ValueError(f"limits must be names and whole numbers, as in {EXAMPLE_LIMIT}; not {part!r}")
        overrides[name] = int(number)
    try:
        return Quotas().with_overrides(overrides)
    except InvalidValue as error:
        raise ValueError(f"limits: {error.message}; known are {', '.join(quota_names())}") from error


def _limits(_: object, attribute: Any, value: str) -> None:
    read_quotas(value)


def _servers(_: object, attribute: Any, value: str) -> None:
    read_servers(value)


def _traits(_: object, attribute: Any, value: str) -> None:
    read_traits(value)


@ts.settings(frozen=True, kw_only=True)
class Settings:
    """Everything a hub can be told."""

    host: str = ts.option(
        default="127.0.0.1", help="address to listen on; 0.0.0.0 for all", validator=_something
    )
    port: int = ts.option(
        default=8080, help="port to listen on; 0 for a free one", validator=_between(0, 65535)
    )
    data_dir: str = ts.option(
        default="~/.local/share/mira",
        help="folder of the store, keys, models and sounds",
        validator=_something,
    )
    cache_dir: str = ts.option(
        default="~/.cache/mira",
        help="folder of what can be made again, such as the speech model",
        validator=_something,
    )
    database_url: str = ts.option(
        default="", help="store; empty for SQLite in the data folder", validator=_database
    )
    nats_url: str = ts.option(
        default="",
        help="NATS, as in nats://host:4222 or tls://host:4222; empty for none",
        validator=_nats,
    )
    nats_credentials: str = ts.option(default="", help="file with the credentials for NATS")
    nats_ca: str = ts.option(default="", help="file with the certificates that NATS is trusted by")
    nats_certificate: str = ts.option(default="", help="file with the hub's own certificate for NATS")
    nats_key: str = ts.option(default="", help="file with the key of that certificate")
    public_url: str = ts.option(
        default="",
        help="address under which clients reach the hub, as in https://mira.example",
        validator=_url,
    )
    open_registration: Choice = ts.option(
        default="auto",
        help="may anyone create a network without a token; auto: only on loopback without a public URL",
    )
    end_silence_ms: int = ts.option(
        default=500, help="silence that ends a sentence", validator=_between(200, 3000)
    )
    arbitration_window_ms: int = ts.option(
        default=300, help="how long sound sent all at once waits for competitors", validator=_between(0, 5000)
    )
    upload_queue: int = ts.option(
        default=256,
        help="uploads of all networks that may wait to be processed; one more is refused",
        validator=_between(1, 100_000),
    )
    keep_audio: bool = ts.option(
        default=False, help="keep the sound of spoken turns, so that it can be heard and processed again"
    )
    keep_audio_days: float = ts.option(
        default=30.0, help="how long the sound of a turn is kept, if it is", validator=_between(0.01, 3650)
    )
    heartbeat_timeout_s: float = ts.option(
        default=60.0, help="silence after which a socket counts as lost", validator=_between(1, 3600)
    )
    transcribers: int = ts.option(default=2, help="speech recognition processes", validator=_between(1, 64))
    stt: str = ts.option(
        default="pocketsphinx",
        help="who writes speech down, the next where one fails: pocketsphinx, openai, provider:model",
    )
    llm: str = ts.option(
        default="offline",
        help="who thinks of answers, the next where one fails: offline, openai:gpt-4o-mini, ollama:llama3.2",
    )
    tts: str = ts.option(
        default="espeak",
        help="who speaks, the next where one fails: espeak, openai, provider:model",
    )
    providers: str = ts.option(
        default="",
        help="more servers that speak the OpenAI API, as in ollama=http://localhost:11434/v1;"
        " each finds its key in its own variable, as in GROQ_API_KEY",
        validator=_servers,
    )
    model_traits: str = ts.option(
        default="",
        help="what models can do that is not as usual, as in ollama:phi3=no-tools no-streaming",
        validator=_traits,
    )
    context_tokens: int = ts.option(
        default=8192,
        help="how many tokens language models may be sent at once",
        validator=_between(2048, 2_000_000),
    )
    provider_patience_s: float = ts.option(
        default=10.0,
        help="how long a provider may keep silent before the next one is asked",
        validator=_between(0.5, 600),
    )
    client_token_days: int = ts.option(
        default=365, help="how long a client's token lasts", validator=_between(1, 36500)
    )
    network_token_days: int = ts.option(
        default=365, help="how long a network's token lasts", validator=_between(1, 36500)
    )
    registration_token_hours: int = ts.option(
        default=24, help="how long a registration token lasts", validator=_between(1, 8760)
    )
    registration_token_uses: int = ts.option(
        default=25, help="how many new clients a registration token takes in", validator=_between(1, 100000)
    )
    limits: str = ts.option(
        default="",
        help="limits of every network that differ from the defaults, as in api_requests_per_hour=5000,"
        "websocket_connections=50",
        validator=_limits,
    )
    networks_per_minute: int = ts.option(
        default=60,
        help="networks that strangers at one address may create in a minute",
        validator=_between(1, 1_000_000),
    )
    log_level: LogLevel = ts.option(default="info", help="how much is logged")
    log_json: bool = ts.option(default=False, help="log JSON lines instead of text")

    @property
    def registration_is_open(self) -> bool:
        """Whether anyone may create a network."""
        if self.open_registration == "auto":
            return self.host in LOOPBACK and not self.public_url
        return self.open_registration == "yes"

    @property
    def data_folder(self) -> Path:
        """The data folder, with ~ resolved."""
        return Path(self.data_dir).expanduser().resolve()

    @property
    def cache_folder(self) -> Path:
        """The cache folder, with ~ resolved."""
        return Path(self.cache_dir).expanduser().resolve()

    @property
    def keep_audio_for(self) -> timedelta | None:
        """How long the sound of a turn is kept; None if it is not."""
        return timedelta(days=self.keep_audio_days) if self.keep_audio else None

    @property
    def quotas(self) -> Quotas:
        """What every network and its clients may do, unless the operator says otherwise."""
        return read_quotas(self.limits)

    @property
    def servers(self) -> Mapping[str, str]:
        """The servers that speak the OpenAI API, by name."""
        return read_servers(self.providers)

    @property
    def choices(self) -> Mapping[Role, tuple[Chosen, ...]]:
        """Who plays each role, in order of preference."""
        lists: Mapping[Role, str] = {"stt": self.stt, "llm": self.llm, "tts": self.tts}
        return {role: read_choices(role, text, self.servers) for role, text in lists.items()}

    @property
    def traits(self) -> Mapping[str, frozenset[str]]:
        """What models can do that is not as usual."""
        return read_traits(self.model_traits)

    @property
    def store_is_shared(self) -> bool:
        """Whether other instances may use the same store."""
        return self.database_url.startswith("postgresql")

    @property
    def store_url(self) -> str:
        """The URL of the store."""
        return self.database_url or f"sqlite+aiosqlite:///{self.data_folder / 'mira.db'}"
