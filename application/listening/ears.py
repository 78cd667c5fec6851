"""The ears of one network: its streams, who of them may win, and the words begun of each utterance."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from attrs import define, evolve, field

from application.listening.early_words import EarlyWords
from application.listening.heard_before import HeardBefore
from application.listening.patience import patience_for, patience_without_words
from application.ports.speech import Transcriber, Transcript
from domain.audio.arbitration import Arbiter, ArbitrationRules
from domain.audio.decisions import UtteranceId, UtterancePaused
from domain.clients import Client
from domain.events import AudioStreamSelected
from domain.ids import ClientId


@define(eq=False)
class Ears:
    """What one network hears with."""

    transcriber: Transcriber
    rules: ArbitrationRules
    arbiter: Arbiter = field(init=False)
    reported: dict[str, Mapping[str, float]] = field(factory=dict, init=False)
    """What clients last said of their own sound."""
    choice: AudioStreamSelected | None = field(default=None, init=False)
    """The stream that was last selected."""
    heard_before: HeardBefore = field(factory=HeardBefore, init=False)
    _words: tuple[str, ...] = field(default=(), init=False)
    _early: dict[UtteranceId, EarlyWords] = field(factory=dict, init=False)
    _deaf: set[ClientId] = field(factory=set, init=False)
    _present: set[ClientId] = field(factory=set, init=False)

    def __attrs_post_init__(self) -> None:
        self.arbiter = Arbiter(self.rules)

    @property
    def idle(self) -> bool:
        """Whether there is nobody to hear, and nothing left of those who were there."""
        return not (self._present or self._early or self.heard_before or self.arbiter.streams())

    def admit(self, client: Client) -> None:
        """Expect a client; one without a microphone can never be chosen."""
        self._present.add(client.id)
        self.heard_before.came(client.id)
        if client.can_hear:
            self._deaf.discard(client.id)
        else:
            self._deaf.add(client.id)
        self.arbiter.bar(self._deaf)

    def part_with(self, client_id: ClientId) -> None:
        """Expect a client no more."""
        self._present.discard(client_id)
        self.reported.pop(client_id, None)

    def learn(self, threshold: float, words: tuple[str, ...], clients: Iterable[Client]) -> None:
        """Judge from now on by a threshold (0..1), know some words of the network, and who can hear in it."""
        for client in clients:
            (self._deaf.discard if client.can_hear else self._deaf.add)(client.id)
        self.arbiter.bar(self._deaf)
        self.rules = evolve(self.rules, threshold=threshold)
        self.arbiter.rules = self.rules
        self._words = words

    def start_words(self, utterance: UtteranceId) -> None:
        """An utterance begins."""
        self._early[utterance] = EarlyWords(self.transcriber, self._words)

    def follow_words(self) -> None:
        """Let the transcriber take in what is being said."""
        for utterance, early in self._early.items():
            so_far = self.arbiter.so_far(utterance) if early.may_follow else None
            if so_far is not None:
                early.follow(so_far)

    def begin_words(self, pause: UtterancePaused, now: datetime) -> None:
        """An utterance may be over: begin to make out its words, and how long to wait for more."""
        early = self._early.get(pause.utterance)
        if early is None:
            return
        usual = self.rules.turns.end_silence_ms

        def known(transcript: Transcript) -> None:
            patience = patience_for(transcript.text, transcript.confidence, now, usual, pause.finality)
            self.arbiter.expect(pause.utterance, pause.speech_ended_at, patience)

        early.begin(pause.client_id, pause.speech_ended_at, pause.recording, known)
        patience = patience_without_words(usual, pause.finality)
        self.arbiter.expect(pause.utterance, pause.speech_ended_at, patience)

    def take_words(self, utterance: UtteranceId) -> EarlyWords:
        """An utterance is over, and its words are wanted."""
        return self._early.pop(utterance, None) or EarlyWords(self.transcriber, self._words)

    def drop_words(self, utterance: UtteranceId) -> None:
        """An utterance is not wanted."""
        early = self._early.pop(utterance, None)
        if early is not None:
            early.drop()

    def start_afresh(self) -> None:
        """Forget all sound, and what was made of it; who is there stays known."""
        for utterance in list(self._early):
            self.drop_words(utterance)
        self.arbiter = Arbiter(self.rules)
        self.arbiter.bar(self._deaf)
