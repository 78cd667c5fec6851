"""A language model as an interlocutor: the real client against a server that follows a script."""

import asyncio
import json
from contextlib import aclosing

import pytest
from attrs import evolve

from application.ports.dialogue import Capabilities, Exchange, Image, Sentence
from domain.errors import ProviderFailed
from domain.personas import TOOL_NAMES, AdaptationMode, Behavior, QuietHours
from tests.adapters.openai.asking import MIRA, Desk, prompt
from tests.fakes.model_server import breaks, calls, refuses, says, sends, stalls


async def test_sentences_come_as_soon_as_they_are_whole(desk: Desk) -> None:
    go_on = asyncio.Event()
    bits = ["It is ", "one o'clock. ", "Is ther", "e anything", " else?"]
    passed: list[None] = []

    async def pause() -> None:
        passed.append(None)
        if len(passed) == 4:
            await go_on.wait()

    desk.server.then(says(*bits, costs=(21, 9), pause=pause))
    parts = desk.model().answer(prompt("What time is it?"), desk.tools)
    assert await anext(parts) == Sentence(text="It is one o'clock.")
    go_on.set()
    assert await anext(parts) == Sentence(text="Is there anything else?")
    done = await anext(parts)
    assert (done.usage.model, done.usage.prompt_tokens, done.usage.completion_tokens) == ("openai:big", 21, 9)
    with pytest.raises(StopAsyncIteration):
        await anext(parts)


async def test_the_wire_is_that_of_the_api(desk: Desk) -> None:
    await desk.ask(prompt("Hi", history=(Exchange(said="One", answered="Two."),)))
    (asked,) = desk.server.asked
    assert asked.path == "/v1/chat/completions"
    assert asked.headers["Authorization"] == "Bearer sk-secret"
    assert asked.body["model"] == "big"
    assert asked.body["stream"] is True
    assert asked.body["stream_options"] == {"include_usage": True}
    assert [role for role, _ in asked.texts] == ["system", "user", "assistant", "user"]
    assert [content for _, content in asked.texts[1:]] == ["One", "Two.", "Hi"]
    names = [tool["function"]["name"] for tool in asked.body["tools"]]
    assert names[:2] == ["create_reminder", "create_calendar_event"]
    assert names == list(TOOL_NAMES)
    schema = asked.body["tools"][0]["function"]["parameters"]
    assert schema["required"] == ["title", "due_time"]
    assert schema["properties"]["title"]["type"] == "string"
    json.dumps(asked.body["tools"])


async def test_a_model_that_does_not_stream_is_asked_for_the_whole(desk: Desk) -> None:
    desk.server.then(says("It is one. Anything else?", costs=(4, 2)))
    model = desk.model(capabilities=Capabilities(streaming=False, tools=False))
    sentences, done = await desk.ask(prompt(), model)
    assert sentences == ["It is one.", "Anything else?"]
    assert (done.usage.prompt_tokens, done.usage.completion_tokens) == (4, 2)
    (asked,) = desk.server.asked
    assert "stream" not in asked.body
    assert "tools" not in asked.body


async def test_what_a_server_does_not_count_is_estimated(desk: Desk) -> None:
    desk.server.then(says("It is one o'clock.", costs=None))
    _, done = await desk.ask(prompt())
    assert 4 <= done.usage.completion_tokens <= 12
    assert done.usage.prompt_tokens > 100


async def test_the_persona_and_the_moment_are_told(desk: Desk) -> None:
    persona = evolve(
        MIRA,
        name="Ada",
        adaptation_mode=AdaptationMode.FIXED,
        behavior=Behavior(
            instructions="You are a nurse.",
            greeting="Ada here.",
            quiet_hours=QuietHours(start="12:30", end="14:00"),
        ),
    )
    await desk.ask(prompt(persona=persona, notes=("Anna is deaf in one ear.",), language="de"))
    system = desk.server.asked[0].texts[0][1]
    for told in ("You are a nurse.", "Ada", "Ada here.", "Sunday, March 1, 2026, 13:00", "Europe/Berlin"):
        assert told in system
    assert "Anna is deaf in one ear." in system
    assert "to the letter" in system
    assert "quiet time" in system
    assert "You are Mira" not in system


async def test_words_that_were_heard_badly_are_marked(desk: Desk) -> None:
    _, done = await desk.ask(prompt("wreck a nice beach", understood=False))
    assert "heard badly" in desk.server.asked[0].texts[-1][1]
    assert done.understood is False


async def test_pictures_go_along(desk: Desk) -> None:
    picture = Image(content=b"\x89PNG", media_type="image/png")
    await desk.ask(prompt("What is this?", images=(picture,)))
    content = desk.server.asked[0].texts[-1][1]
    assert content[0] == {"type": "text", "text": "What is this?"}
    assert content[1]["image_url"]["url"] == "data:image/png;base64,iVBORw=="


