"""Stories that a language model thinks of while they are told, scene by scene."""

import asyncio
import re
from typing import Final, Never

import structlog
from attrs import evolve, field, frozen

from application.ports.dialogue import Interlocutor, Prompt, Sentence
from application.ports.world import Clock
from domain.activities.story import Telling
from domain.errors import Forbidden, MiraError, ModelInferenceFailed
from domain.interactions import Action
from domain.networks import Network
from domain.personas import Persona

log = structlog.get_logger(__name__)

PATIENCE: Final = 25.0
"""For so many seconds a scene may be thought of."""
TRIES: Final = 2
LONGEST_SCENE: Final = 1500
LONGEST_WAY: Final = 80
MOST_WAYS: Final = 3
REMEMBERED: Final = 600
"""Characters of each earlier scene that the model is reminded of."""
WAY: Final = re.compile(r"\[\s*([^\[\]]*\w[^\[\]]*?)\s*\]")
CUT_OFF: Final = (
    "And here the storyteller falls asleep, with the book still open. How it ended, you may tell each other."
)
"""How a story ends that nobody can think of any more."""


class NoTools:
    """Nothing may be done: whoever tells a story only tells."""

    done: tuple[Action, ...] = ()

    async def create_reminder(self, **wanted: object) -> Never:
        """Refuse."""
        raise Forbidden("Nothing is done while a story is told.")

    create_calendar_event = create_reminder
    find_reminders = create_reminder
    find_calendar_events = create_reminder
    complete_reminder = create_reminder
    cancel_reminder = create_reminder
    change_reminder = create_reminder
    cancel_calendar_event = create_reminder
    change_calendar_event = create_reminder
    announce = create_reminder
    switch_persona = create_reminder
    continue_at = create_reminder
    start_activity = create_reminder
    stop_activity = create_reminder


@frozen(kw_only=True)
class Part:
    """A scene as it was thought of: its text, and what the people may do next; nothing at the end."""

    text: str = field(repr=False)
    ways_on: tuple[str, ...] = field(repr=False)


@frozen
class Storyteller:
    """Lets whoever answers think of the scenes of stories, where somebody can make something up."""

    interlocutor: Interlocutor
    clock: Clock

    @property
    def there(self) -> bool:
        """Whether anybody can think of stories here."""
        return self.interlocutor.capabilities.invention

    async def __call__(self, telling: Telling, persona: Persona, network: Network) -> Part:
        """Think of the scene that a story has come to.

        Raises:
            ModelInferenceFailed: nobody can, or not in time.
        """
        prompt = self._prompt(telling, persona, network)
        try:
            async with asyncio.timeout(PATIENCE):
                for _ in range(TRIES):
                    part = part_of(await self._answer(prompt), last=telling.last_part)
                    if part is not None:
                        return part
        except TimeoutError as error:
            raise ModelInferenceFailed("Nobody has thought of the next scene in time.") from error
        raise ModelInferenceFailed("What was thought of is no scene of a story.")

    async def next_part(self, telling: Telling, persona: Persona, network: Network) -> Part:
        """Think of the scene that a story has come to; where nobody can, it is the end of the story."""
        try:
            return await self(telling, persona, network)
        except MiraError as error:
            log.warning("a story was cut off", code=error.code, network=network.id)
            return Part(text=CUT_OFF, ways_on=())

    async def _answer(self, prompt: Prompt) -> str:
        parts = self.interlocutor.answer(prompt, NoTools())
        return " ".join([part.text async for part in parts if isinstance(part, Sentence)])

    def _prompt(self, telling: Telling, persona: Persona, network: Network) -> Prompt:
        return Prompt(
            text=asked(telling),
            now=self.clock.now(),
            zone=network.settings.zone,
            language=network.settings.language,
            persona=evolve(persona, behavior=evolve(persona.behavior, allowed_tools=())),
            invention=True,
        )


def asked(telling: Telling) -> str:
    """What is asked of whoever thinks of the present scene."""
    story, part = telling.story, len(telling.path)
    lines = [
        f"Tell part {part} of {story.parts} of a story to the people here, who decide what happens in it.",
        f"The story is called “{story.title}”, its theme is {story.theme}.",
    ]
    for number, (text, made) in enumerate(telling.so_far, start=1):
        lines.append(f"Part {number} was: {text[:REMEMBERED]} The people decided: {made}.")
    lines.append("Tell this part in three to five short sentences, and nothing of the parts before again.")
    if telling.last_part:
        lines.append("It is the last part: bring the story to a good end, and ask nothing.")
    else:
        lines.append(
            "End it with two or three short things that the people could do next, each in square brackets, "
            "such as [open the door] [call for help]; write nothing after them."
        )
    return "\n".join(lines)


def part_of(answer: str, *, last: bool) -> Part | None:
    """The scene that an answer is; None where there is none in it, or no choice where one is needed."""
    ways = [" ".join(way.split()).rstrip(".!?;, ")[:LONGEST_WAY] for way in WAY.findall(answer)]
    different = tuple({way.casefold(): way for way in reversed(ways) if way}.values())[::-1][:MOST_WAYS]
    first = WAY.search(answer)
    text = " ".join((answer if first is None else answer[: first.start()]).split())[:LONGEST_SCENE].strip()
    if not text or (len(different) < 2 and not last):
        return None
    return Part(text=text, ways_on=() if last else different)
