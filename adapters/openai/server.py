"""A server that speaks the OpenAI API: how it is reached, and what its failures mean."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from email.utils import parsedate_to_datetime
from time import time
from typing import TYPE_CHECKING, Final

from attrs import field, frozen

from domain.errors import ProviderFailed

if TYPE_CHECKING:
    from openai import APIStatusError, AsyncOpenAI

CONNECT_SECONDS: Final = 3.0
NO_KEY: Final = "none"
"""What is sent where no key is needed; most local servers take anything."""
PASSING: Final = frozenset({408, 409, 425, 429})
LONGEST_REST: Final = 3600.0


class TooLong(ProviderFailed):
    """What was sent does not fit into the model's context."""

    def __init__(self) -> None:
        super().__init__("The conversation is too long for the model.", passing=False)


@frozen(kw_only=True)
class Server:
    """Where a provider is, under its name in this hub, and for how many seconds it may keep silent."""

    name: str
    base_url: str
    api_key: str | None = field(default=None, repr=False)
    patience: float = 10.0


@asynccontextmanager
async def connected(server: Server) -> AsyncIterator["AsyncOpenAI"]:
    """Have a client of a server for as long as the block lasts; it tries nothing twice by itself."""
    from openai import AsyncOpenAI, Timeout

    timeout = Timeout(server.patience, connect=min(CONNECT_SECONDS, server.patience))
    async with AsyncOpenAI(
        base_url=server.base_url, api_key=server.api_key or NO_KEY, timeout=timeout, max_retries=0
    ) as client:
        await asyncio.to_thread(_loaded, client)
        yield client


def _loaded(client: "AsyncOpenAI") -> None:
    """Load what the first call would load, which takes a second."""
    _ = (client.chat.completions, client.audio.speech, client.audio.transcriptions)


@contextmanager
def translated() -> Iterator[None]:
    """Say what a failure of a server means, without anything that was sent to it.

    Raises:
        ProviderFailed: whatever went wrong.
    """
    from httpx2 import HTTPError
    from openai import APIConnectionError, APIError, APIStatusError, APITimeoutError, OpenAIError

    try:
        yield
    except (APITimeoutError, TimeoutError) as error:
        raise ProviderFailed("The server keeps silent.", passing=False) from error
    except APIConnectionError as error:
        raise ProviderFailed("The server cannot be reached.", passing=True) from error
    except APIStatusError as error:
        raise _refused(error) from error
    except APIError as error:
        raise ProviderFailed("The server broke off with an error.", passing=True) from error
    except (HTTPError, OpenAIError, ValueError, TypeError, LookupError, AttributeError) as error:
        raise ProviderFailed("The server's answer cannot be read, or broke off.", passing=True) from error


def _refused(error: "APIStatusError") -> ProviderFailed:
    if error.status_code == 400 and (
        error.code == "context_length_exceeded" or _says_too_long(error.message)
    ):
        return TooLong()
    passing = error.status_code in PASSING or error.status_code >= 500
    wait = _retry_after(error.response.headers.get("retry-after"))
    return ProviderFailed(f"The server answered {error.status_code}.", passing=passing, retry_after=wait)


def _says_too_long(message: str) -> bool:
    lowered = message.lower()
    return "context" in lowered and any(word in lowered for word in ("length", "exceed", "too long", "size"))


def _retry_after(text: str | None) -> float | None:
    """How many seconds a server wants to be left alone, at most an hour."""
    if text is None:
        return None
    try:
        seconds = float(text)
    except ValueError:
        try:
            seconds = parsedate_to_datetime(text).timestamp() - time()
        except ValueError:
            return None
    return min(max(seconds, 0.0), LONGEST_REST) if seconds == seconds else None  # noqa: PLR0124 - NaN
