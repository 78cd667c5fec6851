"""Sentences that come whole, as files or faster than they were said: they compete inside a window."""

import numpy as np

from domain.audio.arbitration import Arbiter, ArbitrationRules
from domain.audio.decisions import Reason
from domain.ids import ClientId
from tests.domain.audio.deciding import BEGIN, ended, rejected, selected


def test_sentences_in_one_chunk_compete_within_the_window(studio) -> None:
    arbiter = Arbiter(ArbitrationRules(window_ms=300))
    dry = studio.say("slt")
    now = BEGIN + 10_000_000
    decisions = arbiter.hear(ClientId("far"), studio.far(dry), None, now)
    assert ended(decisions) == []
    decisions = arbiter.hear(ClientId("near"), studio.near(dry), None, now + 200_000)
    assert ended(decisions) == []
    assert ended(arbiter.advance(now + 250_000)) == []
    assert [end.client_id for end in ended(arbiter.advance(now + 350_000))] == ["near"]


def test_uploads_of_one_sentence_compete_and_each_is_answered(studio) -> None:
    arbiter = Arbiter()
    dry = studio.say("rms")
    now = BEGIN
    first = arbiter.hear_whole(ClientId("far"), studio.far(dry)[8_000:], now, "upload one")
    assert selected(first)[0].provisional
    arbiter.hear_whole(ClientId("near"), studio.near(dry), now + 100_000, "upload two")
    arbiter.hear_whole(ClientId("near"), np.zeros(16_000, np.float32), now + 150_000, "silence")
    decisions = arbiter.advance(now + 1_000_000)
    end = ended(decisions)[0]
    assert end.reference == "upload two"
    assert {competitor.reference for competitor in end.competitors} == {"upload one", "upload two"}
    refusal = rejected(decisions)[0]
    assert (refusal.reference, refusal.reason) == ("silence", Reason.NOT_SPEECH)


def test_two_uploads_of_different_sentences_are_two_utterances(studio) -> None:
    arbiter = Arbiter()
    arbiter.hear_whole(ClientId("a"), studio.near(studio.say("slt")), BEGIN, "one")
    arbiter.hear_whole(ClientId("b"), studio.near(studio.say("rms")), BEGIN + 50_000, "two")
    assert sorted(str(end.reference) for end in ended(arbiter.advance(BEGIN + 900_000))) == ["one", "two"]


def test_an_upload_that_comes_after_its_sentence_was_decided_is_told_so(studio) -> None:
    arbiter = Arbiter()
    dry = studio.say("rms")
    arbiter.hear_whole(ClientId("near"), studio.near(dry), BEGIN, "one")
    (end,) = ended(arbiter.advance(BEGIN + 500_000))
    (late,) = arbiter.hear_whole(ClientId("far"), studio.far(dry), BEGIN + 700_000, "two")
    assert (late.reference, late.reason, late.utterance) == ("two", Reason.HEARD_ALREADY, end.utterance)
    assert [competitor.client_id for competitor in late.competitors] == ["far"]
