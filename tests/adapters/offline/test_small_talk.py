"""What the offline assistant says when nothing is to be done."""

import pytest
from attrs import evolve

from domain.personas import Behavior
from tests.adapters.offline.talking import MIRA, Talk


async def test_time_and_date(talk: Talk) -> None:
    assert await talk.say("what time is it") == "It's 10 AM."
    assert await talk.say("what day is it") == "It's Wednesday, November 18, 2026."
    assert await talk.say("what day is tomorrow") == "Tomorrow is Thursday, November 19."
    assert await talk.say("what day is the 24th") == "That is Tuesday, November 24."
    assert await talk.say("what day is today") == "It's Wednesday, November 18, 2026."


async def test_help_names_everything_with_examples(talk: Talk) -> None:
    answer = await talk.say("what can you do")
    assert answer.startswith("I can remind you of things, put events into your calendar, ")
    assert "what's on my calendar tomorrow" in answer


async def test_the_persona_greets_in_its_own_way() -> None:
    assert await Talk().say("hello") == "Hello. I'm Mira. How can I help?"
    assert await Talk().say("good morning") == "Good morning. I'm Mira. How can I help?"
    nurse = evolve(MIRA, name="Ada", behavior=Behavior(greeting="It's Ada, your nurse."))
    assert await Talk(persona=nurse).say("hi there") == "It's Ada, your nurse."
    assert await Talk(persona=nurse).say("good evening") == "Good evening. It's Ada, your nurse."
    assert await Talk(persona=nurse).say("who are you") == "I'm Ada. I look after this home."


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("thank you", "You're welcome."),
        ("goodbye", "Goodbye."),
        ("good night", "Good night."),
        ("how are you", "I'm well, thank you."),
        ("never mind", "All right."),
    ],
)
async def test_small_talk_is_short(talk: Talk, text: str, answer: str) -> None:
    assert await talk.say(text) == answer
