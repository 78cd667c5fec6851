"""The wiring: which adapter plays which role, and what each use case is made of."""

from datetime import timedelta
from typing import Any, TypeVar, cast

import attrs
from dependency_injector import containers, providers

from adapters.icalendar.writer import IcalendarWriter
from adapters.jwt.links import HmacLinkSigner
from adapters.jwt.mint import JwtTokenMint
from application.agenda.agenda import ListCalendarEvents, ListReminders, RingDueReminders
from application.agenda.feeds import CloseFeed, OpenFeed, ReadFeed
from application.agenda.planning import (
    CreateCalendarEvent,
    DeleteCalendarEvent,
    GetCalendarEvent,
    UpdateCalendarEvent,
)
from application.agenda.reminding import CreateReminder, DeleteReminder, GetReminder, UpdateReminder
from application.coordination.activities import (
    AnswerActivity,
    FindActivities,
    GetActivity,
    RunActivities,
    StartActivity,
    StopActivity,
)
from application.coordination.broadcasting import BroadcastEvent, GetBroadcast
from application.coordination.openings import Openings
from application.coordination.stage import ActivityStage
from application.coordination.storytelling import Storyteller
from application.devices.commanding import AckBoard, AcknowledgeCommand, AwaitAcknowledgement, CommandDesk
from application.devices.devices import GetDeviceState, RegisterDevice
from application.devices.pairing import OfferPairing, PairDevice
from application.facts.delivering import DeliverFacts
from application.facts.relaying import RelayFacts
from application.facts.wakeup import Wakeup
from application.listening.best_stream import GetBestStream
from application.listening.joint_hearing import JointHearing
from application.listening.listening import Listening
from application.listening.who_hears import WhoHears
from application.networks.access import Authenticate
from application.networks.clients import DeregisterClient, ListClients, RegisterClient, UpdateClient
from application.networks.connecting import Connect, Disconnect
from application.networks.limiting import AdmitMessage, AdmitTurn, GetLimits, SetLimits, Throttle
from application.networks.networks import CreateNetwork, DeleteNetwork, GetNetwork, UpdateNetwork
from application.networks.rotating import (
    HandOverToken,
    NarrowNetworkToken,
    RevokeClientToken,
    RevokeNetworkToken,
    RevokeRegistrationToken,
    RotateClientToken,
    RotateNetworkToken,
    RotateRegistrationToken,
)
from application.networks.tokens import TokenDesk
from application.operating.health import CheckHealth
from application.operating.instances import KeepAlive
from application.operating.metering import TellFigures
from application.operating.operating import (
    DisconnectClient,
    FindClients,
    FindNetworks,
    ListActivities,
    ListSessions,
    LookAround,
    SearchEverywhere,
)
from application.operating.pulse import Pulse
from application.operating.tidying import TidyUp
from application.personas.handing_over import (
    CreateSession,
    EndSession,
    GetSession,
    HandOverSession,
    MoveSession,
)
from application.personas.personas import (
    AuditionPersona,
    ChangePersona,
    CreatePersona,
    DeletePersona,
    GetPersona,
    ListPersonaRevisions,
    ListPersonas,
    RestorePersona,
)
from application.personas.sessions import TakeSeat
from application.personas.switching import ChangePersonaAt, NextPersonaAt, SwitchPersonaAt
from application.speech.answers_aloud import AnswersAloud
from application.speech.own_voice import HearOurselves
from application.speech.recordings import FetchRecording, KeepSound
from application.speech.saying import AnswerSounds
from application.speech.speech_links import FetchSpeech, LinkToSpeech
from application.turns.conversing import Converse
from application.turns.dialog import HearMessage, SendMessage
from application.turns.house_deeds import HouseDeeds
from application.turns.house_wishes import HearHouseWish
from application.turns.interactions import GetInteraction, ListConversations, ListInteractions
from application.turns.reprocessing import ListEarlierResults, ProcessInteraction
from application.uploads.answering_uploads import AnswerUploads
from application.uploads.hearing_uploads import HearUploads
from application.uploads.uploading import GetAudioStatus, SubmitAudio
from entrypoints.world import RandomIds, SystemClock

T = TypeVar("T")


