"""How a turn was heard: how long its stages took, and why one of the streams was used."""

from collections.abc import Callable, Mapping
from typing import Final

from rich.text import Text

from adapters.hub.answers import Hearing, Stream
from tui.marks import bar
from tui.theme import Palette
from tui.widgets.described import described

STAGES: Final = ("end_of_turn", "arbitration", "transcription", "first_token", "reply", "speech", "total")


def heard(audio: Hearing | None, called: Callable[[str], str], colours: Palette) -> Text:
    """Every stream of an utterance, the used one marked, each with its reason."""
    if audio is None:
        return Text("Typed: no stream was heard.\n", style=colours.dim)
    used = [("used", called(audio.selected_client_id)), ("because", audio.reason.replace("_", " "))]
    text = described(f"Heard by {len(audio.streams)}, {audio.seconds:.1f} s", used, colours)
    for stream in audio.streams:
        text.append_text(_stream(stream, called(stream.client_id), colours))
    return text


def taken(timings: Mapping[str, float], colours: Palette) -> Text:
    """How long each stage took, side by side."""
    text = Text.assemble(("Milliseconds\n", f"bold {colours.accent}"))
    total = max([*timings.values(), 1.0])
    for stage in STAGES:
        took = timings.get(stage)
        if took is not None:
            text.append(f"{stage.replace('_', ' '):<14}", style=colours.dim)
            text.append_text(bar(took / total, 16, colours.cold, colours.faint))
            text.append(f" {took:6.0f}\n", style=colours.text)
    return text


def _stream(stream: Stream, name: str, colours: Palette) -> Text:
    """How one stream heard, and what became of it."""
    colour = colours.good if stream.selected else colours.dim
    text = Text.assemble((f"{'▶' if stream.selected else ' '} {name[:18]:<18}", f"bold {colour}"))
    text.append_text(bar(stream.quality_score / 10, 10, colour, colours.faint))
    text.append(f" {stream.quality_score:4.1f}\n", style=f"bold {colour}")
    metrics = stream.metrics
    text.append(
        f"    SNR {metrics.get('snr', 0):.0f} dB  clarity {metrics.get('speech_clarity', 0):.0f}"
        f"  level {metrics.get('volume_level', 0):.2f}\n",
        style=colours.text,
    )
    if stream.reason:
        text.append(f"    {stream.reason}\n", style=f"italic {colours.dim}")
    return text
