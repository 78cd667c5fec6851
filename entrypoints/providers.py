"""Who listens, thinks and speaks: reading the lists of providers in the settings, in order of preference."""

import os
import re
from collections.abc import Collection, Mapping
from typing import Final, Literal

from attrs import frozen

Role = Literal["stt", "llm", "tts"]

LOCAL: Final[Mapping[Role, str]] = {"stt": "pocketsphinx", "llm": "offline", "tts": "espeak"}
"""Who plays each role on the machine itself."""
OPENAI: Final = "openai"
OPENAI_URL: Final = "https://api.openai.com/v1"
OPENAI_URL_VARIABLE: Final = "OPENAI_BASE_URL"
USUAL_MODELS: Final[Mapping[Role, str]] = {"stt": "whisper-1", "llm": "gpt-4o-mini", "tts": "tts-1"}
"""The models of OpenAI where none is named."""
NAME: Final = re.compile(r"[a-z][a-z0-9_]{0,31}")
TRAITS: Final = frozenset({"tools", "no-tools", "streaming", "no-streaming", "images", "no-images"})
SEES: Final = re.compile(r"gpt-4o|gpt-4\.1|gpt-5|o3|o4")


@frozen(kw_only=True)
class Chosen:
    """One provider of a list, and the model that it is asked for; a local one has none."""

    provider: str
    model: str = ""

    @property
    def name(self) -> str:
        """How it is called: provider:model."""
        return f"{self.provider}:{self.model}" if self.model else self.provider


def read_servers(text: str) -> Mapping[str, str]:
    """The servers that speak the OpenAI API, by name: "ollama=http://localhost:11434/v1" and OpenAI itself.

    Raises:
        ValueError: a part of the text is no name and URL.
    """
    servers = {OPENAI: os.environ.get(OPENAI_URL_VARIABLE) or OPENAI_URL}
    if not servers[OPENAI].startswith(("http://", "https://")):
        raise ValueError(f"{OPENAI_URL_VARIABLE} must begin with http:// or https://")
    for part in _parts(text):
        name, equals, url = (word.strip() for word in part.partition("="))
        if not equals or not NAME.fullmatch(name) or not url.startswith(("http://", "https://")):
            raise ValueError(
                f"providers must be names and URLs, as in ollama=http://localhost:11434/v1; not {part!r}"
            )
        if name in LOCAL.values():
            raise ValueError(f"providers: {name} is on this machine already")
        servers[name] = url
    return servers


def read_choices(role: Role, text: str, servers: Collection[str]) -> tuple[Chosen, ...]:
    """The providers of a role in order of preference: "openai:gpt-4o-mini,ollama:llama3.2,offline".

    Raises:
        ValueError: there is none, one is not known, or it lacks its model.
    """
    choices = tuple(_choice(role, part, servers) for part in _parts(text))
    if not choices:
        raise ValueError(f"{role} must name a provider, such as {LOCAL[role]}")
    if len({choice.name for choice in choices}) < len(choices):
        raise ValueError(f"{role} names a provider twice")
    return choices


def _choice(role: Role, part: str, servers: Collection[str]) -> Chosen:
    provider, _, model = part.partition(":")
    if provider == LOCAL[role] and not model:
        return Chosen(provider=provider)
    if provider not in servers:
        known = ", ".join([LOCAL[role], *servers])
        raise ValueError(f"{role} must be of {known} (MIRA_PROVIDERS adds servers); not {part!r}")
    usual = USUAL_MODELS[role] if provider == OPENAI else ""
    if not (model or usual):
        raise ValueError(f"{role}: {provider} needs a model, as in {provider}:name-of-the-model")
    return Chosen(provider=provider, model=model or usual)


def read_traits(text: str) -> Mapping[str, frozenset[str]]:
    """What models can do that is not as usual: "ollama:phi3=no-tools no-streaming,ollama:llava=images".

    Raises:
        ValueError: a part of the text is no model with traits.
    """
    traits: dict[str, frozenset[str]] = {}
    for part in _parts(text):
        name, equals, words = part.partition("=")
        given = frozenset(words.split())
        if not equals or not given or not given <= TRAITS:
            known = ", ".join(sorted(TRAITS))
            raise ValueError(f"model_traits must be as in ollama:phi3=no-tools, of {known}; not {part!r}")
        traits[name.strip()] = given
    return traits


def key_of(provider: str) -> str | None:
    """The key of a provider, from the variable that is named after it: OPENAI_API_KEY, GROQ_API_KEY."""
    return os.environ.get(f"{provider.upper()}_API_KEY") or None


def _parts(text: str) -> list[str]:
    return [part for part in (part.strip() for part in text.split(",")) if part]
