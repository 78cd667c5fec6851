"""Stories by a language model: the real client, before a server that follows a script."""

from typing import Any

import pytest
from attrs import frozen

from adapters.fallback.interlocutor import FallbackInterlocutor
from adapters.fallback.providers import Asking, Provider
from adapters.files.games import FileGames
from adapters.files.library import FilePersonas
from adapters.offline.assistant import OfflineAssistant
from application.coordination.activities import AnswerActivity, NewActivity, RunActivities, StartActivity
from application.coordination.openings import Openings
from application.coordination.stage import STORY_WAITS, ActivityStage
from application.coordination.storytelling import CUT_OFF, Storyteller
from application.devices.commanding import CommandDesk
from application.facts.wakeup import Wakeup
from application.ports.dialogue import Interlocutor
from application.speech.saying import AnswerSounds
from domain.activities.activity import Activity, ActivityStatus, ActivityType
from domain.activities.story import Telling
from domain.clients import ConnectionStatus
from domain.errors import InvalidValue
from domain.ids import PersonaId
from tests.adapters.openai.asking import Desk
from tests.application.household import HALL, KITCHEN, owner
from tests.fakes.model_server import breaks, refuses, says, sends
from tests.fakes.speech import Beeping, PlainWave
from tests.fakes.world import SettableClock

FIRST = says("You stand before a door. It hums", " softly. What now? [Open the door] [call for", " help]")
SECOND = says("Behind it is a ship of glass. [go aboard] [wake the captain] [run away]")
LAST = says("The captain smiles, and you sail home. [never shown]")
LIBRARY = {story.title for story in FileGames.read().stories}


@frozen
class Stage:
    """Two devices that want a story, and whoever thinks of it."""

    desk: Desk
    start: StartActivity
    answer: AnswerActivity
    running: RunActivities
    clock: SettableClock

    async def begin(self, **config: Any) -> Activity:
        wanted = NewActivity(
            type=ActivityType.STORY,
            device_ids=(HALL, KITCHEN),
            persona_id=PersonaId("entertainer"),
            config=config,
        )
        return await self.start(owner(self.desk.home), self.desk.home, wanted)

    async def say(self, activity: Activity, said: str) -> Activity:
        teller = tale(activity).teller
        assert teller is not None
        given = await self.answer(owner(self.desk.home), self.desk.home, activity.id, teller, said)
        return given.activity


def tale(activity: Activity) -> Telling:
    assert isinstance(activity.state, Telling)
    return activity.state


async def staged(desk: Desk, *minds: Interlocutor) -> Stage:
    """Everything that stories need, with both devices there."""
    hub = desk.hub
    await hub.register(desk.home, HALL)
    for device in (KITCHEN, HALL):
        await hub.change_client(
            desk.home, device, takes_commands=True, connection_status=ConnectionStatus.CONNECTED
        )
    providers = tuple(Provider(name=f"mind:{place}", role=mind) for place, mind in enumerate(minds))
    storyteller = Storyteller(FallbackInterlocutor(providers=providers, asking=Asking(tries=1)), hub.clock)
    personas = FilePersonas.read()
    sounds = AnswerSounds(Beeping(), PlainWave(), hub.blobs, hub.ids, hub.clock)
    desk_of = CommandDesk(hub.ids, hub.clock)
    stage = ActivityStage(hub.store, personas, desk_of, sounds, storyteller, hub.clock)
    openings = Openings(FileGames.read(), storyteller)
    return Stage(
        desk=desk,
        start=StartActivity(hub.store, personas, stage, openings, hub.ids, hub.clock),
        answer=AnswerActivity(hub.store, stage),
        running=RunActivities(hub.store, stage, hub.clock, Wakeup()),
        clock=hub.clock,
    )


async def test_a_story_is_thought_of_scene_by_scene_and_as_long_as_was_wished(desk: Desk) -> None:
    stage = await staged(desk, desk.model(), OfflineAssistant())
    desk.server.then(FIRST, SECOND, LAST)
    activity = await stage.begin(theme="space", length="short")
    first = tale(activity)
    assert first.scene is not None
    assert first.scene.text == "You stand before a door. It hums softly. What now?"
    assert [choice.text for choice in first.scene.choices] == ["Open the door", "call for help"]
    activity = await stage.say(activity, "open the door")
    second = tale(activity)
    assert second.scene is not None
    assert second.scene.text == "Behind it is a ship of glass."
    assert second.teller != first.teller
    activity = await stage.say(activity, "c")
    assert activity.status is ActivityStatus.FINISHED
    assert tale(activity).scene is not None
    assert tale(activity).scene.text == "The captain smiles, and you sail home."  # type: ignore[union-attr]

    asked = [request.texts[-1][1] for request in desk.server.asked]
    assert len(asked) == 3
    assert "part 1 of 3" in asked[0]
    assert "space" in asked[0]
    assert "You stand before a door. It hums softly." in asked[1]
    assert "decided: Open the door." in asked[1]
    assert "decided: run away." in asked[2]
    assert "last part" in asked[2]
    assert all("tools" not in request.body for request in desk.server.asked)
    role, instructions = desk.server.asked[0].texts[0]
    assert role == "system"
    assert FilePersonas.read().get(PersonaId("entertainer")).behavior.instructions.strip() in instructions


async def test_where_no_model_is_there_a_story_of_the_library_is_told_of_that_length(
    desk: Desk,
) -> None:
    stage = await staged(desk, OfflineAssistant())
    short = await stage.begin(length=3)
    assert (tale(short).story.title, tale(short).story.longest) == ("The balloon on the roof", 3)
    assert desk.server.asked == []


@pytest.mark.parametrize("failing", [refuses(503), breaks("You stand"), sends(b"{"), says("No way on here.")])
async def test_a_model_that_fails_at_once_gives_way_to_the_library(desk: Desk, failing: Any) -> None:
    stage = await staged(desk, desk.model(), OfflineAssistant())
    desk.server.then(failing)
    activity = await stage.begin(theme="mystery")
    assert tale(activity).story.title == "The robot in the greenhouse"
    assert activity.running


async def test_a_story_whose_model_fails_later_comes_to_an_end(desk: Desk) -> None:
    stage = await staged(desk, desk.model(), OfflineAssistant())
    desk.server.then(FIRST, refuses(500))
    activity = await stage.say(await stage.begin(), "call for help")
    assert activity.status is ActivityStatus.FINISHED
    assert tale(activity).scene is not None
    assert tale(activity).scene.text == CUT_OFF  # type: ignore[union-attr]


async def test_a_story_of_the_library_that_is_named_is_told_as_it_is_written(desk: Desk) -> None:
    stage = await staged(desk, desk.model())
    activity = await stage.begin(title="the light that went out")
    assert tale(activity).story.title in LIBRARY
    assert desk.server.asked == []


async def test_who_says_nothing_for_long_gets_the_first_way_on(desk: Desk) -> None:
    stage = await staged(desk, desk.model())
    desk.server.then(FIRST, SECOND)
    activity = await stage.begin()
    stage.clock.pass_by(seconds=STORY_WAITS.total_seconds() + 1)
    assert await stage.running() == 1
    async with desk.hub.store.snapshot() as tx:
        kept = await tx.activities.get(desk.home, activity.id)
    assert tale(kept).so_far[0][1] == "Open the door"
    assert kept.running


@pytest.mark.parametrize("length", [1, 13, "endless", True, 4.5, [3]])
async def test_a_length_that_cannot_be_is_refused(desk: Desk, length: object) -> None:
    stage = await staged(desk, desk.model())
    with pytest.raises(InvalidValue, match="length"):
        await stage.begin(length=length)
