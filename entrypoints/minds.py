"""Opening the providers of each role, and putting them in order behind one port each."""

from collections.abc import Callable, Coroutine, Mapping
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING, Any, Final

from attrs import define, field, frozen

from adapters.fallback.interlocutor import FallbackInterlocutor
from adapters.fallback.providers import Asking, Provider
from adapters.fallback.speech import FallbackSpeaker, FallbackTranscriber
from adapters.offline.assistant import OfflineAssistant
from adapters.openai.server import Server, connected
from application.ports.dialogue import Capabilities, Interlocutor
from application.ports.speech import Speaker, Transcriber
from entrypoints.providers import LOCAL, OPENAI, SEES, Chosen, key_of
from entrypoints.settings import Settings

if TYPE_CHECKING:
    from openai import AsyncOpenAI

Ready = Callable[[], Coroutine[Any, Any, None]]
PARTS_PER_PATIENCE: Final = 3
"""A part of an answer may take as long as so many silences: models call tools before they talk."""


async def ready_at_once() -> None:
    """Need no preparation."""


@frozen(kw_only=True)
class Minds:
    """The three roles, when the local transcriber is ready, and whose models personas may name."""

    transcriber: Transcriber
    interlocutor: Interlocutor
    speaker: Speaker
    ready: Ready
    models: frozenset[str]


@define
class Servers:
    """Clients of the servers that are used, each opened once."""

    settings: Settings
    stack: AsyncExitStack
    _clients: dict[str, "tuple[Server, AsyncOpenAI]"] = field(factory=dict)

    async def open(self, provider: str) -> None:
        """Have a client of a provider."""
        if provider not in self._clients:
            server = Server(
                name=provider,
                base_url=self.settings.servers[provider],
                api_key=key_of(provider),
                patience=self.settings.provider_patience_s,
            )
            client = await self.stack.enter_async_context(connected(server))
            self._clients[provider] = (server, client)

    def interlocutor(self, choice: Chosen) -> Interlocutor | None:
        """The model of an open provider, with what it can do."""
        from adapters.openai.interlocutor import OpenaiInterlocutor

        if choice.provider not in self._clients or not choice.model:
            return None
        server, client = self._clients[choice.provider]
        return OpenaiInterlocutor(
            client=client,
            server=server,
            model=choice.model,
            capabilities=_capabilities(choice, self.settings),
            context=self.settings.context_tokens,
        )

    def transcriber(self, choice: Chosen) -> Transcriber:
        """A model that writes down."""
        from adapters.openai.transcriber import OpenaiTranscriber

        server, client = self._clients[choice.provider]
        return OpenaiTranscriber(client=client, server=server, model=choice.model)

    def speaker(self, choice: Chosen) -> Speaker:
        """A model that speaks."""
        from adapters.openai.speaker import OpenaiSpeaker

        server, client = self._clients[choice.provider]
        return OpenaiSpeaker(client=client, server=server, model=choice.model)


def _capabilities(choice: Chosen, settings: Settings) -> Capabilities:
    traits = settings.traits.get(choice.name, frozenset())
    sees = choice.provider == OPENAI and SEES.match(choice.model) is not None
    return Capabilities(
        streaming="no-streaming" not in traits,
        tools="no-tools" not in traits,
        images="images" in traits or (sees and "no-images" not in traits),
    )


async def open_minds(
    stack: AsyncExitStack,
    settings: Settings,
    local_transcriber: Callable[[], Coroutine[Any, Any, "tuple[Transcriber, Ready]"]],
    local_speaker: Callable[[], Coroutine[Any, Any, Speaker]],
) -> Minds:
    """Open whoever is named in the settings, and nobody else; a local one only where it is named."""
    servers = Servers(settings, stack)
    lists = settings.choices
    for choice in (one for choices in lists.values() for one in choices):
        if choice.provider not in LOCAL.values():
            await servers.open(choice.provider)
    ready = ready_at_once
    transcribers: list[Provider[Transcriber]] = []
    for choice in lists["stt"]:
        if choice.provider == LOCAL["stt"]:
            role, ready = await local_transcriber()
        else:
            role = servers.transcriber(choice)
        transcribers.append(Provider(name=choice.name, role=role))
    speakers: list[Provider[Speaker]] = [
        Provider(
            name=choice.name,
            role=await local_speaker() if choice.provider == LOCAL["tts"] else servers.speaker(choice),
        )
        for choice in lists["tts"]
    ]
    return Minds(
        transcriber=FallbackTranscriber(providers=tuple(transcribers)),
        interlocutor=_interlocutor(servers, settings),
        speaker=FallbackSpeaker(providers=tuple(speakers)),
        ready=ready,
        models=frozenset(choice.provider for choice in lists["llm"]) | {LOCAL["llm"]},
    )


def _interlocutor(servers: Servers, settings: Settings) -> Interlocutor:
    """The models in order; a persona may name another model of a provider that is in the list."""
    named = {choice.provider for choice in settings.choices["llm"]}
    offline = OfflineAssistant()

    def find(name: str) -> Interlocutor | None:
        provider, _, model = name.partition(":")
        if provider == LOCAL["llm"]:
            return offline
        return servers.interlocutor(Chosen(provider=provider, model=model)) if provider in named else None

    roles: Mapping[str, Interlocutor | None] = {
        choice.name: find(choice.name) for choice in settings.choices["llm"]
    }
    providers = tuple(Provider(name=name, role=role) for name, role in roles.items() if role is not None)
    limit = settings.provider_patience_s * PARTS_PER_PATIENCE
    return FallbackInterlocutor(providers=providers, find=find, asking=Asking(limit=limit))
