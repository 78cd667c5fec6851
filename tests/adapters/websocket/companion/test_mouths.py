"""Another device of the room says the answer, over real sockets."""

from adapters.hub import Hub
from adapters.hub.commands import AudioResponse, StopAudio, SyncEvent
from adapters.hub.events import AnswerSpokenElsewhere, InteractionResponse
from tests.adapters.websocket.companion.test_handover import LONG
from tests.adapters.websocket.house import House


async def test_who_asked_is_told_who_speaks_and_the_mouth_falls_silent_when_the_talk_moves(
    house: House,
) -> None:
    network = await house.network()
    panel = await house.client(network, "panel", room="Kitchen", capabilities=("audio_input",))
    shelf = await house.client(network, "shelf", room="kitchen", capabilities=("audio_output",))
    hall = await house.client(network, "hall", room="Hall", capabilities=("audio",))
    async with (
        Hub(house.url, house.tokens.network(network)) as owner,
        owner.device_socket("shelf", shelf.token) as mouth,
        owner.device_socket("hall", hall.token) as other,
        owner.device_socket("panel", panel.token) as asking,
    ):
        await asking.send_text("hello")
        said: AudioResponse = await mouth.expect(AudioResponse)
        told: SyncEvent = await asking.expect(SyncEvent, AudioResponse)
        answer = await owner.send_message("panel", LONG)
        again: AudioResponse = await mouth.expect(AudioResponse)
        await owner.hand_over_session(answer.session_id, "panel", "hall", notify_user=False)
        stopped: StopAudio = await mouth.expect(StopAudio)
        rest: AudioResponse = await other.expect(AudioResponse)
    assert (said.text, said.audio_url is not None) == ("You said hello.", True)
    assert told.event == "answer_spoken_elsewhere"
    assert (told.body["spoken_by"], told.body["text"]) == ("shelf", "You said hello.")
    assert told.body["interaction_id"] == said.interaction_id
    assert (answer.spoken_by, answer.response_audio_url) == ("shelf", None)
    assert again.text == rest.text == f"You said {LONG.strip()}."
    assert stopped.interaction_id == again.interaction_id == rest.interaction_id


async def test_a_client_of_the_other_dialect_asks_and_hears_through_a_device(house: House) -> None:
    network = await house.network()
    wall = await house.client(network, "wall", room="Kitchen", capabilities=("audio_input",))
    shelf = await house.client(network, "shelf", room="kitchen", capabilities=("audio_output",))
    async with (
        Hub(house.url, house.tokens.network(network)) as owner,
        owner.device_socket("shelf", shelf.token) as mouth,
        owner.socket(network.id, "wall", wall.token) as asking,
    ):
        await owner.send_message("wall", "hello")
        said: AudioResponse = await mouth.expect(AudioResponse)
        told = await asking.expect(AnswerSpokenElsewhere, InteractionResponse)
    assert isinstance(told, AnswerSpokenElsewhere)
    assert (told.client_id, told.spoken_by, told.text) == ("wall", "shelf", said.text)
