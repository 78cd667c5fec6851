"""What a hub can be told before it starts."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import attrs
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from entrypoints.configuration import PREFIX, WrongSetting, exit_wrong, read_settings, variables
from entrypoints.settings import Settings

WriteFile = Callable[[str], list[str]]
NAMES = [field.name for field in attrs.fields(Settings)]  # type: ignore[arg-type]


@pytest.fixture
def file(tmp_path: Path) -> WriteFile:
    """Write a configuration file; the arguments that name it."""

    def write(content: str | bytes) -> list[str]:
        path = tmp_path / "mira.toml"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return ["--config", str(path)]

    return write


def read(*arguments: str) -> Settings:
    return read_settings(list(arguments)).settings


def wrong(*arguments: str) -> str:
    """What is said of a wrong setting: one line."""
    with pytest.raises(WrongSetting) as refused:
        read_settings(list(arguments))
    line = str(refused.value)
    assert line
    assert "\n" not in line
    return line


def test_a_hub_that_is_told_nothing_listens_at_home() -> None:
    start = read_settings([])
    assert start.settings == Settings()
    assert start.secret is None
    assert (start.settings.host, start.settings.port) == ("127.0.0.1", 8080)
    assert start.settings.registration_is_open
    assert start.settings.data_folder == Path.home() / ".local/share/mira"
    assert start.settings.cache_folder == Path.home() / ".cache/mira"
    assert start.settings.store_url == f"sqlite+aiosqlite:///{Path.home()}/.local/share/mira/mira.db"


@pytest.mark.parametrize("in_environment", [True, False])
@pytest.mark.parametrize("in_file", [True, False])
@pytest.mark.parametrize("as_flag", [True, False])
def test_a_flag_goes_before_the_file_and_the_file_before_the_environment(
    file: WriteFile, monkeypatch: pytest.MonkeyPatch, in_environment: bool, in_file: bool, as_flag: bool
) -> None:
    arguments: list[str] = []
    if in_environment:
        monkeypatch.setenv("MIRA_PORT", "1001")
    if in_file:
        arguments += file("[mira]\nport = 1002\n")
    if as_flag:
        arguments += ["--port", "1003"]
    expected = 1003 if as_flag else 1002 if in_file else 1001 if in_environment else 8080
    assert read(*arguments).port == expected


def test_the_file_may_be_named_in_the_environment(file: WriteFile, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MIRA_CONFIG", file("[mira]\nport = 1002\n[other]\nport = 5\n")[1])
    assert read().port == 1002


SAMPLES: dict[str, tuple[Any, ...]] = {
    "host": ("0.0.0.0",),
    "port": (0, 65535),
    "data_dir": ("/srv/mira",),
    "cache_dir": ("/srv/cache",),
    "database_url": ("postgresql+asyncpg://mira@db/mira", "sqlite+aiosqlite:////tmp/x.db", ""),
    "nats_url": ("nats://bus:4222", "tls://one:4222, tls://two:4222", ""),
    "nats_credentials": ("/etc/mira/hub.creds",),
    "nats_ca": ("/etc/mira/ca.pem",),
    "nats_certificate": ("/etc/mira/hub.pem",),
    "nats_key": ("/etc/mira/hub.key",),
    "public_url": ("https://mira.example", "http://hub:8080", ""),
    "open_registration": ("auto", "yes", "no"),
    "end_silence_ms": (200, 3000),
    "arbitration_window_ms": (0, 5000),
    "upload_queue": (1, 100000),
    "keep_audio": (True, False),
    "keep_audio_days": (0.01, 3650.0),
    "heartbeat_timeout_s": (1.0, 2.5, 3600.0),
    "transcribers": (1, 64),
    "stt": ("pocketsphinx", "openai:whisper-1,pocketsphinx"),
    "llm": ("offline", "openai", "openai:gpt-4o, offline"),
    "tts": ("espeak", "openai,espeak"),
    "providers": ("", "ollama=http://localhost:11434/v1"),
    "model_traits": ("", "openai:big=no-tools images"),
    "context_tokens": (2048, 131072),
    "provider_patience_s": (0.5, 600.0),
    "client_token_days": (1, 36500),
    "network_token_days": (1, 36500),
    "registration_token_hours": (1, 8760),
    "registration_token_uses": (1, 100000),
    "limits": ("", "api_requests_per_hour=5", "websocket_connections = 50, interactions_per_minute=7"),
    "networks_per_minute": (1, 1000000),
    "log_level": ("debug", "info", "warning", "error"),
    "log_json": (True, False),
}
WRONG: dict[str, tuple[str, ...]] = {
    "host": ("", " "),
    "port": ("", "x", "-1", "65536", "1.5", "1e3"),
    "data_dir": ("",),
    "cache_dir": ("",),
    "database_url": ("mysql://db", "postgresql://db", "x"),
    "nats_url": ("bus:4222", "http://bus:4222", "nats://one:4222,two:4222"),
    "nats_credentials": (),
    "nats_ca": (),
    "nats_certificate": (),
    "nats_key": (),
    "public_url": ("ftp://x", "mira.example"),
    "open_registration": ("", "maybe", "YES"),
    "end_silence_ms": ("199", "3001", "x"),
    "arbitration_window_ms": ("-1", "5001"),
    "upload_queue": ("0", "100001", "many"),
    "keep_audio": ("perhaps",),
    "keep_audio_days": ("0", "3651"),
    "heartbeat_timeout_s": ("0.9", "3601", "nan", "inf", "x"),
    "transcribers": ("0", "65"),
    "stt": ("", "offline", "groq:whisper"),
    "llm": ("", ",", "groq:llama", "offline:big"),
    "tts": ("", "pocketsphinx"),
    "providers": ("ollama", "ollama=localhost", "offline=http://x"),
    "model_traits": ("openai:big", "openai:big=fast"),
    "context_tokens": ("2047", "many"),
    "provider_patience_s": ("0.4", "601"),
    "client_token_days": ("0", "36501"),
    "network_token_days": ("0", "36501"),
    "registration_token_hours": ("0", "8761"),
    "registration_token_uses": ("0", "100001", "many"),
    "limits": (
        "5",
        "colour=3",
        "websocket_connections=0",
        "websocket_connections=-1",
        "websocket_connections",
    ),
    "networks_per_minute": ("0", "1000001"),
    "log_level": ("loud", ""),
    "log_json": ("maybe",),
}


def test_every_setting_is_sampled() -> None:
    assert set(SAMPLES) == set(WRONG) == set(NAMES)
    assert set(variables()) == {PREFIX + name.upper() for name in NAMES}


@pytest.mark.parametrize(("name", "value"), [(name, value) for name in NAMES for value in SAMPLES[name]])
def test_every_setting_can_be_given_in_each_of_the_three_ways(
    file: WriteFile, monkeypatch: pytest.MonkeyPatch, name: str, value: Any
) -> None:
    flag = "--" + name.replace("_", "-")
    if isinstance(value, bool):
        in_file, arguments = str(value).lower(), [flag if value else flag.replace("--", "--no-")]
    else:
        in_file, arguments = f'"{value}"' if isinstance(value, str) else str(value), [f"{flag}={value}"]
    assert getattr(read(*arguments), name) == value
    assert getattr(read(*file(f"[mira]\n{name} = {in_file}\n")), name) == value
    monkeypatch.setenv(PREFIX + name.upper(), str(value))
    assert getattr(read(), name) == value


@pytest.mark.parametrize(("name", "value"), [(name, value) for name in NAMES for value in WRONG[name]])
def test_a_value_that_cannot_be_is_refused_by_the_name_of_its_setting(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    flag = "--" + name.replace("_", "-")
    if name != "log_json":
        assert name in wrong(f"{flag}={value}").replace("-", "_")
    monkeypatch.setenv(PREFIX + name.upper(), value)
    assert name in wrong().lower()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("port = 1002\n", "no [mira] table"),
        ("mira = 5\n", "no [mira] table"),
        ("", "no [mira] table"),
        ("[mira\n", "not TOML"),
        (b"\xff\xfe", "not TOML"),
        ("[mira]\nprot = 1002\n", "prot"),
        ("[mira]\nconfig = 'x'\n", "config"),
        ("[mira]\n[mira.port]\nx = 1\n", "whole number"),
        ('[mira]\nport = "1002"\n', "whole number"),
        ("[mira]\nport = true\n", "whole number"),
        ("[mira]\nport = 1002.0\n", "whole number"),
        ("[mira]\nheartbeat_timeout_s = true\n", "a number"),
        ("[mira]\nlog_json = 1\n", "true or false"),
        ("[mira]\nhost = 5\n", "text"),
        ("[mira]\nport = 70000\n", "port"),
        ('[mira]\nlog_level = "loud"\n', "log_level"),
    ],
)
def test_a_file_with_something_wrong_in_it_is_refused_and_named(
    file: WriteFile, content: str, said: str
) -> None:
    assert said in wrong(*file(content))


def test_a_file_that_is_not_there_or_may_not_be_read_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "not there" in wrong("--config", str(tmp_path / "none.toml"))
    assert "not there" in wrong("--config", str(tmp_path))
    assert "--config" in wrong("--config")
    path = tmp_path / "mira.toml"
    path.write_text("[mira]\n")

    def refuse(*_: object, **__: object) -> str:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "read_text", refuse)
    assert "cannot be read (Permission denied)" in wrong("--config", str(path))


def test_a_whole_number_is_a_number(file: WriteFile) -> None:
    assert read(*file("[mira]\nheartbeat_timeout_s = 5\n")).heartbeat_timeout_s == 5.0


def test_an_unknown_variable_is_refused_with_the_one_that_may_be_meant(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("MIRA_PROT", "1")
    line = wrong()
    assert "MIRA_PROT" in line
    assert "MIRA_PORT" in line
    monkeypatch.delenv("MIRA_PROT")
    monkeypatch.setenv("MIRA_", "")
    assert "MIRA_ is not" in wrong()


@pytest.mark.parametrize("arguments", [["--prot", "1"], ["extra"], ["--por", "1"], ["--confi", "x"]])
def test_an_unknown_or_shortened_flag_is_refused(arguments: list[str]) -> None:
    assert arguments[0] in wrong(*arguments)


def test_a_shared_key_must_be_long_and_is_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    for short in ("", "s3cret", "s" * 31):
        monkeypatch.setenv("JWT_SECRET_KEY", short)
        line = wrong()
        assert "32 bytes" in line
        assert not short or short not in line
    monkeypatch.setenv("JWT_SECRET_KEY", "ü" * 16)
    assert read_settings([]).secret == ("ü" * 16).encode()


def test_a_database_url_with_a_password_is_not_shown_when_it_is_wrong() -> None:
    assert "hunter2" not in wrong("--database-url", "mysql://mira:hunter2@db/mira")


@pytest.mark.parametrize(
    ("host", "public_url", "asked", "is_open"),
    [
        ("127.0.0.1", "", "auto", True),
        ("::1", "", "auto", True),
        ("localhost", "", "auto", True),
        ("0.0.0.0", "", "auto", False),
        ("192.168.1.5", "", "auto", False),
        ("127.0.0.1", "https://mira.example", "auto", False),
        ("0.0.0.0", "https://mira.example", "yes", True),
        ("127.0.0.1", "", "no", False),
    ],
)
def test_registration_is_open_at_home_only_unless_it_is_said_otherwise(
    host: str, public_url: str, asked: Any, is_open: bool
) -> None:
    settings = Settings(host=host, public_url=public_url, open_registration=asked)
    assert settings.registration_is_open is is_open


def test_the_help_shows_every_option_with_its_default(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        read_settings(["--help"], command="mira try", purpose="Try it.", examples="examples:\n  mira try")
    assert left.value.code == 0
    shown = capsys.readouterr().out
    flat = " ".join(shown.split())
    for field in attrs.fields(Settings):  # type: ignore[arg-type]
        assert "--" + field.name.replace("_", "-") in flat
        if not isinstance(field.default, bool):
            assert f"[default: {field.default}]" in flat
    assert "mira try [OPTIONS]" in shown
    assert "Try it." in shown
    assert "MIRA_PORT" in shown
    assert "examples:\n  mira try" in shown


def test_a_wrong_setting_is_said_in_one_line_with_the_exit_code_of_a_wrong_call(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert exit_wrong(WrongSetting("port cannot be x")) == 2
    assert capsys.readouterr().err == "mira: port cannot be x\n"


@hypothesis_settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=st.text(max_size=40) | st.binary(max_size=40))
def test_whatever_is_in_the_file_it_is_read_or_refused_in_one_line(
    file: WriteFile, content: str | bytes
) -> None:
    raw = content if isinstance(content, bytes) else content.encode("utf-8", "surrogatepass")
    try:
        read(*file(b"[mira]\n" + raw))  # type: ignore[arg-type]
    except WrongSetting as refused:
        assert "\n" not in str(refused)  # noqa: PT017 - it may also be read
