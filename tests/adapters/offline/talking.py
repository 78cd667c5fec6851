"""Somebody who talks with the offline assistant, in a household that really keeps its agenda."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from attrs import define, field

from adapters.offline.assistant import OfflineAssistant
from application.ports.dialogue import NOTE, Exchange, Interlocutor, Prompt, ReplyDone, Sentence, Toolbox
from domain.personas import DEFAULT_PERSONA, Persona
from tests.adapters.offline.household import Household

BERLIN = ZoneInfo("Europe/Berlin")


NOW = datetime(2026, 11, 18, 9, tzinfo=UTC)  # a Wednesday, 10 in the morning in Berlin


MIRA = Persona(
    id=DEFAULT_PERSONA,
    name="Mira",
    description="I look after this home.",
    version="1",
    created_at=NOW,
    updated_at=NOW,
)


@define
class Talk:
    """Somebody talking with the assistant; what was said stays in the history."""

    household: Household = field(factory=lambda: Household(now=NOW))
    persona: Persona = MIRA
    language: str = "en"
    understood: bool = True
    history: list[Exchange] = field(factory=list)
    done: ReplyDone | None = None

    async def say(self, text: str, note: str | None = None) -> str:
        prompt = Prompt(
            text=text,
            understood=self.understood,
            now=NOW,
            zone=BERLIN,
            language=self.language,
            persona=self.persona,
            history=tuple(self.history),
            context={} if note is None else {NOTE: note},
        )
        assistant: Interlocutor = OfflineAssistant()
        tools: Toolbox = self.household
        *sentences, self.done = [part async for part in assistant.answer(prompt, tools)]  # type: ignore[misc]
        assert isinstance(self.done, ReplyDone)
        assert all(isinstance(part, Sentence) and part.text.strip() for part in sentences)
        answer = " ".join(part.text for part in sentences)  # type: ignore[union-attr]
        self.history.append(Exchange(said=text, answered=answer))
        return answer

    @property
    def made_sense(self) -> bool:
        assert self.done is not None
        return self.done.understood


def berlin(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=BERLIN)
