"""A hub that stands still: what the dashboard reads of it, the same at every run."""

from collections.abc import Sequence

from adapters.hub.answers import (
    Action,
    CalendarEvent,
    Hearing,
    Interaction,
    Listing,
    Reminder,
)
from adapters.hub.operating import (
    ActivitySeen,
    SessionSeen,
)
from adapters.hub.personas import Persona, PersonaSummary
from tests.tui.standstill import (
    DEVICES,
    ago,
    streams,
)
from tui.link import Link
from tui.picture import Picture


def interaction(number: int) -> Interaction:
    """One turn that is over."""
    return Interaction(
        interaction_id=f"int_{number}",
        conversation_id="conv_1",
        client_id="kitchen-tablet",
        speaker_id=None,
        text="remind me to call Anna tomorrow at noon",
        response="I'll remind you tomorrow at noon: call Anna.",
        actions=(
            Action(action_id="act_1", action_type="create_reminder", result={}, timestamp=ago(60 * number)),
        ),
        audio=Hearing(
            selected_client_id="kitchen-tablet",
            quality_score=9.6,
            reason="final_quality",
            seconds=2.4,
            streams=streams(),
        )
        if number % 3
        else None,
        timings={"end_of_turn": 480, "transcription": 230, "reply": 12, "speech": 30, "total": 760},
        processing_status=("completed", "not_understood", "failed")[number % 3],
        timestamp=ago(60 * number),
    )


class StandingHub:
    """Answers what a page reads."""

    async def interactions(self, network_id: str, *, limit: int) -> Listing[Interaction]:
        return listing([interaction(number) for number in range(9)])

    async def reminders(self, network_id: str, *, limit: int) -> Listing[Reminder]:
        return listing(
            [
                Reminder(
                    reminder_id=f"rem_{number}",
                    title=("take the blue pills", "call Anna", "water the plants")[number],
                    due_time=ago(7200 * (1 - number)),
                    status=("pending", "pending", "completed")[number],
                    recurrence="FREQ=DAILY" if number == 0 else None,
                    created_at=ago(9000),
                )
                for number in range(3)
            ]
        )

    async def calendar(self, network_id: str, *, limit: int) -> Listing[CalendarEvent]:
        dentist = CalendarEvent(
            event_id="event_1",
            title="dentist",
            start_time=ago(-86400),
            end_time=ago(-90000),
            attendees=("Anna",),
            location="Main St. 4",
            status="confirmed",
            recurrence=None,
            created_at=ago(100),
        )
        return listing([dentist])

    async def personas(self, *, network_id: str) -> tuple[PersonaSummary, ...]:
        return tuple(
            PersonaSummary(
                id=name, name=name.title(), description="", version="1.0.0", tags=(), adaptation_mode="fixed"
            )
            for name in ("mira", "companion")
        )

    async def persona(self, persona_id: str, *, network_id: str) -> Persona:
        return Persona(
            id=persona_id,
            name=persona_id.title(),
            description="Helps without ado.",
            version="1.0.0",
            voice_config={"voice": "f2", "rate": 160},
            behavior_config={"system_prompt": "Be brief.", "idle_minutes": 30},
            tags=("home",),
            adaptation_mode="guided",
            source="shipped",
            created_at=ago(1e6),
            updated_at=ago(1e6),
        )

    async def sessions(self, network_id: str) -> Listing[SessionSeen]:
        return listing(
            [
                SessionSeen(
                    session_id=f"sess_{number}{'0' * 31}",
                    device_id=DEVICES[number][0],
                    persona_id="mira",
                    conversation_id="conv_1",
                    user_id=None,
                    status="active",
                    created_at=ago(4000 * number + 60),
                    expires_at=ago(2200 * number - 1500),
                )
                for number in range(2)
            ]
        )

    async def activities(self, network_id: str) -> Listing[ActivitySeen]:
        trivia = ActivitySeen(
            activity_id="activity_1",
            activity_type="trivia",
            persona_id="entertainer",
            status="running",
            devices=("kitchen-tablet", "hall-speaker"),
            offline_devices=("window-phone",),
            config={"difficulty": "easy", "rounds": 5},
            started_at=ago(120),
            ended_at=None,
        )
        return listing([trivia])


def listing(items: Sequence[object]) -> Listing:
    """All items as one page."""
    return Listing(items=tuple(items), total=len(items), limit=200, offset=0)


class StandingLink(Link):
    """A link to a hub that never changes."""

    def __init__(self, picture: Picture) -> None:
        super().__init__("http://hub.example", "", picture)
        self.hub = StandingHub()

    async def run(self) -> None:
        """Nothing happens."""
        self.picture.changed.add("link")

    async def watch(self, **wish: object) -> None:
        """Nothing moves."""
