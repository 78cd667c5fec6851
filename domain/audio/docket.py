"""What is on the table: utterances that are open, those just decided, and where speech belongs."""

from collections import deque
from collections.abc import Mapping
from typing import Final

from domain.audio.agreement import UNLIKE
from domain.audio.decisions import UtteranceId
from domain.audio.pcm import SAMPLE_RATE
from domain.audio.playback import Playback, PlaybackId
from domain.audio.rules import ArbitrationRules
from domain.audio.speeches import LATE, Speech, Standing
from domain.audio.streams import SECOND, Stream
from domain.audio.stretches import agreement_of
from domain.audio.utterances import Utterance
from domain.ids import ClientId

LATE_NOTICE: Final = SECOND // 2
"""What a stream notices later than this after others did may be another sentence."""
REMEMBERED: Final = 8
REMEMBERED_FOR: Final = 4 * SECOND
"""How many decided utterances are remembered, and for how long, to know late echoes of them."""
ECHO: Final = SECOND // 5
"""So long the echo of a sentence may hide what else is heard."""
AWAITED_FOR: Final = 3 * SECOND
STALLED: Final = SECOND // 2
"""How long a sentence that is heard poorly waits for slower radios, and after what silence not for one."""


class Docket:
    """The utterances of one network: those that are open, and the last that were decided."""

    def __init__(self, rules: ArbitrationRules, streams: Mapping[ClientId, Stream]) -> None:
        self.rules = rules
        self.barred: frozenset[ClientId] = frozenset()
        self.speaking: dict[Stream, Speech] = {}
        self.open: list[Utterance] = []
        self.decided: deque[tuple[Utterance, int]] = deque(maxlen=REMEMBERED)
        self.playing: list[Playback] = []
        self._streams: Final = streams

    def play(self, playback: Playback) -> None:
        """An answer of the hub's own is about to be heard, or more of one."""
        self.playing = [*(one for one in self.playing if one.id != playback.id), playback]
        for stream in self._streams.values():
            stream.echoes.expect(playback)

    def is_heard(self, playback: Playback) -> bool:
        """Whether any microphone has heard an answer."""
        return any(stream.echoes.hears(playback) for stream in self._streams.values())

    def stop(self, playback: PlaybackId, now: int) -> None:
        """The client of an answer is told to be silent."""
        self.playing = [each for each in self.playing if each.id != playback]
        for stream in self._streams.values():
            stream.echoes.stop(playback, now, spoken_over=stream.endpointer.speaking)

    def disregard(self, stream: Stream) -> int | None:
        """What a stream took for speech was the hub's own answer, unless it is in an utterance already.

        Returns the sample at which that began, if there was anything.
        """
        speech = self.speaking.get(stream)
        if speech is None or speech.standing is not Standing.UNSURE:
            return None
        stream.endpointer.end()
        del self.speaking[stream]
        return speech.started

    def selected(self) -> set[Stream]:
        """The streams that are winners now."""
        return {utterance.winner.stream for utterance in self.open}

    def needs(self, stream: Stream) -> int:
        """The first sample of a stream that may still be asked for.

        Whoever notices an open utterance late may yet turn out to have heard it best, from its beginning.
        """
        speeches = [speech for utterance in self.open for speech in utterance.speeches]
        speeches.extend(self.speaking.values())
        starts = [speech.started for speech in speeches if speech.stream is stream]
        starts.extend(stream.sample_at(utterance.started_at) for utterance in self.open)
        return min(starts, default=stream.sound.end + SAMPLE_RATE) - SAMPLE_RATE

    def belongs(self, speech: Speech, utterance: Utterance) -> bool:
        """Whether new speech is, or may yet turn out to be, of an open utterance."""
        winner = utterance.winner
        if winner.stream is speech.stream:
            return False
        agreement = speech.agreement = agreement_of(winner, speech)
        whole = speech.reference is not None or winner.reference is not None
        if agreement.same or agreement.different or whole:
            after = agreement.together is not None and _is_after(speech, winner)
            return agreement.same and not after
        return winner.ended_at is None or speech.started_at < winner.ended_at

    def echoes(self, speech: Speech, *, surely: bool = False) -> Utterance | None:
        """The utterance, decided already, that speech on a late stream is of, or (not `surely`) may be of.

        What a stream hears again that had lost the sentence before it was over may be the rest of it.
        """
        for utterance, _ in reversed(self.decided):
            before, over = utterance.of(speech.stream), utterance.winner.ended_at or 0
            lost = before is not None and not before.left
            if before is utterance.winner or (lost and speech.started_at > over):
                continue
            agreement = agreement_of(utterance.winner, speech)
            if agreement.together is not None and _is_after(speech, utterance.winner):
                continue
            unknown = not (agreement.same or agreement.different or lost)
            unknown = unknown and (not surely or agreement.likeness >= UNLIKE)
            if agreement.same or (unknown and utterance.started_at - LATE < speech.started_at < over):
                return utterance
        return None

    def decided_on(self, speech: Speech) -> Utterance | None:
        """The utterance, decided already, that this speech was or is of."""
        return next((u for u, _ in self.decided if speech in u.speeches), None) or self.echoes(speech)

    def find(self, utterance_id: UtteranceId) -> Utterance | None:
        """An utterance that is open, or was decided just now."""
        known = (*self.open, *(utterance for utterance, _ in self.decided))
        return next((utterance for utterance in known if utterance.id == utterance_id), None)

    def listening_along(self, speech: Speech, now: int) -> list[Speech]:
        """The other streams of this moment: they may hear the same before they notice it."""
        if speech.reference is not None:
            return []
        taken = {each.stream for utterance in self.open for each in utterance.speeches} | {speech.stream}
        along = []
        for stream in self._streams.values():
            present = stream.hears_at(speech.started_at, speech.stream.heard_until)
            if stream in taken or stream.client_id in self.barred or not present:
                continue
            answers = stream.echoes.recognised and stream not in self.speaking
            if answers or self._was_used_at(stream, speech.started_at):
                continue
            unsure = self.speaking.get(stream)
            if unsure is not None and unsure.standing is not Standing.UNSURE:
                continue
            other = unsure or Speech(stream, 0, 0, now, noticed=False)
            other.begin_at(speech.started_at)
            other.standing = Standing.COMPETING
            along.append(other)
        return along

    def follow_over(self, speech: Speech, sample: int) -> None:
        """What its stream heard before a sample is its background, and activity is what rises above that."""
        speech.stream.begin_over(sample)
        speech.noticed = speech.stream.endpointer.speaking
        if not speech.noticed:
            self.speaking.pop(speech.stream, None)

    def hear_anew(self, stream: Stream, moment: int, now: int) -> None:
        """What a stream heard before a moment is its background; if it goes on, that is speech of its own."""
        self.speaking.pop(stream, None)
        stream.begin_over(stream.hop_at(moment))
        if stream.endpointer.speaking:
            began = stream.endpointer.began
            used = self.used_until(stream)
            self.speaking[stream] = Speech(stream, began, stream.at(began), now, free_from=used)

    def begin_anew(self, utterance: Utterance, over: Speech, now: int) -> None:
        """Let an utterance begin where somebody spoke over what it was; all who are there hear it anew."""
        streams, utterance.speeches = [each.stream for each in utterance.speeches], []
        for stream in streams:
            self.hear_anew(stream, over.started_at, now)
        over.noticed = over.stream in self.speaking
        first = self.speaking.get(over.stream, over)
        first.standing = Standing.COMPETING
        utterance.begin_anew([first, *self.listening_along(first, now)])

    def _was_used_at(self, stream: Stream, moment: int) -> bool:
        """Whether at that moment it was hearing somebody else, best of all."""
        winners = [utterance.winner for utterance, _ in self.decided]
        return any(w.stream is stream and w.started_at <= moment < (w.ended_at or 0) for w in winners)

    def listened_along(self, stream: Stream, started_at: int) -> Speech | None:
        """What a stream listened along to, if it has now noticed that; else it is taken out of there."""
        for utterance in self.open:
            speech = utterance.of(stream)
            if speech is None or speech.noticed:
                continue
            if started_at - speech.started_at <= LATE_NOTICE or speech is utterance.winner:
                speech.noticed, speech.standing = True, Standing.COMPETING
                return speech
            utterance.speeches.remove(speech)
        return None

    def used_until(self, stream: Stream) -> int:
        """Until when, in capture time, a stream heard a sentence best, and its echo; 0 if it heard none."""
        known = (*self.open, *(utterance for utterance, _ in self.decided))
        ends = [u.winner.ended_at for u in known if u.winner.stream is stream and u.winner.ended_at]
        return max(ends, default=-ECHO) + ECHO

    def awaits(self, utterance: Utterance, now: int) -> bool:
        """Whether a slower radio has yet to bring what it heard of an utterance that is over."""
        over = utterance.winner.ended_at or now
        return now - over < AWAITED_FOR and any(
            stream.begun_at <= utterance.started_at
            and stream.heard_until < over
            and now - stream.last_arrival < STALLED
            and stream.client_id not in self.barred
            for stream in self._streams.values()
        )

    def is_barred(self, speech: Speech) -> bool:
        """An upload is never barred: who sends one wants it heard."""
        return speech.reference is None and speech.stream.client_id in self.barred

    def forget(self, now: int) -> None:
        """Let go of what was decided long ago."""
        while self.decided and now - self.decided[0][1] > REMEMBERED_FOR:
            self.decided.popleft()
        self.playing = [playback for playback in self.playing if now <= playback.over_at]


def _is_after(speech: Speech, winner: Speech) -> bool:
    """Whether speech began when another was over, if their clocks are right."""
    return winner.ended_at is not None and speech.started_at > winner.ended_at + 2 * LATE
