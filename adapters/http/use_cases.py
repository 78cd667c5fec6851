"""Everything that can be asked of the hub over HTTP."""

from attrs import frozen

from application.access import Authenticate
from application.agenda import ListCalendarEvents, ListReminders
from application.clients import DeregisterClient, ListClients, RegisterClient, UpdateClient
from application.devices import GetDeviceState, RegisterDevice
from application.dialog import SendMessage
from application.health import CheckHealth
from application.interactions import GetInteraction, ListConversations, ListInteractions
from application.networks import CreateNetwork, DeleteNetwork, GetNetwork, UpdateNetwork
from application.limiting import GetLimits, SetLimits, Throttle
from application.rotating import (
    RevokeClientToken,
    RevokeNetworkToken,
    RevokeRegistrationToken,
    RotateClientToken,
    RotateNetworkToken,
    RotateRegistrationToken,
)
from application.speech_links import FetchSpeech, LinkToSpeech


@frozen(kw_only=True)
class UseCases:
    """The use cases that the dialects call, finished and wired."""

    authenticate: Authenticate
    create_network: CreateNetwork
    get_network: GetNetwork
    update_network: UpdateNetwork
    delete_network: DeleteNetwork
    rotate_network_token: RotateNetworkToken
    rotate_registration_token: RotateRegistrationToken
    rotate_client_token: RotateClientToken
    revoke_network_token: RevokeNetworkToken
    throttle: Throttle
    revoke_registration_token: RevokeRegistrationToken
    revoke_client_token: RevokeClientToken
    register_client: RegisterClient
    list_clients: ListClients
    get_limits: GetLimits
    set_limits: SetLimits
    update_client: UpdateClient
    deregister_client: DeregisterClient
    list_interactions: ListInteractions
    get_interaction: GetInteraction
    list_conversations: ListConversations
    list_reminders: ListReminders
    list_calendar_events: ListCalendarEvents
    register_device: RegisterDevice
    get_device_state: GetDeviceState
    send_message: SendMessage
    link_to_speech: LinkToSpeech
    fetch_speech: FetchSpeech
    check_health: CheckHealth
