"""Pairing: a code for one device, and the device that comes with it."""

from datetime import datetime
from http import HTTPStatus
from typing import Annotated, Literal

from attrs import field, frozen
from msgspec import Meta

from adapters.http.dialects.companion.devices import UNNAMED, NewDeviceView
from adapters.http.dialects.companion.dialect import COMPANION
from adapters.http.routing import Call, operation
from application.networks.clients import ClientDetails
from application.networks.limiting import Limit
from domain.errors import ClientLimitReached, PairingCodeUnknown

Label = Annotated[str, Meta(min_length=1, max_length=100)]


@frozen(kw_only=True)
class PairingCodeBody:
    """What the device that will come is called, and where it stands; it may say so itself."""

    name: Label | None = None
    location: Label | None = None
    group_id: Label | None = None


@frozen(kw_only=True)
class PairingCodeView:
    """A code to type in at the device, and until when it is good."""

    code: str = field(repr=False)
    expires_at: datetime


@frozen(kw_only=True)
class PairingBody:
    """The code, and the device that it is typed in at."""

    code: Annotated[str, Meta(min_length=8, max_length=16)] = field(repr=False)
    name: Label
    device_type: Literal["raspberry_pi", "smart_speaker", "tablet", "custom"]
    location: Label | None = None
    capabilities: tuple[str, ...] = ("audio_input", "audio_output")

    def details(self) -> ClientDetails:
        """What is said of the device."""
        return ClientDetails(
            client_id=UNNAMED,
            device_type=self.device_type,
            name=self.name,
            capabilities=self.capabilities,
            room=self.location,
        )


@operation(
    COMPANION,
    "companion.device.pairing_code",
    "POST",
    "/v1/devices/pairing-codes",
    status=HTTPStatus.CREATED,
    names_network=True,
)
async def offer(call: Call[PairingCodeBody | None, None]) -> PairingCodeView:
    """Make a code by which one device can come into the network within ten minutes."""
    body = call.body or PairingCodeBody()
    offered = await call.use.offer_pairing(
        call.principal, call.own_network, name=body.name, room=body.location, group_id=body.group_id
    )
    return PairingCodeView(code=offered.code, expires_at=offered.offer.expires_at)


@operation(
    COMPANION,
    "companion.device.pair",
    "POST",
    "/v1/devices/pair",
    status=HTTPStatus.CREATED,
    raises=(PairingCodeUnknown, ClientLimitReached),
    limit=Limit.PAIRING,
)
async def pair(call: Call[PairingBody, None]) -> NewDeviceView:
    """Come into a network by a code; no token is needed."""
    made = await call.use.pair_device(call.body.code, call.body.details())
    return NewDeviceView.of(made, call.hub.options)


OPERATIONS = (offer, pair)
