"""Why a device does not run."""

from typing import Final

WRONG: Final = 2
SENT_AWAY: Final = 3
BROKEN: Final = 4


class CannotRun(Exception):
    """The device cannot run; the message is one line that says what to do about it."""

    def __init__(self, message: str, code: int = WRONG) -> None:
        super().__init__(message)
        self.code = code
