"""The TOML file of a hub: read as strictly as it is written, for a wrong line in it is found nowhere else."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

TABLE: Final = "mira"
NOUNS: Final[Mapping[type, str]] = {
    bool: "true or false",
    int: "a whole number",
    float: "a number",
    str: "text in quotes",
}


def check_file(path: Path, kinds: Mapping[str, type]) -> None:
    """Look through a configuration file, given the kind of each setting that there is.

    Raises:
        ValueError: it cannot be read, has no [mira] table, or something in that which is no setting or not of
            its kind; the message is one line that names the file.
    """
    for name, value in _table(path).items():
        kind = kinds.get(name)
        if kind is None:
            raise ValueError(f"the configuration file {path} has {name}, which is not a setting of the hub")
        if not _is_a(value, kind):
            raise ValueError(
                f"the configuration file {path} has {name} = {value!r}, which must be {NOUNS[kind]}"
            )


def _table(path: Path) -> Mapping[str, object]:
    match _read(path).get(TABLE):
        case dict(table):
            return table
        case _:
            raise ValueError(f"the configuration file {path} has no [{TABLE}] table")


def _read(path: Path) -> Mapping[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ValueError(f"the configuration file {path} cannot be read ({error.strerror})") from error
    except ValueError as error:
        raise ValueError(f"the configuration file {path} is not TOML ({error})") from error


def _is_a(value: object, kind: type) -> bool:
    if kind is float:
        return isinstance(value, int | float) and not isinstance(value, bool)
    return type(value) is kind
