"""Who lives in a hub under test with sockets: an echo, and a notebook of what was heard."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from datetime import timedelta

import numpy as np
from attrs import define, field, frozen

from application.ports.dialogue import Capabilities, Prompt, ReplyDone, ReplyPart, Sentence, Toolbox
from domain.audio.decisions import StreamState
from domain.audio.pcm import Samples
from domain.clients import Client
from domain.errors import ModelInferenceFailed
from domain.ids import ClientId, NetworkId
from domain.interactions import Usage


@frozen
class Echo:
    """Answers with what was said; sets a reminder when asked for tea; waits, fails or breaks when told to."""

    @property
    def capabilities(self) -> Capabilities:
        return Capabilities(invention=False)

    async def answer(self, prompt: Prompt, tools: Toolbox) -> AsyncIterator[ReplyPart]:
        match prompt.text.split():
            case ["wait", seconds]:
                await asyncio.sleep(float(seconds))
            case ["fail"]:
                raise ModelInferenceFailed("Nobody could think of an answer.")
            case ["break"]:
                raise ZeroDivisionError("a secret detail of the inside")
            case ["tea"]:
                await tools.create_reminder(title="tea", due_time=prompt.now + timedelta(hours=1))
        yield Sentence(text=f"You said {prompt.text}.")
        yield ReplyDone(usage=Usage(model="test:echo"))


@define(eq=False)
class Notebook:
    """Listens by writing down what it hears, and in which order."""

    heard: list[tuple[str, NetworkId, ClientId]] = field(factory=list)
    sound: dict[tuple[NetworkId, ClientId], list[tuple[int | None, Samples]]] = field(factory=dict)
    hints: dict[tuple[NetworkId, ClientId], Mapping[str, float]] = field(factory=dict)

    def join(self, network_id: NetworkId, client: Client) -> None:
        self.heard.append(("join", network_id, client.id))

    def hear(
        self, network_id: NetworkId, client_id: ClientId, samples: Samples, captured_at: int | None
    ) -> None:
        assert samples.dtype == np.float32
        self.heard.append(("hear", network_id, client_id))
        self.sound.setdefault((network_id, client_id), []).append((captured_at, samples))

    def streams(self, network_id: NetworkId) -> tuple[StreamState, ...]:
        return ()

    def note(self, network_id: NetworkId, client_id: ClientId, reported: Mapping[str, float]) -> None:
        self.hints[network_id, client_id] = reported

    def last_choice(self, network_id: NetworkId) -> None:
        return None

    def finish(self, network_id: NetworkId, client_id: ClientId) -> None:
        self.heard.append(("finish", network_id, client_id))

    def leave(self, network_id: NetworkId, client_id: ClientId) -> None:
        self.heard.append(("leave", network_id, client_id))

    def calls(self, client_id: str) -> list[str]:
        """What was called for a client."""
        return [call for call, _, client in self.heard if client == client_id]
