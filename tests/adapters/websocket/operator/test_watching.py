"""The operators' socket: who may open it, what it tells, and what it takes."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import aiohttp
import pytest

from adapters.websocket.operator import watching
from domain.events import AudioStreamSelected, ErrorOccurred, InteractionCreated
from domain.ids import ClientId, PersonaId
from domain.interactions import ProcessingStatus, StreamReport
from tests.adapters.websocket.house import House, closing, event_of, open_house
from tests.patience import PATIENCE
from tests.samples import interaction, renamed

ADDRESS = "/internal/operator/events"
Socket = aiohttp.ClientWebSocketResponse


@asynccontextmanager
async def watch(house: House, token: str | None = None, **wish: Any) -> AsyncIterator[Socket]:
    """Open the operators' socket, hear its hello, and say what is to be watched where that is given."""
    params = {"token": house.tokens.operator() if token is None else token}
    async with house.web.ws_connect(f"{house.url}{ADDRESS}", params=params, max_msg_size=0) as socket:
        hello = await socket.receive_json(timeout=PATIENCE)
        assert (hello["type"], hello["instance"]) == ("hello", "test:1")
        if wish:
            await socket.send_json({"type": "watch", **wish})
            await settled(socket)
        yield socket


async def settled(socket: Socket) -> None:
    """Wait until what was sent before has been read: it is in order, and nonsense is answered at once."""
    await socket.send_json({"type": "ready?"})
    await event_of(socket, "error")


@pytest.mark.parametrize("kind", ["network", "registration", "client"])
async def test_only_operators_watch(house: House, kind: str) -> None:
    network = await house.network()
    phone = await house.client(network)
    token = {
        "network": house.tokens.network(network),
        "registration": house.tokens.registration(network),
        "client": phone.token,
    }[kind]
    with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
        async with watch(house, token):
            pass
    assert refused.value.status == 403


@pytest.mark.parametrize("token", ["", "nonsense", "a.b.c"])
async def test_a_bad_token_opens_nothing(house: House, token: str) -> None:
    with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
        async with watch(house, token):
            pass
    assert refused.value.status == 401


async def test_facts_of_all_networks_are_told_as_they_are_committed(house: House) -> None:
    home, shop = await house.network("net_home"), await house.network("net_shop")
    async with watch(house) as socket:
        first = await house.happen(home, renamed("Castle"))
        second = await house.happen(shop, renamed("Store"))
        told = [await event_of(socket, "fact") for _ in range(2)]
        assert [(one["network_id"], one["event_id"]) for one in told] == [
            ("net_home", first),
            ("net_shop", second),
        ]
        assert {one["name"] for one in told} == {"network_updated"}


async def test_what_people_say_is_told_only_to_those_who_asked(house: House) -> None:
    network = await house.network()
    turn = interaction(
        "int_1",
        text="the key lies under the mat",
        response="I will not tell",
        status=ProcessingStatus.COMPLETED,
        persona_id=PersonaId("mira"),
    )
    async with watch(house) as discreet, watch(house, transcripts=True) as curious:
        await house.happen(network, InteractionCreated(interaction=turn, at=house.clock.now()))
        quiet = await event_of(discreet, "fact")
        assert quiet["details"]["interaction_id"] == "int_1"
        assert quiet["details"]["status"] == "completed"
        assert not {"text", "response"} & quiet["details"].keys()
        assert "mat" not in str(quiet)
        whole = await event_of(curious, "fact")
        assert (whole["details"]["text"], whole["details"]["response"]) == (turn.text, turn.response)
        await curious.send_json({"type": "watch"})
        await settled(curious)
        await house.happen(network, InteractionCreated(interaction=turn, at=house.clock.now()))
        assert "text" not in (await event_of(curious, "fact"))["details"]


async def test_news_health_and_figures_come_by_themselves(house: House) -> None:
    network = await house.network()
    async with watch(house) as socket:
        health = await event_of(socket, "health")
        assert (health["status"], health["active_networks"]) == ("healthy", 1)
        figures = await event_of(socket, "figures")
        assert figures["levels"]["sockets"] >= 1
        error = ErrorOccurred(
            code="AUDIO_QUALITY_TOO_LOW", message="Too quiet.", client_id=ClientId("a"), at=house.clock.now()
        )
        house.tell(network, error)
        trouble = await event_of(socket, "trouble", code=error.code)
        assert (trouble["network_id"], trouble["client_id"], trouble["status"]) == ("net_home", "a", 0)


