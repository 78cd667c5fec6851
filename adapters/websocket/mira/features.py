"""What a client of a network can use: the features it is offered, and the announcements it is told."""

from typing import Final

from domain.clients import Client
from domain.events import Announcement, AudioStreamSelected, Fact, LiveNews, ReminderDue, StreamsMeasured

REAL_TIME_AUDIO: Final = "real_time_audio"
NOTIFICATIONS: Final = "notifications"
CONTEXT_SYNC: Final = "context_sync"
BINARY_AUDIO: Final = "binary_audio"


def features_of(client: Client) -> tuple[str, ...]:
    """What the hub offers to a client, by its capabilities; one that names none is offered everything."""
    usable = {
        REAL_TIME_AUDIO: client.can_hear,
        NOTIFICATIONS: client.can_notify,
        CONTEXT_SYNC: True,
        BINARY_AUDIO: client.can_hear,
    }
    return tuple(name for name, offered in usable.items() if offered)


def can_use(client: Client, announcement: Announcement) -> bool:
    """Whether a client is told of something: of streams if it is one, of reminders if it can remind."""
    match announcement:
        case LiveNews(event=AudioStreamSelected() | StreamsMeasured()):
            return client.can_hear
        case Fact(event=ReminderDue()):
            return client.can_notify
        case _:
            return True
