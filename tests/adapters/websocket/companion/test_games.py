"""Devices do something together, through the client library on a real hub."""

from datetime import timedelta

from attrs import evolve

from adapters.hub import Hub
from adapters.hub.commands import SyncEvent
from tests.adapters.websocket.companion.test_commands import home_of
from tests.adapters.websocket.house import House

BOTH = ["hall", "kitchen"]


async def test_a_game_of_trivia_from_the_first_question_to_the_winner(house: House) -> None:
    home = await home_of(house)
    async with (
        Hub(house.url, house.tokens.network(home.network)) as owner,
        owner.device_socket("kitchen", home.kitchen.token) as kitchen,
        owner.device_socket("hall", home.hall.token) as hall,
    ):
        game = await owner.start_activity(
            "trivia", [*BOTH, "kitchen"], "entertainer", config={"rounds": 2, "difficulty": "easy", "x": 1}
        )
        assert (game.status, game.device_ids, game.config["x"]) == ("running", tuple(BOTH), 1)
        assert (await owner.device_state("hall")).status == "busy"
        for number in (1, 2):
            question: SyncEvent = await kitchen.expect(SyncEvent)
            while question.event != "trivia_question":
                question = await kitchen.expect(SyncEvent)
            assert question.body["data"]["round"] == number
            assert len(question.body["data"]["choices"]) == 4
            assert question.body["audio_url"]
            async with house.store.snapshot() as tx:
                kept = await tx.activities.get(home.network.id, game.activity_id)  # type: ignore[arg-type]
            right = kept.state.questions[number - 1].right  # type: ignore[union-attr]
            await kitchen.press("abcd"[right])
            await hall.send_text("abcd"[(right + 1) % 4])
        over: SyncEvent = await hall.expect(SyncEvent)
        while over.event != "trivia_over":
            over = await hall.expect(SyncEvent)
        ended = await owner.activity(game.activity_id)
    assert ended.status == "finished"
    assert over.body["data"]["winners"] == ["kitchen"]
    assert ended.state["scores"]["kitchen"] >= 20
    assert ended.state["scores"]["hall"] == 0


async def test_a_round_ends_by_itself_and_a_game_is_stopped(house: House) -> None:
    home = await home_of(house)
    async with (
        Hub(house.url, house.tokens.network(home.network)) as owner,
        owner.device_socket("kitchen", home.kitchen.token) as kitchen,
    ):
        game = await owner.start_activity("trivia", BOTH, "mira", config={"rounds": 5, "answer_seconds": 3})
        assert game.offline_device_ids == ("hall",)
        async with house.store.begin() as tx:
            kept = await tx.activities.get(home.network.id, game.activity_id)  # type: ignore[arg-type]
            late = evolve(kept.state, open_from=house.clock.now() - timedelta(seconds=4))  # type: ignore[arg-type]
            await tx.activities.update(evolve(kept, state=late, due_at=house.clock.now()))
        over: SyncEvent = await kitchen.expect(SyncEvent)
        while over.event != "trivia_round_over":
            over = await kitchen.expect(SyncEvent)
        await owner.stop_activity(game.activity_id)
        assert (await owner.activity(game.activity_id)).status == "stopped"
        while over.event != "activity_stopped":
            over = await kitchen.expect(SyncEvent)
        await owner.stop_activity(game.activity_id)


async def test_a_story_is_told_in_turns(house: House) -> None:
    home = await home_of(house)
    async with (
        Hub(house.url, house.tokens.network(home.network)) as owner,
        owner.device_socket("kitchen", home.kitchen.token) as kitchen,
        owner.device_socket("hall", home.hall.token) as hall,
    ):
        begun = await owner.start_activity("story", BOTH, "entertainer", config={"theme": "mystery"})
        tale = await owner.activity(begun.activity_id)
        tellers = []
        sockets = {"kitchen": kitchen, "hall": hall}
        while tale.status == "running":
            teller = tale.state["teller"]
            tellers.append(teller)
            await sockets[teller].press("a")
            event: SyncEvent = await sockets[teller].expect(SyncEvent)
            while event.body["data"].get("text") in {None, tale.state["text"]}:
                event = await sockets[teller].expect(SyncEvent)
            tale = await owner.activity(tale.activity_id)
    assert tellers[:2] in (["hall", "kitchen"], ["kitchen", "hall"])
    assert tale.status == "finished"


async def test_all_begin_to_play_at_one_moment(house: House) -> None:
    home = await home_of(house)
    async with (
        Hub(house.url, house.tokens.network(home.network)) as owner,
        owner.device_socket("kitchen", home.kitchen.token) as kitchen,
        owner.device_socket("hall", home.hall.token) as hall,
    ):
        play = await owner.start_activity(
            "sync_playback", BOTH, "mira", config={"track": "rain", "volume": 0.4}
        )
        starts = [(await one.expect(SyncEvent)).body for one in (kitchen, hall)]
    assert {start["start_at_us"] for start in starts} == {play.state["start_at_us"]}
    assert {(start["track"], start["volume"]) for start in starts} == {("rain", 0.4)}


async def test_a_broadcast_reaches_a_room_a_group_or_all(house: House) -> None:
    home = await home_of(house)
    async with (
        Hub(house.url, house.tokens.network(home.network)) as owner,
        owner.device_socket("kitchen", home.kitchen.token) as kitchen,
        owner.device_socket("hall", home.hall.token),
    ):
        everybody = await owner.broadcast("dinner", {})
        room = await owner.broadcast("dinner", {}, room="kitchen")
        group = await owner.broadcast("dinner", {}, group_id="nobody")
        dinner: SyncEvent = await kitchen.expect(SyncEvent)
        await kitchen.acknowledge({"command_id": dinner.command_id})
        await owner.device_state("kitchen")
        receipt = await owner.broadcast_receipt(everybody.broadcast_id)
    assert receipt.delivered == ("hall", "kitchen")
    assert (room.delivered, room.offline) == (("kitchen",), ())
    assert (group.delivered, group.offline) == ((), ())
