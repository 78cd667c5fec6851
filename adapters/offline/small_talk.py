"""What the offline assistant says about itself, the time and the weather of a conversation."""

from typing import Final

from application.ports.dialogue import Prompt
from domain.language.helping import example, help_sentences
from domain.language.intents import AskDate, Greet, Plain
from domain.language.speaking import capitalised, clock_words, date_words, day_words

COURTESIES: Final = {
    Plain.ASK_WELLBEING: "I'm well, thank you.",
    Plain.THANK: "You're welcome.",
    Plain.TAKE_LEAVE: "Goodbye.",
    Plain.SAY_GOOD_NIGHT: "Good night.",
    Plain.DISMISS: "All right.",
}


def greeting(wish: Greet, prompt: Prompt) -> tuple[str, ...]:
    """Greet back as the persona does."""
    persona = prompt.persona
    introduction = persona.behavior.greeting.strip() or f"I'm {persona.name}. How can I help?"
    hello = f"Good {wish.part.value}." if wish.part is not None else "Hello."
    return (
        (hello, introduction) if wish.part is not None or not persona.behavior.greeting else (introduction,)
    )


def about(prompt: Prompt) -> tuple[str, ...]:
    """Say who is answering."""
    description = prompt.persona.description.strip()
    return (f"I'm {prompt.persona.name}.", *((description,) if description else ()))


def date_sentence(wish: AskDate, prompt: Prompt) -> str:
    """Say which day it is, or which day another one is."""
    today = prompt.now.astimezone(prompt.zone).date()
    if wish.period is None:
        return f"It's {date_words(today, today)}, {today.year}."
    day = wish.period.start.astimezone(prompt.zone).date()
    if day == today:
        return f"Today is {date_words(today, today)}, {today.year}."
    near = day_words(day, today)
    subject = capitalised(near) if near in {"tomorrow", "yesterday"} else "That"
    return f"{subject} {'was' if day < today else 'is'} {date_words(day, today)}."


def not_understood() -> tuple[str, ...]:
    """Say so, and give an example of what would be understood."""
    return "Sorry, I didn't understand that.", f"You can say, for example: “{example()}”."


def plain_answer(wish: Plain, prompt: Prompt) -> tuple[str, ...]:
    """Answer what needs no tool."""
    match wish:
        case Plain.ASK_TIME:
            return (f"It's {clock_words(prompt.now.astimezone(prompt.zone))}.",)
        case Plain.ASK_HELP:
            return help_sentences()
        case Plain.ASK_NAME:
            return about(prompt)
        case _:
            return (COURTESIES[wish],)
