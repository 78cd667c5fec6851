"""Every operation of the companion API."""

from typing import Final

from adapters.http.dialects.companion import (
    coordination,
    devices,
    dialog,
    pairing,
    personas,
    sessions,
    sounds,
)
from adapters.http.routing import Operation

OPERATIONS: Final[tuple[Operation, ...]] = (
    *devices.OPERATIONS,
    *pairing.OPERATIONS,
    *personas.OPERATIONS,
    *dialog.OPERATIONS,
    *sessions.OPERATIONS,
    *coordination.OPERATIONS,
    *sounds.OPERATIONS,
)
