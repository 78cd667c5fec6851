"""A picture that stands still, to be drawn: five networks, their clients, what was said, and some trouble."""

from datetime import UTC, datetime, timedelta

from attrs import evolve

from adapters.hub.answers import (
    NetworkSettings,
    Stream,
)
from adapters.hub.operating import (
    ClientSeen,
    Counts,
    Figures,
    Instance,
    InstanceSeen,
    LimitCount,
    LiveStream,
    Metrics,
    NetworkSeen,
    Percentiles,
    Trouble,
    TurnSeen,
)
from adapters.hub.operator_events import Activity, LogLine, Selection
from tui.picture import FlowLine, LinkState, Picture
from tui.tracks import Streams

NOW = datetime(2026, 11, 22, 12, 0, 0, tzinfo=UTC)
NAMES = ("Haus am See", "Praxis Dr. Weiß", "Werkhalle 3", "Café Lindgren", "Nursery ward B")
DEVICES = (("kitchen-tablet", "tablet", "kitchen"), ("hall-speaker", "smart_speaker", "hall"))
SCORES = {"kitchen-tablet": 9.6, "hall-speaker": 3.5, "window-phone": 1.4}


def ago(seconds: float) -> datetime:
    """So many seconds ago."""
    return NOW - timedelta(seconds=seconds)


def network(number: int) -> NetworkSeen:
    """One of the networks."""
    return NetworkSeen(
        network_id=f"net_{number}{'0' * 31}",
        name=NAMES[number],
        description="a sample",
        status="active",
        settings=NetworkSettings(
            audio_quality_threshold=0.5, max_clients=100, language="de", timezone="Europe/Berlin"
        ),
        limits={"api_requests_per_hour": 5000} if number == 2 else {},
        created_at=ago(86400 * (number + 1)),
        updated_at=ago(3600),
        counts=Counts(clients=4, connected=3 - number % 3, interactions=40 * number, reminders=3, events=1),
        metrics=Metrics(
            requests=1200 * number,
            response_time_ms=12.5 + number,
            error_rate=0.03 * number,
            websocket_connections=3,
            audio_processing_volume=320.0,
            turns=40 * number,
            websocket_events={"ClientJoined": 4, "InteractionCreated": 40 * number},
        ),
    )


def clients() -> list[ClientSeen]:
    """The clients of all networks."""
    return [
        ClientSeen(
            network_id=network(number).network_id,
            client_id=name,
            name=None,
            device_type=sort,
            device_info={"os": "linux"},
            capabilities=("audio",),
            room=room,
            group_id=None,
            persona_id="mira",
            connected=(number + place) % 3 != 2,
            connection_status="connected" if (number + place) % 3 != 2 else "disconnected",
            connected_since=ago(500) if (number + place) % 3 != 2 else None,
            audio_quality_score=8.1,
            registered_at=ago(86400),
            last_seen_at=ago(60 * number + 5),
        )
        for number in range(len(NAMES))
        for place, (name, sort, room) in enumerate(DEVICES)
    ]


def measures(score: float) -> dict[str, float]:
    """Measures that go with a score."""
    return {"snr": score * 3, "speech_clarity": score * 10, "volume_level": score / 15}


def streams() -> tuple[Stream, ...]:
    """How each stream heard, as it is told with a choice."""
    return tuple(
        Stream(
            client_id=name,
            quality_score=score,
            metrics=measures(score),
            selected=score > 9,
            reason="heard it best" if score > 9 else f"{9.6 - score:.1f} below kitchen-tablet",
        )
        for name, score in SCORES.items()
    )


def turn(number: int, stage: str, **others: object) -> TurnSeen:
    """A turn that has come so far."""
    return TurnSeen(
        network_id=network(0).network_id,
        client_id="kitchen-tablet",
        interaction_id=f"int_{number}",
        stage=stage,
        spoken=True,
        started_at=ago(2),
        at=ago(number),
        timings={"end_of_turn": 512.0, "arbitration": 3.0},
        **others,
    )


