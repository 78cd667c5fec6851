"""Interlocutors, tried in order; one that breaks off is carried on by the next."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterator
from contextlib import aclosing
from typing import Final

from attrs import evolve, field, frozen

from adapters.fallback.providers import Asking, Provider
from application.ports.dialogue import (
    Capabilities,
    Interlocutor,
    Prompt,
    ReplyDone,
    ReplyPart,
    Sentence,
    Toolbox,
)
from domain.errors import InvalidValue, ModelInferenceFailed, ProviderFailed

MOST_NAMED: Final = 64
"""Models that personas name and the hub's own list does not, whose circuits are remembered."""
FindModel = Callable[[str], Interlocutor | None]


def nobody_else(name: str) -> None:
    """Know no model but those of the hub's own list."""


@frozen(kw_only=True)
class FallbackInterlocutor:
    """An Interlocutor that asks several, in order: first the model that the persona names, if there is such.

    A part of a reply that was spoken is never taken back: the next one is told what was said and done, and
    goes on from there. find makes an interlocutor of a model's name (provider:model), if there can be one.
    """

    providers: tuple[Provider[Interlocutor], ...]
    find: FindModel = nobody_else
    asking: Asking = Asking()
    _named: dict[str, Provider[Interlocutor]] = field(factory=dict, init=False)

    @property
    def capabilities(self) -> Capabilities:
        """What at least one of them can do."""
        able = [provider.role.capabilities for provider in self.providers]
        return Capabilities(
            streaming=any(one.streaming for one in able),
            tools=any(one.tools for one in able),
            images=any(one.images for one in able),
            invention=any(one.invention for one in able),
        )

    async def answer(self, prompt: Prompt, tools: Toolbox) -> AsyncIterator[ReplyPart]:
        """Reply in sentences, by the first who can.

        Raises:
            ModelInferenceFailed: all have failed, or are left alone for now.
            InvalidValue: pictures are shown, and nobody sees.
        """
        said: list[str] = list(prompt.begun)
        asked = tuple(self._order(prompt))
        if prompt.images and not asked:
            raise InvalidValue("images", "can be seen by no model that is asked here")
        for provider in asked:
            tried = 0
            while provider.circuit.admits():
                tried += 1
                before = (len(said), len(tools.done))
                try:
                    parts = self._asked(provider, evolve(prompt, begun=tuple(said)), tools)
                    async with self.asking.judged(provider), aclosing(parts):
                        async for part in parts:
                            if isinstance(part, Sentence):
                                said.append(part.text)
                            yield part
                except ProviderFailed as failure:
                    untouched = before == (len(said), len(tools.done))
                    if not (untouched and await self.asking.worth_another(failure, tried)):
                        break
                else:
                    return
        raise ModelInferenceFailed("No language model could answer.")

    def _order(self, prompt: Prompt) -> Iterator[Provider[Interlocutor]]:
        """Who is asked, one after the other, of those who can do what is wanted: see, or make things up."""
        named = self._find_named(prompt.persona.behavior.model)
        others = (provider for provider in self.providers if provider is not named)
        for provider in (*((named,) if named else ()), *others):
            able = provider.role.capabilities
            if (able.images or not prompt.images) and (able.invention or not prompt.invention):
                yield provider

    def _find_named(self, name: str | None) -> Provider[Interlocutor] | None:
        if name is None:
            return None
        for provider in self.providers:
            if name in (provider.name, provider.name.partition(":")[0]):
                return provider
        if name not in self._named:
            role = self.find(name)
            if role is None:
                return None
            while len(self._named) >= MOST_NAMED:
                del self._named[next(iter(self._named))]
            self._named[name] = Provider(name=name, role=role)
        return self._named[name]

    async def _asked(
        self, provider: Provider[Interlocutor], prompt: Prompt, tools: Toolbox
    ) -> AsyncGenerator[ReplyPart, None]:
        """The parts of a provider's reply, each within the limit; a reply without its end is a failure."""
        parts = aiter(provider.role.answer(prompt, tools))
        ended = False
        try:
            while True:
                async with asyncio.timeout(self.asking.limit):
                    part = await anext(parts, None)
                if part is None:
                    break
                ended = ended or isinstance(part, ReplyDone)
                yield part
        finally:
            if isinstance(parts, AsyncGenerator):
                await parts.aclose()
        if not ended:
            raise ProviderFailed("The provider broke off.", passing=True)
