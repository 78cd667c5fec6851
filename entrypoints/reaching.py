"""Reaching a running hub from the command line: where it is, and the token that it is spoken to with."""

import argparse
import sys
from typing import Final

from entrypoints.configuration import WrongSetting, read_settings
from entrypoints.keys import OPERATOR_FILE

NO_ANSWER: Final = 3
"""The exit code where a hub does not answer."""
HERE: Final = "http://127.0.0.1:8080"
OPERATORS: Final = "an operator's token [default: that of this machine's hub]"


def reach(parser: argparse.ArgumentParser, *, whose: str = OPERATORS) -> None:
    """Let it be said which hub is meant, and with which token it is spoken to."""
    parser.add_argument("--url", default=HERE, help="the hub [default: %(default)s]")
    parser.add_argument("--token", help=whose)
    parser.add_argument("--data-dir", help="where this machine's hub keeps its data")


def operator_token(chosen: argparse.Namespace) -> str:
    """The token that was given, or the one that the hub of this machine keeps for its operator.

    Raises:
        WrongSetting: there is none.
    """
    if chosen.token:
        return str(chosen.token)
    folder = read_settings(["--data-dir", chosen.data_dir] if chosen.data_dir else []).settings.data_folder
    try:
        return (folder / OPERATOR_FILE).read_text().strip()
    except OSError as error:
        raise WrongSetting(
            f"there is no operator's token in {folder}: give one with --token, or the folder with --data-dir"
        ) from error


def no_answer(error: Exception) -> int:
    """Say that the hub does not answer, and give the exit code for it."""
    sys.stderr.write(f"mira: the hub does not answer: {error}\n")
    return NO_ANSWER
