"""Every intent, described once: how it is said, what it becomes, and how help speaks of it.

The parser, the sentences for the recogniser's language model and the help text are all made from this table.
"""

from functools import cache
from typing import Final

from attrs import frozen

from domain.language.event_ways import cancel_event_ways, event_ways, move_ways
from domain.language.grammar import Grammar, Terminal
from domain.language.house_ways import (
    announcing_ways,
    company_ways,
    elsewhere_ways,
    stopping_ways,
    together_ways,
)
from domain.language.question_ways import agenda_ways, date_ways, reminder_question_ways, time_ways
from domain.language.reminder_ways import cancel_ways, complete_ways, reminder_ways
from domain.language.small_talk_ways import help_ways, small_talk_ways
from domain.language.terminals import FreeText
from domain.language.time_grammar import time_rules
from domain.language.time_words import time_terminals
from domain.language.ways import FILLERS, LEADS, TAILS, Ways

TASK: Final = "task"
THING: Final = "thing"
OCCASION: Final = "occasion"
ANYONE: Final = "anyone"


@frozen(kw_only=True)
class Description:
    """An intent: what it does for people, an example, the ways to say it, and how often that is done."""

    name: str
    does: str
    example: str
    ways: Ways
    share: float


@cache
def descriptions() -> tuple[Description, ...]:
    """All intents, in the order in which help speaks of them."""
    return (
        Description(
            name="create_reminder",
            does="remind you of things",
            example="remind me to water the plants tomorrow at 3 PM",
            ways=reminder_ways(),
            share=40,
        ),
        Description(
            name="create_event",
            does="put events into your calendar",
            example="schedule a meeting with Anna on Tuesday at 10",
            ways=event_ways(),
            share=22,
        ),
        Description(
            name="ask_agenda",
            does="tell you what is planned",
            example="what's on my calendar tomorrow",
            ways=agenda_ways(),
            share=14,
        ),
        Description(
            name="ask_reminders",
            does="list your reminders",
            example="what are my reminders",
            ways=reminder_question_ways(),
            share=7,
        ),
        Description(
            name="complete_reminder",
            does="tick reminders off",
            example="mark water the plants as done",
            ways=complete_ways(),
            share=3,
        ),
        Description(
            name="cancel_reminder",
            does="cancel reminders",
            example="cancel the reminder to water the plants",
            ways=cancel_ways(),
            share=4,
        ),
        Description(
            name="cancel_event",
            does="cancel or move what is planned",
            example="cancel the dentist appointment",
            ways=cancel_event_ways(),
            share=2,
        ),
        Description(
            name="move", does="", example="move the meeting to Friday at 3", ways=move_ways(), share=2
        ),
        Description(
            name="ask_time",
            does="tell the time",
            example="what time is it",
            ways=time_ways(),
            share=3,
        ),
        Description(
            name="ask_date",
            does="tell the date",
            example="what day is it",
            ways=date_ways(),
            share=2,
        ),
        Description(
            name="ask_help",
            does="say what I can do",
            example="what can you do",
            ways=help_ways(),
            share=1,
        ),
        Description(
            name="elsewhere", does="", example="continue in the kitchen", ways=elsewhere_ways(), share=1
        ),
        Description(
            name="company", does="", example="let me talk to the nurse", ways=company_ways(), share=1
        ),
        Description(
            name="announce",
            does="tell something to everyone",
            example="tell everyone dinner is ready",
            ways=announcing_ways(),
            share=1,
        ),
        Description(
            name="together",
            does="play a quiz or tell a story",
            example="play trivia",
            ways=together_ways(),
            share=1,
        ),
        Description(name="stop_together", does="", example="stop the game", ways=stopping_ways(), share=1),
        Description(name="small_talk", does="", example="hello", ways=small_talk_ways(), share=4),
    )


@cache
def language() -> Grammar:
    """The whole grammar: times, courtesies, and the free words that only a sampler fills."""
    free: dict[str, Terminal] = {name: FreeText() for name in (TASK, THING, OCCASION)}
    rules = {**time_rules(), "lead": LEADS, "tail": TAILS, "filler": FILLERS}
    return Grammar(rules, {**time_terminals(), **free, ANYONE: FreeText(longest=1)})
