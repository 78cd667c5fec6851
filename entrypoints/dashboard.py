"""`mira tui`: the operator's dashboard, in the terminal or as a picture."""

import argparse
import asyncio
import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from entrypoints.configuration import WrongSetting, exit_wrong
from entrypoints.reaching import no_answer, operator_token, reach

EXAMPLES: Final = """\
examples:
  mira tui                                              of this machine's hub
  mira tui --url https://mira.example --token TOKEN     of a hub elsewhere
  mira tui --screen health --theme light
  mira tui --screen live --screenshot live.svg          a picture, without a terminal
"""
SCREENS: Final = (
    "live",
    "networks",
    "clients",
    "personas",
    "sessions",
    "interactions",
    "agenda",
    "activities",
    "health",
)
THEMES: Final = ("dark", "light", "contrast")
SIZE: Final = re.compile(r"(\d{2,3})x(\d{2,3})")


def tui(arguments: Sequence[str]) -> int:
    """Open the dashboard, or draw one of its screens into a file."""
    parser = argparse.ArgumentParser(
        prog="mira tui",
        description="Watch and steer a running hub.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    reach(parser)
    parser.add_argument("--screen", choices=SCREENS, default="live", help="the first screen [%(default)s]")
    parser.add_argument("--theme", choices=THEMES, default="dark", help="the colours [%(default)s]")
    parser.add_argument("--network", metavar="ID", help="the network that is chosen at first [all]")
    parser.add_argument("--screenshot", metavar="FILE.svg", type=Path, help="draw the screen, and stop")
    parser.add_argument("--size", default="120x40", help="of a screenshot, columns x rows [%(default)s]")
    parser.add_argument("--after", type=float, default=2.0, help="seconds before it is drawn [%(default)s]")
    parser.add_argument("--keys", default="", help='keys to press first, as in "j j t"')
    chosen = parser.parse_args(list(arguments))
    try:
        return _open(chosen, operator_token(chosen), _size(chosen.size))
    except WrongSetting as error:
        return exit_wrong(error)


def _size(text: str) -> tuple[int, int]:
    """Columns and rows.

    Raises:
        WrongSetting: the text does not say them.
    """
    size = SIZE.fullmatch(text)
    if size is None:
        raise WrongSetting("--size is columns x rows, as in 120x40")
    return int(size[1]), int(size[2])


def _open(chosen: argparse.Namespace, token: str, size: tuple[int, int]) -> int:
    from tui.app import Dashboard
    from tui.link import Link
    from tui.picture import Picture
    from tui.screenshot import NoPicture, Refused, draw

    link = Link(chosen.url.rstrip("/"), token, Picture())
    dashboard = Dashboard(link, page=chosen.screen, theme=chosen.theme, network_id=chosen.network)
    if chosen.screenshot is None:
        if not sys.stdout.isatty():
            return exit_wrong(WrongSetting("this is no terminal: use --screenshot FILE.svg, or mira status"))
        dashboard.run()
        return dashboard.return_code or 0
    try:
        keys = tuple(chosen.keys.split())
        asyncio.run(draw(dashboard, chosen.screenshot, size=size, after=chosen.after, keys=keys))
    except NoPicture as error:
        return no_answer(error)
    except Refused as error:
        return exit_wrong(WrongSetting(f"the hub refuses: {error}"))
    except OSError as error:
        return exit_wrong(WrongSetting(f"{chosen.screenshot} cannot be written ({error.strerror})"))
    return 0
