"""An operator steers devices of a real hub by the keys of the dashboard, and the devices are told."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

import aiohttp
import pytest
from attrs import field, frozen
from textual.pilot import Pilot

from adapters.hub import Hub
from adapters.hub.answers import NewNetwork
from adapters.hub.commands import DeviceCommand, PersonaSwitch, SyncEvent
from adapters.hub.device_socket import DeviceSocket
from tests.tui.conftest import RealHub, opened
from tests.tui.seeing import answer, fill_in, go, grid, refused, shown, toasts, until
from tests.tui.test_journeys import fresh
from tui.dialogs.asking import Confirm, Secret

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("dashboard")]


@frozen(kw_only=True)
class Device:
    """A device that is online, and acknowledges what it is told."""

    id: str
    told: list[DeviceCommand] = field(factory=list)

    def events(self) -> list[str]:
        """What it was to show or do together with others."""
        return [one.event for one in self.told if isinstance(one, SyncEvent)]

    async def listen(self, socket: DeviceSocket) -> None:
        """Take commands as they come."""
        async for command in socket:
            self.told.append(command)
            if command_id := getattr(command, "command_id", None):
                await socket.acknowledge({"command_id": command_id, "success": True})


@asynccontextmanager
async def online(hub: Hub, home: NewNetwork, *names: str) -> AsyncIterator[list[Device]]:
    """New devices of a network, all of them online."""
    owner = hub.bearing(home.network_token)
    devices: list[Device] = []
    async with AsyncExitStack() as stack:
        for name in names:
            made = await owner.register_device(name, "tablet", location=name)
            socket = await stack.enter_async_context(owner.device_socket(made.device_id, made.auth_token))
            devices.append(Device(id=made.device_id))
            task = asyncio.create_task(devices[-1].listen(socket))
            stack.callback(task.cancel)
        yield devices


def _online(pilot: Pilot[None]) -> set[str]:
    """Who is online in the chosen network, as far as the dashboard knows."""
    clients = pilot.app.picture.clients.values()
    return {one.client_id for one in clients if one.connected and one.network_id == pilot.app.scope}


async def test_switch_the_persona_of_a_device(real_hub: RealHub) -> None:
    async with Hub(real_hub.url, real_hub.token) as hub:
        home = await hub.create_network(fresh("Salon"))
        async with (
            online(hub, home, "salon") as (device,),
            opened(real_hub, "clients", network_id=home.network_id) as pilot,
        ):
            await until(pilot, lambda: grid(pilot).current)
            await pilot.press("P")
            await fill_in(pilot, persona="nobody")
            await refused(pilot, "is none of these", persona="nobody")
            await fill_in(pilot, persona="companion", message="Here I am")
            await until(pilot, lambda: f"companion answers at {device.id}" in toasts(pilot))
            assert "not confirmed" not in toasts(pilot)
            (switch,) = (one for one in device.told if isinstance(one, PersonaSwitch))
            assert switch.persona_id == "companion"
            await until(pilot, lambda: grid(pilot).current.persona_id == "companion")
            await go(pilot, "1", "live")
            await until(pilot, lambda: "companion answers here now" in shown(pilot))


async def test_hand_a_session_over(real_hub: RealHub) -> None:
    async with Hub(real_hub.url, real_hub.token) as hub:
        home = await hub.create_network(fresh("Flat"))
        async with (
            online(hub, home, "bath", "hall") as (bath, hall),
            opened(real_hub, "sessions", network_id=home.network_id) as pilot,
        ):
            session = await hub.bearing(home.network_token).create_session(bath.id, "mira")
            await pilot.press("r")
            await until(pilot, lambda: grid(pilot).current)
            await pilot.press("h")
            await fill_in(pilot, to="nowhere")
            await refused(pilot, "NOT_FOUND", to="nowhere")
            await fill_in(pilot, to=hall.id)
            await until(pilot, lambda: f"the session goes on at {hall.id}" in toasts(pilot))
            await until(pilot, lambda: grid(pilot).current.device_id == hall.id)
            assert grid(pilot).current.session_id == session.session_id
            await until(pilot, lambda: "session_handed_over" in hall.events())
            await until(pilot, lambda: "session_handed_over" in bath.events())


async def test_broadcast_to_all_and_to_those_of_a_room(real_hub: RealHub) -> None:
    async with Hub(real_hub.url, real_hub.token) as hub:
        home = await hub.create_network(fresh("Canteen"))
        async with (
            online(hub, home, "kitchen", "hall") as (kitchen, hall),
            opened(real_hub, "activities", network_id=home.network_id) as pilot,
        ):
            await until(pilot, lambda: "No activity yet" in shown(pilot))
            await pilot.press("b")
            await fill_in(pilot, event="tea", payload="{")
            await refused(pilot, "must be a JSON object", event="tea", payload="{")
            await fill_in(pilot, event="tea", payload='{"message": "Tea is ready"}')
            await until(pilot, lambda: "told 2 devices, 0 were offline" in toasts(pilot))
            await pilot.press("b")
            await fill_in(pilot, event="dishes", payload="{}", room="kitchen")
            await until(pilot, lambda: "told 1 devices, 0 were offline" in toasts(pilot))
            await until(pilot, lambda: kitchen.events() == ["tea", "dishes"])
            assert hall.events() == ["tea"]
            (tea,) = (one for one in hall.told if isinstance(one, SyncEvent))
            assert tea.body["data"] == {"message": "Tea is ready"}


@pytest.mark.parametrize(
    ("filled", "beginning"),
    [
        ({"kind": "story"}, "story_part"),
        ({"kind": "trivia", "config": '{"rounds": 2}'}, "trivia_question"),
        ({"kind": "sync_playback", "media": "https://example.org/lullaby.mp3"}, "sync_playback"),
    ],
)
async def test_start_and_stop_an_activity(real_hub: RealHub, filled: dict[str, str], beginning: str) -> None:
    async with Hub(real_hub.url, real_hub.token) as hub:
        home = await hub.create_network(fresh("Playroom"))
        async with (
            online(hub, home, "kitchen", "hall") as devices,
            opened(real_hub, "activities", network_id=home.network_id) as pilot,
        ):
            await until(pilot, lambda: "No activity yet" in shown(pilot))
            await until(pilot, lambda: _online(pilot) == {device.id for device in devices})
            await pilot.press("a")
            await fill_in(pilot, **filled)
            await until(pilot, lambda: grid(pilot).current)
            assert grid(pilot).current.status == "running"
            assert set(grid(pilot).current.devices) == {device.id for device in devices}
            await until(pilot, lambda: "kitchen" in shown(pilot) and "hall" in shown(pilot))
            await until(pilot, lambda: all(beginning in device.events() for device in devices))
            await pilot.press("x")
            await answer(pilot, Confirm, "n")
            assert (await hub.activities(home.network_id)).items[0].status == "running"
            await pilot.press("x")
            await answer(pilot, Confirm, "y")
            await until(pilot, lambda: grid(pilot).current.status == "stopped")
            await until(pilot, lambda: all("activity_stopped" in device.events() for device in devices))
            await go(pilot, "1", "live")
            await until(pilot, lambda: f"{filled['kind'].replace('_', ' ')} stopped" in shown(pilot))


async def test_an_activity_that_cannot_begin_is_refused(real_hub: RealHub) -> None:
    async with Hub(real_hub.url, real_hub.token) as hub:
        home = await hub.create_network(fresh("Cellar"))
        async with (
            online(hub, home, "cellar") as (device,),
            opened(real_hub, "activities", network_id=home.network_id) as pilot,
        ):
            await until(pilot, lambda: _online(pilot) == {device.id})
            await pilot.press("a")
            await fill_in(pilot, kind="sync_playback")
            await refused(pilot, "must name a media_url", kind="sync_playback", devices=device.id)
            await fill_in(pilot, kind="story")
            await until(pilot, lambda: grid(pilot).current)
            await pilot.press("a")
            await until(pilot, lambda: pilot.app.screen.query("#devices"))
            assert not pilot.app.screen.query_one("#devices").value, "who takes part already is not proposed"
            await fill_in(pilot, kind="story", devices=device.id)
            await refused(pilot, "takes part in another activity", kind="story", devices=device.id)


async def test_pair_a_device(real_hub: RealHub) -> None:
    async with Hub(real_hub.url, real_hub.token) as hub:
        home = await hub.create_network(fresh("Ward"))
        async with opened(real_hub, "clients", network_id=home.network_id) as pilot:
            await pilot.press("p")
            await fill_in(pilot, room="ward 3")
            await until(pilot, lambda: isinstance(pilot.app.screen, Secret))
            code = pilot.app.screen.secrets["pairing code"]
            await until(pilot, lambda: code in shown(pilot))
            assert pilot.app.clipboard == code
            await answer(pilot, Secret, "escape")
            await until(pilot, lambda: code not in shown(pilot))
            device = {"code": code, "name": "bedside", "device_type": "tablet"}
            async with (
                aiohttp.ClientSession() as web,
                web.post(f"{real_hub.url}/v1/devices/pair", json=device) as paired,
            ):
                assert paired.status == 201
                device_id = (await paired.json())["device_id"]
            await until(pilot, lambda: [one.client_id for one in grid(pilot).items] == [device_id])
            assert (grid(pilot).current.room, grid(pilot).current.name) == ("ward 3", "bedside")
