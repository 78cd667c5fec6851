"""Devices over REST: how they come in, how they are, and what is said to them."""

import base64
from collections.abc import AsyncIterator, Sequence
from datetime import datetime

from attrs import field, frozen

from adapters.hub.answers import Answer, DeviceState, RegisteredDevice
from adapters.hub.calling import Calling
from adapters.hub.calls import part
from adapters.hub.reading import read


@frozen(kw_only=True)
class PairingCode:
    """A code to type in at a device, and until when it is good."""

    code: str = field(repr=False)
    expires_at: datetime


class DeviceCalls(Calling):
    """The calls of the companion API about one device."""

    async def register_device(
        self,
        name: str,
        device_type: str,
        *,
        location: str | None = None,
        group_id: str | None = None,
        capabilities: Sequence[str] | None = None,
        network_id: str | None = None,
    ) -> RegisteredDevice:
        """Register a device; an operator names the network that it is for."""
        body = {
            "name": name,
            "device_type": device_type,
            "location": location,
            "group_id": group_id,
            "capabilities": capabilities,
        }
        made = await self._call.json("POST", "/v1/devices", body=body, network_id=network_id)
        return read(made, RegisteredDevice)

    async def pairing_code(
        self,
        *,
        name: str | None = None,
        location: str | None = None,
        group_id: str | None = None,
        network_id: str | None = None,
    ) -> PairingCode:
        """Make a code by which one device can come into the network; an operator names the network.

        What the device is called, and where it stands, goes before what the device says of itself.
        """
        body = {"name": name, "location": location, "group_id": group_id}
        path = "/v1/devices/pairing-codes"
        return read(await self._call.json("POST", path, body=body, network_id=network_id), PairingCode)

    async def pair_device(
        self,
        code: str,
        name: str,
        device_type: str,
        *,
        location: str | None = None,
        capabilities: Sequence[str] | None = None,
    ) -> RegisteredDevice:
        """Come into a network as a device, by the code that its owner was shown; no token is needed."""
        body = {
            "code": code,
            "name": name,
            "device_type": device_type,
            "location": location,
            "capabilities": capabilities,
        }
        return read(await self._call.json("POST", "/v1/devices/pair", body=body), RegisteredDevice)

    async def device_state(self, device_id: str, *, network_id: str | None = None) -> DeviceState:
        """How a device is doing."""
        path = f"/v1/devices/{part(device_id)}/state"
        return read(await self._call.json("GET", path, network_id=network_id), DeviceState)

    async def send_message(
        self,
        device_id: str,
        message: str,
        *,
        session_id: str | None = None,
        images: Sequence[bytes] = (),
        network_id: str | None = None,
    ) -> Answer:
        """Say something to a device in words, perhaps with files of pictures, and wait for the answer."""
        body: dict[str, object] = {"device_id": device_id, "message": message, "session_id": session_id}
        if images:
            body["images_base64"] = [base64.b64encode(image).decode() for image in images]
        return read(
            await self._call.json("POST", "/v1/dialog/send", body=body, network_id=network_id), Answer
        )

    async def fetch_audio(self, url: str) -> bytes:
        """The sound file that the audio_url of an answer leads to."""
        return await self._call.linked(url)

    def follow_audio(self, url: str) -> AsyncIterator[bytes]:
        """The sound file that an audio_url leads to, piece by piece, while it is still being spoken."""
        return self._call.growing(url)
