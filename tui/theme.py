"""Colours: three themes, safe for the colour-blind; every state has a sign too, so that none needs colour."""

from collections.abc import Mapping
from typing import Final

from attrs import frozen
from textual.app import App
from textual.theme import Theme


@frozen(kw_only=True)
class Palette:
    """The colours that text is drawn with, as hexadecimal numbers."""

    text: str
    dim: str
    faint: str
    accent: str
    good: str
    warn: str
    bad: str
    cold: str
    warm: str
    surface: str
    panel: str
    cursor: str
    cursor_text: str


DARK: Final = Palette(
    text="#d8dee9",
    dim="#8a94a6",
    faint="#3b4456",
    accent="#56b4e9",
    good="#2fbf9b",
    warn="#e6a532",
    bad="#f2777a",
    cold="#7c9fe0",
    warm="#d9a8e8",
    surface="#12161f",
    panel="#1a202c",
    cursor="#24405c",
    cursor_text="#ffffff",
)
LIGHT: Final = Palette(
    text="#1f2733",
    dim="#5d6878",
    faint="#c3cad5",
    accent="#00609c",
    good="#00694e",
    warn="#8f5600",
    bad="#b3261e",
    cold="#3454a4",
    warm="#7d3c98",
    surface="#f7f8fa",
    panel="#e9edf2",
    cursor="#bcdcf2",
    cursor_text="#0b1320",
)
CONTRAST: Final = Palette(
    text="#ffffff",
    dim="#d0d0d0",
    faint="#808080",
    accent="#00d7ff",
    good="#00ff9c",
    warn="#ffd700",
    bad="#ff8a80",
    cold="#9fc5ff",
    warm="#ffb3ff",
    surface="#000000",
    panel="#000000",
    cursor="#ffff00",
    cursor_text="#000000",
)
PALETTES: Final[Mapping[str, Palette]] = {"dark": DARK, "light": LIGHT, "contrast": CONTRAST}


def themes() -> tuple[Theme, ...]:
    """The themes, as Textual wants them."""
    return tuple(
        Theme(
            name=name,
            dark=name != "light",
            primary=colours.accent,
            secondary=colours.cold,
            accent=colours.accent,
            warning=colours.warn,
            error=colours.bad,
            success=colours.good,
            foreground=colours.text,
            background=colours.surface,
            surface=colours.surface,
            panel=colours.panel,
            variables={
                "border": colours.faint,
                "border-blurred": colours.faint,
                "footer-background": colours.panel,
                "footer-key-foreground": colours.accent,
                "footer-description-foreground": colours.dim,
                "block-cursor-background": colours.cursor,
                "block-cursor-foreground": colours.cursor_text,
                "scrollbar": colours.faint,
                "scrollbar-hover": colours.dim,
                "scrollbar-active": colours.accent,
                "scrollbar-background": colours.surface,
                "scrollbar-background-hover": colours.surface,
                "scrollbar-background-active": colours.surface,
                "scrollbar-corner-color": colours.surface,
                "dim": colours.dim,
                "faint": colours.faint,
            },
        )
        for name, colours in PALETTES.items()
    )


def palette_of(app: App[object]) -> Palette:
    """The colours of the theme that an app shows."""
    return PALETTES.get(app.theme, DARK)
