"""Dialogs: yes or no, and a secret that is shown once."""

from collections.abc import Mapping
from typing import ClassVar, Final

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.screen import ModalScreen
from textual.widgets import Button, Input, Label, Static

from tui.widgets.lines import entitle

DIALOG_CSS: Final = """
{name} {{ align: center middle; }}
{name} > Vertical {{
    width: 72; max-width: 95%; height: auto; max-height: 90%;
    border: round $accent; background: $panel; padding: 1 2;
    border-title-color: $accent; border-title-style: bold;
}}
{name} .field {{ height: auto; }}
{name} Label {{ color: $dim; margin-top: 1; }}
{name}.-low Label {{ margin-top: 0; }}
{name}.-low > Vertical {{ padding: 0 2; }}
{name} .problem {{ color: $error; height: auto; }}
{name} Horizontal {{ height: auto; align-horizontal: right; margin-top: 1; }}
{name} Button {{ margin-left: 2; min-width: 12; }}
{name} Input {{ border: none; padding: 0 1; background: $surface; height: 1; }}
{name} Input:focus {{ background: $faint; }}
"""


class Confirm(ModalScreen[bool]):
    """Asks before something is done; what cannot be undone asks for a word to be typed."""

    CSS = DIALOG_CSS.format(name="Confirm")
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,n", "answer(False)", "No"),
        Binding("y", "answer(True)", "Yes"),
        Binding("left,h", "app.focus_previous", show=False),
        Binding("right,l", "app.focus_next", show=False),
    ]

    def __init__(self, title: str, question: str, *, word: str | None = None, act: str = "Yes") -> None:
        super().__init__()
        self.heading, self.question, self.word, self.act = title, question, word, act

    def compose(self) -> ComposeResult:
        """Put the question and its answers."""
        with Vertical() as box:
            entitle(box, self.heading)
            yield Static(self.question, markup=False)
            if self.word is not None:
                yield Label(f"type  {self.word}  to go on", markup=False)
                yield Input(id="word")
            with Horizontal():
                yield Button("No", id="no")
                yield Button(self.act, id="yes", variant="error", disabled=self.word is not None)

    def on_mount(self) -> None:
        """The harmless answer is the nearest."""
        self.query_one("#no" if self.word is None else "#word").focus()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Allow it once the word is there."""
        self.query_one("#yes", Button).disabled = event.value.strip() != self.word

    def on_input_submitted(self) -> None:
        """Enter goes on, once the word is there."""
        self.action_answer(True)

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """Answer."""
        self.dismiss(event.button.id == "yes")

    def action_answer(self, answer: bool) -> None:
        """Answer by a key."""
        if answer and self.query_one("#yes", Button).disabled:
            return
        self.dismiss(answer)


class Secret(ModalScreen[None]):
    """Shows a secret, which is on the clipboard already, and will not be shown again."""

    CSS = DIALOG_CSS.format(name="Secret") + "Secret .secret { color: $success; margin: 1 0; height: auto; }"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,enter,q", "leave", "Done"),
        Binding("c", "copy", "Copy again"),
    ]

    def __init__(self, title: str, secrets: Mapping[str, str]) -> None:
        super().__init__()
        self.heading, self.secrets = title, secrets

    def compose(self) -> ComposeResult:
        """Put the secret, and what has become of it."""
        with Vertical() as box:
            entitle(box, self.heading)
            for name, secret in self.secrets.items():
                yield Label(name, markup=False)
                yield Static(secret, classes="secret", markup=False)
            yield Static("Copied to the clipboard. It is not shown again: keep it now. (c copies it again)")
            with Horizontal():
                yield Button("Done", id="done", variant="primary")

    def on_mount(self) -> None:
        """Copy it."""
        self.action_copy()
        self.query_one("#done").focus()

    def action_copy(self) -> None:
        """Copy the secret to the clipboard; the first one, where there are several."""
        self.app.copy_to_clipboard(next(iter(self.secrets.values())))

    def action_leave(self) -> None:
        """It was seen."""
        self.dismiss(None)

    def on_button_pressed(self) -> None:
        """It was seen."""
        self.dismiss(None)
