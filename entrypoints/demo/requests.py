"""One spoken request of the demo: streamed in real time by three clients, and watched until all are told."""

import asyncio
import time
from collections import Counter
from typing import Final

import numpy as np
from attrs import define, field

from adapters.hub.events import (
    ActionExecuted,
    AudioStreamSelected,
    ErrorReported,
    InteractionCreated,
    InteractionResponse,
    NetworkEvent,
    StreamsMeasured,
)
from adapters.soundfiles.files import decode
from domain.audio.pcm import SAMPLE_RATE, Samples
from entrypoints.demo.household import Household
from entrypoints.demo.rooms import LEAD_SECONDS, MICROPHONES, heard_at
from entrypoints.demo.timeline import Timeline

FRAME: Final = SAMPLE_RATE // 50
METER_SECONDS: Final = 0.4
ANSWER_SECONDS: Final = 12.0
SILENCE: Final = 0.02
UNTOLD: Final = frozenset({"streams_measured", "client_joined"})
IDS: Final = frozenset({"reminder_id", "event_id"})
STAGES: Final = ("end_of_turn", "arbitration", "transcription", "reply", "speech", "total")


@define(eq=False)
class Outcome:
    """What came of a request."""

    show: Timeline
    began_at: float
    words_ended_at: float
    selected: str | None = None
    actions: list[str] = field(factory=list)
    results: set[str] = field(factory=set)
    audio_url: str | None = None
    answer: bytes | None = None
    """The sound of the answer, a WAV file."""
    created: InteractionCreated | None = None
    told: dict[str, Counter[str]] = field(factory=lambda: {one.client_id: Counter() for one in MICROPHONES})
    over: asyncio.Event = field(factory=asyncio.Event)
    _metered_at: float = 0.0
    _seen: set[str] = field(factory=set)

    @property
    def complete(self) -> bool:
        """Whether every client was told of the turn, and one of them got an answer with its sound."""
        everyone = all(told["interaction_created"] and told["context_updated"] for told in self.told.values())
        return everyone and self.audio_url is not None

    def watch(self, client_id: str, event: NetworkEvent, at: float) -> None:
        """Note what a client was told, and show what is new in it."""
        self.told[client_id][_wire_name(event)] += 1
        seconds = at - self.began_at
        match event:
            case StreamsMeasured():
                self._meter(event, seconds)
            case AudioStreamSelected() | InteractionCreated() | ActionExecuted():
                self._show_once(event, seconds)
            case InteractionResponse():
                self.audio_url = event.audio_url
                self.show.event(seconds, "answered", event.text, "bold")
                waited = (at - self.words_ended_at) * 1000
                self.show.event(seconds, "", f"to {client_id}, {waited:.0f} ms after the last word")
            case ErrorReported():
                self.show.event(
                    seconds, "error", f"{client_id}: {event.error_code}, {event.message}", "bright_red"
                )
            case _:
                pass
        if self.complete:
            self.over.set()

    def _meter(self, measured: StreamsMeasured, seconds: float) -> None:
        if seconds - self._metered_at < METER_SECONDS:
            return
        self._metered_at = seconds
        heard = {stream.client_id: stream.quality_score for stream in measured.streams}
        scores = {one.client_id: heard.get(one.client_id, 0.0) for one in MICROPHONES}
        self.show.meters(seconds, scores, self.selected)

    def _show_once(
        self, event: AudioStreamSelected | InteractionCreated | ActionExecuted, seconds: float
    ) -> None:
        """Everybody is told; it is shown the first time."""
        key = f"{type(event).__name__} {event.timestamp.isoformat()}"
        if key in self._seen:
            return
        self._seen.add(key)
        match event:
            case AudioStreamSelected():
                self.selected = event.selected_client_id
                others = ", ".join(
                    f"{stream.client_id} {stream.quality_score:.1f}"
                    for stream in event.streams
                    if stream.client_id != self.selected
                )
                chosen = f"{self.selected} {event.quality_score:.1f}, {event.reason}"
                certainty = "for now" if event.provisional else "for good"
                self.show.event(seconds, "selected", f"{certainty}: {chosen}; {others}", "bright_green")
            case ActionExecuted():
                self.actions.append(event.action_type)
                self.results.update(
                    str(v) for k, v in event.result.items() if k in {"reminder_id", "event_id"}
                )
                when = event.result.get("due_time") or event.result.get("start_time") or ""
                text = f"{event.action_type}: {event.result.get('title', '')}, {when}"
                self.show.event(seconds, "action", text, "bright_magenta")
            case InteractionCreated():
                self.created = event
                self.show.event(seconds, "transcript", f"“{event.text}” ({event.processing_status})", "bold")


