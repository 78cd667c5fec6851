"""The Interlocutor by a language model: it replies sentence by sentence, and calls functions on the way."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from typing import TYPE_CHECKING, Any, Final

import msgspec
import structlog
from attrs import define, field, frozen

from adapters.openai.functions import called, described
from adapters.openai.prompting import Message, estimated_tokens, messages
from adapters.openai.server import Server, TooLong, translated
from application.ports.dialogue import Capabilities, Prompt, ReplyDone, ReplyPart, Sentence, Toolbox
from domain.errors import ProviderFailed
from domain.interactions import Usage
from domain.language.sentences import SentenceStream

if TYPE_CHECKING:
    from openai import AsyncOpenAI

log = structlog.get_logger(__name__)

MOST_ROUNDS: Final = 6
"""How often a model may call functions in one turn before it must have answered."""
MOST_CALLS: Final = 8
"""Functions that it may call at once."""
LONGEST_REPLY: Final = 600
"""Tokens."""
LONGEST_ARGUMENTS: Final = 20_000
"""Characters of the arguments of a call; what goes on beyond is not read."""


@define
class _Call:
    """A call of a function as it grows."""

    id: str = ""
    name: str = ""
    arguments: str = ""

    def grow(self, part: Any) -> None:
        """Take in a part of it."""
        self.id = self.id or str(part.id or "")
        if part.function is not None:
            self.name = self.name or str(part.function.name or "")
            if len(self.arguments) < LONGEST_ARGUMENTS:
                self.arguments += str(part.function.arguments or "")

    def told(self) -> Message:
        """The call as the model is reminded of it, without arguments that servers refuse: those no JSON."""
        function = {"name": self.name, "arguments": self.arguments if _is_json(self.arguments) else "{}"}
        return {"id": self.id, "type": "function", "function": function}


@define(eq=False)
class _Round:
    """One answer of the model as it grows: its words, the functions that it calls, what it cost."""

    sentences: SentenceStream = field(factory=SentenceStream)
    calls: dict[int, _Call] = field(factory=dict)
    said: str = ""
    prompt_tokens: int | None = None
    completion_tokens: int | None = None
    finished: bool = False

    def take(self, chunk: Any) -> list[str]:
        """Take in a chunk of the stream, and give the sentences that it completes."""
        if chunk.usage is not None:
            self.prompt_tokens = chunk.usage.prompt_tokens
            self.completion_tokens = chunk.usage.completion_tokens
        whole: list[str] = []
        for choice in (chunk.choices or ())[:1]:
            self.finished = self.finished or choice.finish_reason is not None
            delta = getattr(choice, "delta", None) or choice.message
            for place, part in enumerate(delta.tool_calls or ()):
                index = getattr(part, "index", None)
                self.calls.setdefault(place if index is None else index, _Call()).grow(part)
            if delta.content:
                self.said += delta.content
                whole += self.sentences.feed(delta.content)
        return whole


@frozen(kw_only=True)
class OpenaiInterlocutor:
    """A language model behind a server that speaks the OpenAI API; context is how many tokens it can see."""

    client: "AsyncOpenAI"
    server: Server
    model: str
    capabilities: Capabilities = Capabilities()
    context: int = 8192

    async def answer(self, prompt: Prompt, tools: Toolbox) -> AsyncIterator[ReplyPart]:
        """Reply in sentences as they are ready; the last part is ReplyDone, with what all rounds cost.

        Raises:
            ProviderFailed: the server is out of reach, refuses, keeps silent, breaks off, or says nothing.
        """
        functions = described(prompt) if self.capabilities.tools else []
        budget = self.context - estimated_tokens(str(functions))
        conversation = messages(prompt, tuple(tools.done), budget)
        spent = {"prompt_tokens": 0, "completion_tokens": 0}
        anything_said = False
        for _ in range(MOST_ROUNDS):
            current = _Round()
            async with aclosing(self._round(conversation, functions, current, prompt, tools)) as sentences:
                async for sentence in sentences:
                    anything_said = True
                    yield Sentence(text=sentence)
            self._count(spent, conversation, current)
            if not current.calls:
                break
            conversation += await self._carried_out(current, tools, prompt)
        else:
            raise ProviderFailed("The model calls functions and does not answer.", passing=False)
        if not anything_said:
            raise ProviderFailed("The model said nothing.", passing=True)
        usage = Usage(model=f"{self.server.name}:{self.model}", **spent)
        yield ReplyDone(usage=usage, understood=prompt.understood)

    async def _round(
        self,
        conversation: list[Message],
        functions: list[dict[str, Any]],
        current: _Round,
        prompt: Prompt,
        tools: Toolbox,
    ) -> AsyncGenerator[str, None]:
        """The sentences of one answer; where the conversation was too long, of one with half of it."""
        try:
            async for sentence in self._read(conversation, functions, current):
                yield sentence
        except TooLong:
            if conversation[-1]["role"] == "tool":
                raise
            log.info("a conversation was too long for its model", model=self.model, provider=self.server.name)
            conversation[:] = messages(prompt, tuple(tools.done), self.context // 3)
            async for sentence in self._read(conversation, functions, current):
                yield sentence

    async def _read(
        self, conversation: list[Message], functions: list[dict[str, Any]], current: _Round
    ) -> AsyncGenerator[str, None]:
        chunks = self._chunks(conversation, functions)
        async with aclosing(chunks):
            while True:
                with translated():
                    async with asyncio.timeout(self.server.patience):
                        chunk = await anext(chunks, None)
                    whole = [] if chunk is None else current.take(chunk)
                for sentence in whole:
                    yield sentence
                if chunk is None:
                    break
        if not current.finished:
            raise ProviderFailed("The server broke off in the middle of its answer.", passing=True)
        for sentence in current.sentences.rest():
            yield sentence

    async def _chunks(
        self, conversation: list[Message], functions: list[dict[str, Any]]
    ) -> AsyncGenerator[Any, None]:
        """The chunks of an answer as they come; the whole of it at once from a model that does not stream."""
        request: dict[str, Any] = {
            "model": self.model,
            "messages": conversation,
            "max_completion_tokens": LONGEST_REPLY,
        }
        if functions:
            request["tools"] = functions
        if not self.capabilities.streaming:
            yield await self.client.chat.completions.create(**request)
            return
        request |= {"stream": True, "stream_options": {"include_usage": True}}
        stream = await self.client.chat.completions.create(**request)
        async with stream:
            async for chunk in stream:
                yield chunk

    def _count(self, spent: dict[str, int], conversation: list[Message], current: _Round) -> None:
        """Add what a round cost: as the server says, or by estimate where it says nothing."""
        prompted, completed = current.prompt_tokens, current.completion_tokens
        if prompted is None:
            prompted = sum(estimated_tokens(str(message.get("content") or "")) for message in conversation)
        if completed is None:
            written = current.said + "".join(call.arguments for call in current.calls.values())
            completed = estimated_tokens(written)
        spent["prompt_tokens"] += prompted
        spent["completion_tokens"] += completed

    async def _carried_out(self, current: _Round, tools: Toolbox, prompt: Prompt) -> list[Message]:
        """Call the functions, one after the other, and tell the model what came of each."""
        calls = [call for _, call in sorted(current.calls.items())][:MOST_CALLS]
        for number, call in enumerate(calls):
            call.id = call.id or f"call_{number}"
        asked: Message = {
            "role": "assistant",
            "content": current.said or None,
            "tool_calls": [call.told() for call in calls],
        }
        told: list[Message] = []
        for call in calls:
            result = await called(call.name, call.arguments, tools, prompt)
            told.append({"role": "tool", "tool_call_id": call.id, "content": result})
        return [asked, *told]


def _is_json(text: str) -> bool:
    try:
        msgspec.json.decode(text)
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        return False
    return True
