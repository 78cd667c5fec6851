"""The offline assistant: it understands a request, carries it out, and tells what came of it."""

from collections.abc import AsyncIterator, Sequence
from typing import Final

from attrs import frozen

from adapters.offline.deeds import Deeds
from adapters.offline.foreign import honest_sentences, is_english
from adapters.offline.small_talk import date_sentence, greeting, not_understood, plain_answer
from application.ports.dialogue import (
    NOTE,
    Capabilities,
    Exchange,
    Prompt,
    ReplyDone,
    ReplyPart,
    Sentence,
    Toolbox,
)
from domain.errors import Conflict, Forbidden, InvalidValue, NotFound
from domain.interactions import Usage
from domain.language.follow_ups import Turn, open_wish, understand_after
from domain.language.intents import (
    Announce,
    AskAgenda,
    AskDate,
    AskReminders,
    AskWhen,
    Begin,
    CancelEvent,
    CancelReminder,
    CompleteReminder,
    ContinueAt,
    CreateEvent,
    CreateReminder,
    Greet,
    Intent,
    Move,
    NotUnderstood,
    Plain,
    Repeat,
    TalkTo,
)
from domain.language.speaking import listed_out

MODEL: Final = "offline:assistant"
EARLIER_TURNS: Final = 6
Act = CreateReminder | CreateEvent | CompleteReminder | CancelReminder | CancelEvent | Move | Announce | Begin
"""What is done in one sentence."""
NOT_HEARD: Final = "I didn't hear that well."


@frozen
class OfflineAssistant:
    """An interlocutor that needs no network: it acts on what it understands, and invents nothing."""

    @property
    def capabilities(self) -> Capabilities:
        """It has its whole reply at once, uses tools, is blind, and makes nothing up."""
        return Capabilities(streaming=False, invention=False)

    async def answer(self, prompt: Prompt, tools: Toolbox) -> AsyncIterator[ReplyPart]:
        """Reply in sentences; the last part is ReplyDone, with understood False when nothing fitted.

        Earlier turns that were answered with a question are taken up: "remind me to call Anna" and then
        "tomorrow at three" make one reminder.
        """
        if prompt.begun or tools.done:
            sentences, understood = _carried_on(prompt, tools), True
        else:
            sentences, understood = await _reply(prompt, tools)
        for text in sentences:
            yield Sentence(text=text)
        yield ReplyDone(usage=Usage(model=MODEL), understood=understood)


async def _reply(prompt: Prompt, tools: Toolbox) -> tuple[tuple[str, ...], bool]:
    """The sentences of the reply, and whether the request made sense."""
    if not is_english(prompt.language):
        return honest_sentences(prompt.language), False
    if not prompt.understood:
        return (NOT_HEARD, "Please say it again."), False
    turn = _understood(prompt)
    try:
        sentences = await _carried_out(turn.intent, Deeds(prompt=prompt, tools=tools))
    except InvalidValue as error:
        return (f"I can't do that: {_problem(error)}.",), True
    except Forbidden:
        return ("I'm not allowed to do that.",), True
    except (NotFound, Conflict) as error:
        return (f"I can't do that: {error.message.rstrip('.')}.",), True
    understood = turn.helped
    if not understood and not isinstance(turn.intent, NotUnderstood):
        sentences = ("I didn't catch that.", *sentences)
    return sentences, understood


def _carried_on(prompt: Prompt, tools: Toolbox) -> tuple[str, ...]:
    """The end of a reply that somebody else broke off, with what that one did."""
    titles = [str(action.result["title"]) for action in tools.done if action.result.get("title")]
    deeds = (f"This is done: {listed_out(titles)}.",) if titles else ()
    lost = ("I was cut off there; please ask me again for the rest.",) if prompt.begun else ()
    return (*deeds, *lost) or ("That is done.",)


async def _carried_out(intent: Intent, deeds: Deeds) -> tuple[str, ...]:  # noqa: PLR0911
    """Do what is wanted; the sentences tell of it."""
    match intent:
        case Repeat():
            return await deeds.repeat(intent)
        case ContinueAt(place=place):
            return (f"I know no device in {place}.",)
        case TalkTo(name=name):
            return (f"I know nobody called {name}.",)
        case Plain.ASK_NEXT:
            return (await deeds.read_next(),)
        case Plain.STOP_ACTIVITY:
            return (await deeds.tools.stop_activity(),)
        case AskDate() | Greet() | Plain() | NotUnderstood():
            return _spoken(intent, deeds.prompt)
        case AskAgenda() | AskWhen() | AskReminders():
            return (await _read_out(intent, deeds),)
        case _:
            return (await _acted(intent, deeds),)


async def _read_out(intent: AskAgenda | AskWhen | AskReminders, deeds: Deeds) -> str:
    """What is planned."""
    match intent:
        case AskAgenda():
            return await deeds.read_agenda(intent)
        case AskWhen():
            return await deeds.read_when(intent)
        case AskReminders():
            return await deeds.read_reminders(intent)


async def _acted(intent: Act, deeds: Deeds) -> str:  # noqa: PLR0911 - as many as there are acts
    """What was done."""
    match intent:
        case CreateReminder():
            return await deeds.create_reminder(intent)
        case CreateEvent():
            return await deeds.create_event(intent)
        case CompleteReminder():
            return await deeds.complete_reminder(intent)
        case CancelReminder():
            return await deeds.cancel_reminder(intent)
        case CancelEvent():
            return await deeds.cancel_event(intent)
        case Move():
            return await deeds.move(intent)
        case Announce():
            return await deeds.announce(intent)
        case Begin():
            return await deeds.begin(intent)


def _spoken(intent: AskDate | Greet | Plain | NotUnderstood, prompt: Prompt) -> tuple[str, ...]:
    """The answer to what needs no tool."""
    match intent:
        case AskDate():
            return (date_sentence(intent, prompt),)
        case Greet():
            return greeting(intent, prompt)
        case Plain():
            return plain_answer(intent, prompt)
        case NotUnderstood():
            return not_understood()


def _understood(prompt: Prompt) -> Turn:
    """What is wanted; what was told beside the words is heard where they alone leave something open."""
    asked, note = _asked_about(prompt.history), prompt.context.get(NOTE, "")
    turn = understand_after(asked, prompt.text, prompt.now, prompt.zone)
    if not note or (open_wish(turn.intent) is None and not isinstance(turn.intent, NotUnderstood)):
        return turn
    told = understand_after((*asked, prompt.text), note, prompt.now, prompt.zone)
    return told if told.helped else turn


def _asked_about(history: Sequence[Exchange]) -> tuple[str, ...]:
    """The latest turns in a row that were answered with a question: this turn may be the answer to it.

    What was not heard well is passed over: the question before it still waits.
    """
    said: list[str] = []
    for exchange in reversed(history[-EARLIER_TURNS:]):
        if exchange.answered.startswith(NOT_HEARD):
            continue
        if not exchange.answered.rstrip().endswith("?"):
            break
        said.insert(0, exchange.said)
    return tuple(said)


def _problem(error: InvalidValue) -> str:
    """What is wrong, in words: "the due time must not have passed"."""
    field, problem = error.details.get("field"), error.details.get("problem")
    return f"the {str(field).replace('_', ' ')} {problem}"
