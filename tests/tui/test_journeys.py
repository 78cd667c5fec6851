"""An operator at work, on a real hub: every action, by the keys of the dashboard."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from textual.command import CommandList, CommandPalette
from textual.pilot import Pilot
from textual.widgets import Input

from adapters.hub import Hub, HubError
from adapters.hub.lifeline import Reconnected
from tests.tui.conftest import RealHub, opened
from tests.tui.seeing import answer, fill_in, go, grid, problems, refused, shown, toasts, until
from tui.dialogs.asking import Confirm, Secret
from tui.dialogs.details import Details
from tui.dialogs.form import Form
from tui.picture import LinkState

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("dashboard")]


def fresh(word: str) -> str:
    """A name that nothing else has."""
    return f"{word} {uuid4().hex[:6]}"


async def test_create_rename_limit_rotate_and_delete_a_network(real_hub: RealHub) -> None:
    name = fresh("Harbour")
    async with opened(real_hub, "networks") as pilot, Hub(real_hub.url, real_hub.token) as hub:
        await pilot.press("c")
        await fill_in(pilot, name=name, timezone="Europe/Berlin")
        await until(pilot, lambda: isinstance(pilot.app.screen, Secret))
        secret = pilot.app.screen.secrets["network token"]
        await until(pilot, lambda: secret[:40] in shown(pilot))
        assert pilot.app.clipboard == secret
        await answer(pilot, Secret, "escape")
        await until(pilot, lambda: any(item.seen.name == name for item in grid(pilot).items))
        network = next(item.seen for item in grid(pilot).items if item.seen.name == name)
        grid(pilot).point_at(network.network_id)

        await pilot.press("e")
        await fill_in(pilot, name=f"{name} II", threshold="0.3", most="7", spoken_by="room")
        await until(pilot, lambda: grid(pilot).current.seen.name == f"{name} II")
        changed = await hub.get_network(network.network_id)
        assert (changed.settings.audio_quality_threshold, changed.settings.max_clients) == (0.3, 7)
        assert changed.settings.timezone == "Europe/Berlin"
        assert changed.settings.answers_spoken_by == "room"

        await pilot.press("l")
        await fill_in(pilot, api_requests_per_hour="4321")
        await until(pilot, lambda: "limits are set" in toasts(pilot))
        assert (await hub.limits(network.network_id)).overrides == {"api_requests_per_hour": 4321}

        await pilot.press("R")
        await answer(pilot, Confirm, "y")
        await until(pilot, lambda: isinstance(pilot.app.screen, Secret))
        await answer(pilot, Secret, "escape")
        with pytest.raises(HubError):
            await hub.bearing(secret).get_network(network.network_id)

        await pilot.press("D")
        await until(pilot, lambda: isinstance(pilot.app.screen, Confirm))
        await pilot.press("enter")
        assert isinstance(pilot.app.screen, Confirm), "without its name nothing is deleted"
        pilot.app.screen.query_one("#word").value = f"{name} II"
        await pilot.pause()
        await answer(pilot, Confirm, "enter")
        await until(pilot, lambda: network.network_id not in pilot.app.picture.networks)
        with pytest.raises(HubError):
            await hub.get_network(network.network_id)


async def test_register_disconnect_rotate_and_deregister_a_client(real_hub: RealHub) -> None:
    async with Hub(real_hub.url, real_hub.token) as hub:
        home = await hub.create_network(fresh("Home"))
        async with opened(real_hub, "clients", network_id=home.network_id) as pilot:
            await pilot.press("a")
            await fill_in(pilot, client_id="phone", device_type="mobile", room="kitchen")
            await until(pilot, lambda: isinstance(pilot.app.screen, Secret))
            token = pilot.app.screen.secrets["client token"]
            await answer(pilot, Secret, "escape")
            await until(pilot, lambda: len(grid(pilot).items) == 1)
            assert not grid(pilot).current.connected

            async with hub.socket(home.network_id, "phone", token) as socket:
                await until(pilot, lambda: grid(pilot).current.connected)
                await pilot.press("x")
                await answer(pilot, Confirm, "y")
                assert (await socket.expect(Reconnected)).resumed, "it was sent away, and came back"

            await pilot.press("R")
            await answer(pilot, Confirm, "y")
            await until(pilot, lambda: isinstance(pilot.app.screen, Secret))
            assert pilot.app.screen.secrets["client token"] != token
            await answer(pilot, Secret, "escape")

            await pilot.press("D")
            await answer(pilot, Confirm, "n")
            assert (await hub.find_clients(of_network=home.network_id)).total == 1
            await pilot.press("D")
            await answer(pilot, Confirm, "y")
            await until(pilot, lambda: not grid(pilot).items)
            assert (await hub.find_clients(of_network=home.network_id)).total == 0


async def test_see_a_turn_without_and_with_its_words(real_hub: RealHub) -> None:
    async with Hub(real_hub.url, real_hub.token) as hub:
        home = await hub.create_network(fresh("Study"))
        owner = hub.bearing(home.network_token)
        device = await owner.register_device("desk", "tablet")
        async with opened(real_hub, "live", network_id=home.network_id) as pilot:
            await owner.send_message(device.device_id, "what time is it")
            await until(pilot, lambda: "t shows what is said" in shown(pilot))
            assert "what time is it" not in shown(pilot)
            await pilot.press("t")
            await until(pilot, lambda: pilot.app.link._transcripts)
            await owner.send_message(device.device_id, "remind me to water the plants tomorrow at noon")
            await until(pilot, lambda: "water the plants" in shown(pilot))
            await until(pilot, lambda: "create reminder" in shown(pilot))

            await go(pilot, "6", "interactions")
            await until(pilot, lambda: len(grid(pilot).items) == 2)
            await pilot.press("v")
            await until(pilot, lambda: isinstance(pilot.app.screen, Details))
            await until(pilot, lambda: "Typed: no stream was heard." in shown(pilot))
            assert "transcription" not in shown(pilot)
            await answer(pilot, Details, "escape")

            await go(pilot, "5", "sessions")
            await until(pilot, lambda: len(grid(pilot).items) == 1)
            assert grid(pilot).current.device_id == device.device_id

            await go(pilot, "7", "agenda")
            await until(pilot, lambda: any("water" in item.title for item in grid(pilot).items))


async def test_tick_off_and_delete_what_is_planned(real_hub: RealHub) -> None:
    async with Hub(real_hub.url, real_hub.token) as hub:
        home = await hub.create_network(fresh("Practice"))
        soon = datetime.now(UTC) + timedelta(hours=1)
        reminder = await hub.create_reminder(home.network_id, "call Anna", soon)
        await hub.create_event(home.network_id, "dentist", soon + timedelta(hours=5))
        async with opened(real_hub, "agenda", network_id=home.network_id) as pilot:
            await until(pilot, lambda: len(grid(pilot).items) == 2)
            grid(pilot).point_at(reminder.reminder_id)
            await pilot.press("d")
            await until(pilot, lambda: any(item.status == "completed" for item in grid(pilot).items))
            event = next(item for item in grid(pilot).items if item.event)
            grid(pilot).point_at(event.identity)
            await pilot.press("D")
            await answer(pilot, Confirm, "y")
            await until(pilot, lambda: len(grid(pilot).items) == 1)
            assert (await hub.calendar(home.network_id)).total == 0


async def test_personas_and_activities_are_shown(real_hub: RealHub) -> None:
    async with Hub(real_hub.url, real_hub.token) as hub:
        home = await hub.create_network(fresh("Nursery"))
        async with opened(real_hub, "personas", network_id=home.network_id) as pilot:
            await until(pilot, lambda: {item.id for item in grid(pilot).items} >= {"mira", "companion"})
            await go(pilot, "8", "activities")
            await until(pilot, lambda: "No activity yet" in shown(pilot))


async def test_a_refusal_is_a_toast_with_its_request_id_and_is_in_the_errors(real_hub: RealHub) -> None:
    async with Hub(real_hub.url, real_hub.token) as hub:
        home = await hub.create_network(fresh("Foyer"))
        async with opened(real_hub, "clients", network_id=home.network_id) as pilot:
            await pilot.press("a")
            await fill_in(pilot, client_id="not an id", device_type="mobile")
            await refused(pilot, "VALIDATION_ERROR", client_id="not an id", device_type="mobile")
            assert "req_" in problems(pilot)
            assert "Id  ✗ must" in problems(pilot), "it is said at the field"
            assert pilot.app.focused.id == "client_id", "the cursor is where it is to be mended"
            await answer(pilot, Form, "escape")
            await go(pilot, "9", "health")
            await pilot.press("escape")
            troubles = pilot.app.current_page.query_one("#troubles")
            await until(pilot, lambda: any(one.code == "VALIDATION_ERROR" for one in troubles.items))


async def test_search_everywhere_and_filter(real_hub: RealHub) -> None:
    name = fresh("Lighthouse")
    async with Hub(real_hub.url, real_hub.token) as hub:
        home, shed = await hub.create_network(name), await hub.create_network(fresh("Shed"))
        await hub.register_client(home.network_id, "beacon", "sensor")
        soon = datetime.now(UTC) + timedelta(hours=1)
        for title in ("sweep the stairs", "polish [/b] the lens"):
            await hub.create_reminder(shed.network_id, title, soon)
        async with opened(real_hub, "networks") as pilot:
            await pilot.press("slash")
            await until(pilot, lambda: isinstance(pilot.app.focused, Input))
            await pilot.press(*"lighthouse")
            await until(pilot, lambda: [item.seen.name for item in grid(pilot).items] == [name])
            await pilot.press("escape")
            await _seek(pilot, "beacon", "Client beacon")
            await until(pilot, lambda: pilot.app.current_page.NAME == "clients")
            assert pilot.app.scope == home.network_id
            await until(pilot, lambda: grid(pilot).current and grid(pilot).current.client_id == "beacon")
            await _seek(pilot, "lens polish", "Agenda: polish [/b] the lens")
            await until(pilot, lambda: pilot.app.current_page.NAME == "agenda" and grid(pilot).current)
            await until(pilot, lambda: grid(pilot).current.title == "polish [/b] the lens")
            assert pilot.app.scope == shed.network_id, "it is found in whichever network it is"
            await _seek(pilot, "entertainer", "Personas: Entertainer")
            await until(pilot, lambda: pilot.app.current_page.NAME == "personas" and grid(pilot).current)
            await until(pilot, lambda: grid(pilot).current.id == "entertainer")
            await go(pilot, "3", "clients")
            await _seek(pilot, "pair", "Pair")
            await until(pilot, lambda: isinstance(pilot.app.screen, Form))
            await answer(pilot, Form, "escape")
            await pilot.press("escape")
            await until(pilot, lambda: pilot.app.scope is None)


async def _seek(pilot: Pilot[None], words: str, hit: str) -> None:
    """Type into the palette, and take a thing that it finds."""
    await pilot.press("colon")
    await until(pilot, lambda: isinstance(pilot.app.screen, CommandPalette))
    palette = pilot.app.screen
    palette.query_one(Input).value = words
    found = palette.query_one(CommandList)

    def place() -> int | None:
        return next((at for at, one in enumerate(found.options) if hit in str(one.prompt)), None)

    await until(pilot, lambda: place() is not None)
    found.highlighted = place()
    found.action_select()


async def test_every_page_has_help(real_hub: RealHub) -> None:
    async with opened(real_hub) as pilot:
        for key, page in zip("123456789", pilot.app.pages, strict=True):
            await go(pilot, key, page)
            await pilot.press("question_mark")
            await until(pilot, lambda: isinstance(pilot.app.screen, Details))
            await until(pilot, lambda: "Everywhere" in shown(pilot))
            await answer(pilot, Details, "escape")


async def test_a_wrong_token_is_said_plainly(real_hub: RealHub) -> None:
    from tui.app import Dashboard
    from tui.link import Link
    from tui.picture import Picture

    dashboard = Dashboard(Link(real_hub.url, "wrong", Picture()))
    async with dashboard.run_test(size=(100, 30)) as pilot:
        await until(pilot, lambda: dashboard.picture.link is LinkState.REFUSED)
        await until(pilot, lambda: "THE HUB REFUSES THIS TOKEN" in shown(pilot))
