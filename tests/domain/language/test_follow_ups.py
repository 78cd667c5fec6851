"""Answers to what was asked back: the time, the title, or neither."""

import pytest

from domain.language.follow_ups import open_wish, understand_after
from domain.language.intents import (
    CancelReminder,
    CompleteReminder,
    CreateEvent,
    CreateReminder,
    NotUnderstood,
    Plain,
)
from domain.language.understanding import understand
from tests.domain.language.golden import BERLIN, NOW, meant

Said = tuple[str, ...]


@pytest.mark.parametrize(
    ("said", "title", "when"),
    [
        (("remind me to call Anna", "tomorrow at three"), "call Anna", "2026-11-19 15:00"),
        (("remind me to call Anna", "at three"), "call Anna", "2026-11-18 15:00"),
        (("remind me to call Anna", "Three."), "call Anna", "2026-11-18 15:00"),
        (("remind me to call Anna", "in twenty minutes please"), "call Anna", "2026-11-18 10:20"),
        (("remind me to call Anna", "let's say half past six"), "call Anna", "2026-11-18 18:30"),
        (("remind me to call Anna tomorrow", "at three"), "call Anna", "2026-11-19 15:00"),
        (("remind me to call Anna tomorrow", "15:45"), "call Anna", "2026-11-19 15:45"),
        (("remind me to call Anna on friday", "in the evening"), "call Anna", "2026-11-20 18:00"),
        (("remind me to call Anna", "on friday", "nine"), "call Anna", "2026-11-20 09:00"),
        (("remind me to call Anna", "purple", "at nine pm"), "call Anna", "2026-11-18 21:00"),
        (("remind me to call Anna on friday", "on saturday at ten"), "call Anna", "2026-11-21 10:00"),
        (("remind me to call Anna next week", "thursday at ten"), "call Anna", "2026-11-26 10:00"),
        (("remind me to call Anna this weekend", "sunday at noon"), "call Anna", "2026-11-22 12:00"),
        (("remind me to call Anna on 5/6", "june 5th", "at noon"), "call Anna", "2027-06-05 12:00"),
        (("remind me to call Anna at 9 am today", "at nine tonight"), "call Anna", "2026-11-18 21:00"),
        (
            ("remind me to call Anna on tuesday the 25th", "the 24th", "at ten"),
            "call Anna",
            "2026-11-24 10:00",
        ),
        (("remind me to cook dinner tomorrow", "at seven"), "cook dinner", "2026-11-19 19:00"),
        (("set a reminder for tomorrow at 3 PM", "call Anna"), "call Anna", "2026-11-19 15:00"),
        (("set a reminder for tomorrow at 3 PM", "to call Anna"), "call Anna", "2026-11-19 15:00"),
        (
            ("set a reminder for tomorrow at 3 PM", "It's about the rent!"),
            "the rent",
            "2026-11-19 15:00",
        ),
        (("remind me", "call Anna", "tomorrow at nine"), "call Anna", "2026-11-19 09:00"),
        (("remind me", "call Anna tomorrow at nine"), "call Anna", "2026-11-19 09:00"),
        (("remind me", "tomorrow at nine", "call Anna"), "call Anna", "2026-11-19 09:00"),
        (("remind me", "at noon to call Anna"), "call Anna", "2026-11-18 12:00"),
        (("remind me tomorrow", "call Anna", "at four"), "call Anna", "2026-11-19 16:00"),
    ],
    ids=lambda value: " / ".join(value) if isinstance(value, tuple) else "",
)
def test_a_reminder_is_completed_by_answers(said: Said, title: str, when: str) -> None:
    turn = understand_after(said[:-1], said[-1], NOW, BERLIN)
    assert (turn.intent, turn.helped) == (CreateReminder(title=title, when=meant(when)), True)


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (
            ("schedule lunch with tom tomorrow", "from twelve to one"),
            CreateEvent(
                title="lunch with Tom", when=meant("2026-11-19 12:00 - 2026-11-19 13:00"), attendees=("Tom",)
            ),
        ),
        (
            ("create an event tomorrow at nine", "a meeting with Ann at the bank"),
            CreateEvent(
                title="meeting with Ann",
                when=meant("2026-11-19 09:00"),
                attendees=("Ann",),
                location="the bank",
            ),
        ),
        (
            ("schedule tennis tomorrow for two hours", "at four"),
            CreateEvent(title="tennis", when=meant("2026-11-19 16:00 - 2026-11-19 18:00")),
        ),
        (
            ("put haircut on my calendar", "friday at ten"),
            CreateEvent(title="haircut", when=meant("2026-11-20 10:00")),
        ),
        (("cancel a reminder", "call Anna"), CancelReminder(title="call Anna")),
        (("complete a reminder", "the milk"), CompleteReminder(title="the milk")),
    ],
    ids=lambda value: " / ".join(value) if isinstance(value, tuple) else "",
)
def test_other_wishes_are_completed_too(said: Said, expected: object) -> None:
    assert understand_after(said[:-1], said[-1], NOW, BERLIN).intent == expected


def test_what_adds_nothing_is_asked_again() -> None:
    turn = understand_after(["remind me to call Anna tomorrow"], "purple elephants", NOW, BERLIN)
    assert not turn.helped
    assert turn.intent == CreateReminder(title="call Anna", when=meant("day 2026-11-19"))


def test_another_wish_takes_the_place_of_the_open_one() -> None:
    assert (
        understand_after(["remind me to call Anna"], "what time is it", NOW, BERLIN).intent is Plain.ASK_TIME
    )
    assert understand_after(["remind me to call Anna"], "never mind", NOW, BERLIN).intent is Plain.DISMISS
    turn = understand_after(["remind me to call Anna", "never mind"], "at three", NOW, BERLIN)
    assert isinstance(turn.intent, NotUnderstood)


def test_a_finished_wish_is_not_taken_up_again() -> None:
    turn = understand_after(["remind me to call Anna at three"], "tomorrow at four", NOW, BERLIN)
    assert isinstance(turn.intent, NotUnderstood)
    assert not turn.helped


@pytest.mark.parametrize(
    ("text", "is_open"),
    [
        ("remind me to call Anna", True),
        ("remind me at three", True),
        ("remind me to call Anna tomorrow", True),
        ("remind me to call Anna next week", True),
        ("remind me to call Anna at three", False),
        ("schedule lunch tomorrow from 12 to 1", False),
        ("cancel a reminder", True),
        ("cancel my dentist reminder", False),
        ("what time is it", False),
        ("gibberish", False),
    ],
)
def test_a_wish_is_open_until_title_and_moment_are_known(text: str, is_open: bool) -> None:
    assert (open_wish(understand(text, NOW, BERLIN)) is not None) is is_open
