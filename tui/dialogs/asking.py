"""Dialogs: yes or no, a few fields to fill in, and a secret that is shown once."""

from collections.abc import Callable, Mapping, Sequence
from typing import ClassVar, Final

from attrs import frozen
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Button, Input, Label, Static

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


@frozen(kw_only=True)
class Field:
    """Something to fill in; check says what is wrong with a text, or None."""

    name: str
    label: str
    value: str = ""
    hint: str = ""
    check: Callable[[str], str | None] = lambda text: None


def needed(text: str) -> str | None:
    """Ask for something rather than nothing."""
    return None if text.strip() else "is needed"


def between(lowest: float, highest: float) -> Callable[[str], str | None]:
    """Ask for a number within bounds; nothing is fine, too."""

    def check(text: str) -> str | None:
        if not text.strip():
            return None
        try:
            return None if lowest <= float(text) <= highest else f"must be from {lowest:g} to {highest:g}"
        except ValueError:
            return "must be a number"

    return check


def one_of(*words: str) -> Callable[[str], str | None]:
    """Ask for one of some words; nothing is fine, too."""

    def check(text: str) -> str | None:
        return None if not text.strip() or text in words else f"must be {' or '.join(words)}"

    return check


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
            box.border_title = self.heading
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


LOW: Final = [(0, "-low"), (30, "-high")]
"""Where there are few rows, forms are drawn closely."""


class Form(ModalScreen[Mapping[str, str] | None]):
    """A few fields to fill in; None where it was left."""

    CSS = DIALOG_CSS.format(name="Form")
    VERTICAL_BREAKPOINTS = LOW
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "Leave"),
        Binding("ctrl+s", "send", "Save"),
    ]

    def __init__(self, title: str, fields: Sequence[Field], *, act: str = "Save") -> None:
        super().__init__()
        self.heading, self.form_fields, self.act = title, fields, act

    def compose(self) -> ComposeResult:
        """Put the fields."""
        with Vertical() as box:
            box.border_title = self.heading
            with VerticalScroll(classes="field"):
                for field in self.form_fields:
                    yield Label(field.label, markup=False)
                    yield Input(value=field.value, placeholder=field.hint, id=field.name)
            yield Static("", classes="problem", markup=False)
            with Horizontal():
                yield Button("Leave", id="leave")
                yield Button(self.act, id="send", variant="primary")

    def on_mount(self) -> None:
        """Begin with the first field."""
        self.query(Input).first().focus()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Enter goes to the next field, and from the last one sends."""
        names = [field.name for field in self.form_fields]
        if event.input.id == names[-1]:
            self.action_send()
        else:
            self.focus_next(Input)

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """Send, or leave."""
        if event.button.id == "send":
            self.action_send()
        else:
            self.dismiss(None)

    def action_leave(self) -> None:
        """Leave all as it is."""
        self.dismiss(None)

    def action_send(self) -> None:
        """Send what is filled in, if nothing is wrong with it."""
        values = {field.name: self.query_one(f"#{field.name}", Input).value for field in self.form_fields}
        problems = [
            f"{field.label.partition(':')[0]}: {problem}"
            for field in self.form_fields
            if (problem := field.check(values[field.name])) is not None
        ]
        if problems:
            self.query_one(".problem", Static).update("\n".join(problems))
        else:
            self.dismiss(values)


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
            box.border_title = self.heading
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
