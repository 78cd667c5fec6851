"""A typed turn that is answered at once."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from application.access import Principal
from application.dialog import SendMessage
from application.ports.dialogue import Prompt, ReplyPart, Sentence, Toolbox
from application.turns import TurnEnded
from domain.errors import (
    DeviceNotFound,
    InvalidValue,
    ModelInferenceFailed,
    NetworkNotFound,
    SessionNotFound,
)
from domain.ids import ClientId, NetworkId, SessionId
from domain.interactions import ProcessingStatus
from tests.application.household import HALL, KITCHEN, OPERATOR, Household, as_client, owner
from tests.application.turning import saying
from tests.fakes.dialogue import Scripted


async def send(
    hub: Household,
    who: Principal,
    network_id: NetworkId,
    text: str = "hello",
    client_id: ClientId = KITCHEN,
    session_id: SessionId | None = None,
) -> TurnEnded:
    return await SendMessage(hub.converse())(who, network_id, client_id, session_id, text)


async def test_the_answer_comes_back_with_the_turn_that_is_kept(hub: Household) -> None:
    home = await hub.home()
    for who in (owner(home), OPERATOR, as_client(home)):
        answer = await send(hub, who, home)
        assert answer.interaction == await hub.interaction(home, answer.interaction.id)
        assert answer.interaction.response == "You said: hello."
        assert answer.speech is not None


async def test_one_may_name_the_session_to_go_on_with(hub: Household) -> None:
    home = await hub.home()
    first = await send(hub, as_client(home), home)
    second = await send(hub, as_client(home), home, "again", session_id=first.interaction.session_id)
    assert second.interaction.conversation_id == first.interaction.conversation_id
    with pytest.raises(SessionNotFound):
        await send(hub, as_client(home), home, session_id=SessionId("sess_none"))


async def test_a_device_speaks_for_itself_only(hub: Household) -> None:
    home, shop = await hub.home(), await hub.home()
    await hub.register(home, HALL)
    with pytest.raises(DeviceNotFound):
        await send(hub, as_client(home, HALL), home)
    with pytest.raises(NetworkNotFound):
        await send(hub, as_client(shop), home)
    with pytest.raises(NetworkNotFound):
        await send(hub, owner(shop), home)
    assert await hub.interactions(home) == []


async def test_a_device_that_is_not_there_is_named(hub: Household) -> None:
    home = await hub.home()
    with pytest.raises(DeviceNotFound) as refused:
        await send(hub, owner(home), home, client_id=ClientId("dev_none"))
    assert refused.value.details == {"device_id": "dev_none"}


async def test_refusals_and_failures_come_back_as_they_are(hub: Household) -> None:
    home = await hub.home()
    with pytest.raises(InvalidValue):
        await send(hub, owner(home), home, "  ")
    hub.interlocutor = saying()
    with pytest.raises(ModelInferenceFailed):
        await send(hub, owner(home), home)


async def test_whoever_hangs_up_leaves_no_turn_open(hub: Household) -> None:
    home = await hub.home()
    asked = asyncio.Event()

    async def script(prompt: Prompt, tools: Toolbox) -> AsyncIterator[ReplyPart]:
        asked.set()
        await asyncio.Event().wait()
        yield Sentence(text="Too late.")

    hub.interlocutor = Scripted(script)
    waiting = asyncio.create_task(send(hub, owner(home), home))
    await asked.wait()
    waiting.cancel()
    await asyncio.gather(waiting, return_exceptions=True)
    (turn,) = await hub.interactions(home)
    assert turn.status is ProcessingStatus.FAILED
