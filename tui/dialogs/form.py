"""Forms: a few fields that are sent to the hub; what it refuses is said at them, and can be mended there."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import ClassVar, Final, Generic, TypeVar

from attrs import frozen
from rich.text import Text
from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Button, Input, Label, Static

from adapters.hub import HubError, HubUnreachable
from tui.dialogs.asking import DIALOG_CSS
from tui.theme import palette_of
from tui.widgets.lines import entitle

Answer = TypeVar("Answer")
LOW: Final = [(0, "-low"), (30, "-high")]
"""Where there are few rows, forms are drawn closely."""


@frozen(kw_only=True)
class Field:
    """Something to fill in; check says what is wrong with a text, or None.

    sent_as is what the hub calls it, where that is another name.
    """

    name: str
    label: str
    value: str = ""
    hint: str = ""
    sent_as: str = ""
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


@frozen(kw_only=True)
class Sent(Generic[Answer]):
    """A form that was taken: what was filled in, and what the hub answered."""

    values: Mapping[str, str]
    answer: Answer


class Form(ModalScreen[Sent[Answer] | None]):
    """A few fields to fill in and send; it stays open until they are taken, and is None where it was left."""

    CSS = DIALOG_CSS.format(name="Form")
    VERTICAL_BREAKPOINTS = LOW
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "Leave"),
        Binding("ctrl+s", "send", "Save"),
    ]

    def __init__(
        self,
        title: str,
        fields: Sequence[Field],
        send: Callable[[Mapping[str, str]], Awaitable[Answer]],
        *,
        act: str = "Save",
    ) -> None:
        super().__init__()
        self.heading, self.form_fields, self.act = title, fields, act
        self._send = send

    def compose(self) -> ComposeResult:
        """Put the fields."""
        with Vertical() as box:
            entitle(box, self.heading)
            with VerticalScroll(classes="field"):
                for field in self.form_fields:
                    yield Label(field.label, markup=False, id=f"label-{field.name}")
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
        """Send what is filled in, once, if nothing is wrong with it."""
        send = self.query_one("#send", Button)
        values = {field.name: self.query_one(f"#{field.name}", Input).value for field in self.form_fields}
        checked = {field.name: field.check(values[field.name]) for field in self.form_fields}
        problems = {name: problem for name, problem in checked.items() if problem is not None}
        if not send.disabled:
            self._tell(problems, "")
            if not problems:
                send.disabled = True
                self._ask(values, send)

    @work
    async def _ask(self, values: Mapping[str, str], send: Button) -> None:
        """Have the hub take it; what it refuses is told here, and can be mended and sent again."""
        try:
            answer = await self._send(values)
        except HubError as error:
            known = f" ({error.request_id})" if error.request_id else ""
            self._tell(self._problems(error), f"{error.code}: {error.message}{known}")
        except HubUnreachable as error:
            self._tell({}, f"The hub does not answer: {error}")
        except OSError as error:
            self._tell({}, f"{error.filename or self.heading}: {error.strerror or error}")
        else:
            self.dismiss(Sent(values=values, answer=answer))
        finally:
            send.disabled = False

    def _problems(self, error: HubError) -> Mapping[str, str]:
        """What the hub says of the fields of this form, by their names."""
        told = error.details.get("problems") or [error.details]
        found = {}
        for problem in told if isinstance(told, list) else []:
            place, words = str(problem.get("field", "")), str(problem.get("problem") or error.message)
            for field in self.form_fields:
                if (field.sent_as or field.name) in {place, place.rpartition(".")[2]}:
                    found[field.name] = words
        return found

    def _tell(self, problems: Mapping[str, str], whole: str) -> None:
        """Say what is wrong, at the fields and below them, and go to the first that is to be mended."""
        colours = palette_of(self.app)
        for field in self.form_fields:
            label = Text(field.label)
            if problem := problems.get(field.name):
                label.append(f"  ✗ {problem}", style=f"bold {colours.bad}")
            self.query_one(f"#label-{field.name}", Label).update(label)
        self.query_one(".problem", Static).update(f"✗ {whole}" if whole else "")
        first = next((field.name for field in self.form_fields if field.name in problems), None)
        if first is not None:
            self.query_one(f"#{first}", Input).focus()