async def say(show: Timeline, household: Household, name: str, speech: Samples) -> Outcome:
    """Stream a request as the three microphones hear it, and wait until all are told what came of it."""
    show.request(f"{name}, as three microphones hear it")
    streams = {one.client_id: heard_at(one, speech, seed) for seed, one in enumerate(MICROPHONES)}
    began = time.time()
    outcome = Outcome(show, began, began + LEAD_SECONDS + _last_word(speech))
    household.watcher = outcome.watch
    async with asyncio.TaskGroup() as group:
        for client_id, heard in streams.items():
            group.create_task(_stream(household, client_id, heard, began))
        group.create_task(_until_over(outcome, len(next(iter(streams.values()))) / SAMPLE_RATE))
    await _show_rest(show, household, outcome)
    household.watcher = None
    await _hear_out(household, outcome)
    return outcome


async def _stream(household: Household, client_id: str, heard: Samples, began: float) -> None:
    """Send sound as a microphone does: 20 ms at a time, each when it has been heard."""
    for first in range(0, len(heard), FRAME):
        frame = heard[first : first + FRAME]
        captured = began + first / SAMPLE_RATE
        await asyncio.sleep(max(0.0, captured + len(frame) / SAMPLE_RATE - time.time()))
        await household.sockets[client_id].send_audio(frame, int(captured * 1_000_000))


async def _until_over(outcome: Outcome, seconds: float) -> None:
    try:
        async with asyncio.timeout(seconds + ANSWER_SECONDS):
            await outcome.over.wait()
    except TimeoutError:
        outcome.show.event(time.time() - outcome.began_at, "error", "no answer came in time", "bright_red")


async def _show_rest(show: Timeline, household: Household, outcome: Outcome) -> None:
    """Show what each client was told, and how long each stage took."""
    seconds = time.time() - outcome.began_at
    for clients, facts in _told(outcome).items():
        show.event(seconds, "told", f"{clients}: {facts}")
    if outcome.created is not None:
        kept = await household.owner.interaction(household.network_id, outcome.created.interaction_id)
        stages = [f"{name} {kept.timings[name]:.0f}" for name in STAGES if name in kept.timings]
        show.event(seconds, "timing", ", ".join(stages) + " ms")


async def _hear_out(household: Household, outcome: Outcome) -> None:
    """Fetch the answer's sound and let it be heard to its end, as people do before they speak again."""
    if outcome.audio_url is not None:
        outcome.answer = await household.owner.fetch_audio(outcome.audio_url)
        sound = await asyncio.to_thread(decode, outcome.answer)
        await asyncio.sleep(len(sound.samples) / sound.sample_rate)


def _told(outcome: Outcome) -> dict[str, str]:
    """What was told to whom: to all of them, or to some."""
    names = dict.fromkeys(name for told in outcome.told.values() for name in told)
    facts: dict[str, list[str]] = {}
    for name in names:
        if name not in UNTOLD:
            clients = [client_id for client_id, told in outcome.told.items() if told[name]]
            everyone = len(clients) == len(outcome.told)
            facts.setdefault("all three" if everyone else ", ".join(clients), []).append(name)
    return {clients: ", ".join(names) for clients, names in facts.items()}


def _last_word(speech: Samples) -> float:
    """When the last sound of a recording is over, in seconds."""
    loud = np.flatnonzero(np.abs(speech) > SILENCE * float(np.abs(speech).max()))
    return float(loud[-1] + 1) / SAMPLE_RATE if len(loud) else 0.0


def _wire_name(event: NetworkEvent) -> str:
    """The name that an event has on the wire: ClientJoined is client_joined."""
    name = type(event).__name__
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name).lstrip("_")
