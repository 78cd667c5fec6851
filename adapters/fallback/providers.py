"""One provider of a role among several, and how it is asked."""

import asyncio
import random
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Final, Generic, TypeVar

import structlog
from attrs import Factory, field, frozen

from adapters.fallback.circuit import Circuit
from domain.errors import InvalidValue, Kind, MiraError, ProviderFailed

log = structlog.get_logger(__name__)

Role = TypeVar("Role")
Answer = TypeVar("Answer")

TRIES: Final = 2
LONGEST_WAIT: Final = 2.0
"""For how many seconds a provider is waited for that asks for patience; one that wants more is left alone."""
SHORT_WAIT: Final = 0.2
Wait = Callable[[float], Awaitable[None]]


@frozen(kw_only=True)
class Provider(Generic[Role]):
    """Somebody who plays a role, the name of it (provider:model), and whether it may be asked."""

    name: str
    role: Role
    circuit: Circuit = Factory(Circuit)


@frozen(kw_only=True)
class Asking:
    """How often, and how patiently, each provider is asked.

    limit is for how many seconds one part of its answer may take.
    """

    limit: float = 30.0
    tries: int = TRIES
    wait: Wait = field(default=asyncio.sleep)

    @asynccontextmanager
    async def judged(self, provider: Provider[Role]) -> AsyncIterator[None]:
        """Let the circuit of a provider learn what becomes of a question.

        Raises:
            ProviderFailed: it did not do its part; also instead of TimeoutError.
        """
        try:
            yield
        except InvalidValue:
            provider.circuit.given_up()
            raise
        except MiraError as error:
            failure = _as_failure(error)
            provider.circuit.failed(failure.retry_after)
            self._note(provider, failure)
            raise failure from error
        except TimeoutError as error:
            provider.circuit.failed()
            failure = ProviderFailed("The provider takes too long.", passing=False)
            self._note(provider, failure)
            raise failure from error
        except BaseException:
            provider.circuit.given_up()
            raise
        provider.circuit.succeeded()

    async def worth_another(self, failure: ProviderFailed, tried: int) -> bool:
        """Whether the same provider should be asked again, after the wait that it wants."""
        if not failure.passing or tried >= self.tries:
            return False
        wanted = SHORT_WAIT if failure.retry_after is None else failure.retry_after
        if wanted > LONGEST_WAIT:
            return False
        await self.wait(wanted + random.uniform(0, SHORT_WAIT))  # noqa: S311 - only spreads the load
        return True

    def _note(self, provider: Provider[Role], failure: ProviderFailed) -> None:
        log.warning(
            "a provider failed",
            provider=provider.name,
            problem=failure.message,
            circuit=provider.circuit.state,
        )


def _as_failure(error: MiraError) -> ProviderFailed:
    if isinstance(error, ProviderFailed):
        return error
    return ProviderFailed(error.message, passing=error.kind is Kind.UNAVAILABLE)


async def first_answer(
    providers: Sequence[Provider[Role]], asking: Asking, ask: Callable[[Role], Awaitable[Answer]]
) -> Answer:
    """The answer of the first provider that has one.

    Raises:
        InvalidValue: what is asked for cannot be, whoever is asked.
        ProviderFailed: all have failed, or are left alone for now.
    """
    refused: InvalidValue | None = None
    for provider in providers:
        tried = 0
        while provider.circuit.admits():
            tried += 1
            try:
                async with asking.judged(provider), asyncio.timeout(asking.limit):
                    return await ask(provider.role)
            except InvalidValue as error:
                refused = error
                break
            except ProviderFailed as failure:
                if not await asking.worth_another(failure, tried):
                    break
    raise refused or ProviderFailed("No provider could answer.", passing=True)
