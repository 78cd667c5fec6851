"""What the arbiter decides, and the explanations that go with it."""

from enum import StrEnum
from typing import NewType

from attrs import frozen

from domain.audio.pcm import Recording
from domain.audio.playback import PlaybackId
from domain.audio.quality import Quality
from domain.ids import ClientId

UtteranceId = NewType("UtteranceId", int)
"""Counts the utterances of one arbiter, from 1."""


class Reason(StrEnum):
    """Why a stream was selected, or an utterance refused; the words are stable."""

    ONLY_STREAM = "only_stream"
    HIGHEST_QUALITY = "highest_quality"
    BETTER_STREAM = "better_stream"
    FINAL_QUALITY = "final_quality"
    WINNER_LEFT = "winner_left"
    BELOW_THRESHOLD = "below_threshold"
    NOT_SPEECH = "not_speech"
    TOO_SHORT = "too_short"
    HEARD_ALREADY = "heard_already"
    NO_STREAM = "no_stream_left"


@frozen(kw_only=True)
class Competitor:
    """One stream that heard an utterance, and what became of it there."""

    client_id: ClientId
    reference: str | None
    """What the caller called it, if it came as a whole."""
    quality: Quality
    started_at: int
    """When speech began on it: capture time, microseconds since the Unix epoch."""
    speech_ended_at: int | None
    """When speech ended on it; None while it goes on."""
    selected: bool
    why: str
    """In words, for people."""
    likeness: float | None = None
    """How far it agrees with the selected stream, -1..1; None where that was not asked."""


@frozen(kw_only=True)
class SpeechStarted:
    """Someone began to speak, and a stream heard it first."""

    utterance: UtteranceId
    client_id: ClientId
    started_at: int
    at: int


@frozen(kw_only=True)
class StreamSelected:
    """This stream is to be used for the utterance, until another is named."""

    utterance: UtteranceId
    client_id: ClientId
    quality: Quality
    reason: Reason
    provisional: bool
    at: int
    competitors: tuple[Competitor, ...]


@frozen(kw_only=True)
class UtterancePaused:
    """The talker is silent for a moment; this may have been all, so work on it may begin."""

    utterance: UtteranceId
    client_id: ClientId
    speech_ended_at: int
    recording: Recording
    """The winner's sound so far; if nothing more is said, that of the ending adds only silence."""
    finality: float
    """How likely it sounds like all of it, as log-odds (see finality.py)."""
    at: int


@frozen(kw_only=True)
class UtteranceEnded:
    """The sentence is over, and this is how it was heard best."""

    utterance: UtteranceId
    client_id: ClientId
    reference: str | None
    recording: Recording
    """The winner's own sound from before the first word, 16 kHz."""
    started_at: int
    speech_ended_at: int
    ended_at: int
    """When the decision fell, on the arrival clock."""
    quality: Quality
    reason: Reason
    competitors: tuple[Competitor, ...]


@frozen(kw_only=True)
class UtteranceRejected:
    """What was begun is not used: too poor, no speech after all, or heard before."""

    utterance: UtteranceId
    client_id: ClientId
    reference: str | None
    quality: Quality
    reason: Reason
    at: int
    competitors: tuple[Competitor, ...]


@frozen(kw_only=True)
class AnswerSpokenOver:
    """Somebody speaks where the hub's own answer is heard, and it should be silent now."""

    utterance: UtteranceId
    playback: PlaybackId
    client_id: ClientId
    """Who plays the answer."""
    is_late: bool
    """Whether it is heard nowhere, and most likely was over: nothing may be left to be stopped."""
    at: int


Decision = (
    SpeechStarted | StreamSelected | UtterancePaused | UtteranceEnded | UtteranceRejected | AnswerSpokenOver
)


@frozen(kw_only=True)
class StreamState:
    """A stream as it is at this moment."""

    client_id: ClientId
    quality: Quality
    last_frame_at: int
    """When its last frame arrived."""
    speaking: bool
    selected: bool
    may_win: bool
