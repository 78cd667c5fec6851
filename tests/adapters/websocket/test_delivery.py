"""Facts come once, in order and to the right ones, whatever happens; live news when there is room."""

import asyncio
import contextlib
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from application.networks.clients import RegisteredClient
from domain.events import (
    ActionExecuted,
    AnswerInterrupted,
    AudioStreamSelected,
    ContextUpdated,
    ErrorOccurred,
    FactEvent,
    InteractionAnswered,
    InteractionCreated,
    LiveEvent,
    ReminderDue,
    StreamsMeasured,
)
from domain.ids import ActionId, ClientId, ConversationId, InteractionId
from domain.interactions import Action, ProcessingStatus
from tests.adapters.websocket.house import House, closing, event_of, open_house
from tests.patience import PATIENCE, eventually
from tests.samples import interaction, reminder

AT = datetime(2026, 3, 1, 12, tzinfo=UTC)


def moved_on(number: int, size: int = 10) -> ContextUpdated:
    """A fact with a number, of about so many bytes."""
    return ContextUpdated(
        conversation_id=ConversationId(f"conv_{number}"), summary="x" * size, participants=(), at=AT
    )


async def facts(socket: aiohttp.ClientWebSocketResponse, last: int) -> list[int]:
    """The numbers of the facts that come, up to the last one."""
    numbers: list[int] = []
    while not numbers or numbers[-1] < last:
        event = await event_of(socket, "context_updated")
        numbers.append(int(event["conversation_id"].removeprefix("conv_")))
    return numbers


async def resume(
    house: House, registered: RegisteredClient, last_event_id: str
) -> tuple[dict[str, Any], Any]:
    """Come again after a fact; answers the handshake's answer and the open socket."""
    socket = await house.web.ws_connect(
        f"{house.url}/ws/{registered.network.id}", params={"token": registered.token}, max_msg_size=0
    )
    await socket.send_json({"type": "handshake", "last_event_id": last_event_id})
    return await socket.receive_json(timeout=PATIENCE), socket


@pytest.mark.usefixtures("each_store")
async def test_what_was_missed_comes_first_and_once(house: House) -> None:
    network = await house.network()
    phone = await house.client(network)
    async with house.talk(phone) as socket:
        first = await house.happen(network, moved_on(0))
        assert (await event_of(socket, "context_updated"))["event_id"] == first
    for number in range(1, 30):
        await house.happen(network, moved_on(number))
    answer, socket = await resume(house, phone, first)
    for number in range(30, 40):
        await house.happen(network, moved_on(number))
    assert answer["type"] == "handshake_ack"
    assert answer["resumed"]
    assert answer["last_event_id"] is None
    assert await facts(socket, 39) == list(range(1, 40))
    await socket.close()


async def test_a_client_may_resume_from_its_handshake(house: House) -> None:
    network = await house.network()
    phone = await house.client(network)
    async with house.open("net_home", phone.token) as socket:
        await socket.send_json({"type": "handshake"})
        last_event_id = (await socket.receive_json(timeout=PATIENCE))["last_event_id"]
    await house.happen(network, moved_on(1))
    answer, socket = await resume(house, phone, last_event_id)
    assert answer["resumed"]
    assert await facts(socket, 1) == [1]
    await socket.close()


async def test_an_unknown_last_event_is_said_to_be_so(house: House) -> None:
    network = await house.network()
    phone = await house.client(network)
    await house.happen(network, moved_on(1))
    answer, socket = await resume(house, phone, "evt_of_another_life")
    assert not answer["resumed"]
    assert answer["last_event_id"].startswith("evt_")
    await socket.close()


async def test_the_last_event_of_another_network_is_unknown(house: House) -> None:
    home, shop = await house.network("net_home"), await house.network("net_shop")
    phone = await house.client(home)
    there = await house.happen(shop, moved_on(1))
    await house.happen(shop, moved_on(2))
    answer, socket = await resume(house, phone, there)
    assert not answer["resumed"]
    await socket.close()


