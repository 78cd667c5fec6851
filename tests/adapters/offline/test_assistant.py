"""Conversations with the offline assistant in a household that really keeps its agenda."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.offline.assistant import MODEL
from application.ports.dialogue import ReplyDone
from domain.agenda import ReminderStatus
from domain.interactions import Usage
from tests.adapters.offline.talking import BERLIN, NOW, Talk, berlin


async def test_a_reminder_is_set_and_told_relative_to_now(talk: Talk) -> None:
    answer = await talk.say("Remind me to water the plants tomorrow at 3 PM")
    assert answer == "I'll remind you tomorrow at 3 PM: water the plants."
    [reminder] = talk.household.reminders
    assert (reminder.title, reminder.due_time) == ("water the plants", berlin(19, 15))


async def test_the_reply_ends_with_what_it_cost(talk: Talk) -> None:
    await talk.say("hello")
    assert talk.done == ReplyDone(usage=Usage(model=MODEL), understood=True)
    assert MODEL == "offline:assistant"


async def test_an_event_is_put_into_the_calendar(talk: Talk) -> None:
    answer = await talk.say("schedule a meeting with anna and tom at the office on tuesday at 10")
    assert (
        answer
        == "It's in the calendar: meeting with Anna and Tom, on Tuesday from 10 AM to 11 AM, at the office."
    )
    [event] = talk.household.events
    assert (event.title, event.attendees, event.location) == (
        "meeting with Anna and Tom",
        ("Anna", "Tom"),
        "the office",
    )
    assert (event.start_time, event.end_time) == (berlin(24, 10), berlin(24, 11))


async def test_an_event_lasts_as_long_as_was_said(talk: Talk) -> None:
    await talk.say("add lunch with tom to the calendar tomorrow from 12 to 1")
    await talk.say("schedule yoga on friday at six pm for ninety minutes")
    lunch, yoga = talk.household.events
    assert (lunch.start_time, lunch.end_time) == (berlin(19, 12), berlin(19, 13))
    assert yoga.end_time == berlin(20, 19, 30)


async def test_a_missing_time_is_asked_for_until_it_is_known(talk: Talk) -> None:
    assert await talk.say("remind me to call mom") == "When should I remind you: call mom?"
    assert await talk.say("on friday") == "At what time on Friday?"
    assert await talk.say("purple elephants") == "I didn't catch that. At what time on Friday?"
    assert not talk.made_sense
    assert await talk.say("at nine") == "I'll remind you on Friday at 9 AM: call mom."
    assert [reminder.due_time for reminder in talk.household.reminders] == [berlin(20, 9)]


async def test_a_missing_title_is_asked_for(talk: Talk) -> None:
    assert (
        await talk.say("set a reminder for tomorrow at 3 PM")
        == "What should I remind you of tomorrow at 3 PM?"
    )
    assert await talk.say("feed the cat") == "I'll remind you tomorrow at 3 PM: feed the cat."
    assert await talk.say("create a new event") == "What should I put into the calendar, and when?"
    assert await talk.say("tennis") == "When is it: tennis?"
    assert (
        await talk.say("saturday at ten") == "It's in the calendar: tennis, on Saturday from 10 AM to 11 AM."
    )


async def test_a_question_of_long_ago_is_not_taken_up(talk: Talk) -> None:
    await talk.say("remind me to call mom")
    await talk.say("what time is it")
    await talk.say("at nine")
    assert not talk.made_sense
    assert not talk.household.reminders


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("remind me to jog at 8 am today", "That time has already passed. When should it be instead?"),
        ("remind me to vote on february 30th", "There is no such day. When should it be instead?"),
        ("remind me later to vote", "When exactly should that be?"),
        ("remind me to vote on 5/6", "Do you mean May 6 or June 5?"),
        (
            "remind me to vote on tuesday the 25th",
            "That would be Wednesday, November 25. Which day do you mean?",
        ),
        ("remind me to vote tonight at 9 am", "I can't make sense of that time. When should it be?"),
        ("remind me to vote next week", "On which day next week, and at what time?"),
        ("remind me to vote tomorrow", "At what time tomorrow?"),
        ("remind me next week", "What should I remind you of next week?"),
        ("remind me tomorrow from 2 to 3", "What should I remind you of tomorrow from 2 PM to 3 PM?"),
        ("remind me on friday", "What should I remind you of on Friday?"),
        ("remind me on february 30th", "What should I remind you of?"),
        ("create an event tomorrow", "What should I put into the calendar tomorrow?"),
        ("cancel a reminder", "Which reminder do you mean?"),
    ],
)
async def test_what_is_unclear_is_asked_about_and_nothing_is_guessed(
    talk: Talk, text: str, answer: str
) -> None:
    assert await talk.say(text) == answer
    assert talk.made_sense
    assert not talk.household.reminders
    assert not talk.household.events


async def test_a_day_is_read_out_in_its_order(talk: Talk) -> None:
    await talk.say("remind me to water the plants tomorrow at 3 pm")
    await talk.say("put dentist on my calendar for tomorrow at half past nine")
    assert await talk.say("what's on my calendar tomorrow") == (
        "You have two things tomorrow: dentist at 9:30 AM; and a reminder at 3 PM, water the plants."
    )
    assert await talk.say("what do I have on Friday?") == "You have nothing planned on Friday."
    assert await talk.say("what do i have this week") == (
        "You have two things this week: dentist tomorrow at 9:30 AM; "
        "and a reminder tomorrow at 3 PM, water the plants."
    )


async def test_today_is_what_is_left_of_it(talk: Talk) -> None:
    zone_now = NOW.astimezone(BERLIN)
    for title, start in (("early", zone_now - timedelta(hours=3)), ("now", zone_now - timedelta(minutes=30))):
        await talk.household.create_calendar_event(title=title, start_time=start)
    assert (
        await talk.say("what's on my calendar today") == "You have one thing today: now, now, until 10:30 AM."
    )
    talk.household.events.clear()
    assert await talk.say("what's on my calendar") == "You have nothing more planned today."


async def test_many_things_are_cut_short_and_counted(talk: Talk) -> None:
    for hour in range(9, 18):
        await talk.household.create_calendar_event(title=f"talk {hour}", start_time=berlin(19, hour))
    answer = await talk.say("what do i have tomorrow")
    assert answer.startswith("You have nine things tomorrow: talk 9 at 9 AM, talk 10 at 10 AM, ")
    assert answer.endswith("talk 14 at 2 PM and three more.")


async def test_being_free_is_a_matter_of_events(talk: Talk) -> None:
    await talk.say("remind me to water the plants tomorrow at 3 pm")
    assert await talk.say("am i free tomorrow afternoon") == (
        "Yes, you're free. You have nothing planned tomorrow afternoon."
    )
    await talk.say("schedule tennis tomorrow at four")
    assert (
        await talk.say("am i free tomorrow afternoon")
        == "You have one thing tomorrow afternoon: tennis at 4 PM."
    )


async def test_what_comes_next_and_when_something_is(talk: Talk) -> None:
    assert await talk.say("what's next") == "Nothing is planned in the next 30 days."
    await talk.say("schedule tennis on friday at four")
    await talk.say("remind me to call the bank tomorrow at nine")
    assert await talk.say("what's next") == "Next is tennis, on Friday at 4 PM."
    assert await talk.say("when is my tennis lesson") == "Tennis: on Friday at 4 PM."
    assert await talk.say("when do i have to call the bank") == "Call the bank: tomorrow at 9 AM."
    assert await talk.say("when is my wedding") == "I found nothing like that: wedding."


async def test_reminders_are_listed_ticked_off_and_cancelled(talk: Talk) -> None:
    assert await talk.say("what are my reminders") == "You have no reminders."
    await talk.say("remind me to water the plants tomorrow at 3 pm")
    await talk.say("remind me to call mom tomorrow at noon")
    assert await talk.say("what are my reminders") == (
        "You have two reminders: call mom, tomorrow at noon; and water the plants, tomorrow at 3 PM."
    )
    assert await talk.say("do i have any reminders tomorrow") == (
        "You have two reminders tomorrow: call mom at noon and water the plants at 3 PM."
    )
    assert await talk.say("do i have any reminders today") == "You have no reminders today."
    assert await talk.say("mark call mom as done") == "Done, I've ticked it off: call mom."
    assert await talk.say("cancel the reminder to water the plants") == (
        "I've cancelled the reminder: water the plants."
    )
    assert [reminder.status for reminder in talk.household.reminders] == [
        ReminderStatus.CANCELLED,
        ReminderStatus.COMPLETED,
    ]
    assert await talk.say("cancel the reminder about the moon") == "I found no reminder like that: the moon."


async def test_which_reminder_is_meant_can_be_said_afterwards(talk: Talk) -> None:
    await talk.say("remind me to call mom tomorrow at noon")
    await talk.say("cancel a reminder")
    assert await talk.say("call mom") == "I've cancelled the reminder: call mom."


async def test_what_is_not_understood_is_said_with_an_example(talk: Talk) -> None:
    assert await talk.say("the moon is made of cheese") == (
        "Sorry, I didn't understand that. "
        "You can say, for example: “remind me to water the plants tomorrow at 3 PM”."
    )
    assert not talk.made_sense


async def test_what_was_heard_badly_is_not_acted_on() -> None:
    talk = Talk(understood=False)
    assert await talk.say("remind me to water the plants tomorrow at 3 pm") == (
        "I didn't hear that well. Please say it again."
    )
    assert not talk.made_sense
    assert not talk.household.reminders


async def test_a_question_waits_while_the_answer_is_not_heard(talk: Talk) -> None:
    await talk.say("remind me")
    talk.understood = False
    await talk.say("mumble")
    talk.understood = True
    assert await talk.say("call mom tomorrow at noon") == "I'll remind you tomorrow at noon: call mom."


async def test_what_cannot_be_done_is_said(talk: Talk) -> None:
    assert (await talk.say("remind me every 5 minutes to drink")).startswith("I can't repeat")
    assert not talk.household.reminders
    talk.household.now = NOW + timedelta(days=2)
    answer = await talk.say("remind me to water the plants tomorrow at 3 pm")
    assert answer == "I can't do that: the due time must be in the future."
    assert not talk.household.reminders


@pytest.mark.parametrize(
    ("said", "rule", "first", "answer"),
    [
        (
            "remind me every day at 8 to take my pills",
            "FREQ=DAILY",
            "11-19 08:00",
            "I'll remind you every day: take my pills. The first time is tomorrow at 8 AM.",
        ),
        (
            "remind me to take out the trash every monday",
            "FREQ=WEEKLY;BYDAY=MO",
            "11-23 09:00",
            "I'll remind you every Monday: take out the trash. The first time is on Monday at 9 AM.",
        ),
        ("remind me every evening to lock the door", "FREQ=DAILY", "11-18 18:00", None),
        ("remind me to stretch every 2 hours", "FREQ=HOURLY;INTERVAL=2", "11-18 12:00", None),
        ("remind me every weekday at 5 to go home", "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", "11-18 17:00", None),
        ("remind me every other day at noon to swim", "FREQ=DAILY;INTERVAL=2", "11-18 12:00", None),
        ("remind me at 7 am every sunday to run", "FREQ=WEEKLY;BYDAY=SU", "11-22 07:00", None),
    ],
)
async def test_a_reminder_comes_again_and_again(
    talk: Talk, said: str, rule: str, first: str, answer: str | None
) -> None:
    told = await talk.say(said)
    (made,) = talk.household.reminders
    assert made.recurrence == rule
    assert made.due_time.astimezone(BERLIN).strftime("%m-%d %H:%M") == first
    assert answer in {None, told}
    assert talk.made_sense


async def test_an_event_comes_again_and_again(talk: Talk) -> None:
    told = await talk.say("schedule yoga every tuesday at six")
    (made,) = talk.household.events
    assert (made.title, made.recurrence) == ("yoga", "FREQ=WEEKLY;BYDAY=TU")
    assert made.start_time.astimezone(BERLIN).strftime("%a %H:%M") == "Tue 18:00"
    assert told.startswith("It's in the calendar, every Tuesday: yoga.")


async def test_a_title_that_is_too_long_becomes_a_sentence(talk: Talk) -> None:
    answer = await talk.say("remind me to " + "supercalifragilistic " * 40 + "tomorrow at three pm")
    assert answer == "I can't do that: the title must be 1 to 500 characters."


@pytest.mark.parametrize(
    ("language", "opening"),
    [
        ("de", "Ohne Verbindung"),
        ("de-AT", "Ohne Verbindung"),
        ("FR", "Sans connexion"),
        ("es_MX", "Sin conexión"),
        ("ja", "Without a connection"),
    ],
)
async def test_another_language_gets_an_honest_answer(language: str, opening: str) -> None:
    talk = Talk(language=language)
    answer = await talk.say("Erinnere mich morgen um drei an die Blumen")
    assert answer.startswith(opening)
    assert "I only understand English" in answer
    assert not talk.made_sense


@pytest.mark.parametrize("language", ["en", "en-GB", "EN_us"])
async def test_any_english_is_english(language: str) -> None:
    assert await Talk(language=language).say("what time is it") == "It's 10 AM."


@given(
    texts=st.lists(
        st.text(max_size=60)
        | st.sampled_from(
            ["remind me", "at three", "tomorrow", "call mom", "cancel a reminder", "what's next", "no"]
        ),
        min_size=1,
        max_size=6,
    )
)
async def test_no_conversation_breaks_it(texts: list[str]) -> None:
    talk = Talk()
    for text in texts:
        assert await talk.say(text)
    assert all(reminder.due_time > NOW for reminder in talk.household.reminders)


@pytest.mark.parametrize("text", ["remind me to call mom", "remind me at nine on friday"])
async def test_what_was_told_beside_the_words_fills_in_what_they_leave_open(talk: Talk, text: str) -> None:
    await talk.say(text, note="on friday at nine" if "mom" in text else "to call mom")
    assert [one.title for one in talk.household.reminders] == ["call mom"]
    assert [one.due_time for one in talk.household.reminders] == [berlin(20, 9)]


async def test_what_was_told_beside_clear_words_changes_nothing(talk: Talk) -> None:
    await talk.say("remind me to call mom on friday at nine", note="remind me to buy milk at ten")
    assert [one.title for one in talk.household.reminders] == ["call mom"]
