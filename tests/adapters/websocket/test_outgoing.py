"""What waits to be sent."""

import asyncio

from adapters.websocket.outgoing import Outgoing


async def test_replies_go_before_announcements() -> None:
    outgoing = Outgoing()
    await outgoing.announce("news")
    outgoing.reply("one")
    outgoing.reply("two")
    assert [await outgoing.next() for _ in range(3)] == ["one", "two", "news"]


async def test_the_oldest_replies_make_room_and_are_counted() -> None:
    outgoing = Outgoing(most_replies=3)
    for number in range(10):
        outgoing.reply(str(number))
    assert [await outgoing.next() for _ in range(3)] == ["7", "8", "9"]
    assert outgoing.dropped == 7


async def test_an_announcement_waits_until_there_is_room() -> None:
    outgoing = Outgoing(most_announcements=1)
    await outgoing.announce("first")
    second = asyncio.create_task(outgoing.announce("second"))
    await asyncio.sleep(0)
    assert not second.done()
    assert await outgoing.next() == "first"
    await second
    assert await outgoing.next() == "second"


async def test_the_writer_waits_until_there_is_something() -> None:
    outgoing = Outgoing()
    waiting = asyncio.create_task(outgoing.next())
    await asyncio.sleep(0)
    assert not waiting.done()
    outgoing.reply("here")
    assert await waiting == "here"


async def test_what_is_more_urgent_overtakes_and_equals_keep_their_order() -> None:
    outgoing = Outgoing()
    for text, priority in (("a", 0), ("b", 5), ("c", 0), ("d", 10), ("e", 5)):
        await outgoing.announce(text, priority)
    assert [await outgoing.next() for _ in range(5)] == ["d", "b", "e", "a", "c"]
