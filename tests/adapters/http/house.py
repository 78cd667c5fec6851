"""A hub to test over HTTP: real use cases over a real store, in a little world that does as it is told."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from attrs import frozen
from quart import Quart

from adapters.http.app import OPERATIONS, create_app
from adapters.http.options import HttpOptions
from adapters.http.routing import Operation
from adapters.http.use_cases import UseCases
from adapters.icalendar.writer import IcalendarWriter
from adapters.jwt.links import HmacLinkSigner
from adapters.jwt.mint import JwtTokenMint
from adapters.memory.audience import InProcessAudience
from adapters.memory.limits import MemoryLimits
from adapters.memory.transactions import MemoryTransactions
from application.access import Authenticate
from application.agenda import ListCalendarEvents, ListReminders
from application.answers_aloud import AnswersAloud
from application.best_stream import GetBestStream
from application.clients import DeregisterClient, ListClients, RegisterClient, UpdateClient
from application.commanding import AckBoard
from application.conversing import Converse
from application.devices import GetDeviceState, RegisterDevice
from application.dialog import HearMessage, SendMessage
from application.feeds import CloseFeed, OpenFeed, ReadFeed
from application.interactions import GetInteraction, ListConversations, ListInteractions
from application.limiting import AdmitTurn, GetLimits, SetLimits, Throttle
from application.networks import CreateNetwork, DeleteNetwork, GetNetwork, UpdateNetwork
from application.personas import (
    AuditionPersona,
    ChangePersona,
    CreatePersona,
    DeletePersona,
    GetPersona,
    ListPersonaRevisions,
    ListPersonas,
    RestorePersona,
)
from application.planning import (
    CreateCalendarEvent,
    DeleteCalendarEvent,
    GetCalendarEvent,
    UpdateCalendarEvent,
)
from application.ports.storage import Transactions
from application.recordings import FetchRecording, KeepSound
from application.reminding import CreateReminder, DeleteReminder, GetReminder, UpdateReminder
from application.reprocessing import ListEarlierResults, ProcessInteraction
from application.rotating import (
    RevokeClientToken,
    RevokeNetworkToken,
    RevokeRegistrationToken,
    RotateClientToken,
    RotateNetworkToken,
    RotateRegistrationToken,
)
from application.sessions import TakeSeat
from application.speech_links import FetchSpeech, LinkToSpeech
from application.tokens import TokenDesk, TokenLifetimes
from application.uploading import GetAudioStatus, SubmitAudio
from application.wakeup import Wakeup
from domain.quotas import Quotas, quota_names
from entrypoints.world import RandomIds
from tests.adapters.devices import Devices
from tests.adapters.http.residents import (
    Deaf,
    EmptyHall,
    Hummer,
    MovableClock,
    OnePersona,
    Parrot,
    Seal,
    Shelf,
    Silence,
    Watched,
    Writer,
)
from tests.fakes.speech import Dictated

SECRET = b"a secret of thirty-two bytes, or so"


def unhurried() -> Throttle:
    """Limits that nobody reaches who does not test them."""
    quotas = Quotas().with_overrides(dict.fromkeys(quota_names(), 1_000_000))
    return Throttle(MemoryLimits(), quotas, 1_000_000)


@frozen(kw_only=True, repr=False)
class House:
    """A hub of its own, and what a test needs of its inside."""

    app: Quart
    transactions: Transactions
    clock: MovableClock
    tokens: TokenDesk
    signer: HmacLinkSigner
    operator: Seal
    blobs: Shelf
    live: Silence

    async def network(self, name: str = "Home") -> Mapping[str, Any]:
        """Open a network over HTTP, and answer what was told of it."""
        answer = await self.app.test_client().post("/api/v1/networks", json={"name": name})
        assert answer.status_code == 201
        return await answer.get_json()

    async def client(
        self, network: Mapping[str, Any], client_id: str = "phone-1", **others: Any
    ) -> Mapping[str, Any]:
        """Register a client over HTTP, and answer what was told of it."""
        answer = await self.app.test_client().post(
            f"/api/v1/networks/{network['network_id']}/clients",
            headers=bearer(network["network_token"]),
            json={"client_id": client_id, "device_type": "mobile", **others},
        )
        assert answer.status_code == 201
        return await answer.get_json()

    async def device(self, network: Mapping[str, Any], **others: Any) -> Mapping[str, Any]:
        """Register a device over HTTP, and answer what was told of it."""
        answer = await self.app.test_client().post(
            "/v1/devices",
            headers=bearer(network["network_token"]),
            json={"name": "living room", "device_type": "tablet", **others},
        )
        assert answer.status_code == 201
        return await answer.get_json()


def bearer(token: str) -> dict[str, str]:
    """The header that carries a token."""
    return {"Authorization": f"Bearer {token}"}


def build_house(
    transactions: Transactions | None = None,
    *,
    open_registration: bool = True,
    throttle: Throttle | None = None,
    operations: tuple[Operation, ...] = OPERATIONS,
    **options: Any,
) -> House:
    """Put a hub together over a store, in memory unless another is given."""
    store = MemoryTransactions() if transactions is None else transactions
    clock, ids, blobs, audience = MovableClock(), RandomIds(), Shelf(), InProcessAudience()
    live = Silence()
    http = HttpOptions(**{"port": 8123, "version": "1.2.3", **options})
    mint = JwtTokenMint(secret=SECRET, clock=clock, ids=ids)
    signer = HmacLinkSigner(secret=SECRET, base_url=http.base_url, clock=clock)
    operator = Seal()
    watched = Watched(clock=clock, store=store)
    throttle = watched.limits(throttle or unhurried())
    tokens = TokenDesk(mint, clock, TokenLifetimes(), operator)
    register = RegisterClient(store, tokens, clock)
    converse = Converse(
        transactions=store,
        interlocutor=Parrot(clock),
        speaker=Hummer(),
        sounds=Writer(),
        blobs=blobs,
        announcer=audience,
        take_seat=TakeSeat(OnePersona(), ids, clock),
        keep_sound=KeepSound(Writer(), blobs, ids, clock),
        aloud=AnswersAloud(clock),
        ids=ids,
        clock=clock,
        admit=AdmitTurn(throttle, store),
    )
    devices = Devices(
        store=store,
        personas=OnePersona(),
        speaker=Hummer(),
        sounds=Writer(),
        blobs=blobs,
        announcer=audience,
        ids=ids,
        clock=clock,
        register=RegisterDevice(register, ids),
        board=AckBoard(),
    )
    audition = AuditionPersona(Hummer(), frozenset({"offline"}))
    use_cases = UseCases(
        authenticate=Authenticate(mint, store, operator),
        throttle=throttle,
        get_limits=GetLimits(store, throttle),
        set_limits=SetLimits(store, throttle),
        create_network=CreateNetwork(store, tokens, ids, clock, open_registration),
        get_network=GetNetwork(store),
        update_network=UpdateNetwork(store, clock),
        delete_network=DeleteNetwork(store, blobs, clock),
        rotate_network_token=RotateNetworkToken(store, tokens),
        rotate_registration_token=RotateRegistrationToken(store, tokens),
        rotate_client_token=RotateClientToken(store, tokens, clock),
        revoke_network_token=RevokeNetworkToken(store),
        revoke_registration_token=RevokeRegistrationToken(store),
        revoke_client_token=RevokeClientToken(store, clock),
        register_client=register,
        list_clients=ListClients(store),
        update_client=UpdateClient(store, clock),
        submit_audio=SubmitAudio(
            transactions=store,
            sounds=Writer(),
            blobs=blobs,
            ids=ids,
            clock=clock,
            wakeup=Wakeup(),
            window=timedelta(milliseconds=300),
            most_waiting=8,
        ),
        get_audio_status=GetAudioStatus(store, clock),
        get_best_stream=GetBestStream(store, live, clock),
        deregister_client=DeregisterClient(store, clock),
        list_interactions=ListInteractions(store),
        get_interaction=GetInteraction(store),
        process_interaction=ProcessInteraction(store, converse, Deaf(), Writer(), blobs, clock),
        list_earlier_results=ListEarlierResults(store),
        fetch_recording=FetchRecording(store, blobs, clock),
        list_conversations=ListConversations(store),
        list_reminders=ListReminders(store),
        list_calendar_events=ListCalendarEvents(store),
        create_reminder=CreateReminder(store, ids, clock, Wakeup()),
        get_reminder=GetReminder(store),
        update_reminder=UpdateReminder(store, clock, Wakeup()),
        delete_reminder=DeleteReminder(store),
        create_calendar_event=CreateCalendarEvent(store, ids, clock),
        get_calendar_event=GetCalendarEvent(store),
        update_calendar_event=UpdateCalendarEvent(store),
        delete_calendar_event=DeleteCalendarEvent(store),
        open_feed=OpenFeed(store, ids, clock),
        close_feed=CloseFeed(store),
        read_feed=ReadFeed(store, IcalendarWriter(), clock),
        register_device=RegisterDevice(register, ids),
        get_device_state=GetDeviceState(store, clock),
        list_personas=ListPersonas(store, OnePersona()),
        get_persona=GetPersona(store, OnePersona()),
        create_persona=CreatePersona(store, OnePersona(), audition, ids, clock),
        change_persona=ChangePersona(store, OnePersona(), audition, clock),
        list_persona_revisions=ListPersonaRevisions(store, OnePersona()),
        restore_persona=RestorePersona(store, OnePersona(), clock),
        delete_persona=DeletePersona(store, OnePersona()),
        send_message=SendMessage(converse, HearMessage(store, Dictated("what was said"), Writer(), clock)),
        link_to_speech=LinkToSpeech(signer, clock),
        fetch_speech=FetchSpeech(signer, blobs),
        **devices.over_http(),
        **watched.use_cases(audience, EmptyHall()),
    )
    return House(
        app=create_app(use_cases, http, operations),
        transactions=store,
        clock=clock,
        tokens=tokens,
        signer=signer,
        operator=operator,
        blobs=blobs,
        live=live,
    )


def utc(moment: datetime) -> str:
    """A moment as the hub writes it."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
