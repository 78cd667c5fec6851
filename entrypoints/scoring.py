"""`mira score`: how well recordings can be heard, as a table or as JSON."""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from entrypoints.configuration import WrongSetting, exit_wrong

EXAMPLES: Final = """\
examples:
  mira score kitchen.wav hall.wav       which place hears best
  mira score --json *.wav               for scripts
  mira score --watch                    a live meter of this machine's microphone
"""
VERDICTS: Final = ((8.5, "excellent"), (7.0, "good"), (5.0, "usable"), (2.0, "poor"), (0.0, "no speech"))


def score(arguments: Sequence[str]) -> int:
    """Score recordings, best first; 1 when one of them cannot be read."""
    parser = argparse.ArgumentParser(
        prog="mira score", epilog=EXAMPLES, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("files", nargs="*", metavar="FILE", help="WAV, FLAC, OGG or MP3")
    parser.add_argument("--json", action="store_true", help="print JSON lines")
    parser.add_argument("--watch", action="store_true", help="show how well the microphone hears, live")
    chosen = parser.parse_args(list(arguments))
    if chosen.watch:
        return _watch()
    if not chosen.files:
        parser.error("name a recording, or --watch the microphone")
    rows, failed = [], False
    for name in chosen.files:
        try:
            rows.append(_row(name))
        except (OSError, ValueError) as error:
            failed = True
            problem = error.strerror if isinstance(error, OSError) and error.strerror else error
            sys.stderr.write(f"mira: {name}: {problem}\n")
    rows.sort(key=lambda row: -row["score"])
    if rows:
        sys.stdout.write(_as_json(rows) if chosen.json else _as_table(rows))
    return 1 if failed else 0


def _watch() -> int:
    """Show a live meter until somebody has seen enough."""
    from entrypoints.watching import meter_lines, microphone

    try:
        for line in meter_lines(microphone()):
            sys.stdout.write(f"\r{line}\x1b[K")
            sys.stdout.flush()
    except WrongSetting as error:
        return exit_wrong(error)
    except KeyboardInterrupt:
        sys.stdout.write("\n")
    return 0


def _row(name: str) -> dict[str, Any]:
    import attrs

    from adapters.soundfiles.files import decode
    from domain.audio.quality import assess
    from domain.errors import MiraError

    try:
        quality = assess(decode(Path(name).read_bytes()).samples)
    except MiraError as error:
        raise ValueError(error.message) from error
    measures = {key: round(value, 3) for key, value in attrs.asdict(quality.measures).items()}
    return {"file": name, "score": round(quality.score, 2), "verdict": verdict(quality.score), **measures}


def verdict(points: float) -> str:
    """Say in a word what a score of 0..10 means."""
    return next(word for least, word in VERDICTS if points >= least)


def _as_json(rows: list[dict[str, Any]]) -> str:
    return "".join(json.dumps(row) + "\n" for row in rows)


def _as_table(rows: list[dict[str, Any]]) -> str:
    from io import StringIO

    from rich.console import Console
    from rich.table import Table

    table = Table(box=None, pad_edge=False)
    for heading in ("file", "score", "verdict", "SNR dB", "clarity", "level", "clipped", "dropouts"):
        table.add_column(heading, justify="left" if heading in {"file", "verdict"} else "right")
    for row in rows:
        table.add_row(
            row["file"],
            f"{row['score']:.1f}",
            row["verdict"],
            f"{row['snr']:.0f}",
            f"{row['speech_clarity']:.0f}",
            f"{row['volume_level']:.2f}",
            f"{row['clipping']:.1%}",
            f"{row['dropouts']:.1%}",
        )
    text = StringIO()
    Console(file=text, width=110, highlight=False).print(table)
    return text.getvalue()
