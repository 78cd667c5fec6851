"""Let answers be heard again in simulated rooms, with and without somebody who speaks over them.

Somebody asks; the hub is told of the answer sentence by sentence, 1.2 to 1.9 s after the question, when its
turn is over; the client begins to play it at once or up to 2.5 s later, through a loudspeaker near its
microphone, in a room by the image source method. Then nobody speaks, or somebody does, softer or louder than
the answer, over a client that takes its own echo away, or over one that never plays. A client that is told
to be silent is, 300 ms later.

Run: python -m benchmarks.interruptions [--conversations 30] [--seed 1] [--recordings FOLDER]
"""

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np
from attrs import frozen

from benchmarks.interruptions.conversations import CASES, Case, Conversation, Voices, conversation
from domain.audio.arbitration import Arbiter, ArbitrationRules
from domain.audio.decisions import AnswerSpokenOver, Decision, UtteranceEnded
from domain.audio.pcm import SAMPLE_RATE
from domain.audio.playback import Playback, PlaybackId
from domain.ids import ClientId

BEGIN: Final = 1_700_000_000_000_000
FRAME: Final = 320
TRAVELLING: Final = 30_000
CLIENT: Final = ClientId("speaker")
ANSWER: Final = PlaybackId("answer")
SOON: Final = 0.5
SILENT_AFTER: Final = 0.3


@frozen(kw_only=True)
class Outcome:
    """What came of one conversation."""

    stopped: float | None
    """Seconds from the first word of the talker, or of the answer where nobody speaks; None: not stopped."""
    heard: bool
    """Whether the talker's words became a turn from their first on."""
    turns: int
    """How many turns there were beside the question's."""
    answered: float
    """How many seconds of answer there were before anybody spoke."""


def outcome(told: Conversation) -> Outcome:
    """Play it, and see when the answer was stopped."""
    stopped, decisions = _played(told)
    turns = [(each.started_at - BEGIN) / 1e6 for each in decisions if isinstance(each, UtteranceEnded)]
    others = [at for at in turns if at > told.asked_until - 0.3]
    since, speaks = told.speaks or told.plays, told.speaks
    answered = sum(map(len, told.sentences)) / SAMPLE_RATE
    return Outcome(
        stopped=None if stopped is None else stopped - since,
        heard=speaks is not None and any(speaks - 0.4 < at < speaks + 0.5 for at in others),
        turns=len(others),
        answered=answered if speaks is None else speaks - told.plays,
    )


def _played(told: Conversation) -> tuple[float | None, list[Decision]]:
    """When the answer was stopped, and all that was decided."""
    arbiter = Arbiter(ArbitrationRules(threshold=0.2))
    decisions: list[Decision] = []
    stopped: float | None = None
    playback: Playback | None = None
    waiting = list(told.sentences)
    for first in range(0, len(told.people), FRAME):
        seconds = first / SAMPLE_RATE
        now = BEGIN + int(seconds * 1e6) + TRAVELLING
        made = len(told.sentences) - len(waiting)
        while waiting and seconds >= told.told + told.sentence_takes * made:
            sentence, made = waiting.pop(0), made + 1
            if playback is None:
                playback = Playback.of(ANSWER, CLIENT, BEGIN + int(told.told * 1e6), sentence)
            else:
                playback = playback.longer(sentence)
            arbiter.play(playback)
        audible = np.float32(stopped is None or seconds <= stopped + SILENT_AFTER)
        frame = told.people[first : first + FRAME] + audible * told.heard[first : first + FRAME]
        new = arbiter.hear(CLIENT, frame, BEGIN + int(seconds * 1e6), now)
        if first % (4 * FRAME) == 0:
            new += arbiter.advance(now)
        decisions += new
        if stopped is None and any(isinstance(each, AnswerSpokenOver) for each in new):
            stopped = seconds + TRAVELLING / 1e6
    return stopped, decisions


def show(case: Case, outcomes: Sequence[Outcome]) -> None:
    """Print the rates of one case."""
    count, hours = len(outcomes), sum(each.answered for each in outcomes) / 3600
    early = sum(o.stopped is not None and (case.speaks_db is None or o.stopped < 0) for o in outcomes)
    extra = sum(o.turns > (case.speaks_db is not None) for o in outcomes)
    words = f"{case.name:38} false stops {early:2} of {count} ({early / hours:5.1f} an hour of answer)"
    words += f", turns too many in {extra:2}"
    if case.speaks_db is not None:
        rest = [o.stopped for o in outcomes if o.stopped is not None and o.stopped >= 0]
        delays = ", ".join(f"{np.percentile(rest, share):.2f}" for share in (50, 90)) if rest else "-"
        soon, heard = sum(delay <= SOON for delay in rest), sum(o.heard for o in outcomes)
        words += f"; stopped {len(rest) / count:.2f}, within {SOON} s {soon / count:.2f}"
        words += f", after {delays} s (50, 90 %); heard whole {heard / count:.2f}"
    print(words, flush=True)


def main() -> None:
    """Print what came of every case."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.interruptions", description=__doc__)
    parser.add_argument("--conversations", type=int, default=30, help="of each case (default: 30)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--recordings", type=Path, help="a folder for each person: these speak, not flite")
    arguments = parser.parse_args()
    voices = Voices.made(arguments.recordings)
    for number, case in enumerate(CASES):
        random = np.random.default_rng([arguments.seed, number])
        show(case, [outcome(conversation(case, voices, random)) for _ in range(arguments.conversations)])


if __name__ == "__main__":
    main()