async def test_devices_resume_by_the_query(house: House) -> None:
    network = await house.network()
    device = await house.client(network, "kitchen")
    first = await house.happen(network, moved_on(1))
    answered = InteractionAnswered(
        interaction_id=InteractionId("int_1"), client_id=ClientId("kitchen"), text="Yes.", speech=None, at=AT
    )
    await house.happen(network, answered, ClientId("kitchen"))
    async with house.open("kitchen", device.token, last_event_id=first) as socket:
        command = await event_of(socket, "audio_response")
    assert command["payload"]["text"] == "Yes."


async def test_a_slow_reader_loses_live_news_and_no_fact_and_slows_nobody() -> None:
    async with open_house(most_facts=40, most_news=4, send_timeout=timedelta(seconds=10)) as house:
        network = await house.network()
        slow, fast = await house.client(network, "slow"), await house.client(network, "fast")
        async with house.talk(slow) as stuck, house.talk(fast) as reading:
            first = await house.happen(network, moved_on(0))
            await event_of(stuck, "context_updated")
            received = asyncio.create_task(facts(reading, 200))
            for number in range(1, 201):
                await house.happen(network, moved_on(number, 200_000))
                house.tell(network, StreamsMeasured(streams=(), at=AT))
                await asyncio.sleep(0)
            assert await received == list(range(201))
            before = [event async for event in numbers_until_closed(stuck)]
            assert stuck.close_code in {1013, 1006}
            assert before == list(range(1, len(before) + 1))
            assert len(before) < 200
        answer, _ = await resume(house, slow, first)
        assert answer["resumed"]


async def numbers_until_closed(socket: aiohttp.ClientWebSocketResponse) -> Any:
    """The numbers of the facts that come until the hub closes."""
    async for message in socket:
        event = message.json()
        if event["type"] == "context_updated":
            yield int(event["conversation_id"].removeprefix("conv_"))


async def test_a_reader_whose_facts_overflow_is_closed_to_resume() -> None:
    async with open_house(most_facts=5) as house:
        network = await house.network()
        phone = await house.client(network)
        async with house.talk(phone) as socket:
            async with house.store.begin() as tx:
                for number in range(50):
                    await tx.outbox.append(network.id, moved_on(number, 500_000))
            got = [event async for event in numbers_until_closed(socket)]
            assert socket.close_code == 1013
        assert got == list(range(len(got)))
        assert len(got) < 50


KINDS: list[FactEvent | LiveEvent] = [
    InteractionCreated(interaction=interaction("int_1", status=ProcessingStatus.COMPLETED), at=AT),
    ActionExecuted(
        interaction_id=InteractionId("int_1"),
        client_id=ClientId("phone"),
        action=Action(id=ActionId("act_1"), type="create_reminder", result={"title": "tea"}, executed_at=AT),
        at=AT,
    ),
    ContextUpdated(conversation_id=ConversationId("conv_1"), summary="tea", participants=(), at=AT),
    ReminderDue(reminder=reminder("rem_1"), at=AT),
    InteractionAnswered(
        interaction_id=InteractionId("int_1"), client_id=ClientId("phone"), text="Yes.", speech=None, at=AT
    ),
    AudioStreamSelected(
        client_id=ClientId("phone"), score=5, reason="only", provisional=False, streams=(), at=AT
    ),
    StreamsMeasured(streams=(), at=AT),
    AnswerInterrupted(interaction_id=InteractionId("int_1"), client_id=ClientId("phone"), at=AT),
    ErrorOccurred(code="AUDIO_QUALITY_TOO_LOW", message="Too quiet.", client_id=ClientId("phone"), at=AT),
]
HAPPENINGS = st.lists(
    st.tuples(
        st.sampled_from(["net_home", "net_shop"]), st.sampled_from(KINDS), st.sampled_from([None, "phone"])
    ),
    min_size=1,
    max_size=20,
)


