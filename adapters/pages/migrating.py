"""The migration guide: what goes away, when, and what to do instead."""

from collections.abc import Iterable, Mapping
from typing import Any

from adapters.pages.rendering import render

Document = Mapping[str, Any]


def migrating_page(document: Document) -> bytes:
    """Show every operation of an OpenAPI document that goes away."""
    going = [
        {"method": method.upper(), "path": path, **one}
        for path, methods in document["paths"].items()
        for method, one in methods.items()
        if one.get("deprecated")
    ]
    return render(
        "migrating.html", here="migrating", up="../", info=document["info"], going=_soonest_first(going)
    )


def _soonest_first(going: Iterable[Document]) -> list[Document]:
    return sorted(going, key=lambda one: str(one["x-sunset"]))
