"""Frames of many streams go in, utterances come out and become turns: with the real arbiter."""

import numpy as np
import pytest

from application.listening import listening as listening_module
from application.networks.clients import DeregisterClient
from application.networks.networks import NetworkChanges, UpdateNetwork
from domain.audio.pcm import SAMPLE_RATE, Samples
from domain.errors import AudioProcessingFailed, InvalidValue
from domain.events import AudioStreamSelected, ErrorOccurred
from domain.ids import ClientId
from domain.interactions import ProcessingStatus
from tests.application.household import HALL, KITCHEN, Household, owner, waiting_in
from tests.application.listening.hearing import Ear, far, near, told, with_noise
from tests.fakes.speech import Dictated

ATTIC = ClientId("attic")


async def test_of_all_that_hear_a_sentence_the_best_is_chosen_and_one_turn_is_held(
    ear: Ear, sentence: Samples
) -> None:
    hub = ear.hub
    home = await hub.home()
    for client_id in (HALL, ATTIC):
        await hub.register(home, client_id)
    await ear.join(home, KITCHEN, HALL, ATTIC)
    with hub.audience.join(home, ATTIC) as inbox:
        await ear.play({(home, HALL): far(sentence), (home, KITCHEN): near(sentence)})
        live = await waiting_in(inbox)

    (turn,) = await hub.interactions(home)
    assert (turn.client_id, turn.text, turn.status) == (KITCHEN, "hello", ProcessingStatus.COMPLETED)
    assert turn.hearing is not None
    assert turn.hearing.selected_client_id == KITCHEN
    assert type(turn.hearing.reason) is str
    reports = {report.client_id: report for report in turn.hearing.streams}
    assert set(reports) == {KITCHEN, HALL}
    assert reports[KITCHEN].selected
    assert not reports[HALL].selected
    assert reports[KITCHEN].score > reports[HALL].score
    assert all(report.reason and report.measures for report in reports.values())
    assert {"end_of_turn", "arbitration", "transcription", "reply", "total"} <= set(turn.timings)

    choices: list[AudioStreamSelected] = told(live, AudioStreamSelected)
    assert choices[-1].client_id == KITCHEN
    assert [choice.provisional for choice in choices] == [True] * (len(choices) - 1) + [False]
    assert len(choices) >= 2
    assert {report.client_id for report in choices[-1].streams} == {KITCHEN, HALL}
    assert told(live, ErrorOccurred) == []


async def test_the_words_are_begun_at_the_pause_and_not_made_out_twice(ear: Ear, sentence: Samples) -> None:
    home = await ear.hub.home()
    await ear.join(home, KITCHEN)
    await ear.play({(home, KITCHEN): near(sentence)})
    (turn,) = await ear.hub.interactions(home)
    assert turn.status is ProcessingStatus.COMPLETED
    last = ear.transcriber.heard[-1]
    assert turn.hearing is not None
    assert last.seconds < turn.hearing.seconds
    assert turn.timings["transcription"] == 0.0


