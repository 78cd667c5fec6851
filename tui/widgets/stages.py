"""Turns in flight, their stages filling up, and those that were over last."""

from collections.abc import Mapping, Sequence
from typing import Final

from rich.text import Text

from adapters.hub.operating import TurnSeen
from tui import marks
from tui.picture import OVER, Picture
from tui.theme import Palette
from tui.widgets.lines import Lines, entitle

SPOKEN: Final = ("end_of_turn", "arbitration", "transcription", "reply", "speech")
TYPED: Final = ("reply", "speech")
WORDS: Final[Mapping[str, str]] = {
    "end_of_turn": "pause",
    "arbitration": "pick",
    "transcription": "words",
    "reply": "answer",
    "speech": "voice",
}
LEAST_ROOM: Final = 7
MOST_ROOM: Final = 16
"""Letters of who spoke, where there is little room and where there is much."""
FRAMES: Final = "◐◓◑◒"
SIGNS: Final[Mapping[str | None, str]] = {"completed": "✓", "not_understood": "?", "failed": "✗"}


class Stages(Lines):
    """One line a turn: which stages are behind it, which one it is in, and how long each took."""

    DEFAULT_CSS = """
    Stages { height: 6; border: round $border; padding: 0 1; }
    """

    def __init__(self, picture: Picture) -> None:
        super().__init__()
        self.picture = picture
        self.network_id: str | None = None
        entitle(self, "Turns")

    def lines(self, width: int, height: int, colours: Palette) -> Sequence[Text]:
        """Those under way, and as many of the last ones as there is room for."""
        under_way = [turn for turn in self.picture.turns.values() if self._is_here(turn)]
        over = [turn for turn in reversed(self.picture.over) if self._is_here(turn)]
        drawn = [
            _line(turn, self.picture.called(turn.network_id, turn.client_id), width, colours)
            for turn in [*reversed(under_way), *over][: max(1, height)]
        ]
        return drawn or [Text("  No turn yet.", style=f"italic {colours.dim}")]

    def _is_here(self, turn: TurnSeen) -> bool:
        return self.network_id in {None, turn.network_id}


def _line(turn: TurnSeen, who: str, width: int, colours: Palette) -> Text:
    """The turn with the names of its stages, or without them where there is too little room for those."""
    stages = _stages(turn, colours, brief=False)
    if width - stages.cell_len - 3 < LEAST_ROOM:
        stages = _stages(turn, colours, brief=True)
    room = min(MOST_ROOM, max(LEAST_ROOM, width - stages.cell_len - 3))
    is_over = turn.stage == OVER
    now = marks.now()
    sign = SIGNS.get(turn.status, "✗") if is_over else FRAMES[int(now.timestamp() * 8) % len(FRAMES)]
    colour = (
        {"completed": colours.good, "not_understood": colours.warn}.get(turn.status or "", colours.bad)
        if is_over
        else colours.accent
    )
    text = Text.assemble((f"{sign} ", f"bold {colour}"), no_wrap=True)
    text.append(who[:room].ljust(room + 1), style=colours.dim if is_over else colours.text)
    text.append_text(stages)
    if is_over and width - text.cell_len >= 10:
        text.append(f"  {marks.when(turn.at)}", style=colours.dim)
    text.truncate(width, overflow="ellipsis")
    return text


def _stages(turn: TurnSeen, colours: Palette, *, brief: bool) -> Text:
    """The stages, how long all of it took, and what it failed with."""
    text = Text(no_wrap=True)
    stages = SPOKEN if turn.spoken else TYPED
    reached = len(stages)
    if turn.stage != OVER:
        reached = stages.index(turn.stage) if turn.stage in stages else 0
    for place, stage in enumerate(stages):
        text.append_text(_stage(turn, stage, place - reached, colours, brief=brief))
    total = turn.timings.get("total")
    if total is not None:
        text.append(f" {total:.0f} ms", style=f"bold {colours.text}")
    if turn.code:
        text.append(f" {turn.code}", style=colours.bad)
    return text


def _stage(turn: TurnSeen, stage: str, ahead: int, colours: Palette, *, brief: bool) -> Text:
    """One stage: done with its time, under way, or still empty."""
    took = turn.timings.get(stage)
    word = WORDS[stage]
    if took is not None:
        said = f"{took:.0f}"
        return Text.assemble(
            ("█ ", colours.good), (f"{word} " if not brief else "", colours.dim), (f"{said} ", colours.text)
        )
    if ahead == 0 and turn.stage != OVER:
        return Text.assemble(("▓ ", colours.accent), (f"{word}… ", f"bold {colours.accent}"))
    return Text.assemble(("░ ", colours.dim), (f"{word} " if not brief else "", colours.dim))
