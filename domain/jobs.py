"""Work that was accepted and must be done, whoever does it and whatever happens meanwhile."""

from datetime import datetime
from enum import Enum

from attrs import frozen

from domain.ids import JobId, NetworkId


class JobKind(Enum):
    """What is to be done; whoever does it knows from the job's id what it is about."""

    HEAR_UPLOAD = "hear_upload"
    ANSWER_UPLOAD = "answer_upload"


@frozen(kw_only=True)
class Job:
    """A piece of work of a network, from when it is to be done, and who is at it until when.

    The jobs of one kind in one lane are done by one holder at a time. Tries counts how often it was begun.
    """

    id: JobId
    network_id: NetworkId
    kind: JobKind
    lane: str
    due_at: datetime
    created_at: datetime
    tries: int = 0
    holder: str | None = None
    held_until: datetime | None = None
