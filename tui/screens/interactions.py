"""Interactions: what was said and answered in a network, how it was heard, and why a stream was used."""

from collections.abc import Mapping, Sequence
from typing import ClassVar, Final

from rich.text import Text
from textual.binding import Binding, BindingType

from adapters.hub import Hub
from adapters.hub.answers import Interaction, Stream
from tui.marks import age, bar, clock
from tui.screens.table_page import ReadPage, described
from tui.theme import Palette
from tui.widgets.grid import Column

PAGE: Final = 200
HIDDEN: Final = "••••••••"
SIGNS: Final[Mapping[str, str]] = {"completed": "✓", "not_understood": "?", "failed": "✗", "processing": "…"}
STAGES: Final = ("end_of_turn", "arbitration", "transcription", "first_token", "reply", "speech", "total")


def _colour(status: str, colours: Palette) -> str:
    return {
        "completed": colours.good,
        "not_understood": colours.warn,
        "processing": colours.accent,
    }.get(status, colours.bad)


class InteractionsPage(ReadPage[Interaction]):
    """The turns of a network."""

    NAME = "interactions"
    TITLE_OF_TABLE = "Interactions"
    ABOUT = "What was said and answered in a network, how it was heard, and why a stream was used or lost."
    EMPTY = "Nothing was said here yet."
    MEANINGS = (
        ("✓ ? ✗ …", "completed, not understood, failed, under way"),
        ("▶", "the stream that was used"),
    )
    BINDINGS: ClassVar[list[BindingType]] = [Binding("t", "transcripts", "Words")]

    def columns(self) -> Sequence[Column[Interaction]]:
        """The columns; words are hidden until they are asked for."""
        return (
            Column(
                title="at",
                show=lambda one, colours: Text(clock(one.timestamp), style=colours.dim),
                order=lambda one: one.timestamp,
                width=8,
                descending=True,
            ),
            Column(
                title="",
                show=lambda one, colours: Text(
                    SIGNS.get(one.processing_status, "✗"), style=_colour(one.processing_status, colours)
                ),
                order=lambda one: one.processing_status,
                width=1,
            ),
            Column(
                title="client", show=lambda one, _: one.client_id, order=lambda one: one.client_id, width=16
            ),
            Column(title="said", show=lambda one, colours: self._words(one.text, colours), width=16, grow=3),
            Column(
                title="answered",
                show=lambda one, colours: self._words(one.response, colours),
                width=16,
                grow=3,
                rank=3,
            ),
            Column(
                title="score",
                show=lambda one, _: f"{one.audio.quality_score:.1f}" if one.audio else "typed",
                order=lambda one: one.audio.quality_score if one.audio else -1.0,
                width=6,
                right=True,
                rank=1,
                descending=True,
            ),
            Column(
                title="of",
                show=lambda one, _: str(len(one.audio.streams)) if one.audio else "",
                order=lambda one: len(one.audio.streams) if one.audio else 0,
                width=2,
                right=True,
                rank=4,
            ),
            Column(
                title="ms",
                show=lambda one, _: f"{one.timings.get('total', 0):.0f}",
                order=lambda one: one.timings.get("total", 0.0),
                width=6,
                right=True,
                rank=2,
                descending=True,
            ),
        )

    def key(self, item: Interaction) -> object:
        """Its id."""
        return item.interaction_id

    async def read(self, hub: Hub, network_id: str) -> list[Interaction]:
        """The latest turns."""
        return list((await hub.interactions(network_id, limit=PAGE)).items)

    def words_of(self, item: Interaction) -> Sequence[str | None]:
        """What is said only where it is shown, or the filter would tell it."""
        said = (item.text, item.response) if self.dashboard.transcripts else ()
        actions = (action.action_type for action in item.actions)
        return (item.client_id, item.interaction_id, item.processing_status, *actions, *said)

    def details_of(self, item: Interaction, colours: Palette) -> Text:
        """Words, timing, and every stream that heard it."""
        rows = [
            ("id", item.interaction_id),
            ("conversation", item.conversation_id),
            ("client", item.client_id),
            ("speaker", item.speaker_id),
            ("status", Text(item.processing_status, style=_colour(item.processing_status, colours))),
            ("at", item.timestamp),
            ("age", age(item.timestamp)),
            ("said", self._words(item.text, colours)),
            ("answered", self._words(item.response, colours)),
            ("actions", tuple(action.action_type for action in item.actions)),
        ]
        text = described("Turn", rows, colours)
        text.append("\n")
        text.append_text(_timings(item.timings, colours))
        if item.audio is None:
            text.append("\nTyped: no stream was heard.\n", style=colours.dim)
            return text
        text.append("\n")
        heading = f"Heard by {len(item.audio.streams)}, {item.audio.seconds:.1f} s"
        used = [("used", item.audio.selected_client_id), ("because", item.audio.reason.replace("_", " "))]
        text.append_text(described(heading, used, colours))
        for stream in item.audio.streams:
            text.append_text(_stream(stream, colours))
        return text

    def action_transcripts(self) -> None:
        """Show what people say, or hide it again."""
        self.dashboard.show_transcripts(not self.dashboard.transcripts)
        self.fill()

    def _words(self, words: str, colours: Palette) -> Text:
        if not words:
            return Text("-", style=colours.faint)
        if not self.dashboard.transcripts:
            return Text(HIDDEN, style=colours.faint)
        return Text(words, style=colours.text)


def _timings(timings: Mapping[str, float], colours: Palette) -> Text:
    """How long each stage took, side by side."""
    text = Text("Milliseconds\n", style=f"bold {colours.accent}")
    total = max([*timings.values(), 1.0])
    for stage in STAGES:
        took = timings.get(stage)
        if took is not None:
            text.append(f"{stage.replace('_', ' '):<14}", style=colours.dim)
            text.append_text(bar(took / total, 16, colours.cold, colours.faint))
            text.append(f" {took:6.0f}\n", style=colours.text)
    return text


def _stream(stream: Stream, colours: Palette) -> Text:
    """How one stream heard, and what became of it."""
    colour = colours.good if stream.selected else colours.dim
    text = Text(f"{'▶' if stream.selected else ' '} {stream.client_id:<18}", style=f"bold {colour}")
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
