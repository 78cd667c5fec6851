"""What the dashboard knows of the hub: built from a snapshot, and kept up by events."""

from collections import Counter, OrderedDict, deque
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from enum import Enum
from typing import Any, Final

from attrs import define, evolve, field, frozen

from adapters.hub.operating import (
    ClientSeen,
    Figures,
    Instance,
    InstanceSeen,
    LimitCount,
    NetworkSeen,
    Overview,
    Trouble,
    TurnSeen,
)
from adapters.hub.operator_events import (
    FactTold,
    FiguresTold,
    HealthTold,
    LimitTold,
    LogLine,
    LogTold,
    OperatorEvent,
    Selection,
    StreamsNow,
)
from tui.marks import short
from tui.tracks import NetworkTrack, Streams

FIGURES_KEPT: Final = 300
FLOW_KEPT: Final = 500
TROUBLES_KEPT: Final = 500
LOG_KEPT: Final = 1000
OVER_KEPT: Final = 50
OVER: Final = "over"


class LinkState(Enum):
    """How the dashboard stands with the hub."""

    CONNECTING = "connecting"
    CONNECTED = "connected"
    LOST = "lost"
    REFUSED = "refused"


@frozen(kw_only=True)
class FlowLine:
    """Something that happened: when, in which network, what sort, by whom, and in words."""

    at: datetime
    network_id: str
    sort: str
    who: str
    text: str = ""
    answer: str = ""
    spoken: bool = False


