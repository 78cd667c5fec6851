"""Sound on the operator's own machine: played by whatever player there is, or saved as a file."""

import asyncio
import os
import shutil
import tempfile
from pathlib import Path
from typing import Final

PLAYERS: Final = (
    ("pw-play",),
    ("paplay",),
    ("afplay",),
    ("ffplay", "-nodisp", "-autoexit", "-loglevel", "quiet"),
    ("mpv", "--no-video", "--really-quiet"),
    ("play", "-q"),
)
"""Programs that play a FLAC file, the most usual first: PipeWire, PulseAudio, macOS, ffmpeg, mpv, SoX."""


class NoPlayer(Exception):
    """A sound cannot be played here; its text says why."""


async def play(sound: bytes) -> None:
    """Play a sound file to its end; cancelled, it falls silent.

    Raises:
        NoPlayer: there is no player here, or it cannot play, as on a machine without loudspeakers.
    """
    player = next((one for one in PLAYERS if shutil.which(one[0])), None)
    if player is None:
        names = ", ".join(one[0] for one in PLAYERS)
        raise NoPlayer(f"there is no player here ({names}): w saves the sound as a file")
    with tempfile.TemporaryDirectory(prefix="mira-") as folder:
        file = Path(folder) / "sound.flac"
        await keep(sound, str(file))
        silent = asyncio.subprocess.DEVNULL
        process = await asyncio.create_subprocess_exec(
            *player, str(file), stdin=silent, stdout=silent, stderr=silent
        )
        try:
            if await process.wait():
                raise NoPlayer(f"{player[0]} cannot play here: w saves the sound as a file")
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()


async def keep(sound: bytes, file: str) -> None:
    """Write a sound into a new file that only its owner can read; ~ is the home folder.

    Raises:
        OSError: it cannot be written, or is there already.
    """
    await asyncio.to_thread(_write, sound, file)


def _write(sound: bytes, file: str) -> None:
    with os.fdopen(
        os.open(os.path.expanduser(file), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb"
    ) as opened:
        opened.write(sound)
