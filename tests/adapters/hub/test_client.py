"""The REST side of the client library, against a real hub."""

from datetime import UTC, datetime, timedelta

import pytest

from adapters.hub import Hub, HubError, HubUnreachable
from adapters.hub.answers import Location
from tests.adapters.websocket.house import House


async def test_a_network_is_opened_changed_and_closed(hub: Hub) -> None:
    before = datetime.now(UTC)
    made = await hub.create_network("Home", description="Ours", settings={"timezone": "Europe/Berlin"})
    assert made.name == "Home"
    assert made.created_at >= before - timedelta(seconds=1)
    assert made.websocket_url.endswith(f"/ws/{made.network_id}")
    assert made.network_token not in repr(made)
    owner = hub.bearing(made.network_token)
    changed = await owner.update_network(made.network_id, name="House", settings={"max_clients": 3})
    assert (changed.name, changed.settings.max_clients, changed.settings.timezone) == (
        "House",
        3,
        "Europe/Berlin",
    )
    found = await owner.get_network(made.network_id)
    assert (found.description, found.client_count) == ("Ours", 0)
    await owner.delete_network(made.network_id)
    with pytest.raises(HubError) as caught:
        await owner.get_network(made.network_id)
    assert caught.value.status in {401, 404}


async def test_clients_are_registered_listed_changed_and_deregistered(hub: Hub) -> None:
    home = await hub.create_network("Home")
    owner = hub.bearing(home.network_token)
    here = Location(latitude=37.7749, longitude=-122.4194, accuracy=10.0)
    made = await owner.register_client(
        home.network_id, "phone", "mobile", capabilities=["audio"], device_info={"os": "x"}, location=here
    )
    assert (made.client_id, made.status, made.capabilities) == ("phone", "registered", ("audio",))
    await owner.register_client(home.network_id, "tablet", "tablet", room="Kitchen")
    listed = await owner.list_clients(home.network_id, limit=1)
    assert (listed.total, listed.limit, listed.offset, len(listed.items)) == (2, 1, 0, 1)
    phone = hub.bearing(made.client_token)
    changed = await phone.update_client("phone", connection_status="muted", audio_quality_score=8.5)
    assert (changed.connection_status, changed.audio_quality_score) == ("muted", 8.5)
    assert changed.location == here
    await phone.deregister_client("phone")
    assert (await owner.list_clients(home.network_id)).total == 1


async def test_what_was_said_and_done_is_read_back(hub: Hub) -> None:
    home = await hub.create_network("Home")
    owner = hub.bearing(home.network_token)
    device = await owner.register_device("kitchen", "raspberry_pi", location="Kitchen")
    answer = await owner.send_message(device.device_id, "tea")
    assert answer.response_text == "You said tea."
    assert answer.response_audio_url is not None
    assert (await owner.fetch_audio(answer.response_audio_url)).startswith(b"RIFF")
    state = await owner.device_state(device.device_id)
    assert (state.status, state.active_session_id) == ("offline", answer.session_id)
    (turn,) = (await owner.interactions(home.network_id, client_id=device.device_id)).items
    assert (turn.text, turn.response, turn.processing_status) == ("tea", "You said tea.", "completed")
    assert turn.actions[0].action_type == "create_reminder"
    assert turn == await owner.interaction(home.network_id, turn.interaction_id)
    (reminder,) = (await owner.reminders(home.network_id, status="pending")).items
    assert (reminder.title, reminder.due_time.tzinfo) == ("tea", UTC)
    soon = datetime.now(UTC) + timedelta(minutes=5)
    assert (await owner.reminders(home.network_id, due_before=soon)).items == ()
    assert (await owner.calendar(home.network_id, start=soon)).items == ()
    (talk,) = (await owner.conversations(home.network_id)).items
    assert talk.interactions == (turn,)
    (bare,) = (await owner.conversations(home.network_id, include_interactions=False)).items
    assert bare.interactions is None


async def test_the_health_of_the_hub_is_told(hub: Hub) -> None:
    health = await hub.health()
    assert health.services["database"] == "healthy"


async def test_a_refusal_is_an_error_with_all_that_the_hub_said(hub: Hub) -> None:
    with pytest.raises(HubError) as caught:
        await hub.create_network("")
    assert (caught.value.status, caught.value.code) == (422, "VALIDATION_ERROR")
    assert caught.value.details["field"] == "name"
    assert caught.value.request_id is not None
    with pytest.raises(HubError) as caught:
        await hub.get_network("net_x")
    assert (caught.value.status, caught.value.code) == (401, "UNAUTHORIZED")
    with pytest.raises(HubError) as caught:
        await hub.device_state("dev_x")
    assert (caught.value.status, caught.value.code) == (401, "UNAUTHORIZED")


@pytest.mark.parametrize("name", ["../networks", "a/b", "a?b", "ä", "%2e%2e", "a b"])
async def test_strange_names_stay_names(hub: Hub, house: House, name: str) -> None:
    network = await house.network()
    owner = hub.bearing(house.tokens.network(network))
    with pytest.raises(HubError) as caught:
        await owner.interaction("net_home", name)
    assert caught.value.status == 404


async def test_where_there_is_no_hub_the_error_says_so() -> None:
    async with Hub("http://127.0.0.1:9") as hub:
        with pytest.raises(HubUnreachable):
            await hub.health()
        with pytest.raises(HubUnreachable):
            async with hub.socket("net_x", "phone", "token"):
                pass


async def test_a_hub_must_be_opened_first() -> None:
    with pytest.raises(RuntimeError):
        await Hub("http://127.0.0.1:9").health()
