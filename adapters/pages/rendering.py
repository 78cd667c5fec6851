"""Turning what is to be shown into a page: one file, with its style inside and no script."""

import re
from functools import cache
from pathlib import Path
from typing import Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

CODE: Final = re.compile(r"`([^`]+)`")
TEMPLATES: Final = Path(__file__).parent / "templates"
MEDIA_TYPE: Final = "text/html; charset=utf-8"
HEADERS: Final = {"Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'"}
"""Nothing is fetched from anywhere, whatever a page says."""


def render(template: str, **shown: object) -> bytes:
    """A page in UTF-8; everything that is shown is escaped."""
    return _environment().get_template(template).render(**shown).encode()


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["prose"] = prose
    return environment


def prose(text: str) -> Markup:
    """A sentence with what stands between backticks set as code."""
    plain, code = Markup("{}"), Markup("<code>{}</code>")
    parts = CODE.split(text)
    return Markup("").join((code if place % 2 else plain).format(part) for place, part in enumerate(parts))
