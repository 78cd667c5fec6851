"""An upload: a sentence that was sent as a whole, and what became of it."""

from collections.abc import Mapping
from datetime import datetime
from enum import Enum

from attrs import field, frozen

from domain.ids import BlobId, ClientId, InteractionId, NetworkId, UploadId
from domain.interactions import Hearing


class UploadStatus(Enum):
    """How far an upload has come, or how it ended; failed stands for the hub's own fault alone."""

    QUEUED = "queued"
    PROCESSING = "processing"
    COMPLETED = "completed"
    NOT_SELECTED = "not_selected"
    REJECTED = "rejected"
    NOT_UNDERSTOOD = "not_understood"
    FAILED = "failed"


@frozen(kw_only=True)
class Upload:
    """A sentence sent as a whole: how well it was heard (0..10), whether it is used, and for which turn.

    Before it is decided, selected says what is to be expected. The sound is there until it is finished.
    """

    id: UploadId
    network_id: NetworkId
    client_id: ClientId
    status: UploadStatus = UploadStatus.QUEUED
    score: float
    measures: Mapping[str, float]
    reported: Mapping[str, float] | None = None
    """What the client itself had measured: a hint, and no more."""
    selected: bool
    reason: str | None = None
    seconds: float
    sound: BlobId | None = None
    interaction_id: InteractionId | None = None
    hearing: Hearing | None = field(default=None)
    error_code: str | None = None
    accepted_at: datetime
    decided_at: datetime | None = None
    finished_at: datetime | None = None
