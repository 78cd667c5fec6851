"""Transcribing ahead, at the pauses of a sentence."""

import asyncio
import gc

import pytest

from application.listening.early_words import EarlyWords
from domain.errors import AudioProcessingFailed
from tests.application.household import HALL, KITCHEN
from tests.application.turns.turning import until
from tests.fakes.speech import Reading, written


async def begun(reading: Reading, count: int = 1) -> None:
    """Wait until so many readings have begun."""

    async def so_many() -> bool:
        return len(reading.begun) == count

    await until(so_many)


async def test_words_begun_at_the_last_pause_are_not_read_twice() -> None:
    reading = Reading()
    early = EarlyWords(reading)
    early.begin(KITCHEN, 500, written("hello"))
    await begun(reading)
    transcript = await early.words(KITCHEN, 500, written("hello and silence"))
    assert transcript.text == "hello"
    assert reading.begun == ["hello"]


async def test_words_still_being_read_at_the_end_are_waited_for() -> None:
    reading = Reading()
    reading.free.clear()
    early = EarlyWords(reading)
    early.begin(KITCHEN, 500, written("hello"))
    waiting = asyncio.create_task(early.words(KITCHEN, 500, written("hello and silence")))
    await begun(reading)
    reading.free.set()
    assert (await waiting).text == "hello"
    assert reading.given_up == []


@pytest.mark.parametrize(("client", "ended"), [(KITCHEN, 900), (HALL, 500)])
async def test_words_of_another_pause_or_another_stream_are_given_up(client: str, ended: int) -> None:
    reading = Reading()
    reading.free.clear()
    early = EarlyWords(reading)
    early.begin(KITCHEN, 500, written("hello"))
    await begun(reading)
    waiting = asyncio.create_task(early.words(client, ended, written("hello world")))  # type: ignore[arg-type]
    await begun(reading, 2)
    reading.free.set()
    assert (await waiting).text == "hello world"
    assert reading.given_up == ["hello"]


async def test_each_pause_begins_anew() -> None:
    reading = Reading()
    reading.free.clear()
    early = EarlyWords(reading)
    for count, text in enumerate(("hello", "hello big", "hello big world"), start=1):
        early.begin(KITCHEN, count, written(text))
        await begun(reading, count)
    reading.free.set()
    assert (await early.words(KITCHEN, 3, written("hello big world "))).text == "hello big world"
    assert reading.given_up == ["hello", "hello big"]


async def test_words_without_a_pause_are_read_at_the_end() -> None:
    reading = Reading()
    assert (await EarlyWords(reading).words(KITCHEN, 500, written("hello"))).text == "hello"


async def test_a_reading_ahead_that_failed_is_tried_again_once() -> None:
    reading = Reading(errors=[AudioProcessingFailed("It broke.")])
    early = EarlyWords(reading)
    early.begin(KITCHEN, 500, written("hello"))
    await begun(reading)
    assert (await early.words(KITCHEN, 500, written("hello"))).text == "hello"
    assert reading.begun == ["hello", "hello"]

    broken = Reading(errors=[AudioProcessingFailed("It broke."), AudioProcessingFailed("For good.")])
    early = EarlyWords(broken)
    early.begin(KITCHEN, 500, written("hello"))
    with pytest.raises(AudioProcessingFailed, match="For good"):
        await early.words(KITCHEN, 500, written("hello"))


async def test_dropped_words_are_given_up_and_nobody_hears_of_their_failure() -> None:
    complaints: list[object] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: complaints.append(context))
    reading = Reading(errors=[AudioProcessingFailed("It broke."), ZeroDivisionError()])
    for _ in range(2):
        early = EarlyWords(reading)
        early.begin(KITCHEN, 500, written("hello"))
        await asyncio.sleep(0.001)
        early.drop()
        early.drop()
    reading.free.clear()
    early = EarlyWords(reading)
    early.begin(KITCHEN, 500, written("again"))
    await begun(reading, 3)
    early.drop()
    await asyncio.sleep(0.001)
    del early
    gc.collect()
    assert reading.given_up == ["again"]
    assert complaints == []


async def test_words_are_told_once_they_are_known_unless_the_speaker_went_on() -> None:
    reading = Reading()
    reading.free.clear()
    early, told = EarlyWords(reading), []
    early.begin(KITCHEN, 500, written("remind"), told.append)
    await begun(reading)
    early.begin(KITCHEN, 900, written("remind me"), told.append)
    await begun(reading, 2)
    reading.free.set()
    await early.words(KITCHEN, 900, written("remind me"))
    assert [transcript.text for transcript in told] == ["remind me"]


async def test_a_recogniser_that_breaks_tells_nothing() -> None:
    reading, told = Reading(errors=[AudioProcessingFailed("broken")]), []
    early = EarlyWords(reading)
    early.begin(KITCHEN, 500, written("hello"), told.append)
    assert (await early.words(KITCHEN, 500, written("hello"))).text == "hello"
    assert told == []


async def test_what_is_still_being_taken_in_comes_before_the_words() -> None:
    reading = Reading()
    reading.free.clear()
    early = EarlyWords(reading)
    assert early.may_follow
    early.follow(written("hel"))
    assert not early.may_follow
    early.begin(KITCHEN, 500, written("hello"))
    reading.free.set()
    assert (await early.words(KITCHEN, 500, written("hello"))).text == "hello"
    assert reading.followed == ["hel"]
    assert early.may_follow


async def test_nobody_is_followed_while_words_are_made_out() -> None:
    reading = Reading()
    reading.free.clear()
    early = EarlyWords(reading)
    early.begin(KITCHEN, 500, written("hello"))
    await begun(reading)
    assert not early.may_follow
    early.drop()
    assert early.may_follow
