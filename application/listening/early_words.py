"""Transcribing ahead: words are wanted the moment a sentence is over, so work starts at its pauses."""

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
    """The transcript of one utterance, begun at a pause; what came after that pause makes it void."""

    transcriber: Transcriber
    names: Sequence[str] = ()
    _of: tuple[ClientId, int] | None = field(default=None, init=False)
    _task: "asyncio.Task[Transcript] | None" = field(default=None, init=False)

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
        self._task = asyncio.create_task(self.transcriber.transcribe(recording, self.names))
        self._task.add_done_callback(lambda task: _look_at(task, known))

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
        return await self.transcriber.transcribe(recording, self.names)


def _look_at(task: "asyncio.Task[Transcript]", known: Callable[[Transcript], None] | None) -> None:
    """Look at how a task ended, or asyncio complains of those that nobody wanted any more."""
    if not task.cancelled() and task.exception() is None and known is not None:
        known(task.result())
