"""The streams of a network as moving meters, the used one marked with its reason."""

from collections.abc import Sequence

from rich.text import Text

from tui.marks import bar, spark, squeezed
from tui.picture import Picture
from tui.theme import Palette
from tui.tracks import HISTORY_SECONDS, METERS_PER_SECOND, StreamTrack
from tui.widgets.lines import Lines

BEST_SCORE = 10.0
BEST_SNR = 40.0
BEST_CLARITY = 100.0
BESIDE_BARS = 42
"""Columns that the names and figures of the measures need."""


class Meters(Lines):
    """One block a stream: score, SNR, clarity, level, and the scores of the last half minute."""

    DEFAULT_CSS = """
    Meters {
        height: 1fr; min-height: 6; border: round $border; padding: 0 1;
    }
    """

    def __init__(self, picture: Picture) -> None:
        super().__init__()
        self.picture = picture
        self.network_id: str | None = None

    def lines(self, width: int, height: int, colours: Palette) -> Sequence[Text]:
        """The streams that there is room for, the used one first."""
        streams = self.picture.streams.get(self.network_id or "")
        if streams is None or not streams.tracks:
            return [Text(), Text("  Nobody is heard just now.", style=f"italic {colours.dim}")]
        tracks = sorted(
            streams.tracks.values(), key=lambda track: (not track.now.selected, track.now.client_id)
        )
        lines_each = max(1, min(4, height // len(tracks)))
        shown = tracks[: max(1, height // lines_each)]
        return [line for track in shown for line in self._block(track, width, lines_each, colours)]

    def _block(self, track: StreamTrack, width: int, lines: int, colours: Palette) -> list[Text]:
        history_needed = int(HISTORY_SECONDS * METERS_PER_SECOND)
        scores = [0.0] * (history_needed - len(track.scores)) + list(track.scores)
        colour = colours.good if track.now.selected else colours.accent
        history = spark(squeezed(scores, width - 12), width - 12, colour, most=BEST_SCORE)
        block = [self._head(track, width, colours)]
        if lines >= 2:
            block.append(self._measures(track, width, colours, with_reason=lines < 4))
        if lines >= 3:
            block.append(Text.assemble(("  30s ago ", colours.dim), history, (" ▏", colours.faint)))
        if lines >= 4:
            block.append(self._reason(track, width, colours))
        return block

    def _head(self, track: StreamTrack, width: int, colours: Palette) -> Text:
        stream = track.now
        colour = colours.good if stream.selected else colours.accent if stream.speaking else colours.dim
        mark = "▶" if stream.selected else "●" if stream.speaking else "○"
        state = (
            "used" if stream.selected else "gone" if track.gone else "heard" if stream.speaking else "idle"
        )
        name = self.picture.called(self.network_id, stream.client_id)[:18].ljust(18)
        room = max(8, width - 18 - 2 - 14)
        score = stream.quality_score if not track.gone else 0.0
        text = Text(f"{mark} ", style=f"bold {colour}", no_wrap=True)
        text.append(name, style=f"bold {colours.text}" if stream.selected else colours.text)
        text.append(" ")
        text.append_text(bar(score / BEST_SCORE, room, colour, colours.faint))
        text.append(f" {score:4.1f} ", style=f"bold {colour}")
        text.append(state, style=colour)
        return text

    def _reason(self, track: StreamTrack, width: int, colours: Palette) -> Text:
        text = Text(f"  {track.reason}", style=f"italic {colours.dim}", no_wrap=True)
        text.truncate(width, overflow="ellipsis")
        return text

    def _measures(self, track: StreamTrack, width: int, colours: Palette, *, with_reason: bool) -> Text:
        metrics = track.now.metrics
        snr, clarity, level = (metrics.get(name, 0.0) for name in ("snr", "speech_clarity", "volume_level"))
        reason = track.reason if with_reason else ""
        bars = 8 if width >= BESIDE_BARS + 24 + len(reason) else 4 if width >= 56 else 0
        text = Text("  ", no_wrap=True)
        for name, share, said in (
            ("SNR", snr / BEST_SNR, f"{snr:3.0f} dB"),
            ("clarity", clarity / BEST_CLARITY, f"{clarity:3.0f}"),
            ("level", level, f"{level:.2f}"),
        ):
            text.append(f"{name} ", style=colours.dim)
            if bars:
                text.append_text(bar(share, bars, colours.cold, colours.faint))
                text.append(" ")
            text.append(f"{said}  ", style=colours.text)
        if metrics.get("clipping", 0.0) > 0.01:
            text.append("! clips  ", style=f"bold {colours.warn}")
        if reason:
            text.append(reason, style=f"italic {colours.dim}")
        text.truncate(width, overflow="ellipsis")
        return text