@pytest.mark.slow
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(happenings=HAPPENINGS)
async def test_networks_with_the_same_clients_hear_nothing_of_each_other(
    happenings: list[tuple[str, FactEvent | LiveEvent, str | None]],
) -> None:
    async with open_house() as house:
        networks = {name: await house.network(name) for name in ("net_home", "net_shop")}
        heard: dict[tuple[str, str], list[str]] = {}
        async with asyncio.TaskGroup() as tasks:
            for name, network in networks.items():
                for client_id in ("phone", "tablet"):
                    registered = await house.client(network, client_id)
                    heard[name, client_id] = sorts = []
                    opened = asyncio.Event()
                    tasks.create_task(collect(house, registered, sorts, opened))
                    await opened.wait()
            for name, event, recipient in happenings:
                to = None if recipient is None else ClientId(recipient)
                if isinstance(
                    event, AnswerInterrupted | AudioStreamSelected | StreamsMeasured | ErrorOccurred
                ):
                    house.tell(networks[name], event, to)
                else:
                    await house.happen(networks[name], event, to)
                await asyncio.sleep(0.002)
            for network in networks.values():
                await house.happen(network, moved_on(99))
        for (name, client_id), sorts in heard.items():
            meant = [
                type(event).__name__
                for where, event, recipient in happenings
                if where == name and recipient in {None, client_id}
            ]
            assert sorted(sorts) == sorted(SORTS[kind] for kind in meant)


SORTS = {
    "InteractionCreated": "interaction_created",
    "ActionExecuted": "action_executed",
    "ContextUpdated": "context_updated",
    "ReminderDue": "reminder_due",
    "InteractionAnswered": "interaction_response",
    "AudioStreamSelected": "audio_stream_selected",
    "StreamsMeasured": "streams_measured",
    "AnswerInterrupted": "interaction_interrupted",
    "ErrorOccurred": "error",
}


async def collect(
    house: House, registered: RegisteredClient, sorts: list[str], opened: asyncio.Event
) -> None:
    """Note which sorts of event a client hears of, until the last one comes."""
    async with house.talk(registered) as socket:
        opened.set()
        async for message in socket:
            event = message.json()
            if event.get("conversation_id") == "conv_99":
                return
            if event["type"] not in {"client_joined", "client_left"}:
                sorts.append(event["type"])


@pytest.mark.usefixtures("each_store")
async def test_of_two_networks_each_hears_only_its_own(house: House) -> None:
    home, shop = await house.network("net_home"), await house.network("net_shop")
    here, there = await house.client(home), await house.client(shop)
    async with house.talk(here) as mine, house.talk(there) as theirs:
        for event in KINDS:
            if isinstance(event, AnswerInterrupted | AudioStreamSelected | StreamsMeasured | ErrorOccurred):
                house.tell(home, event)
            else:
                await house.happen(home, event)
        await house.happen(home, moved_on(1))
        await house.happen(shop, moved_on(2))
        assert await facts(mine, 1) == [1]
        first = await theirs.receive_json(timeout=PATIENCE)
        assert first["conversation_id"] == "conv_2"
        await theirs.close()
        assert await closing(theirs) == 1000


@pytest.mark.slow
async def test_two_hundred_sockets_hear_the_same() -> None:
    async with open_house() as house, contextlib.AsyncExitStack() as stack:
        networks = [await house.network(f"net_{number}") for number in range(4)]
        web = await stack.enter_async_context(aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)))
        crowd = []
        for number in range(200):
            registered = await house.client(networks[number % 4], f"phone{number // 4}")
            params = {"token": registered.token}
            socket = await stack.enter_async_context(
                web.ws_connect(f"{house.url}/ws/net_{number % 4}", params=params)
            )
            await socket.send_json({"type": "handshake"})
            crowd.append(socket)
        await eventually(lambda: len(house.ears.heard) == 200)
        for number in range(20):
            await house.happen(networks[number % 4], moved_on(number))
        heard = await asyncio.gather(*(facts(socket, 16 + place % 4) for place, socket in enumerate(crowd)))
        assert heard == [list(range(place % 4, 20, 4)) for place in range(200)]
