"""Charts of the last minutes: a line with its name, its value now, and its highest."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Final

from attrs import frozen
from rich.text import Text

from adapters.hub.operating import InstanceSeen
from tui import marks
from tui.marks import bar, number, spark, squeezed, state
from tui.picture import Picture
from tui.theme import Palette
from tui.widgets.lines import Lines, entitle

SILENCE: Final = timedelta(seconds=15)
"""An instance that was not seen to live for so long is marked."""
STAGES: Final = (
    ("requests", "requests"),
    ("turn.end_of_turn", "pause"),
    ("turn.arbitration", "pick"),
    ("turn.transcription", "words"),
    ("turn.first_token", "first token"),
    ("turn.reply", "answer"),
    ("turn.speech", "voice"),
    ("turn.total", "whole turn"),
)


@frozen(kw_only=True)
class Line:
    """A figure that is drawn over time."""

    name: str
    group: str
    key: str
    show: Callable[[float], str] = number
    warn: bool = False


LINES: Final = (
    Line(name="requests/s", group="rates", key="requests"),
    Line(name="refused/s", group="rates", key="refused", warn=True),
    Line(name="failed/s", group="rates", key="failed", warn=True),
    Line(name="events/s", group="rates", key="facts"),
    Line(name="turns/s", group="rates", key="turns"),
    Line(name="sound s/s", group="rates", key="sound"),
    Line(name="dropped/s", group="rates", key="dropped", warn=True),
    Line(name="limited/s", group="rates", key="limited", warn=True),
    Line(name="sockets", group="levels", key="sockets"),
    Line(name="outbox", group="levels", key="outbox"),
    Line(name="cpu", group="rates", key="cpu", show=lambda value: f"{value * 100:.0f}%"),
    Line(name="memory", group="levels", key="memory"),
)


class Chart(Lines):
    """Lines of figures under a title; subclasses say which, and those that do not fit can be scrolled to."""

    DEFAULT_CSS = """
    Chart { height: 1fr; border: round $border; padding: 0 1; scrollbar-size-vertical: 0; }
    """

    def __init__(self, picture: Picture, title: str, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self.picture = picture
        entitle(self, title)


class Rates(Chart):
    """Rates and levels over the last minutes."""

    def lines(self, width: int, height: int, colours: Palette) -> Sequence[Text]:
        """One line a figure; those that should be nothing are marked where they are not."""
        return [self._line(line, colours, width) for line in LINES]

    def _line(self, line: Line, colours: Palette, width: int) -> Text:
        values = [getattr(one, line.group).get(line.key, 0.0) for one in self.picture.figures]
        now, most = (values[-1], max(values)) if values else (0.0, 0.0)
        bad = line.warn and now > 0
        room = max(6, width - 30)
        text = Text(f"{line.name:<11}", style=colours.dim, no_wrap=True)
        text.append(f"{line.show(now):>7} ", style=f"bold {colours.bad if bad else colours.text}")
        colour = colours.warn if line.warn else colours.accent
        text.append_text(spark(squeezed(values, room) if len(values) > room else values, room, colour))
        text.append(f" ≤{line.show(most)}", style=colours.dim)
        return text


class Latencies(Chart):
    """Percentiles of requests and of the stages of turns, over the last minute."""

    def lines(self, width: int, height: int, colours: Palette) -> Sequence[Text]:
        """One line a stage: its median as a bar, 95 and 99 of a hundred as marks."""
        latencies = self.picture.figures[-1].latencies if self.picture.figures else {}
        slowest = max([one.p99 for one in latencies.values()] or [1.0]) or 1.0
        bars = max(6, width - 48)
        lines = [Text(f"{'':<12}{'p50':>7}{'p95':>8}{'p99':>8}  {'n/min':>6}", style=f"bold {colours.dim}")]
        for key, name in STAGES:
            found = latencies.get(key)
            text = Text(f"{name:<12}", style=colours.dim, no_wrap=True)
            if found is None:
                text.append(f"{'-':>7}{'-':>8}{'-':>8}  {'0':>6}", style=colours.dim)
            else:
                text.append(f"{found.p50:>7.0f}{found.p95:>8.0f}", style=colours.text)
                text.append(f"{found.p99:>8.0f}", style=f"bold {colours.text}")
                text.append(f"  {found.count:>6}  ", style=colours.dim)
                text.append_text(bar(found.p95 / slowest, bars, colours.cold, colours.faint))
            lines.append(text)
        return lines


class Services(Chart):
    """The hub's services, its instances, and its queues."""

    def lines(self, width: int, height: int, colours: Palette) -> Sequence[Text]:
        """Services first, then instances, then queues, the deepest first, and the process that answers."""
        room = max(10, min(20, width - 12))
        picture = self.picture
        lines = []
        for name, wellness in picture.services.items():
            line = Text(f"{name.replace('_', ' ')[:room]:<{room}} ", style=colours.text)
            line.append_text(state(wellness, colours))
            lines.append(line)
        lines += [self._instance(one, room, colours) for one in picture.instances]
        levels = picture.figures[-1].levels if picture.figures else {}
        for name, depth in sorted(levels.items(), key=lambda level: (-level[1], level[0])):
            if name.startswith(("queue.", "sockets.")):
                title = name.removeprefix("queue.").replace("sockets.", "sockets ").replace("_", " ")
                colour = colours.text if depth else colours.dim
                lines.append(
                    Text.assemble((f"{title[:room]:<{room}} ", colours.dim), (number(depth), colour))
                )
        lines.append(
            Text.assemble((f"{'open files':<{room}} ", colours.dim), number(levels.get("files", 0.0)))
        )
        return lines

    def _instance(self, seen: InstanceSeen, room: int, colours: Palette) -> Text:
        """An instance of the hub; the one that answers with its version, others with when they were seen."""
        lives = marks.now() - seen.seen_at < SILENCE
        sign, colour = ("●", colours.good) if lives else ("○", colours.warn)
        name = seen.name or marks.short(seen.instance_id)
        answers = self.picture.instance
        said = f"seen {marks.when(seen.seen_at)}"
        if answers is not None and answers.name == seen.name:
            said = f"answers, {answers.version}"
        return Text.assemble(
            (f"{sign} ", colour), (f"{name[: room - 2]:<{room - 2}} ", colours.text), (said, colours.dim)
        )


class Limits(Chart):
    """Who is being refused by a limit, and errors by their codes."""

    def lines(self, width: int, height: int, colours: Palette) -> Sequence[Text]:
        """Limits first, the latest at the top; then codes, the most frequent first."""
        lines, picture = [], self.picture
        for hit in reversed(picture.limits.values()):
            network_id, _, client_id = hit.subject.partition("/")
            who = f"{picture.name_of(network_id)} {picture.called(network_id, client_id)}"
            lines.append(
                Text.assemble(
                    (f"{hit.count:>6} ", f"bold {colours.warn}"),
                    (f"{hit.limit} ", colours.text),
                    (who, colours.dim),
                )
            )
        if lines:
            lines.append(Text(""))
        for code, count in picture.codes.most_common():
            lines.append(Text.assemble((f"{count:>6} ", f"bold {colours.bad}"), (code, colours.text)))
        return lines or [Text("No refusal, no error.", style=f"italic {colours.dim}")]
