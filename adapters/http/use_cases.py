"""Everything that can be asked of the hub over HTTP."""

from attrs import frozen

from application.agenda.agenda import ListCalendarEvents, ListReminders
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
    StartActivity,
    StopActivity,
)
from application.coordination.broadcasting import BroadcastEvent, GetBroadcast
from application.devices.devices import GetDeviceState, RegisterDevice
from application.devices.pairing import OfferPairing, PairDevice
from application.listening.best_stream import GetBestStream
from application.networks.access import Authenticate
from application.networks.clients import DeregisterClient, ListClients, RegisterClient, UpdateClient
from application.networks.limiting import GetLimits, SetLimits, Throttle
from application.networks.networks import CreateNetwork, DeleteNetwork, GetNetwork, UpdateNetwork
from application.networks.rotating import (
    NarrowNetworkToken,
    RevokeClientToken,
    RevokeNetworkToken,
    RevokeRegistrationToken,
    RotateClientToken,
    RotateNetworkToken,
    RotateRegistrationToken,
)
from application.operating.health import CheckHealth
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
from application.personas.handing_over import CreateSession, EndSession, GetSession, HandOverSession
from application.personas.personas import (
    ChangePersona,
    CreatePersona,
    DeletePersona,
    GetPersona,
    ListPersonaRevisions,
    ListPersonas,
    RestorePersona,
)
from application.personas.switching import SwitchPersonaAt
from application.ports.meters import Meters
from application.ports.watching import Watchtower
from application.ports.world import Clock
from application.speech.recordings import FetchRecording
from application.speech.speech_links import FetchSpeech, LinkToSpeech
from application.turns.dialog import SendMessage
from application.turns.interactions import GetInteraction, ListConversations, ListInteractions
from application.turns.reprocessing import ListEarlierResults, ProcessInteraction
from application.uploads.uploading import GetAudioStatus, SubmitAudio


@frozen(kw_only=True)
class UseCases:
    """The use cases that the dialects call, finished and wired."""

    authenticate: Authenticate
    throttle: Throttle
    meters: Meters
    create_network: CreateNetwork
    get_network: GetNetwork
    update_network: UpdateNetwork
    delete_network: DeleteNetwork
    get_limits: GetLimits
    set_limits: SetLimits
    rotate_network_token: RotateNetworkToken
    narrow_network_token: NarrowNetworkToken
    rotate_registration_token: RotateRegistrationToken
    rotate_client_token: RotateClientToken
    revoke_network_token: RevokeNetworkToken
    revoke_registration_token: RevokeRegistrationToken
    revoke_client_token: RevokeClientToken
    register_client: RegisterClient
    list_clients: ListClients
    update_client: UpdateClient
    deregister_client: DeregisterClient
    submit_audio: SubmitAudio
    get_audio_status: GetAudioStatus
    get_best_stream: GetBestStream
    list_interactions: ListInteractions
    get_interaction: GetInteraction
    process_interaction: ProcessInteraction
    list_earlier_results: ListEarlierResults
    fetch_recording: FetchRecording
    list_conversations: ListConversations
    list_reminders: ListReminders
    list_calendar_events: ListCalendarEvents
    create_reminder: CreateReminder
    get_reminder: GetReminder
    update_reminder: UpdateReminder
    delete_reminder: DeleteReminder
    create_calendar_event: CreateCalendarEvent
    get_calendar_event: GetCalendarEvent
    update_calendar_event: UpdateCalendarEvent
    delete_calendar_event: DeleteCalendarEvent
    open_feed: OpenFeed
    close_feed: CloseFeed
    read_feed: ReadFeed
    register_device: RegisterDevice
    get_device_state: GetDeviceState
    list_personas: ListPersonas
    get_persona: GetPersona
    create_persona: CreatePersona
    change_persona: ChangePersona
    list_persona_revisions: ListPersonaRevisions
    restore_persona: RestorePersona
    delete_persona: DeletePersona
    switch_persona_at: SwitchPersonaAt
    create_session: CreateSession
    get_session: GetSession
    end_session: EndSession
    hand_over_session: HandOverSession
    offer_pairing: OfferPairing
    pair_device: PairDevice
    start_activity: StartActivity
    find_activities: FindActivities
    get_activity: GetActivity
    stop_activity: StopActivity
    answer_activity: AnswerActivity
    broadcast_event: BroadcastEvent
    get_broadcast: GetBroadcast
    clock: Clock
    send_message: SendMessage
    link_to_speech: LinkToSpeech
    fetch_speech: FetchSpeech
    check_health: CheckHealth
    tell_figures: TellFigures
    tower: Watchtower
    look_around: LookAround
    find_networks: FindNetworks
    find_clients: FindClients
    search_everywhere: SearchEverywhere
    disconnect_client: DisconnectClient
    list_sessions: ListSessions
    list_activities: ListActivities