@define(eq=False)
class Picture:
    """Everything that is known; changed collects the names of the parts that have changed."""

    link: LinkState = LinkState.CONNECTING
    trouble_with_link: str = ""
    since: datetime = field(factory=lambda: datetime.now(UTC))
    instance: Instance | None = None
    instances: tuple[InstanceSeen, ...] = ()
    status: str = ""
    services: Mapping[str, str] = field(factory=dict)
    figures: deque[Figures] = field(factory=lambda: deque(maxlen=FIGURES_KEPT))
    networks: dict[str, NetworkTrack] = field(factory=dict)
    clients: dict[tuple[str, str], ClientSeen] = field(factory=dict)
    streams: dict[str, Streams] = field(factory=dict)
    turns: "OrderedDict[str, TurnSeen]" = field(factory=OrderedDict)
    over: deque[TurnSeen] = field(factory=lambda: deque(maxlen=OVER_KEPT))
    flow: deque[FlowLine] = field(factory=lambda: deque(maxlen=FLOW_KEPT))
    troubles: deque[Trouble] = field(factory=lambda: deque(maxlen=TROUBLES_KEPT))
    codes: "Counter[str]" = field(factory=Counter)
    limits: dict[tuple[str, str], LimitCount] = field(factory=dict)
    log: deque[LogLine] = field(factory=lambda: deque(maxlen=LOG_KEPT))
    missed: int = 0
    loaded: bool = False
    changed: set[str] = field(factory=set)

    def stand(self, link: LinkState, trouble: str = "") -> None:
        """Note how the dashboard stands with the hub."""
        if (link, trouble) != (self.link, self.trouble_with_link):
            if link is not self.link:
                self.since = datetime.now(UTC)
            self.link, self.trouble_with_link = link, trouble
            self.changed.add("link")

    def start(self, overview: Overview) -> None:
        """Take a snapshot of the hub in."""
        self.instance, self.status, self.services = overview.instance, overview.status, overview.services
        self.instances = overview.instances
        self.figures.clear()
        self.figures.extend(overview.figures)
        self.turns = OrderedDict((turn.interaction_id, turn) for turn in overview.turns)
        self.troubles.clear()
        self.troubles.extend(overview.troubles)
        self.codes = Counter(overview.codes)
        self.limits = {(hit.limit, hit.subject): hit for hit in overview.limits}
        self.changed |= {"figures", "health", "turns", "troubles", "limits", "link"}

    def put_networks(self, networks: Iterable[NetworkSeen], *, all_of_them: bool = False) -> None:
        """Take networks in; where they are all that there are, the others are forgotten."""
        named = set()
        for seen in networks:
            named.add(seen.network_id)
            track = self.networks.get(seen.network_id)
            if track is None:
                self.networks[seen.network_id] = NetworkTrack.of(seen)
            else:
                track.refresh(seen)
        if all_of_them:
            for network_id in self.networks.keys() - named:
                del self.networks[network_id]
        self.changed.add("networks")

    def put_clients(self, clients: Iterable[ClientSeen], *, all_of_them: bool = False) -> None:
        """Take clients in; where they are all that there are, the others are forgotten."""
        found = {(client.network_id, client.client_id): client for client in clients}
        self.clients = found if all_of_them else self.clients | found
        self.changed.add("clients")

    def forget_client(self, network_id: str, client_id: str) -> None:
        """A client is gone."""
        self.clients.pop((network_id, client_id), None)
        self.changed.add("clients")

    def name_of(self, network_id: str | None) -> str:
        """What a network is called."""
        track = self.networks.get(network_id or "")
        return track.seen.name if track else (network_id or "")

    def called(self, network_id: str | None, client_id: str) -> str:
        """What a client is called; its id, short, where it has no name."""
        client = self.clients.get((network_id or "", client_id))
        return (client.name if client else None) or short(client_id)

    def take(self, event: OperatorEvent) -> None:
        """Take an event in."""
        match event:
            case FiguresTold():
                self._take_figures(event)
            case StreamsNow():
                self.streams.setdefault(event.network_id, Streams()).measure(event.streams, event.at)
                self.changed.add("streams")
            case Selection():
                self.streams.setdefault(event.network_id, Streams()).select(event)
                self.changed.add("streams")
            case TurnSeen():
                self._take_turn(event)
            case FactTold():
                self._take_fact(event)
            case Trouble():
                self._take_trouble(event)
            case LimitTold():
                key = (event.limit, event.subject)
                before = self.limits.pop(key, LimitCount(limit=event.limit, subject=event.subject, count=0))
                self.limits[key] = evolve(before, count=before.count + 1)
                self.changed.add("limits")
            case HealthTold():
                self.status, self.services, self.instances = event.status, event.services, event.instances
                self.changed.add("health")
            case LogTold():
                self.log.extend(event.lines)
                self.changed.add("log")
            case _:
                return

    def _take_figures(self, figures: FiguresTold) -> None:
        self.figures.append(evolve(figures, networks=()))
        second = int(figures.at.timestamp())
        active = {one.network_id: one for one in figures.networks}
        for network_id, track in self.networks.items():
            activity = active.get(network_id)
            if activity is None:
                track.pass_to(second)
            else:
                track.note(activity, second)
        self.changed |= {"figures", "activity"}

    def _take_turn(self, turn: TurnSeen) -> None:
        self.turns.pop(turn.interaction_id, None)
        if turn.stage == OVER:
            self.over.append(turn)
            line = FlowLine(
                at=turn.at,
                network_id=turn.network_id,
                sort="failed" if turn.status == "failed" else "turn",
                who=turn.client_id,
                text=turn.text or "",
                answer=turn.response or turn.code or "",
                spoken=turn.spoken,
            )
            self.flow.append(line)
            self.changed.add("flow")
        else:
            self.turns[turn.interaction_id] = turn
        self.changed.add("turns")

    def _take_trouble(self, trouble: Trouble) -> None:
        self.troubles.append(trouble)
        self.codes[trouble.code] += 1
        self.changed.add("troubles")
        if trouble.network_id is not None:
            self._flow(trouble.network_id, trouble.at, "trouble", trouble.client_id or "", trouble.code)

    def _take_fact(self, fact: FactTold) -> None:
        client_id = str(fact.details.get("client_id") or "")
        track = self.networks.get(fact.network_id)
        match fact.name:
            case "client_joined" | "client_left":
                self._take_presence(fact, client_id)
            case "client_deregistered":
                self.forget_client(fact.network_id, client_id)
                if track is not None:
                    track.clients = max(0, track.clients - 1)
                self._flow(fact.network_id, fact.at, "left", client_id, "deregistered")
            case "network_deleted":
                self.networks.pop(fact.network_id, None)
                self.changed.add("networks")
            case "interaction_created":
                if track is not None:
                    track.turns += 1
            case "persona_switched":
                self._take_switch(fact, client_id)
            case "action_executed" | "session_handed_over" | "activity_changed" | "reminder_due":
                self._flow(fact.network_id, fact.at, "action", *self._done(fact))
            case "client_registered" | "network_created" | "network_updated":
                self.changed.add("stale")
            case _:
                pass

    def _done(self, fact: FactTold) -> tuple[str, str]:
        """Who did something, and what, in a few words."""
        told = {
            name: str(value).replace("_", " ") for name, value in fact.details.items() if value is not None
        }
        match fact.name:
            case "action_executed":
                return str(fact.details.get("client_id") or ""), told.get("action_type", "did something")
            case "session_handed_over":
                to = self.called(fact.network_id, str(fact.details.get("to_client_id") or ""))
                return str(fact.details.get("from_client_id") or ""), f"session goes on at {to}"
            case "activity_changed":
                return told.get("sort", "activity"), told.get("status", "")
            case _:
                return "", fact.name.replace("_", " ")

    def _take_presence(self, fact: FactTold, client_id: str) -> None:
        track = self.networks.get(fact.network_id)
        client = self.clients.get((fact.network_id, client_id))
        joined = fact.name == "client_joined"
        reason = str(fact.details.get("reason") or "")
        if client is not None:
            since = fact.at if joined else None
            seen = evolve(client, connected=joined, connected_since=since, last_seen_at=fact.at)
            self.clients[fact.network_id, client_id] = _stated(seen, joined=joined)
            self.changed.add("clients")
        if track is not None:
            track.connected = max(0, track.connected + (1 if joined else -1))
        self._flow(fact.network_id, fact.at, "joined" if joined else "left", client_id, reason)

    def _take_switch(self, fact: FactTold, client_id: str) -> None:
        persona_id = str(fact.details.get("persona_id") or "")
        client = self.clients.get((fact.network_id, client_id))
        if client is not None:
            self.clients[fact.network_id, client_id] = evolve(client, persona_id=persona_id)
            self.changed.add("clients")
        self._flow(fact.network_id, fact.at, "action", client_id, f"{persona_id} answers here now")

    def _flow(self, network_id: str, at: datetime, sort: str, who: str, text: str) -> None:
        self.flow.append(FlowLine(at=at, network_id=network_id, sort=sort, who=who, text=text))
        self.changed.add("flow")


def _stated(client: ClientSeen, *, joined: bool) -> ClientSeen:
    word: dict[str, Any] = {"connection_status": "connected" if joined else "disconnected"}
    return evolve(client, **word)
