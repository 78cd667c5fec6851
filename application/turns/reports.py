"""How streams are reported to people and programs: plain values out of the arbiter's."""

from collections.abc import Iterable, Mapping

import attrs

from domain.audio.decisions import Competitor, StreamState
from domain.audio.quality import Quality
from domain.interactions import StreamReport


def measures_by_name(quality: Quality) -> Mapping[str, float]:
    """The measures of a stream by name, rounded to what means something."""
    return {name: round(value, 3) for name, value in attrs.asdict(quality.measures).items()}


def reports(
    streams: Iterable[Competitor | StreamState], reported: Mapping[str, Mapping[str, float]] | None = None
) -> tuple[StreamReport, ...]:
    """How each stream heard, best first; with what its client reported, by client or by reference."""
    hints = reported or {}
    found = (
        StreamReport(
            client_id=stream.client_id,
            score=round(stream.quality.score, 2),
            measures=measures_by_name(stream.quality),
            selected=stream.selected,
            reason=stream.why if isinstance(stream, Competitor) else "",
            reported=hints.get(_called(stream)),
        )
        for stream in streams
    )
    return tuple(sorted(found, key=lambda report: -report.score))


def _called(stream: Competitor | StreamState) -> str:
    """What came as a whole is known by its reference, a live stream by its client."""
    whole = stream.reference if isinstance(stream, Competitor) else None
    return whole or stream.client_id
