"""Several interlocutors in order: the real client against several scripted servers, and the offline one."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, aclosing

import pytest
from attrs import evolve, frozen

from adapters.fallback.circuit import Circuit
from adapters.fallback.interlocutor import FallbackInterlocutor
from adapters.fallback.providers import Asking, Provider
from adapters.offline.assistant import OfflineAssistant
from adapters.openai.interlocutor import OpenaiInterlocutor
from adapters.openai.server import Server, connected
from application.ports.dialogue import Capabilities, Image, Interlocutor, Prompt, ReplyDone, Sentence
from domain.errors import InvalidValue, ModelInferenceFailed
from domain.personas import Behavior
from tests.adapters.openai.asking import MIRA, Desk, prompt
from tests.fakes.model_server import ModelServer, breaks, calls, model_server, refuses, says, stalls

TEA = ("create_reminder", '{"title": "tea", "due_time": "2026-03-02T15:00"}')


async def _at_once(seconds: float) -> None:
    assert seconds <= 2.5


@frozen
class Pair:
    """Two models on servers of their own, one after the other, in a household."""

    first: ModelServer
    second: ModelServer
    desk: Desk
    fallback: FallbackInterlocutor

    async def ask(self, question: Prompt, among: Interlocutor | None = None) -> tuple[list[str], str]:
        """What was said, and who ended it."""
        *said, done = [part async for part in (among or self.fallback).answer(question, self.desk.tools)]
        assert isinstance(done, ReplyDone)
        return [part.text for part in said if isinstance(part, Sentence)], done.usage.model

    def impatient(self) -> FallbackInterlocutor:
        """The two, where the first may keep silent for a second only."""
        first, second = self.fallback.providers
        assert isinstance(first.role, OpenaiInterlocutor)
        hasty = evolve(first.role, server=evolve(first.role.server, patience=1.5))
        return evolve(self.fallback, providers=(evolve(first, role=hasty), second))

    @property
    def asked(self) -> tuple[int, int]:
        return len(self.first.asked), len(self.second.asked)


@pytest.fixture
async def pair() -> AsyncIterator[Pair]:
    async with AsyncExitStack() as stack:
        providers = []
        servers = []
        for name in ("one", "two"):
            server = await stack.enter_async_context(model_server(says(f"I am {name}.")))
            where = Server(name=name, base_url=server.base_url, patience=20.0)
            client = await stack.enter_async_context(connected(where))
            model = OpenaiInterlocutor(client=client, server=where, model="big")
            providers.append(Provider[Interlocutor](name=f"{name}:big", role=model))
            servers.append(server)
        desk = Desk(server=servers[0], where=where, client=client)
        await desk.settle_in()
        fallback = FallbackInterlocutor(providers=tuple(providers), asking=Asking(wait=_at_once))
        yield Pair(servers[0], servers[1], desk, fallback)


async def test_the_first_is_asked_and_the_second_left_alone(pair: Pair) -> None:
    assert await pair.ask(prompt()) == (["I am one."], "one:big")
    assert pair.asked == (1, 0)


@pytest.mark.parametrize(
    ("act", "tries"),
    [
        (refuses(500), 2),
        (refuses(429), 2),
        (refuses(429, Retry_After="60"), 1),
        (refuses(401), 1),
        (stalls(), 1),
        (breaks(), 2),
        (says(""), 2),
    ],
)
async def test_where_the_first_fails_the_second_answers(pair: Pair, act: object, tries: int) -> None:
    pair.first.then(act)  # type: ignore[arg-type]
    assert await pair.ask(prompt(), pair.impatient()) == (["I am two."], "two:big")
    assert pair.asked == (tries, 1)


async def test_a_passing_failure_is_tried_again(pair: Pair) -> None:
    pair.first.then(refuses(503), says("Now I can."))
    assert await pair.ask(prompt()) == (["Now I can."], "one:big")
    assert pair.asked == (2, 0)


async def test_only_when_all_have_failed_there_is_no_answer(pair: Pair) -> None:
    pair.first.then(refuses(500))
    pair.second.then(refuses(401))
    with pytest.raises(ModelInferenceFailed, match="No language model could answer") as failed:
        await pair.ask(prompt())
    assert failed.value.code == "MODEL_INFERENCE_FAILED"


async def test_who_fails_again_and_again_is_left_alone_and_tried_later(pair: Pair) -> None:
    now = [0.0]
    first, second = pair.fallback.providers
    resting = evolve(first, circuit=Circuit(failures=2, rest=30, now=lambda: now[0]))
    among = evolve(pair.fallback, providers=(resting, second))
    pair.first.then(refuses(401))
    for _ in range(5):
        assert (await pair.ask(prompt(), among))[1] == "two:big"
    assert pair.asked == (2, 5)
    now[0] = 31
    pair.first.then(says("Back."))
    assert await pair.ask(prompt(), among) == (["Back."], "one:big")
    assert await pair.ask(prompt(), among) == (["Back."], "one:big")


async def test_who_takes_over_in_the_middle_goes_on_and_nothing_is_said_twice(pair: Pair) -> None:
    pair.first.then(breaks("It is one. ", "And then"))
    pair.second.then(says("And it rains."))
    assert await pair.ask(prompt("What is it like?")) == (["It is one.", "And it rains."], "two:big")
    assert pair.asked == (1, 1)
    assert ("assistant", "It is one.") in pair.second.asked[0].texts


async def test_what_was_done_is_not_done_again(pair: Pair) -> None:
    pair.first.then(calls(TEA), stalls())
    pair.second.then(says("Tea is set."))
    said = await pair.ask(prompt("Remind me of tea."), pair.impatient())
    assert said == (["Tea is set."], "two:big")
    assert await pair.desk.reminders() == ["tea"]
    assert "do not do it again" in str(pair.second.asked[0].texts[-1])


async def test_the_offline_assistant_is_a_provider_like_any_other(pair: Pair) -> None:
    offline = Provider[Interlocutor](name="offline", role=OfflineAssistant())
    among = evolve(pair.fallback, providers=(pair.fallback.providers[0], offline))
    pair.first.then(refuses(500))
    said, model = await pair.ask(prompt("Remind me to call Anna tomorrow at three."), among)
    assert model == "offline:assistant"
    assert await pair.desk.reminders() == ["call Anna"]
    assert "call Anna" in said[0]


async def test_the_offline_assistant_ends_what_a_model_broke_off(pair: Pair) -> None:
    offline = Provider[Interlocutor](name="offline", role=OfflineAssistant())
    among = evolve(pair.fallback, providers=(pair.fallback.providers[0], offline))
    pair.first.then(calls(TEA, text="Let me see. "), breaks())
    said, _ = await pair.ask(prompt("Remind me of tea tomorrow at three."), among)
    assert said[0] == "Let me see."
    assert said[1] == "This is done: tea."
    assert await pair.desk.reminders() == ["tea"]


async def test_a_persona_speaks_by_its_own_model_first(pair: Pair) -> None:
    for name in ("two", "two:big"):
        persona = evolve(MIRA, behavior=Behavior(model=name))
        assert (await pair.ask(prompt(persona=persona)))[1] == "two:big"
    pair.second.then(refuses(500))
    assert (await pair.ask(prompt(persona=persona)))[1] == "one:big"


async def test_a_model_that_the_hub_does_not_list_is_found_by_its_name(pair: Pair) -> None:
    found: list[str] = []

    def find(name: str) -> Interlocutor | None:
        found.append(name)
        role = pair.fallback.providers[1].role
        assert isinstance(role, OpenaiInterlocutor)
        return evolve(role, model="small") if name.startswith("two:") else None

    among = evolve(pair.fallback, find=find)
    small = prompt(persona=evolve(MIRA, behavior=Behavior(model="two:small")))
    assert (await pair.ask(small, among))[1] == "two:small"
    assert (await pair.ask(small, among))[1] == "two:small"
    assert found == ["two:small"]
    unknown = prompt(persona=evolve(MIRA, behavior=Behavior(model="gone:model")))
    assert (await pair.ask(unknown, among))[1] == "one:big"


async def test_pictures_are_shown_to_those_who_see(pair: Pair) -> None:
    first, second = pair.fallback.providers
    assert isinstance(second.role, OpenaiInterlocutor)
    seeing = evolve(second, role=evolve(second.role, capabilities=Capabilities(images=True)))
    among = evolve(pair.fallback, providers=(first, seeing))
    shown = prompt("What is this?", images=(Image(content=b"x", media_type="image/png"),))
    assert (await pair.ask(shown, among))[1] == "two:big"
    assert among.capabilities.images
    with pytest.raises(InvalidValue, match="images"):
        await pair.ask(shown)


async def test_who_stops_listening_leaves_the_circuit_as_it_was(pair: Pair) -> None:
    pair.first.then(stalls("One. ", "Two"))
    async with aclosing(pair.fallback.answer(prompt(), pair.desk.tools)) as parts:  # type: ignore[type-var]
        assert await anext(parts) == Sentence(text="One.")
    assert pair.fallback.providers[0].circuit.state == "closed"
    waiting = asyncio.create_task(pair.ask(prompt()))
    await asyncio.sleep(0.05)
    waiting.cancel()
    await asyncio.gather(waiting, return_exceptions=True)
    assert pair.asked[1] == 0
