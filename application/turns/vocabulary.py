"""The words that a network uses and a dictionary may not know: its people, places and plans."""

from collections.abc import Iterable
from typing import Final

from application.ports.storage import CalendarFilter, Page, ReminderFilter, Transaction
from domain.agenda import ReminderStatus
from domain.ids import NetworkId

LATEST: Final = Page(limit=100)
MOST_WORDS: Final = 500
LONGEST_WORD: Final = 40


async def words_of(tx: Transaction, network_id: NetworkId) -> tuple[str, ...]:
    """The words in the names of a network's clients and rooms, and in its latest plans; each once, in order.

    They are lower case, of letters, apostrophes and hyphens; at most 500.
    """
    clients = (await tx.clients.list(network_id, LATEST)).items
    waiting = ReminderFilter(status=ReminderStatus.PENDING)
    reminders = (await tx.agenda.reminders(network_id, waiting, LATEST)).items
    events = (await tx.agenda.events(network_id, CalendarFilter(), LATEST)).items
    texts = [text for client in clients for text in (client.name, client.room)]
    texts += [reminder.title for reminder in reminders]
    for event in events:
        texts += [event.title, event.location, *event.attendees]
    return tuple(sorted(set(_words(text for text in texts if text)))[:MOST_WORDS])


def _words(texts: Iterable[str]) -> Iterable[str]:
    for text in texts:
        for word in text.lower().split():
            bare = word.strip(".,;:!?()\"'-")
            if bare and len(bare) <= LONGEST_WORD and bare.replace("'", "").replace("-", "").isalpha():
                yield bare