@pytest.mark.parametrize(
    ("act", "passing", "retry_after"),
    [
        (refuses(429, "rate_limit_exceeded", Retry_After="7"), True, 7.0),
        (refuses(429, Retry_After="soon"), True, None),
        (refuses(429, Retry_After="nan"), True, None),
        (refuses(429, Retry_After="99999999"), True, 3600.0),
        (refuses(500), True, None),
        (refuses(503), True, None),
        (refuses(401, "invalid_api_key"), False, None),
        (refuses(404, "model_not_found"), False, None),
        (refuses(400), False, None),
        (breaks(), True, None),
        (breaks(inside_an_event=True), True, None),
        (says(""), True, None),
        (says("<think>hm</think>"), True, None),
        (sends(b"<html>Login</html>", "text/html"), True, None),
        (sends(b"data: {broken\n\n", "text/event-stream"), True, None),
        (sends(b'data: {"choices": 5}\n\n', "text/event-stream"), True, None),
        (sends(b'data: {"error": {"message": "overloaded"}}\n\n', "text/event-stream"), True, None),
        (sends(b"", "text/event-stream"), True, None),
    ],
)
async def test_every_failure_of_a_server_is_one_that_we_know(
    desk: Desk, act: object, passing: bool, retry_after: float | None
) -> None:
    desk.server.then(act)  # type: ignore[arg-type]
    with pytest.raises(ProviderFailed) as failed:
        await desk.ask(prompt("a secret question"))
    assert (failed.value.passing, failed.value.retry_after) == (passing, retry_after)
    assert "secret" not in failed.value.message
    assert failed.value.code == "MODEL_INFERENCE_FAILED"
    assert len(desk.server.asked) == 1


@pytest.mark.parametrize("act", [stalls(), stalls("It is "), stalls("One. ", "Two. ")])
async def test_a_server_that_keeps_silent_is_left(desk: Desk, act: object) -> None:
    desk.server.then(act)  # type: ignore[arg-type]
    with pytest.raises(ProviderFailed) as failed:
        await desk.ask(prompt(), desk.impatient())
    assert not failed.value.passing


async def test_a_stream_that_breaks_off_keeps_what_was_said(desk: Desk) -> None:
    desk.server.then(breaks("It is one. ", "And the"))
    parts = desk.model().answer(prompt(), desk.tools)
    assert await anext(parts) == Sentence(text="It is one.")
    with pytest.raises(ProviderFailed):
        await anext(parts)


async def test_a_stream_that_ends_without_saying_so_has_broken_off(desk: Desk) -> None:
    desk.server.then(says("It is one. And", finish=None, done=False))
    with pytest.raises(ProviderFailed):
        await desk.ask(prompt())


async def test_whoever_stops_listening_hangs_up(desk: Desk) -> None:
    desk.server.then(stalls("One. ", "Two. "))
    async with aclosing(desk.model().answer(prompt(), desk.tools)) as parts:  # type: ignore[type-var]
        assert await anext(parts) == Sentence(text="One.")
    for _ in range(200):
        if desk.server.gone:
            break
        await asyncio.sleep(0.01)
    assert desk.server.gone == ["/v1/chat/completions"]


async def test_a_server_that_is_not_there_is_a_failure(desk: Desk) -> None:
    lost = desk.client.with_options(base_url="http://127.0.0.1:9/v1")
    with pytest.raises(ProviderFailed) as failed:
        await desk.ask(prompt(), evolve(desk.model(), client=lost))
    assert failed.value.passing


async def test_of_a_long_conversation_the_latest_part_fits(desk: Desk) -> None:
    history = tuple(
        Exchange(said=f"question {number} " + "x" * 300, answered="a" * 300) for number in range(60)
    )
    await desk.ask(prompt("now", history=history), desk.model(context=4000))
    texts = desk.server.asked[0].texts
    sizes = [len(str(content)) for _, content in texts]
    assert sum(sizes) / 3 < 4000
    assert texts[-3][1].startswith("question 59")
    assert len(texts) < 40
    assert "Earlier in this conversation" in texts[0][1]
    assert "question 59" not in texts[0][1]
    kept_first = int(texts[1][1].split()[1])
    assert f"question {kept_first - 1}" in texts[0][1]


async def test_a_conversation_that_is_still_too_long_is_sent_again_shorter(desk: Desk) -> None:
    too_long = refuses(400, "context_length_exceeded", "This model's maximum context length is 4096 tokens.")
    desk.server.then(too_long, says("Fine."))
    history = tuple(Exchange(said="x" * 300, answered="a" * 300) for _ in range(40))
    assert (await desk.ask(prompt("now", history=history)))[0] == ["Fine."]
    first, second = desk.server.asked
    assert len(second.body["messages"]) < len(first.body["messages"]) / 2
    desk.server.then(too_long)
    with pytest.raises(ProviderFailed):
        await desk.ask(prompt("now"))


async def test_who_takes_over_goes_on_from_there(desk: Desk) -> None:
    desk.server.then(calls(("create_reminder", '{"title": "tea", "due_time": "2026-03-02T15:00"}')), breaks())
    with pytest.raises(ProviderFailed):
        await desk.ask(prompt("remind me of tea"))
    desk.server.then(says("So that is set."))
    await desk.ask(prompt("remind me of tea", begun=("All right.",)))
    *_, said, told = desk.server.asked[0].texts
    assert said == ("assistant", "All right.")
    assert "do not do it again" in told[1]
    assert "tea" in told[1]
    assert await desk.reminders() == ["tea"]