@pytest.mark.parametrize(("words", "turns"), [("remind me to call mum", 1), ("what time is it", 2)])
async def test_a_wish_that_lacks_its_time_is_waited_for(
    words: str, turns: int, hub: Household, sentence: Samples
) -> None:
    """The same sound with a long pause in it; only what was made out by then differs."""
    ear = Ear(hub, Dictated(words))
    home = await hub.home()
    await ear.join(home, KITCHEN)
    spoken = sentence[SAMPLE_RATE : -2 * SAMPLE_RATE]
    pause = np.zeros(8 * SAMPLE_RATE // 10, dtype=np.float32)
    sound = np.concatenate([sentence[:SAMPLE_RATE], spoken, pause, sentence[SAMPLE_RATE:]])
    await ear.play({(home, KITCHEN): near(sound)})
    assert len(await hub.interactions(home)) == turns


async def test_the_transcriber_knows_the_words_of_the_network(ear: Ear, sentence: Samples) -> None:
    hub = ear.hub
    home, shop = await hub.open_network(), await hub.open_network("Shop")
    await hub.register(home, KITCHEN, name="Ottilie's Küche 2", room="(conservatory)")
    await hub.register(shop, KITCHEN, name="Till")
    await hub.say(home, "remind me to feed Schnurrbert")
    await ear.join(home, KITCHEN)
    await ear.play({(home, KITCHEN): near(sentence)})
    words = ("conservatory", "feed", "küche", "ottilie's", "schnurrbert")
    assert ear.transcriber.known[-1] == words
    assert set(ear.transcriber.prepared) == {words}
    assert len(ear.transcriber.prepared) == 2, "when somebody joins, and when they begin to speak"


async def test_speech_below_the_networks_threshold_is_no_turn_and_its_client_is_told_why(
    ear: Ear, sentence: Samples
) -> None:
    hub = ear.hub
    home = await hub.home()
    await hub.register(home, HALL)
    change = UpdateNetwork(hub.transactions, hub.clock)
    await change(owner(home), home, NetworkChanges(settings={"audio_quality_threshold": 1.0}))
    await ear.join(home, KITCHEN)
    with hub.audience.join(home, KITCHEN) as kitchen, hub.audience.join(home, HALL) as hall:
        await ear.play({(home, KITCHEN): far(sentence)})
        (error,) = told(await waiting_in(kitchen), ErrorOccurred)
        assert told(await waiting_in(hall), ErrorOccurred) == []
    assert (error.code, error.client_id) == ("AUDIO_QUALITY_TOO_LOW", KITCHEN)
    assert error.details["threshold"] == 1.0
    assert 0 <= error.details["quality_score"] < 10
    assert error.details["metrics"]
    assert await hub.interactions(home) == []

    await change(owner(home), home, NetworkChanges(settings={"audio_quality_threshold": 0.0}))
    await ear.play({(home, KITCHEN): far(sentence)})
    assert len(await hub.interactions(home)) == 1


async def test_noise_and_silence_are_no_turns(ear: Ear) -> None:
    hub = ear.hub
    home = await hub.home()
    await ear.join(home, KITCHEN)
    silence = np.zeros(4 * SAMPLE_RATE, dtype=np.float32)
    for sound in (silence, with_noise(silence, 0.02)):
        await ear.play({(home, KITCHEN): sound})
    assert await hub.interactions(home) == []
    assert ear.transcriber.heard == []


async def test_a_client_without_a_microphone_is_never_chosen(ear: Ear, sentence: Samples) -> None:
    hub = ear.hub
    home = await hub.home(capabilities=("speaker",))
    await hub.register(home, HALL)
    await ear.join(home, KITCHEN, HALL)
    await ear.play({(home, KITCHEN): near(sentence), (home, HALL): near(sentence)})
    (turn,) = await hub.interactions(home)
    assert turn.client_id == HALL


async def test_who_has_lost_the_microphone_elsewhere_is_chosen_no_more(ear: Ear, sentence: Samples) -> None:
    home = await ear.hub.home()
    await ear.hub.register(home, HALL)
    await ear.join(home, KITCHEN, HALL)
    for client_id in (KITCHEN, HALL):
        await ear.hub.connect(home, client_id)
    await ear.hub.change_client(home, KITCHEN, capabilities=("display",))
    await ear.play({(home, KITCHEN): near(sentence), (home, HALL): far(sentence)})
    assert [turn.client_id for turn in await ear.hub.interactions(home)] == [HALL]


async def test_networks_never_hear_each_other(ear: Ear, sentence: Samples) -> None:
    hub = ear.hub
    home, shop = await hub.home(), await hub.home()
    await ear.join(home, KITCHEN)
    await ear.join(shop, KITCHEN)
    with hub.audience.join(home, KITCHEN) as mine, hub.audience.join(shop, KITCHEN) as other:
        await ear.play({(home, KITCHEN): near(sentence), (shop, KITCHEN): 0 * sentence})
        assert told(await waiting_in(mine), AudioStreamSelected)
        assert await waiting_in(other) == []
    assert len(await hub.interactions(home)) == 1
    assert await hub.interactions(shop) == []
    assert {state.client_id for state in ear.listening.streams(home)} == {KITCHEN}


async def test_the_same_sentence_in_two_networks_is_two_turns(ear: Ear, sentence: Samples) -> None:
    hub = ear.hub
    networks = [await hub.home(), await hub.home()]
    for network_id in networks:
        await ear.join(network_id, KITCHEN)
    await ear.play({(network_id, KITCHEN): near(sentence) for network_id in networks})
    for network_id in networks:
        (turn,) = await hub.interactions(network_id)
        assert turn.network_id == network_id


async def test_speech_that_the_hub_could_not_work_on_is_kept_and_its_client_told_once(
    ear: Ear, sentence: Samples
) -> None:
    hub = ear.hub
    home = await hub.home()
    await ear.join(home, KITCHEN)
    ear.transcriber.errors = [AudioProcessingFailed("The recogniser broke.")] * 50
    with hub.audience.join(home, KITCHEN) as inbox:
        await ear.play({(home, KITCHEN): near(sentence)})
        errors = told(await waiting_in(inbox), ErrorOccurred)
    assert [error.code for error in errors] == ["AUDIO_PROCESSING_FAILED"]
    (turn,) = await hub.interactions(home)
    assert (turn.status, turn.error_code) == (ProcessingStatus.FAILED, "AUDIO_PROCESSING_FAILED")
    assert turn.hearing is not None


async def test_a_turn_that_never_began_is_told_of_too(ear: Ear, sentence: Samples) -> None:
    hub = ear.hub
    home = await hub.home()
    await ear.join(home, KITCHEN)
    with hub.audience.join(home, KITCHEN) as inbox:
        await ear.play({(home, KITCHEN): near(sentence[: 5 * SAMPLE_RATE // 2])})
        hub.transactions.closed = True
        ear.listening.finish(home, KITCHEN)
        await ear.settle()
        errors = told(await waiting_in(inbox), ErrorOccurred)
    assert [error.code for error in errors] == ["OVERLOADED"]
    assert await hub.interactions(home) == []


async def test_a_client_that_is_deregistered_while_it_speaks_leaves_no_turn_and_breaks_nothing(
    ear: Ear, sentence: Samples
) -> None:
    hub = ear.hub
    home = await hub.home()
    await hub.register(home, HALL)
    await ear.join(home, KITCHEN, HALL)
    await ear.play({(home, KITCHEN): near(sentence[: 5 * SAMPLE_RATE // 2])})
    await DeregisterClient(hub.transactions, hub.clock)(owner(home), KITCHEN)
    ear.listening.leave(home, KITCHEN)
    await ear.settle()
    assert await hub.interactions(home) == []
    await ear.play({(home, HALL): near(sentence)})
    assert len(await hub.interactions(home)) == 1


async def test_a_client_may_say_that_its_sentence_is_complete_or_leave_in_the_middle_of_it(
    ear: Ear, sentence: Samples
) -> None:
    hub = ear.hub
    home = await hub.home()
    cut = near(sentence[: -2 * SAMPLE_RATE])
    for number, end in enumerate((ear.listening.finish, ear.listening.leave), start=1):
        await ear.join(home, KITCHEN)
        await ear.play({(home, KITCHEN): cut})
        end(home, KITCHEN)
        await ear.settle()
        assert len(await hub.interactions(home)) == number


async def test_one_turn_too_many_is_refused_and_its_client_told(
    ear: Ear, sentence: Samples, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listening_module, "MOST_TURNS", 0)
    hub = ear.hub
    home = await hub.home()
    await ear.join(home, KITCHEN)
    with hub.audience.join(home, KITCHEN) as inbox:
        await ear.play({(home, KITCHEN): near(sentence)})
        (error,) = told(await waiting_in(inbox), ErrorOccurred)
    assert error.code == "OVERLOADED"
    assert await hub.interactions(home) == []


async def test_what_is_no_sound_is_refused(ear: Ear) -> None:
    home = await ear.hub.home()
    with pytest.raises(InvalidValue):
        ear.listening.hear(home, KITCHEN, np.zeros((2, 100), dtype=np.float32), 0)


async def test_nobody_minds_the_end_of_what_never_began(ear: Ear) -> None:
    home = await ear.hub.home()
    ear.listening.finish(home, KITCHEN)
    ear.listening.leave(home, KITCHEN)
    assert ear.listening.streams(home) == ()


# Time that passes


async def test_what_a_client_says_of_its_own_sound_is_kept_and_trusted_for_nothing(
    ear: Ear, sentence: Samples
) -> None:
    home = await ear.hub.home()
    await ear.hub.register(home, HALL)
    await ear.join(home, KITCHEN, HALL)
    boast = {"snr": 90.0, "speech_clarity": 100.0}
    ear.listening.note(home, HALL, boast)
    await ear.play({(home, HALL): far(sentence), (home, KITCHEN): near(sentence)})
    (turn,) = await ear.hub.interactions(home)
    assert turn.hearing is not None
    assert turn.hearing.selected_client_id == KITCHEN
    assert {one.client_id: one.reported for one in turn.hearing.streams} == {KITCHEN: None, HALL: boast}
    choice = ear.listening.last_choice(home)
    assert choice is not None
    assert (choice.client_id, choice.provisional) == (KITCHEN, False)
