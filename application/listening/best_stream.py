"""Which stream of a network hears best, of those that are live and those that were sent as a whole."""

from datetime import datetime, timedelta
from typing import Final

from attrs import frozen

from application.listening.who_hears import WhoHears
from application.networks.access import Principal, within
from application.ports.storage import Transactions
from application.ports.uploads import UploadFilter
from application.ports.world import Clock
from application.turns.reports import reports
from domain.audio.decisions import Reason, StreamState
from domain.events import AudioStreamSelected
from domain.ids import ClientId, NetworkId
from domain.interactions import StreamReport
from domain.moments import from_micros
from domain.uploads import Upload

HEARD_WITHIN: Final = timedelta(seconds=30)
"""A stream is there for so long after its last sound."""
NOBODY: Final = "no_active_streams"
MOST_UPLOADS: Final = 200


@frozen(kw_only=True)
class HeardStream:
    """A stream, how well it hears, when it was last heard, and whether it is the one that is used."""

    report: StreamReport
    last_frame_at: datetime
    may_win: bool = True


@frozen(kw_only=True)
class Selection:
    """The stream that is used, and why since when; or why none is."""

    client_id: ClientId | None = None
    score: float | None = None
    reason: str
    at: datetime | None = None


@frozen(kw_only=True)
class BestStream:
    """The best stream of a network at this moment, and all that were heard just now, best first."""

    network_id: NetworkId
    threshold: float
    selection: Selection
    streams: tuple[HeardStream, ...]


@frozen
class GetBestStream:
    """Say which stream of a network is the best just now: the last that was selected, if it is there."""

    transactions: Transactions
    who_hears: WhoHears
    clock: Clock

    async def __call__(self, principal: Principal, network_id: NetworkId) -> BestStream:
        within(principal, network_id)
        since = self.clock.now() - HEARD_WITHIN
        async with self.transactions.snapshot() as tx:
            network = await tx.networks.get(network_id)
            uploads = await tx.uploads.latest(network_id, UploadFilter(since=since), MOST_UPLOADS)
        threshold = network.settings.audio_quality_threshold
        heard = {one.report.client_id: one for one in map(_sent, reversed(uploads))}
        live = await self.who_hears(network_id)
        for state in live.streams:
            stream = _live(state)
            if stream.last_frame_at >= since:
                heard[stream.report.client_id] = stream
        streams = sorted(heard.values(), key=lambda one: -one.report.score)
        choices = [*_chosen(uploads), *_chosen_live(live.choice)]
        there = [choice for choice in choices if choice.client_id in heard]
        last = max(there, key=lambda choice: choice.at or since, default=None)
        return BestStream(
            network_id=network_id,
            threshold=threshold,
            selection=last or _best(streams, threshold),
            streams=tuple(streams),
        )


def _sent(upload: Upload) -> HeardStream:
    report = StreamReport(
        client_id=upload.client_id,
        score=upload.score,
        measures=upload.measures,
        selected=upload.selected,
        reason=upload.reason or "",
        reported=upload.reported,
    )
    return HeardStream(report=report, last_frame_at=upload.accepted_at)


def _live(state: StreamState) -> HeardStream:
    (report,) = reports([state])
    return HeardStream(report=report, last_frame_at=from_micros(state.last_frame_at), may_win=state.may_win)


def _chosen(uploads: tuple[Upload, ...]) -> list[Selection]:
    return [
        Selection(client_id=one.client_id, score=one.score, reason=one.reason or "", at=one.decided_at)
        for one in uploads
        if one.selected and one.decided_at is not None
    ]


def _chosen_live(choice: AudioStreamSelected | None) -> list[Selection]:
    if choice is None:
        return []
    return [Selection(client_id=choice.client_id, score=choice.score, reason=choice.reason, at=choice.at)]


def _best(streams: list[HeardStream], threshold: float) -> Selection:
    """The best of streams of which none was selected yet."""
    if not streams:
        return Selection(reason=NOBODY)
    able = [stream for stream in streams if stream.may_win]
    best = able[0] if able else streams[0]
    if not able or best.report.score / 10 < threshold:
        return Selection(reason=Reason.BELOW_THRESHOLD.value if able else Reason.NO_STREAM.value)
    reason = Reason.HIGHEST_QUALITY if len(streams) > 1 else Reason.ONLY_STREAM
    return Selection(
        client_id=best.report.client_id,
        score=best.report.score,
        reason=reason.value,
        at=best.last_frame_at,
    )
