"""A session goes on elsewhere: the first device falls silent, the second goes on, both are told."""

import asyncio

import pytest

from domain.ids import ClientId, SessionId
from tests.adapters.websocket.companion.test_commands import home_of, told
from tests.adapters.websocket.house import House, event_of

LONG = "tell " + "me more " * 40


def typed(text: str) -> dict[str, object]:
    """Something typed at a device."""
    return {"type": "text_input", "payload": {"text": text}}


HANDOFF = {"from_device_id": "kitchen", "to_device_id": "hall", "notify_user": False}


@pytest.mark.usefixtures("each_store")
async def test_context_persona_and_the_unfinished_reply_move(house: House) -> None:
    home = await home_of(house)
    async with (
        house.open("kitchen", home.kitchen.token) as kitchen,
        house.open("hall", home.hall.token) as hall,
    ):
        _, opened = await home.ask(
            "POST", "/v1/sessions", {"device_id": "kitchen", "persona_id": "entertainer", "user_id": "u"}
        )
        await kitchen.send_json(typed(LONG))
        spoken = (await event_of(kitchen, "audio_response"))["payload"]
        path = f"/v1/sessions/{opened['session_id']}"
        status, done = await home.ask("POST", f"{path}/handoff", HANDOFF)
        released = await told(kitchen, "session_handed_over")
        taken = await told(hall, "session_handed_over")
        going_on = (await event_of(hall, "audio_response"))["payload"]
        _, session = await home.ask("GET", path)
        await hall.send_json(typed("and then"))
        answer = (await event_of(hall, "audio_response"))["payload"]
    assert (status, done["success"], done["reply_moved"]) == (200, True, True)
    assert (released["data"]["role"], released["data"]["silence"]) == ("released", True)
    assert (taken["data"]["role"], taken["data"]["persona_id"]) == ("taken", "entertainer")
    assert (going_on["interaction_id"], going_on["text"]) == (spoken["interaction_id"], spoken["text"])
    assert (session["device_id"], session["persona_id"], session["user_id"]) == ("hall", "entertainer", "u")
    async with house.store.snapshot() as tx:
        for interaction_id in (spoken["interaction_id"], answer["interaction_id"]):
            turn = await tx.interactions.get(home.network.id, interaction_id)
            assert turn.conversation_id == session["conversation_id"]
            assert turn.session_id == session["session_id"]


async def test_the_answer_of_a_turn_under_way_is_said_where_the_session_is_by_then(house: House) -> None:
    home = await home_of(house)
    async with (
        house.open("kitchen", home.kitchen.token) as kitchen,
        house.open("hall", home.hall.token) as hall,
    ):
        await kitchen.send_json(typed("wait 1.5"))
        session_id = None
        while session_id is None:
            _, state = await home.ask("GET", "/v1/devices/kitchen/state")
            session_id = state["active_session_id"]
        status, _ = await home.ask("POST", f"/v1/sessions/{session_id}/handoff", HANDOFF)
        answer = (await event_of(hall, "audio_response"))["payload"]
    assert status == 200
    assert answer["text"] == "You said wait 1.5."


@pytest.mark.usefixtures("each_store")
async def test_of_two_at_once_one_is_refused_and_one_device_has_it(house: House) -> None:
    home = await home_of(house)
    attic = await house.client(home.network, "attic")
    async with (
        house.open("kitchen", home.kitchen.token),
        house.open("hall", home.hall.token),
        house.open("attic", attic.token),
    ):
        _, opened = await home.ask("POST", "/v1/sessions", {"device_id": "kitchen", "persona_id": "mira"})
        path = f"/v1/sessions/{opened['session_id']}/handoff"
        answers = await asyncio.gather(
            home.ask("POST", path, HANDOFF), home.ask("POST", path, {**HANDOFF, "to_device_id": "attic"})
        )
    assert sorted(status for status, _ in answers) == [200, 409]
    won = next(answer for status, answer in answers if status == 200)
    async with house.store.snapshot() as tx:
        session = await tx.sessions.get(home.network.id, SessionId(opened["session_id"]))
    assert session.client_id == won["to_device_id"]


async def test_nothing_changes_where_the_target_is_not_there(house: House) -> None:
    home = await home_of(house)
    async with house.open("kitchen", home.kitchen.token):
        _, opened = await home.ask("POST", "/v1/sessions", {"device_id": "kitchen", "persona_id": "mira"})
        path = f"/v1/sessions/{opened['session_id']}"
        status, refused = await home.ask("POST", f"{path}/handoff", HANDOFF)
        _, session = await home.ask("GET", path)
        assert (status, refused["error_code"]) == (503, "DEVICE_OFFLINE")
        assert session == opened
        async with house.store.snapshot() as tx:
            assert await tx.commands.pending(home.network.id, ClientId("kitchen"), house.clock.now()) == ()
        status, _ = await home.ask("DELETE", path)
        ended, refused = await home.ask("POST", f"{path}/handoff", HANDOFF)
    assert (status, ended, refused["error_code"]) == (200, 410, "SESSION_EXPIRED")


async def test_continue_in_the_hall_by_words(house: House) -> None:
    home = await home_of(house)
    async with (
        house.open("kitchen", home.kitchen.token) as kitchen,
        house.open("hall", home.hall.token) as hall,
    ):
        await kitchen.send_json(typed("good morning"))
        await event_of(kitchen, "audio_response")
        await kitchen.send_json(typed("continue in the hall"))
        await told(kitchen, "session_handed_over")
        await told(hall, "session_handed_over")
        texts = [(await event_of(hall, "audio_response"))["payload"]["text"] for _ in range(2)]
        assert texts == ["You said good morning.", "Here I am, in the hall. Let's go on."]
        await hall.send_json(typed("go on in the garage"))
        assert (await event_of(hall, "audio_response"))["payload"]["text"] == (
            "You said go on in the garage."
        )


async def test_somebody_else_answers_by_words(house: House) -> None:
    home = await home_of(house)
    async with house.open("kitchen", home.kitchen.token) as kitchen:
        await kitchen.send_json(typed("let me talk to the entertainer"))
        assert (await event_of(kitchen, "persona_switch"))["payload"]["persona_id"] == "entertainer"
        await event_of(kitchen, "audio_response")
        _, state = await home.ask("GET", "/v1/devices/kitchen/state")
    assert state["active_persona_id"] == "entertainer"
