"""Words that break off before what their grammar asks for, and words that do not."""

import pytest

from domain.language.unfinished import leads_on, may_go_on


@pytest.mark.parametrize(
    "words",
    [
        "and then i went to the",
        "please",
        "remind my wife",
        "please say to everyone",
        "tell everybody that",
        "could you tell me",
        "can you find out",
        "could you",
        "i want to know",
        "how many people",
        "how warm is",
        "when does",
        "what should they",
        "mark the second reminder",
        "please move the meeting with paul",
        "put milk and butter",
        "how far behind are we um",
        "am i free on the let me see",
        "when was the bearing last greased on",
        "how many boxes have we got in",
        "let reception know that i'll be",
        "send a message to lucy saying",
        "put a hold on batch",
        "get me up in",
        "when it gets dark turn on",
        "is there a free bed on",
    ],
)
def test_words_that_lack_something_lead_on(words: str) -> None:
    assert leads_on(words)


@pytest.mark.parametrize(
    "words",
    [
        "",
        "yes please",
        "stop the timer please",
        "yes please do that",
        "tell me what time it is",
        "what do you want",
        "who are you",
        "yes i do",
        "remind my wife to bring the keys",
        "tell the kitchen that dinner is ready",
        "mark the second reminder as done",
        "move the meeting with paul to friday",
        "put milk and butter on the list",
        "how many people are coming",
        "what is that noise from",
        "which drawer are the scissors in",
        "turn the heating on",
        "is dad in",
        "ask mum where the scissors are",
        "i have to renew it so remind me",
    ],
)
def test_words_that_lack_nothing_do_not(words: str) -> None:
    assert not leads_on(words)


@pytest.mark.parametrize(
    "words", ["set an alarm for seven", "cancel the meeting", "please delete my appointment"]
)
def test_an_hour_of_no_day_and_one_of_many_may_go_on(words: str) -> None:
    assert may_go_on(words)


@pytest.mark.parametrize(
    "words",
    [
        "set an alarm for seven tomorrow",
        "set an alarm for seven in the morning",
        "remind me every day at seven",
        "cancel the meeting on friday",
        "cancel my appointment with the dentist",
        "what time is it",
    ],
)
def test_what_says_which_does_not(words: str) -> None:
    assert not may_go_on(words)
