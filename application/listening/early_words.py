"""Transcribing ahead: words are wanted the moment a sentence is over, so work starts while it is said."""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress

from attrs import define, field

from application.ports.speech import Transcriber, Transcript
from domain.audio.pcm import Recording
from domain.errors import MiraError
from domain.ids import ClientId


@define(eq=False)
class EarlyWords:
    """The transcript of one utterance, begun at a pause; what came after that pause makes it void.

    Before that the transcriber may follow what is said, if it can.
    """

    transcriber: Transcriber
    names: Sequence[str] = ()
    _of: tuple[ClientId, int] | None = field(default=None, init=False)
    _task: "asyncio.Task[Transcript] | None" = field(default=None, init=False)
    _following: "asyncio.Task[None] | None" = field(default=None, init=False)

    @property
    def may_follow(self) -> bool:
        """Whether the transcriber has nothing of this utterance to do."""
        return all(task is None or task.done() for task in (self._task, self._following))

    def follow(self, so_far: Recording) -> None:
        """Let the transcriber take in what one client has heard until now of somebody who goes on."""
        self._following = asyncio.create_task(self.transcriber.prepare(self.names, so_far))
        self._following.add_done_callback(_look_at)

    def begin(
        self,
        client_id: ClientId,
        speech_ended_at: int,
        recording: Recording,
        known: Callable[[Transcript], None] | None = None,
    ) -> None:
        """Start on what one client heard until a pause that began at a moment (microseconds).

        `known` is told the words once they are made out, unless they are dropped before.
        """
        self.drop()
        self._of = client_id, speech_ended_at
        self._task = asyncio.create_task(self._transcribe(recording))
        self._task.add_done_callback(lambda task: _tell(task, known))

    def drop(self) -> None:
        """Forget what was begun: the speaker went on."""
        if self._task is not None:
            self._task.cancel()
            self._task = None
        self._of = None

    async def words(self, client_id: ClientId, speech_ended_at: int, recording: Recording) -> Transcript:
        """The transcript of the whole utterance: the early one if nothing was said after it began."""
        if self._of == (client_id, speech_ended_at) and self._task is not None:
            with suppress(MiraError):
                return await self._task
        self.drop()
        return await self._transcribe(recording)

    async def _transcribe(self, recording: Recording) -> Transcript:
        """Have it written down, by who has followed it: what that is still taking in comes first."""
        if self._following is not None:
            await asyncio.wait([self._following])
        return await self.transcriber.transcribe(recording, self.names)


def _look_at(task: "asyncio.Task[None] | asyncio.Task[Transcript]") -> bool:
    """Whether a task went well; asyncio complains of those that failed and were not looked at."""
    return not task.cancelled() and task.exception() is None


def _tell(task: "asyncio.Task[Transcript]", known: Callable[[Transcript], None] | None) -> None:
    """Tell what was made out, if it was."""
    if _look_at(task) and known is not None:
        known(task.result())