async def test_streams_are_told_of_networks_that_are_watched(house: House) -> None:
    async with watch(house, networks=["net_home"]) as socket:
        told = await event_of(socket, "streams")
        assert (told["network_id"], told["streams"]) == ("net_home", [])


async def test_a_choice_of_a_stream_is_told_with_its_competitors(house: House) -> None:
    network = await house.network()
    heard = StreamReport(
        client_id=ClientId("hall"), score=7.5, measures={"snr_db": 20.0}, selected=True, reason="clearest"
    )
    chosen = AudioStreamSelected(
        client_id=ClientId("hall"),
        score=7.5,
        reason="clearest",
        provisional=True,
        streams=(heard,),
        at=house.clock.now(),
    )
    async with watch(house) as socket:
        house.tell(network, chosen)
        told = await event_of(socket, "selection")
        assert (told["network_id"], told["client_id"], told["provisional"]) == ("net_home", "hall", True)
        assert told["streams"][0]["metrics"] == {"snr_db": 20.0}


WISHES = [
    ("no JSON", "message"),
    ("[]", "message"),
    ("{}", "type"),
    ('{"type": "handshake"}', "type"),
    ('{"type": 5}', "type"),
    ('{"type": "watch", "networks": "net_home"}', "networks"),
    ('{"type": "watch", "networks": [5]}', "networks"),
    ('{"type": "watch", "log": "yes"}', "log"),
    ('{"type": "watch", "transcripts": 1}', "transcripts"),
    (json.dumps({"type": "watch", "networks": ["net_home"] * 17}), "networks"),
]


async def test_wishes_that_make_no_sense_are_refused_and_close_nothing(house: House) -> None:
    network = await house.network()
    async with watch(house) as socket:
        for wish, field in WISHES:
            await socket.send_str(wish)
            error = await event_of(socket, "error")
            assert error["error_code"] == "VALIDATION_ERROR", wish
            assert field in f"{error['message']} {error['details']}", wish
        await socket.send_bytes(b"\x00\xff")
        assert "text" in (await event_of(socket, "error"))["message"]
        event_id = await house.happen(network, renamed("Castle"))
        assert (await event_of(socket, "fact"))["event_id"] == event_id


async def test_a_refused_wish_leaves_the_one_before(house: House) -> None:
    network = await house.network()
    async with watch(house, transcripts=True) as socket:
        turn = interaction("int_1", text="hello", response="Hello.")
        await house.happen(network, InteractionCreated(interaction=turn, at=house.clock.now()))
        assert (await event_of(socket, "fact"))["details"]["text"] == "hello"


async def test_a_hundred_bad_wishes_in_a_row_are_too_many(house: House) -> None:
    async with watch(house) as socket:
        for _ in range(watching.MOST_MALFORMED):
            await settled(socket)
        await socket.send_json({"type": "watch"})
        await settled(socket)
        await settled(socket)
        for _ in range(watching.MOST_MALFORMED):
            await socket.send_str("rubbish")
        assert await closing(socket) == 1008


async def test_a_hub_that_stops_says_goodbye_to_operators(house: House) -> None:
    async with watch(house) as socket:
        stopping = asyncio.create_task(house.sockets.close(turns=1.0, goodbyes=5.0))
        assert await closing(socket) == 1001
        await stopping


async def test_an_operator_who_does_not_read_is_closed_and_slows_nobody(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(watching, "SENDING_MAY_TAKE", timedelta(seconds=0.5))
    async with open_house() as house:
        network = await house.network()
        turn = interaction("int_1", text="x" * 100_000, response="y" * 100_000)
        async with watch(house, transcripts=True) as stuck, watch(house) as reading:
            received = asyncio.create_task(turns_until_renamed(reading))
            for _ in range(200):
                await house.happen(network, InteractionCreated(interaction=turn, at=house.clock.now()))
            await house.happen(network, renamed("Castle"))
            assert await received == 200
            async with asyncio.timeout(PATIENCE):
                while (await event_of(reading, "figures"))["levels"]["sockets"] > 1:
                    pass
                before = [message async for message in stuck]
            assert stuck.close_code in {1013, 1006}
            assert sum("interaction_created" in message.data[:100] for message in before) < 200


async def turns_until_renamed(socket: Socket) -> int:
    """How many turns are told before the network is said to be renamed."""
    turns = 0
    while (fact := await event_of(socket, "fact"))["name"] != "network_updated":
        turns += fact["name"] == "interaction_created"
    return turns
