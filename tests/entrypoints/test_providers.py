"""Reading who listens, thinks and speaks, in order of preference."""

import asyncio
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from domain.errors import InvalidValue
from entrypoints.configuration import WrongSetting, read_settings
from entrypoints.maintenance import doctor
from entrypoints.providers import OPENAI_URL, Chosen, key_of, read_choices, read_servers, read_traits


def test_a_list_is_read_in_its_order_with_usual_models() -> None:
    choices = read_choices("llm", " openai , ollama:llama3.2:3b,offline", ["openai", "ollama"])
    assert [choice.name for choice in choices] == ["openai:gpt-4o-mini", "ollama:llama3.2:3b", "offline"]
    assert choices[1] == Chosen(provider="ollama", model="llama3.2:3b")
    assert read_choices("stt", "openai,pocketsphinx", ["openai"])[0].name == "openai:whisper-1"
    assert read_choices("tts", "espeak,openai:tts-1-hd", ["openai"])[1].name == "openai:tts-1-hd"


@pytest.mark.parametrize(
    ("role", "text"),
    [
        ("llm", ""),
        ("llm", ","),
        ("llm", "groq:llama"),
        ("llm", "ollama"),
        ("llm", "espeak"),
        ("llm", "offline:big"),
        ("llm", "offline,offline"),
        ("tts", "pocketsphinx"),
    ],
)
def test_what_cannot_be_played_is_refused(role: str, text: str) -> None:
    with pytest.raises(ValueError, match=role):
        read_choices(role, text, ["openai", "ollama"])  # type: ignore[arg-type]


def test_servers_have_names_and_urls(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENAI_BASE_URL", raising=False)
    servers = read_servers("ollama=http://localhost:11434/v1, groq = https://api.groq.com/openai/v1")
    assert servers == {
        "openai": OPENAI_URL,
        "ollama": "http://localhost:11434/v1",
        "groq": "https://api.groq.com/openai/v1",
    }
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:8000/v1")
    assert read_servers("") == {"openai": "http://127.0.0.1:8000/v1"}
    monkeypatch.setenv("OPENAI_BASE_URL", "file:///etc/passwd")
    with pytest.raises(ValueError, match="OPENAI_BASE_URL"):
        read_servers("")
    monkeypatch.delenv("OPENAI_BASE_URL")
    for wrong in ("ollama", "ollama=", "ollama=localhost", "Big One=http://x", "offline=http://x"):
        with pytest.raises(ValueError, match="providers"):
            read_servers(wrong)


def test_each_provider_has_a_key_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-1")
    monkeypatch.setenv("GROQ_API_KEY", "")
    assert key_of("openai") == "sk-1"
    assert key_of("groq") is None


def test_traits_are_read_by_model() -> None:
    traits = read_traits("ollama:phi3=no-tools no-streaming, ollama:llava=images")
    assert traits == {"ollama:phi3": {"no-tools", "no-streaming"}, "ollama:llava": {"images"}}
    for wrong in ("ollama:phi3", "ollama:phi3=", "ollama:phi3=fast"):
        with pytest.raises(ValueError, match="model_traits"):
            read_traits(wrong)


def test_without_a_word_nothing_leaves_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-1")
    choices = read_settings([]).settings.choices
    assert {role: [one.name for one in chosen] for role, chosen in choices.items()} == {
        "stt": ["pocketsphinx"],
        "llm": ["offline"],
        "tts": ["espeak"],
    }


def test_a_hub_does_not_start_with_a_provider_that_it_does_not_know() -> None:
    with pytest.raises(WrongSetting, match="groq:llama"):
        read_settings(["--llm", "groq:llama"])
    chosen = read_settings(["--llm", "groq:llama,offline", "--providers", "groq=https://api.groq.com/v1"])
    assert [one.name for one in chosen.settings.choices["llm"]] == ["groq:llama", "offline"]
    assert not issubclass(WrongSetting, InvalidValue)


@pytest.mark.parametrize(
    ("status", "key", "finding"),
    [(200, "sk-1", "ok  "), (404, None, "ok  "), (401, "sk-1", "FAIL"), (None, None, "FAIL")],
)
async def test_the_doctor_asks_the_servers_that_are_named(
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    status: int | None,
    key: str | None,
    finding: str,
) -> None:
    keys: list[str | None] = []

    async def models(request: web.Request) -> web.Response:
        keys.append(request.headers.get("Authorization"))
        return web.Response(status=status or 200)

    app = web.Application()
    app.router.add_get("/v1/models", models)
    async with TestServer(app) as server:
        where = str(server.make_url("/v1")) if status else "http://127.0.0.1:9/v1"
        monkeypatch.delenv("BOX_API_KEY", raising=False)
        if key is not None:
            monkeypatch.setenv("BOX_API_KEY", key)
        asked = ["--data-dir", str(tmp_path), "--llm", "box:big,offline", "--providers", f"box={where}"]
        await asyncio.to_thread(doctor, asked)
    (line,) = [line for line in capsys.readouterr().out.splitlines() if " box at " in line]
    assert line.startswith(finding)
    assert "sk-1" not in line
    assert keys == ([] if status is None else [key and f"Bearer {key}"])
