"""Interlocutors that do what a test wants of them."""

from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from typing import Final

from attrs import field, frozen

from application.ports.dialogue import Prompt, ReplyDone, ReplyPart, Sentence, Toolbox
from domain.interactions import Usage

USAGE: Final = Usage(model="fake:parrot", prompt_tokens=7, completion_tokens=3)
Script = Callable[[Prompt, Toolbox], AsyncIterator[ReplyPart]]


@frozen
class Parrot:
    """Repeats what it hears; "remind me to ..." makes a reminder in an hour, and it admits what it missed."""

    prompts: list[Prompt] = field(factory=list, init=False)

    async def answer(self, prompt: Prompt, tools: Toolbox) -> AsyncIterator[ReplyPart]:
        self.prompts.append(prompt)
        if not prompt.understood:
            yield Sentence(text="Please say it again.")
        elif prompt.text.startswith("remind me to "):
            title = prompt.text.removeprefix("remind me to ")
            await tools.create_reminder(title=title, due_time=prompt.now + timedelta(hours=1))
            yield Sentence(text="I will.")
        else:
            yield Sentence(text="You said:")
            yield Sentence(text=f"{prompt.text}.")
        yield ReplyDone(usage=USAGE, understood=prompt.understood)


@frozen
class Scripted:
    """Answers by a script, an async generator of its own."""

    script: Script

    def answer(self, prompt: Prompt, tools: Toolbox) -> AsyncIterator[ReplyPart]:
        return self.script(prompt, tools)
