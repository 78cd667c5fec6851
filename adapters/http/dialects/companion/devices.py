"""Devices: registering them, and how they are doing."""

from datetime import datetime
from http import HTTPStatus
from typing import Annotated, Literal

from attrs import frozen
from msgspec import Meta

from adapters.http.dialects.companion.dialect import COMPANION
from adapters.http.options import HttpOptions
from adapters.http.routing import Call, operation
from application.devices.devices import DeviceState
from application.networks.clients import ClientDetails, RegisteredClient
from application.personas.switching import LONGEST_MESSAGE, SwitchOutcome
from domain.errors import ClientLimitReached, DeviceNotFound, DeviceOffline, PersonaNotFound
from domain.ids import ClientId, PersonaId

UNNAMED = ClientId("")
"""Stands for the id that the hub is about to choose."""


@frozen(kw_only=True)
class NewDeviceBody:
    """A device that is to be in the caller's network; its location is a place people name, such as a room."""

    name: Annotated[str, Meta(min_length=1, max_length=100)]
    device_type: Literal["raspberry_pi", "smart_speaker", "tablet", "custom"]
    location: str | None = None
    group_id: str | None = None
    capabilities: tuple[str, ...] = ("audio_input", "audio_output")

    def details(self) -> ClientDetails:
        """What is said of the device."""
        return ClientDetails(
            client_id=UNNAMED,
            device_type=self.device_type,
            name=self.name,
            capabilities=self.capabilities,
            room=self.location,
            group_id=self.group_id,
        )


@frozen(kw_only=True)
class NewDeviceView:
    """A device just registered, where it connects, and its token, which is told only here."""

    device_id: str
    auth_token: str
    websocket_url: str
    created_at: datetime

    @classmethod
    def of(cls, made: RegisteredClient, options: HttpOptions) -> "NewDeviceView":
        """The view of a newly registered device."""
        return cls(
            device_id=made.client.id,
            auth_token=made.token,
            websocket_url=options.socket_url(made.client.id),
            created_at=made.client.registered_at,
        )


@frozen(kw_only=True)
class DeviceMetricsView:
    """A device's figures: hours since it connected, turns of today and how long its answers took."""

    uptime_hours: float
    interactions_today: int
    avg_response_latency_ms: int


@frozen(kw_only=True)
class DeviceStateView:
    """How a device is doing: online, offline or busy."""

    device_id: str
    status: str
    active_persona_id: str | None
    active_session_id: str | None
    last_activity: datetime
    metrics: DeviceMetricsView

    @classmethod
    def of(cls, state: DeviceState) -> "DeviceStateView":
        """The view of a device's state."""
        session = state.session
        return cls(
            device_id=state.client.id,
            status=_status(state),
            active_persona_id=session.persona_id if session else state.client.persona_id,
            active_session_id=session.id if session else None,
            last_activity=state.last_activity,
            metrics=DeviceMetricsView(
                uptime_hours=round(state.uptime.total_seconds() / 3600, 2),
                interactions_today=state.interactions_today,
                avg_response_latency_ms=round(state.average_latency_ms),
            ),
        )


def _status(state: DeviceState) -> str:
    if not state.client.connected:
        return "offline"
    return "busy" if state.busy else "online"


@operation(
    COMPANION,
    "companion.device.register",
    "POST",
    "/v1/devices",
    status=HTTPStatus.CREATED,
    raises=(ClientLimitReached,),
    names_network=True,
)
async def register(call: Call[NewDeviceBody, None]) -> NewDeviceView:
    """Register a device."""
    made = await call.use.register_device(call.principal, call.own_network, call.body.details())
    return NewDeviceView.of(made, call.hub.options)


@operation(COMPANION, "companion.device.state", "GET", "/v1/devices/{device_id}/state", names_network=True)
async def state(call: Call[None, None]) -> DeviceStateView:
    """Say how a device is doing."""
    return DeviceStateView.of(
        await call.use.get_device_state(call.principal, call.own_network, call.device_id)
    )


@frozen(kw_only=True)
class PersonaSwitchBody:
    """Who is to answer, whether they know what was said before, and what is said at the change."""

    target_persona_id: str
    preserve_context: bool = True
    transition_message: Annotated[str, Meta(max_length=LONGEST_MESSAGE)] | None = None


@frozen(kw_only=True)
class PersonaSwitchView:
    """What became of a switch. The persona answers from now on in any case.

    success says that the device has confirmed it. A device that never acknowledged it is told again when it
    comes back; switch_latency_ms is then how long was waited for it.
    """

    success: bool
    acknowledged: bool
    previous_persona_id: str | None
    new_persona_id: str
    switch_latency_ms: int
    session_id: str

    @classmethod
    def of(cls, outcome: SwitchOutcome) -> "PersonaSwitchView":
        """The view of what became of a switch."""
        return cls(
            success=outcome.carried_out,
            acknowledged=outcome.acknowledged,
            previous_persona_id=outcome.switch.previous_persona_id,
            new_persona_id=outcome.switch.persona.id,
            switch_latency_ms=outcome.latency_ms,
            session_id=outcome.switch.session.id,
        )


@operation(
    COMPANION,
    "companion.persona.switch",
    "POST",
    "/v1/devices/{device_id}/persona/switch",
    raises=(DeviceNotFound, PersonaNotFound, DeviceOffline),
    names_network=True,
)
async def switch_persona(call: Call[PersonaSwitchBody, None]) -> PersonaSwitchView:
    """Let another persona answer at a device, and say whether the device has acknowledged it."""
    outcome = await call.use.switch_persona_at(
        call.principal,
        call.own_network,
        call.device_id,
        PersonaId(call.body.target_persona_id),
        preserve_context=call.body.preserve_context,
        transition_message=call.body.transition_message,
    )
    return PersonaSwitchView.of(outcome)


OPERATIONS = (register, state, switch_persona)
