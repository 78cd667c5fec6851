"""Names of things. Ids are opaque strings; a prefix says what an id names to the people who read it."""

import re
from typing import NewType

from domain.errors import InvalidValue

NetworkId = NewType("NetworkId", str)
ClientId = NewType("ClientId", str)
InteractionId = NewType("InteractionId", str)
ConversationId = NewType("ConversationId", str)
SessionId = NewType("SessionId", str)
PersonaId = NewType("PersonaId", str)
ActionId = NewType("ActionId", str)
ReminderId = NewType("ReminderId", str)
CalendarEventId = NewType("CalendarEventId", str)
EventId = NewType("EventId", str)
BlobId = NewType("BlobId", str)
TokenId = NewType("TokenId", str)
FeedSecret = NewType("FeedSecret", str)
RequestId = NewType("RequestId", str)
JobId = NewType("JobId", str)
UploadId = NewType("UploadId", str)
CommandId = NewType("CommandId", str)
BroadcastId = NewType("BroadcastId", str)
ActivityId = NewType("ActivityId", str)
PairingId = NewType("PairingId", str)
InstanceId = NewType("InstanceId", str)

ONLY_INSTANCE = InstanceId("inst_only")
"""The name of a hub that shares its store with no other."""

CHOSEN_CLIENT_ID = re.compile(r"[A-Za-z0-9_.:-]{1,128}")
RESERVED_CLIENT_PREFIXES = ("net_", "dev_", "voice_session_")


def chosen_client_id(text: str) -> ClientId:
    """Take an id that an app chose for its client, or refuse it.

    Raises:
        InvalidValue: the id has other characters, another length or a prefix kept for the hub's own ids.
    """
    if not CHOSEN_CLIENT_ID.fullmatch(text):
        raise InvalidValue("client_id", "must be 1 to 128 characters of A-Z a-z 0-9 _ . : -")
    if text.startswith(RESERVED_CLIENT_PREFIXES):
        raise InvalidValue("client_id", f"must not begin with {', '.join(RESERVED_CLIENT_PREFIXES)}")
    return ClientId(text)
