"""Interactions and conversations over HTTP."""

import pytest

from domain.ids import ActionId, ClientId, ConversationId, NetworkId
from domain.interactions import Action, Hearing, ProcessingStatus, StreamReport
from tests import samples
from tests.adapters.http.house import bearer

HEARING = Hearing(
    selected_client_id=ClientId("kitchen"),
    score=8.5,
    reason="highest_quality",
    seconds=2.4,
    streams=(
        StreamReport(
            client_id=ClientId("kitchen"),
            score=8.5,
            measures={"snr": 25.5, "speech_clarity": 85.2},
            selected=True,
            reason="highest_quality",
            reported={"snr": 40.0},
        ),
        StreamReport(
            client_id=ClientId("hall"),
            score=3.0,
            measures={"snr": 6.0},
            selected=False,
            reason="lower_quality",
        ),
    ),
)
ACTION = Action(
    id=ActionId("act_1"),
    type="create_reminder",
    result={"reminder_id": "rem_1", "title": "tea", "due_time": "2026-03-01T13:00:00Z"},
    executed_at=samples.NOON,
)


@pytest.fixture
async def home(house):
    """A network with three turns in two conversations, a minute apart."""
    network = await house.network()
    network_id = NetworkId(network["network_id"])
    async with house.transactions.begin() as tx:
        for number, name in enumerate(("conv_a", "conv_b")):
            talk = samples.conversation(
                name, network_id, at=samples.minutes(number), summary="tea", client_id=ClientId("kitchen")
            )
            await tx.conversations.add(talk)
        first = samples.interaction(
            "int_1",
            network_id,
            text="remind me of tea",
            response="I will.",
            status=ProcessingStatus.COMPLETED,
            actions=(ACTION,),
            hearing=HEARING,
            timings={"total": 412.5},
        )
        await tx.interactions.add(first)
        second = samples.interaction(
            "int_2", network_id, at=samples.minutes(1), client_id=ClientId("hall"), speaker_id="person_1"
        )
        await tx.interactions.add(second)
        third = samples.interaction(
            "int_3", network_id, at=samples.minutes(2), conversation_id=ConversationId("conv_b")
        )
        await tx.interactions.add(third)
    return network


async def asked(house, network, path):
    answer = await house.app.test_client().get(
        f"/api/v1/networks/{network['network_id']}/{path}", headers=bearer(network["network_token"])
    )
    return answer.status_code, await answer.get_json()


async def test_an_interaction_tells_what_was_heard_answered_and_done(house, home):
    status, interaction = await asked(house, home, "interactions/int_1")

    assert status == 200
    assert interaction == {
        "interaction_id": "int_1",
        "conversation_id": "conv_a",
        "client_id": "kitchen",
        "speaker_id": None,
        "text": "remind me of tea",
        "response": "I will.",
        "actions": [
            {
                "action_id": "act_1",
                "action_type": "create_reminder",
                "result": {"reminder_id": "rem_1", "title": "tea", "due_time": "2026-03-01T13:00:00Z"},
                "timestamp": "2026-03-01T12:00:00Z",
            }
        ],
        "audio": {
            "selected_client_id": "kitchen",
            "quality_score": 8.5,
            "reason": "highest_quality",
            "seconds": 2.4,
            "streams": [
                {
                    "client_id": "kitchen",
                    "quality_score": 8.5,
                    "metrics": {"snr": 25.5, "speech_clarity": 85.2},
                    "selected": True,
                    "reason": "highest_quality",
                    "reported_metrics": {"snr": 40.0},
                },
                {
                    "client_id": "hall",
                    "quality_score": 3.0,
                    "metrics": {"snr": 6.0},
                    "selected": False,
                    "reason": "lower_quality",
                    "reported_metrics": None,
                },
            ],
        },
        "timings": {"total": 412.5},
        "processing_status": "completed",
        "error_code": None,
        "audio_kept_until": None,
        "context": None,
        "revision": 1,
        "timestamp": "2026-03-01T12:00:00Z",
    }