class HubContainer(containers.DeclarativeContainer):
    """A hub: its finished parts (store, audience, speech, ...) are passed in, the rest is made here."""

    secret: providers.Dependency[Any] = providers.Dependency(instance_of=bytes)
    base_url: providers.Dependency[Any] = providers.Dependency(instance_of=str)
    open_registration: providers.Dependency[Any] = providers.Dependency(instance_of=bool)
    lifetimes: providers.Dependency[Any] = providers.Dependency()
    operator_version: providers.Dependency[Any] = providers.Dependency()
    rules: providers.Dependency[Any] = providers.Dependency()
    limits: providers.Dependency[Any] = providers.Dependency()
    meters: providers.Dependency[Any] = providers.Dependency()
    tower: providers.Dependency[Any] = providers.Dependency()
    log_tail: providers.Dependency[Any] = providers.Dependency()
    instance: providers.Dependency[Any] = providers.Dependency()
    quotas: providers.Dependency[Any] = providers.Dependency()
    window: providers.Dependency[Any] = providers.Dependency(instance_of=timedelta)
    most_uploads: providers.Dependency[Any] = providers.Dependency(instance_of=int)
    keep_audio_for: providers.Dependency[Any] = providers.Dependency()
    openings: providers.Dependency[Any] = providers.Dependency(instance_of=int)
    transactions: providers.Dependency[Any] = providers.Dependency()
    audience: providers.Dependency[Any] = providers.Dependency()
    blobs: providers.Dependency[Any] = providers.Dependency()
    personas: providers.Dependency[Any] = providers.Dependency()
    games: providers.Dependency[Any] = providers.Dependency()
    models: providers.Dependency[Any] = providers.Dependency(instance_of=frozenset)
    transcriber: providers.Dependency[Any] = providers.Dependency()
    interlocutor: providers.Dependency[Any] = providers.Dependency()
    speaker: providers.Dependency[Any] = providers.Dependency()
    sounds: providers.Dependency[Any] = providers.Dependency()
    probes: providers.Dependency[Any] = providers.Dependency()
    instance_id: providers.Dependency[Any] = providers.Dependency(instance_of=str)
    given_up: providers.Dependency[Any] = providers.Dependency()
    bench: providers.Dependency[Any] = providers.Dependency()
    neighbours: providers.Dependency[Any] = providers.Dependency()
    publisher: providers.Dependency[Any] = providers.Dependency()
    delivery_wakeup: providers.Dependency[Any] = providers.Dependency(instance_of=Wakeup)
    relay_wakeup: providers.Dependency[Any] = providers.Dependency(instance_of=Wakeup)
    ring_wakeup: providers.Dependency[Any] = providers.Dependency(instance_of=Wakeup)

    hear_wakeup = providers.Singleton(Wakeup)
    answer_wakeup = providers.Singleton(Wakeup)
    clock = providers.Singleton(SystemClock)
    ids = providers.Singleton(RandomIds)
    mint = providers.Singleton(JwtTokenMint, secret=secret, clock=clock, ids=ids)
    signer = providers.Singleton(HmacLinkSigner, secret=secret, base_url=base_url, clock=clock)
    tokens = providers.Singleton(TokenDesk, mint, clock, lifetimes, operator_version)

    authenticate = providers.Singleton(Authenticate, mint, transactions, operator_version)

    create_network = providers.Singleton(CreateNetwork, transactions, tokens, ids, clock, open_registration)
    get_network = providers.Singleton(GetNetwork, transactions)
    update_network = providers.Singleton(UpdateNetwork, transactions, clock)
    delete_network = providers.Singleton(DeleteNetwork, transactions, blobs, clock)

    throttle = providers.Singleton(Throttle, limits, quotas, openings)
    admit_turn = providers.Singleton(AdmitTurn, throttle, transactions)
    admit_message = providers.Singleton(AdmitMessage, throttle, transactions)
    get_limits = providers.Singleton(GetLimits, transactions, throttle)
    set_limits = providers.Singleton(SetLimits, transactions, throttle)

    rotate_network_token = providers.Singleton(RotateNetworkToken, transactions, tokens)
    narrow_network_token = providers.Singleton(NarrowNetworkToken, transactions, tokens)
    rotate_registration_token = providers.Singleton(RotateRegistrationToken, transactions, tokens)
    rotate_client_token = providers.Singleton(RotateClientToken, transactions, tokens, clock)
    revoke_network_token = providers.Singleton(RevokeNetworkToken, transactions)
    revoke_registration_token = providers.Singleton(RevokeRegistrationToken, transactions)
    revoke_client_token = providers.Singleton(RevokeClientToken, transactions, clock)
    hand_over_token = providers.Singleton(HandOverToken, tokens)

    register_client = providers.Singleton(RegisterClient, transactions, tokens, clock)
    list_clients = providers.Singleton(ListClients, transactions)
    update_client = providers.Singleton(UpdateClient, transactions, clock)
    deregister_client = providers.Singleton(DeregisterClient, transactions, clock)
    connect = providers.Singleton(Connect, transactions, clock, instance_id)
    disconnect = providers.Singleton(Disconnect, transactions, clock)

    register_device = providers.Singleton(RegisterDevice, register_client, ids)
    get_device_state = providers.Singleton(GetDeviceState, transactions, clock)

    list_interactions = providers.Singleton(ListInteractions, transactions)
    submit_audio = providers.Singleton(
        SubmitAudio,
        transactions=transactions,
        sounds=sounds,
        blobs=blobs,
        ids=ids,
        clock=clock,
        wakeup=hear_wakeup,
        window=window,
        most_waiting=most_uploads,
    )
    get_audio_status = providers.Singleton(GetAudioStatus, transactions, clock)
    get_interaction = providers.Singleton(GetInteraction, transactions)
    list_conversations = providers.Singleton(ListConversations, transactions)
    list_reminders = providers.Singleton(ListReminders, transactions)
    list_calendar_events = providers.Singleton(ListCalendarEvents, transactions)

    calendars = providers.Singleton(IcalendarWriter)
    create_reminder = providers.Singleton(CreateReminder, transactions, ids, clock, ring_wakeup)
    get_reminder = providers.Singleton(GetReminder, transactions)
    update_reminder = providers.Singleton(UpdateReminder, transactions, clock, ring_wakeup)
    delete_reminder = providers.Singleton(DeleteReminder, transactions)
    create_calendar_event = providers.Singleton(CreateCalendarEvent, transactions, ids, clock)
    get_calendar_event = providers.Singleton(GetCalendarEvent, transactions)
    update_calendar_event = providers.Singleton(UpdateCalendarEvent, transactions)
    delete_calendar_event = providers.Singleton(DeleteCalendarEvent, transactions)
    open_feed = providers.Singleton(OpenFeed, transactions, ids, clock)
    close_feed = providers.Singleton(CloseFeed, transactions)
    read_feed = providers.Singleton(ReadFeed, transactions, calendars, clock)

    audition_persona = providers.Singleton(AuditionPersona, speaker, models)
    list_personas = providers.Singleton(ListPersonas, transactions, personas)
    get_persona = providers.Singleton(GetPersona, transactions, personas)
    create_persona = providers.Singleton(CreatePersona, transactions, personas, audition_persona, ids, clock)
    change_persona = providers.Singleton(ChangePersona, transactions, personas, audition_persona, clock)
    list_persona_revisions = providers.Singleton(ListPersonaRevisions, transactions, personas)
    restore_persona = providers.Singleton(RestorePersona, transactions, personas, clock)
    delete_persona = providers.Singleton(DeletePersona, transactions, personas)

    take_seat = providers.Singleton(TakeSeat, personas, ids, clock)
    keep_sound = providers.Singleton(KeepSound, sounds, blobs, ids, clock, keep_audio_for)
    fetch_recording = providers.Singleton(FetchRecording, transactions, blobs, clock)
    answer_sounds = providers.Singleton(AnswerSounds, speaker, sounds, blobs, ids, clock)
    ack_board = providers.Singleton(AckBoard)
    command_desk = providers.Singleton(CommandDesk, ids, clock)
    acknowledge_command = providers.Singleton(AcknowledgeCommand, transactions, audience, ack_board, clock)
    await_acknowledgement = providers.Singleton(AwaitAcknowledgement, transactions, ack_board)
    change_persona_at = providers.Singleton(
        ChangePersonaAt, transactions, personas, take_seat, command_desk, answer_sounds, clock
    )
    switch_persona_at = providers.Singleton(SwitchPersonaAt, change_persona_at, await_acknowledgement, clock)
    next_persona_at = providers.Singleton(NextPersonaAt, change_persona_at, transactions, personas, clock)
    create_session = providers.Singleton(CreateSession, transactions, personas, take_seat, clock)
    get_session = providers.Singleton(GetSession, transactions)
    end_session = providers.Singleton(EndSession, transactions, clock)
    move_session = providers.Singleton(
        MoveSession, transactions, personas, command_desk, answer_sounds, audience, clock
    )
    hand_over_session = providers.Singleton(HandOverSession, move_session)

    storyteller = providers.Singleton(Storyteller, interlocutor, clock)
    activity_openings = providers.Singleton(Openings, games, storyteller)
    activity_wakeup = providers.Singleton(Wakeup)
    activity_stage = providers.Singleton(
        ActivityStage,
        transactions,
        personas,
        command_desk,
        answer_sounds,
        storyteller,
        clock,
        activity_wakeup,
    )
    start_activity = providers.Singleton(
        StartActivity, transactions, personas, activity_stage, activity_openings, ids, clock
    )
    find_activities = providers.Singleton(FindActivities, transactions)
    get_activity = providers.Singleton(GetActivity, transactions)
    stop_activity = providers.Singleton(StopActivity, transactions, activity_stage, clock)
    answer_activity = providers.Singleton(AnswerActivity, transactions, activity_stage)
    run_activities = providers.Singleton(RunActivities, transactions, activity_stage, clock, activity_wakeup)
    house_deeds = providers.Singleton(
        HouseDeeds,
        transactions,
        personas,
        move_session,
        change_persona_at,
        start_activity,
        stop_activity,
        answer_sounds,
        command_desk,
    )
    hear_house_wish = providers.Singleton(HearHouseWish, transactions, answer_activity, house_deeds, clock)

    aloud = providers.Singleton(AnswersAloud, clock)
    converse = providers.Singleton(
        Converse,
        transactions=transactions,
        interlocutor=interlocutor,
        speaker=speaker,
        sounds=sounds,
        blobs=blobs,
        announcer=audience,
        take_seat=take_seat,
        keep_sound=keep_sound,
        aloud=aloud,
        ids=ids,
        clock=clock,
        admit=admit_turn,
        hear_house_wish=hear_house_wish,
        house=house_deeds,
        show=tower.provided.show,
        instance_id=instance_id,
    )
    hear_message = providers.Singleton(HearMessage, transactions, transcriber, sounds, clock)
    send_message = providers.Singleton(SendMessage, converse, hear_message)
    process_interaction = providers.Singleton(
        ProcessInteraction, transactions, converse, transcriber, sounds, blobs, clock
    )
    list_earlier_results = providers.Singleton(ListEarlierResults, transactions)

    offer_pairing = providers.Singleton(OfferPairing, transactions, ids, clock)
    pair_device = providers.Singleton(PairDevice, transactions, register_device, clock)
    broadcast_event = providers.Singleton(BroadcastEvent, transactions, command_desk, ids, clock)
    get_broadcast = providers.Singleton(GetBroadcast, transactions)
    joint_hearing = providers.Singleton(JointHearing, bench, clock, instance_id)
    listening = providers.Singleton(
        Listening,
        transactions=transactions,
        transcriber=transcriber,
        converse=converse,
        announcer=audience,
        clock=clock,
        rules=rules,
        aloud=aloud,
        joint=joint_hearing,
    )
    hear_uploads = providers.Singleton(
        HearUploads,
        transactions=transactions,
        sounds=sounds,
        blobs=blobs,
        announcer=audience,
        ids=ids,
        clock=clock,
        rules=rules,
        wakeup=hear_wakeup,
        to_answer=answer_wakeup,
    )
    answer_uploads = providers.Singleton(
        AnswerUploads,
        transactions=transactions,
        converse=converse,
        transcriber=transcriber,
        sounds=sounds,
        blobs=blobs,
        ids=ids,
        clock=clock,
        wakeup=answer_wakeup,
    )
    who_hears = providers.Singleton(WhoHears, listening, neighbours, transactions, instance_id)
    get_best_stream = providers.Singleton(GetBestStream, transactions, who_hears, clock)
    link_to_speech = providers.Singleton(LinkToSpeech, signer, clock)
    fetch_speech = providers.Singleton(FetchSpeech, signer, blobs)

    hear_ourselves = providers.Singleton(HearOurselves, aloud, blobs, sounds)
    deliver_facts = providers.Singleton(
        DeliverFacts, transactions, audience, audience, delivery_wakeup, hear_ourselves.provided.notice
    )
    relay_facts = providers.Singleton(
        RelayFacts, transactions, publisher, clock, relay_wakeup, instance_id=instance_id
    )
    keep_alive = providers.Singleton(
        KeepAlive,
        transactions=transactions,
        clock=clock,
        instance_id=instance_id,
        name=instance.provided.name,
        given_up=given_up,
    )
    ring_due_reminders = providers.Singleton(RingDueReminders, transactions, clock, ring_wakeup)
    tidy_up = providers.Singleton(TidyUp, transactions, blobs, clock)
    check_health = providers.Singleton(CheckHealth, probes, transactions, clock)
    tell_figures = providers.Singleton(TellFigures, meters, transactions)

    pulse = providers.Singleton(Pulse, meters, tower, transactions, clock)
    look_around = providers.Singleton(LookAround, check_health, pulse, tower, instance)
    find_networks = providers.Singleton(FindNetworks, transactions, tower, who_hears, clock)
    find_clients = providers.Singleton(FindClients, transactions)
    search_everywhere = providers.Singleton(SearchEverywhere, transactions)
    list_sessions = providers.Singleton(ListSessions, transactions)
    list_activities = providers.Singleton(ListActivities, transactions)
    disconnect_client = providers.Singleton(DisconnectClient, transactions, disconnect)


def filled(kind: type[T], container: HubContainer) -> T:
    """Fill a set of use cases from the container, each field by the provider of its name."""
    return kind(**{field.name: getattr(container, field.name)() for field in attrs.fields(cast(Any, kind))})
