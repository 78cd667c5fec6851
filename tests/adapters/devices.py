"""What devices need of a hub, wired for tests over any store."""

from typing import Any

from attrs import field, frozen

from adapters.files.games import FileGames
from application.activities import (
    AnswerActivity,
    FindActivities,
    GetActivity,
    RunActivities,
    StartActivity,
    StopActivity,
)
from application.activity_openings import Openings
from application.activity_stage import ActivityStage
from application.broadcasting import BroadcastEvent, GetBroadcast
from application.commanding import AckBoard, AcknowledgeCommand, AwaitAcknowledgement, CommandDesk
from application.devices import RegisterDevice
from application.handing_over import CreateSession, EndSession, GetSession, HandOverSession, MoveSession
from application.house_wishes import HearHouseWish
from application.pairing import OfferPairing, PairDevice
from application.ports.announcing import Announcer
from application.ports.blobs import Blobs
from application.ports.personas import PersonaLibrary
from application.ports.sounds import SoundCodec
from application.ports.speech import Speaker
from application.ports.storage import Transactions
from application.ports.world import Clock, IdSource
from application.saying import AnswerSounds
from application.sessions import TakeSeat
from application.switching import ChangePersonaAt, NextPersonaAt, SwitchPersonaAt
from application.wakeup import Wakeup

GAMES = FileGames.read()


@frozen(kw_only=True)
class Devices:
    """The use cases of devices."""

    store: Transactions
    personas: PersonaLibrary
    speaker: Speaker
    sounds: SoundCodec
    blobs: Blobs
    announcer: Announcer
    ids: IdSource
    clock: Clock
    register: RegisterDevice
    board: AckBoard = field(factory=AckBoard)
    wakeup: Wakeup = field(factory=Wakeup)

    @property
    def desk(self) -> CommandDesk:
        """Where commands are written down."""
        return CommandDesk(self.ids, self.clock)

    @property
    def answers(self) -> AnswerSounds:
        """Where sounds are made."""
        return AnswerSounds(self.speaker, self.sounds, self.blobs, self.ids, self.clock)

    @property
    def seat(self) -> TakeSeat:
        """Where sessions are opened."""
        return TakeSeat(self.personas, self.ids, self.clock)

    @property
    def change(self) -> ChangePersonaAt:
        """How personas are switched."""
        return ChangePersonaAt(self.store, self.personas, self.seat, self.desk, self.answers, self.clock)

    @property
    def move(self) -> MoveSession:
        """How sessions are handed over."""
        return MoveSession(self.store, self.personas, self.desk, self.answers, self.announcer, self.clock)

    @property
    def stage(self) -> ActivityStage:
        """Where activities go on."""
        return ActivityStage(self.store, self.personas, self.desk, self.answers, self.clock, self.wakeup)

    @property
    def running(self) -> RunActivities:
        """What lets activities go on."""
        return RunActivities(self.store, self.stage, self.clock, self.wakeup)

    @property
    def house_wishes(self) -> HearHouseWish:
        """What people say to the house itself."""
        answering = AnswerActivity(self.store, self.stage)
        return HearHouseWish(self.store, self.personas, answering, self.move, self.change, self.clock)

    def over_http(self) -> dict[str, Any]:
        """What can be asked for over HTTP, by the names that it has there."""
        waiting = AwaitAcknowledgement(self.store, self.board)
        return {
            "switch_persona_at": SwitchPersonaAt(self.change, waiting, self.clock),
            "create_session": CreateSession(self.store, self.personas, self.seat, self.clock),
            "get_session": GetSession(self.store),
            "end_session": EndSession(self.store, self.clock),
            "hand_over_session": HandOverSession(self.move),
            "offer_pairing": OfferPairing(self.store, self.ids, self.clock),
            "pair_device": PairDevice(self.store, self.register, self.clock),
            "start_activity": StartActivity(
                self.store, self.personas, self.stage, Openings(GAMES), self.ids, self.clock
            ),
            "find_activities": FindActivities(self.store),
            "get_activity": GetActivity(self.store),
            "stop_activity": StopActivity(self.store, self.stage, self.clock),
            "answer_activity": AnswerActivity(self.store, self.stage),
            "broadcast_event": BroadcastEvent(self.store, self.desk, self.ids, self.clock),
            "get_broadcast": GetBroadcast(self.store),
            "clock": self.clock,
        }

    def over_sockets(self) -> dict[str, Any]:
        """What sockets call, by the names that it has there."""
        return {
            "acknowledge_command": AcknowledgeCommand(self.store, self.announcer, self.board, self.clock),
            "answer_activity": AnswerActivity(self.store, self.stage),
            "next_persona_at": NextPersonaAt(self.change, self.store, self.personas, self.clock),
        }