def figures(second: int) -> Figures:
    """The figures of one second."""
    busy = (second * 7) % 13
    took = Percentiles(p50=8.0, p95=21.0, p99=48.0, count=420)
    return Figures(
        at=ago(300 - second),
        rates={
            "requests": busy,
            "refused": busy // 6,
            "facts": busy / 2,
            "turns": 0.4,
            "sound": 3.1,
            "limited": float(second > 280),
            "cpu": 0.12,
        },
        levels={
            "memory": 3.1e8,
            "networks": 5,
            "clients": 7,
            "outbox": busy // 4,
            "sockets": 8,
            "queue.spoken_turns": 1,
            "queue.streams": 3,
        },
        latencies={"requests": took, "turn.transcription": took, "turn.total": took},
    )


def standing_picture() -> Picture:
    """All that is known of the hub."""
    picture = Picture(link=LinkState.CONNECTED, since=ago(600))
    picture.instance = Instance(name="hub-1:4711", version="0.1.0", started_at=ago(7300))
    picture.instances = tuple(
        InstanceSeen(instance_id=f"inst_{name}", name=name, seen_at=ago(seconds))
        for name, seconds in (("hub-1:4711", 1), ("hub-2:815", 40))
    )
    picture.status = "degraded"
    picture.services = {"database": "healthy", "audio_processing": "degraded", "websocket": "unhealthy"}
    picture.figures.extend(figures(second) for second in range(300))
    picture.put_networks([network(number) for number in range(len(NAMES))])
    for number, track in enumerate(picture.networks.values()):
        for second in range(60):
            sound = 3.0 * (number == 0 and second % 17 > 8)
            busy = Activity(
                network_id=track.seen.network_id,
                requests=(second * number) % 4,
                failed=0,
                sound=sound,
                facts=(second + number) % 3,
                turns=0,
            )
            track.note(busy, second + 1)
    picture.put_clients(clients())
    _sound(picture)
    picture.turns["int_1"] = turn(1, "reply")
    over = {"end_of_turn": 480.0, "arbitration": 2.0, "transcription": 230.0, "reply": 12.0, "speech": 24.0}
    for number, status in ((20, "completed"), (50, "not_understood"), (80, "failed")):
        code = "LLM_API_ERROR" if status == "failed" else None
        timings = {**over, "total": 760.0}
        done = turn(number, "over", status=status, code=code)
        picture.over.appendleft(evolve(done, timings=timings))
    happened = ("joined", "failed", "trouble", "turn", "turn", "left")
    for second, sort in zip((90, 80, 60, 50, 20, 5), happened, strict=True):
        picture.flow.append(
            FlowLine(
                at=ago(second),
                network_id=network(0).network_id,
                sort=sort,
                who="kitchen-tablet",
                text="VOICE",
            )
        )
    _trouble(picture)
    picture.loaded = True
    return picture


def _sound(picture: Picture) -> None:
    """Let three streams be heard for a while, and one be chosen."""
    network_id = network(0).network_id
    for step in range(200):
        heard = [
            LiveStream(
                client_id=name,
                quality_score=score * (0.6 + 0.4 * ((step // 8) % 5) / 4),
                metrics=measures(score),
                speaking=(step // 40) % 2 == 0,
                selected=score > 9,
            )
            for name, score in SCORES.items()
        ]
        picture.streams.setdefault(network_id, Streams()).measure(heard, NOW)
    chosen = Selection(
        network_id=network_id,
        client_id="kitchen-tablet",
        quality_score=9.6,
        reason="better_stream",
        provisional=True,
        streams=streams(),
        at=ago(1),
    )
    picture.take(chosen)


def _trouble(picture: Picture) -> None:
    codes = ("RATE_LIMIT_EXCEEDED", "NOT_FOUND", "INTERNAL_ERROR", "UNAUTHORIZED")
    for number, code in enumerate(codes):
        trouble = Trouble(
            code=code,
            message="It cannot be done.",
            status=(429, 404, 500, 401)[number],
            place="mira.interaction.get",
            request_id=f"req_{number}{'a' * 31}",
            network_id=network(number).network_id,
            client_id=None,
            at=ago(30 * number),
        )
        picture.troubles.appendleft(trouble)
        picture.codes[code] += number + 1
    hit = LimitCount(limit="api_requests_per_hour", subject=network(1).network_id, count=17)
    picture.limits[hit.limit, hit.subject] = hit
    for number, level in enumerate(("info", "warning", "error")):
        picture.log.append(
            LogLine(
                at=ago(40 - number),
                level=level,
                text="a request could not be served",
                fields={"code": "OVERLOADED", "request_id": "req_1"},
            )
        )
