"""Interactions: what was said and answered in a network, how it was heard, and why a stream was used."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import ClassVar, Final

from rich.text import Text
from textual import work
from textual.binding import Binding, BindingType

from adapters.hub import Hub
from adapters.hub.answers import Interaction
from tui.dialogs.details import Details
from tui.dialogs.form import Field, needed
from tui.marks import clock
from tui.screens.hearing import heard, taken
from tui.screens.table_page import ReadPage
from tui.sound import NoPlayer, keep, play
from tui.theme import Palette, palette_of
from tui.widgets.described import described
from tui.widgets.grid import Column

PAGE: Final = 200
HIDDEN: Final = "••••••••"
SIGNS: Final[Mapping[str, str]] = {"completed": "✓", "not_understood": "?", "failed": "✗", "processing": "…"}


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
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("t", "transcripts", "Words"),
        Binding("p", "process", "Process again"),
        Binding("e", "earlier", "Earlier results"),
        Binding("a", "hear", "Hear"),
        Binding("w", "save", "Save the sound"),
    ]

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
                title="client",
                show=lambda one, _: self._who(one.client_id),
                order=lambda one: self._who(one.client_id),
                width=16,
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
        who = (self._who(item.client_id), item.client_id)
        return (*who, item.interaction_id, item.processing_status, *actions, *said)

    def details_of(self, item: Interaction, colours: Palette) -> Text:
        """Words, timing, and every stream that heard it."""
        rows = [
            ("id", item.interaction_id),
            ("conversation", item.conversation_id),
            ("client", self._who(item.client_id)),
            ("client id", item.client_id),
            ("speaker", item.speaker_id),
            ("status", Text(item.processing_status, style=_colour(item.processing_status, colours))),
            ("at", item.timestamp),
            ("said", self._words(item.text, colours)),
            ("answered", self._words(item.response, colours)),
            ("actions", tuple(action.action_type for action in item.actions)),
            ("error", item.error_code),
            ("processed", f"{item.revision} times" if item.revision > 1 else None),
            ("told beside", self._words(item.context, colours) if item.context else None),
            ("sound kept", item.audio_kept_until),
        ]
        text = described("Turn", rows, colours)
        text.append("\n")
        text.append_text(taken(item.timings, colours))
        text.append("\n")
        text.append_text(heard(item.audio, self._who, colours))
        return text

    def action_transcripts(self) -> None:
        """Show what people say, or hide it again."""
        self.dashboard.show_transcripts(not self.dashboard.transcripts)
        self.fill()

    @work(exclusive=True, group="act")
    async def action_process(self) -> None:
        """Have a turn processed once more, from its sound where that is kept, else from its words."""
        turn, network_id = self.current, self.network_id
        if turn is None or network_id is None:
            return
        hint = "what is to be known beside it; may be empty"
        fields = [Field(name="context", label="Told beside", hint=hint)]
        title = f"Process the turn of {self._who(turn.client_id)} at {clock(turn.timestamp)} again"
        taken = await self.dashboard.fill_in(
            title,
            fields,
            lambda hub, given: hub.process_interaction(
                network_id, turn.interaction_id, context=given["context"] or None, force=True
            ),
            act="Process",
        )
        if taken is not None:
            self.notify("the turn was processed again", timeout=4)
            self.action_read()

    @work(exclusive=True, group="act")
    async def action_earlier(self) -> None:
        """Show what a turn came to before it was processed again."""
        turn, network_id = self.current, self.network_id
        if turn is None or network_id is None:
            return
        earlier = await self.dashboard.call(
            lambda hub: hub.interaction_history(network_id, turn.interaction_id)
        )
        if earlier:
            text = Text("\n").join(self.details_of(one, palette_of(self.app)) for one in earlier)
            self.app.push_screen(Details("Earlier results, latest first", text))
        elif earlier is not None:
            self.notify("this turn was processed only once", timeout=4)

    @work(exclusive=True, group="sound")
    async def action_hear(self) -> None:
        """Play what was said, where the hub keeps it; the sound that is played before ends."""
        sound = await self._sound()
        if sound is None:
            return
        self.notify("playing what was said", timeout=3)
        try:
            await play(sound)
        except NoPlayer as error:
            self.notify(str(error), severity="warning")

    @work(exclusive=True, group="act")
    async def action_save(self) -> None:
        """Save what was said as a file of this machine, where the hub keeps it."""
        turn, sound = self.current, await self._sound()
        if turn is None or sound is None:
            return
        name = str(Path.cwd() / f"{turn.interaction_id}.flac")
        fields = [Field(name="file", label="File", value=name, check=needed)]
        taken = await self.dashboard.fill_in(
            "Save what was said", fields, lambda _, given: keep(sound, given["file"].strip())
        )
        if taken is not None:
            self.notify(f"saved as {taken.values['file']}", timeout=5)

    async def _sound(self) -> bytes | None:
        turn, network_id = self.current, self.network_id
        if turn is None or network_id is None:
            return None
        return await self.dashboard.call(lambda hub: hub.interaction_audio(network_id, turn.interaction_id))

    def _who(self, client_id: str) -> str:
        return self.picture.called(self.network_id, client_id)

    def _words(self, words: str, colours: Palette) -> Text:
        if not words:
            return Text("-", style=colours.dim)
        if not self.dashboard.transcripts:
            return Text(HIDDEN, style=colours.dim)
        return Text(words, style=colours.text)
