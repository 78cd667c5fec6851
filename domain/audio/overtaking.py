"""Whether a sentence is what somebody says over the television that began it."""

from domain.audio.speeches import Speech
from domain.audio.weighing import EARLY_MARGIN, POOR


def is_spoken_over(winner: Speech, over: Speech) -> bool:
    """Whether who speaks over what one stream heard speaks over what the winner hears, too.

    They do if the winner becomes louder at that moment as well, or has heard nothing so far that anybody
    would understand, while the other hears them well. If not, these are two sounds: of two who talk in two
    rooms, each is heard by a device of their own.
    """
    if winner.stream is over.stream or winner.stream.rises_since(over.started_at):
        return True
    heard = winner.judge().estimate
    return heard < POOR and over.judge().estimate > heard + EARLY_MARGIN