async def test_a_typed_interaction_has_no_audio(house, home):
    _, interaction = await asked(house, home, "interactions/int_2")

    assert interaction["audio"] is None
    assert interaction["speaker_id"] == "person_1"
    assert interaction["processing_status"] == "processing"


@pytest.mark.parametrize("name", ["int_9", "%00", "a%20b", "x" * 300])
async def test_an_interaction_that_is_not_there_is_not_found(house, home, name):
    status, refused = await asked(house, home, f"interactions/{name}")

    assert status == 404
    assert refused["error"]["code"] == "NOT_FOUND"


@pytest.mark.parametrize(
    ("query", "ids", "total"),
    [
        ("", ["int_3", "int_2", "int_1"], 3),
        ("?limit=1", ["int_3"], 3),
        ("?limit=1&offset=2", ["int_1"], 3),
        ("?client_id=kitchen", ["int_3", "int_1"], 2),
        ("?client_id=nobody", [], 0),
        ("?speaker_id=person_1", ["int_2"], 1),
        ("?start_date=2026-03-01T12:01:00Z", ["int_3", "int_2"], 2),
        ("?end_date=2026-03-01T12:01:00Z", ["int_1"], 1),
        ("?start_date=2026-03-01T13:01:00%2B01:00", ["int_3", "int_2"], 2),
        ("?start_date=2026-03-01T13:01:00+01:00", ["int_3", "int_2"], 2),
        ("?start_date=2026-03-02", [], 0),
    ],
)
async def test_interactions_are_listed_newest_first_and_filtered(house, home, query, ids, total):
    status, listed = await asked(house, home, f"interactions{query}")

    assert status == 200
    assert [interaction["interaction_id"] for interaction in listed["interactions"]] == ids
    assert listed["total"] == total
    assert set(listed) == {"interactions", "total", "limit", "offset"}


@pytest.mark.parametrize(
    "query",
    [
        "start_date=yesterday",
        "start_date=",
        "start_date=0001-01-01T00:00:00%2B23:59",
        "end_date=9999-12-31T23:59:59-23:59",
        "end_date=2026-02-30",
        "end_date=2026-03-01T12:00:00%2B99:00",
        "client_id=a%00b",
        "client_id=a&client_id=b",
    ],
)
async def test_an_absurd_filter_is_refused(house, home, query):
    status, refused = await asked(house, home, f"interactions?{query}")

    assert status == 422
    assert refused["error"]["details"]["field"] == query.partition("=")[0]


async def test_conversations_come_with_their_interactions_oldest_first(house, home):
    status, listed = await asked(house, home, "conversations")

    assert status == 200
    assert (listed["total"], listed["limit"], listed["offset"]) == (2, 20, 0)
    assert [talk["conversation_id"] for talk in listed["conversations"]] == ["conv_b", "conv_a"]
    older = listed["conversations"][1]
    assert [interaction["interaction_id"] for interaction in older.pop("interactions")] == ["int_1", "int_2"]
    assert older == {
        "conversation_id": "conv_a",
        "client_id": "kitchen",
        "summary": "tea",
        "participants": [],
        "created_at": "2026-03-01T12:00:00Z",
        "updated_at": "2026-03-01T12:00:00Z",
    }


@pytest.mark.parametrize("no", ["false", "False", "0", "no"])
async def test_conversations_come_without_their_interactions_when_these_are_not_wanted(house, home, no):
    _, listed = await asked(house, home, f"conversations?include_interactions={no}&limit=1")

    assert [talk["interactions"] for talk in listed["conversations"]] == [None]


async def test_a_wish_that_is_neither_yes_nor_no_is_refused(house, home):
    status, refused = await asked(house, home, "conversations?include_interactions=perhaps")

    assert status == 422
    assert refused["error"]["details"]["problem"] == "must be true or false"
