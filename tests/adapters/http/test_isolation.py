"""Networks never see each other: whatever one does, the other neither shows nor changes."""

import json
from collections.abc import Mapping
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adapters.http.app import OPERATIONS
from domain.ids import NetworkId
from tests import samples
from tests.adapters.http.house import House, bearer
from tests.adapters.http.raw import RawAnswer, ask

SHARED_CLIENT, SHARED_TURN = "kitchen", "int_shared"
BODIES: Mapping[str, Mapping[str, Any]] = {
    "mira.network.update": {"name": "changed by the other", "settings": {"max_clients": 7}},
    "mira.token.network.narrow": {"scopes": ["reminder:read"]},
    "mira.token.registration.rotate": {"uses": 3},
    "mira.token.client.rotate": {"client_id": SHARED_CLIENT},
    "mira.token.client.revoke": {"client_id": SHARED_CLIENT},
    "mira.client.register": {"client_id": SHARED_CLIENT, "device_type": "changed by the other"},
    "mira.client.update": {"connection_status": "changed by the other"},
    "mira.reminder.create": {"title": "changed by the other", "due_time": "2030-01-01T00:00:00Z"},
    "mira.reminder.update": {"title": "changed by the other", "status": "cancelled"},
    "mira.calendar.create": {"title": "changed by the other", "start_time": "2030-01-01T00:00:00Z"},
    "mira.calendar.update": {"title": "changed by the other", "status": "cancelled"},
    "companion.device.register": {"name": "changed by the other", "device_type": "custom"},
    "companion.persona.create": {"id": "butler", "name": "changed by the other"},
    "companion.persona.update": {"name": "changed by the other"},
    "companion.persona.restore": {"version": "1"},
    "companion.dialog.send": {"device_id": SHARED_CLIENT, "message": "tea, changed by the other"},
}
TOKENS = ["network_token", "client_registration_token", "client_token"]
attempts = st.lists(
    st.tuples(st.sampled_from(OPERATIONS), st.sampled_from(TOKENS), st.booleans()), min_size=1, max_size=8
)


async def furnished(house: House, word: str) -> Mapping[str, str]:
    """A network in which every text says a word, with ids that every such network has."""
    network = await house.network(word)
    client = await house.client(network, SHARED_CLIENT, device_type=word, room=word)
    network_id = NetworkId(network["network_id"])
    async with house.transactions.begin() as tx:
        await tx.conversations.add(samples.conversation("conv_a", network_id, summary=word))
        await tx.interactions.add(samples.interaction(SHARED_TURN, network_id, text=word, response=word))
        await tx.agenda.add_reminder(samples.reminder("rem_1", network_id, title=word))
        event = samples.calendar_event(
            "event_1", network_id, start=samples.NOON, end=samples.minutes(5), title=word
        )
        await tx.agenda.add_event(event)
        await tx.personas.add(samples.persona("nurse", network_id, description=word))
    return {**network, "client_token": client["client_token"]}


async def everything(house: House, network: Mapping[str, str]) -> list[Any]:
    """All that the owner of a network can read of it."""
    base = f"/api/v1/networks/{network['network_id']}"
    paths = ["", "/clients", "/interactions", "/calendar", "/reminders", "/conversations"]
    read = [await ask(house.app, "GET", base + path, bearer(network["network_token"])) for path in paths]
    assert {answer.status for answer in read} == {200}
    return [answer.document for answer in read]


async def tried(house: House, me: Mapping[str, str], other: Mapping[str, str], attempt: Any) -> RawAnswer:
    """One of my calls, in my network or against the other one."""
    operation, token, against = attempt
    target = other if against else me
    path = (
        operation.path.replace("{network_id}", target["network_id"])
        .replace("{client_id}", SHARED_CLIENT)
        .replace("{device_id}", SHARED_CLIENT)
        .replace("{persona_id}", "nurse")
        .replace("{interaction_id}", SHARED_TURN)
        .replace("{blob_id}", "blob_0")
        .replace("{reminder_id}", "rem_1")
        .replace("{event_id}", "event_1")
        .replace("{secret}", "feed_0")
    )
    headers = {**bearer(me[token]), "Content-Type": "application/json"}
    if against:
        headers["X-Network-Id"] = other["network_id"]
    body = json.dumps(BODIES.get(operation.id, {})).encode()
    return await ask(house.app, operation.method, path, headers, body)


@given(calls=attempts)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_what_one_network_does_the_other_neither_shows_nor_feels(any_house, calls):
    me, other = await furnished(any_house, "alpha"), await furnished(any_house, "bravo")
    before = await everything(any_house, other)

    for call in calls:
        operation, _, against = call
        answer = await tried(any_house, me, other, call)
        assert b"bravo" not in answer.data
        if against and ("{network_id}" in operation.path or operation.names_network):
            assert answer.status in {401, 403, 404}
        elif not against:
            assert other["network_id"].encode() not in answer.data

    assert await everything(any_house, other) == before


async def test_the_same_ids_are_good_in_both_networks(house):
    alpha, bravo = await furnished(house, "alpha"), await furnished(house, "bravo")

    for network, word in ((alpha, "alpha"), (bravo, "bravo")):
        path = f"/api/v1/networks/{network['network_id']}/interactions/{SHARED_TURN}"
        answer = await ask(house.app, "GET", path, bearer(network["network_token"]))
        assert answer.document["text"] == word
        updated = await ask(
            house.app,
            "PUT",
            f"/api/v1/clients/{SHARED_CLIENT}",
            bearer(network["client_token"]),
            b"{}",
        )
        assert updated.document["room"] == word


async def test_deleting_one_network_leaves_the_other(house):
    alpha, bravo = await furnished(house, "alpha"), await furnished(house, "bravo")
    before = await everything(house, bravo)

    gone = await ask(
        house.app, "DELETE", f"/api/v1/networks/{alpha['network_id']}", bearer(alpha["network_token"])
    )

    assert gone.status == 204
    assert await everything(house, bravo) == before
