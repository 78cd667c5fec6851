"""How a hub is told what to do: by the environment, then a TOML file, then flags, each over the last."""

import argparse
import difflib
import os
import re
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final, NoReturn, cast

import attrs
from attrs import frozen
from typed_settings.cli_argparse import make_parser, namespace2settings
from typed_settings.exceptions import TsError
from typed_settings.loaders import EnvLoader, FileLoader, TomlFormat

from entrypoints.config_file import TABLE, check_file
from entrypoints.settings import Settings

PREFIX: Final = "MIRA_"
CONFIG_VARIABLE: Final = "MIRA_CONFIG"
SECRET_VARIABLE: Final = "JWT_SECRET_KEY"  # noqa: S105 - the name of a variable
SHORTEST_SECRET: Final = 32
EVERYWHERE: Final = """\
Every option can also be set in the environment, as in MIRA_PORT=9000, or in a TOML file,
as in port = 9000 below [mira]. A flag goes before the file, and the file before the environment."""


class WrongSetting(Exception):
    """A setting that the hub cannot start with; the message is the one line that people see."""


@frozen(kw_only=True)
class Start:
    """What a hub starts with: its settings, and the key that its tokens are signed with, if one was given."""

    settings: Settings
    secret: bytes | None


def variables() -> tuple[str, ...]:
    """The environment variables that are read."""
    return tuple(PREFIX + name.upper() for name in _kinds())


def _kinds() -> Mapping[str, type]:
    """The kind of value of each setting; a choice is text."""
    options = attrs.fields(cast("type[attrs.AttrsInstance]", Settings))
    return {option.name: option.type if isinstance(option.type, type) else str for option in options}


def read_settings(
    arguments: Sequence[str],
    *,
    command: str = "mira serve",
    purpose: str = "Run the hub.",
    examples: str = "",
) -> Start:
    """Read the settings of a hub, for a command with a purpose and examples of its use.

    Raises:
        WrongSetting: a value cannot be, or a MIRA_ name is not known.
    """
    _refuse_unknown_variables()
    loaders: list[Any] = [EnvLoader(prefix=PREFIX)]
    try:
        file = _file(arguments)
        if file is not None:
            check_file(file, _kinds())
            loaders.append(FileLoader({"*": TomlFormat(TABLE)}, [file]))
        parser, merged = make_parser(
            Settings,
            loaders,
            prog=command,
            description=f"{purpose}\n\n{EVERYWHERE}",
            epilog=examples,
            formatter_class=argparse.RawDescriptionHelpFormatter,
            allow_abbrev=False,
        )
        parser.usage = f"{command} [OPTIONS]"
        parser.error = _refuse  # type: ignore[method-assign]
        parser.add_argument(
            "--config", metavar="FILE", help=f"TOML file with a [mira] table [{CONFIG_VARIABLE}]"
        )
        namespace = parser.parse_args(list(arguments))
        del namespace.config
        settings = namespace2settings(Settings, namespace, merged_settings=merged)
        _ = settings.choices
    except (TsError, ValueError) as error:
        raise WrongSetting(_one_line(error)) from error
    return Start(settings=settings, secret=_secret())


def _refuse_unknown_variables() -> None:
    known = {*variables(), CONFIG_VARIABLE}
    for name in sorted(os.environ):
        if name.startswith(PREFIX) and name not in known:
            near = difflib.get_close_matches(name, known, n=1)
            hint = f"; did you mean {near[0]}?" if near else ""
            raise WrongSetting(f"{name} is not a setting of the hub{hint} (mira serve --help lists them)")


def _file(arguments: Sequence[str]) -> Path | None:
    early = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
    early.error = _refuse  # type: ignore[method-assign]
    early.add_argument("--config", default=os.environ.get(CONFIG_VARIABLE))
    name = early.parse_known_args(list(arguments))[0].config
    if not name:
        return None
    path = Path(name)
    if not path.is_file():
        raise WrongSetting(f"the configuration file {path} is not there")
    return path


def _secret() -> bytes | None:
    text = os.environ.get(SECRET_VARIABLE)
    if text is None:
        return None
    if len(text.encode()) < SHORTEST_SECRET:
        raise WrongSetting(f"{SECRET_VARIABLE} must be at least {SHORTEST_SECRET} bytes long")
    return text.encode()


def _refuse(message: str) -> NoReturn:
    raise WrongSetting(message)


def _one_line(error: Exception) -> str:
    """Say what the library found wrong as a person would, with the name of the option."""
    if isinstance(error, ExceptionGroup):
        return "; ".join(_one_line(part) for part in error.exceptions)
    text = " ".join(str(error).split()).removeprefix("Could not convert loaded settings: - ValueError: ")
    unfit = re.match(r"Invalid default '(?P<value>.*?)' for option '(?P<name>\w+)' with type ", text)
    if unfit is None:
        return text
    name = unfit["name"]
    return f"{PREFIX}{name.upper()} (or {name} in the file) cannot be {unfit['value']!r}"


def exit_wrong(error: WrongSetting) -> int:
    """Say what is wrong in one line, and give the exit code of a wrong call."""
    print(f"mira: {error}", file=sys.stderr)  # noqa: T201 - the command line speaks here
    return 2
