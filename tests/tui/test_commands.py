"""What the dashboard shows, for scripts: on a real hub, with the exit codes that they go by."""

import asyncio
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import orjson
import pytest

from adapters.hub import Hub
from entrypoints.asking import clients, networks, status, tail
from entrypoints.dashboard import SCREENS, tui
from tests.tui.conftest import RealHub
from tests.tui.test_journeys import fresh

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("dashboard")]
NOBODY = ["--url", "http://127.0.0.1:1", "--token", "any"]
Command = Callable[[Sequence[str]], int]


def reached(hub: RealHub) -> list[str]:
    return ["--url", hub.url, "--token", hub.token]


def told(command: Command, arguments: Sequence[str], capsys: pytest.CaptureFixture[str]) -> list[object]:
    """The JSON lines of a command that ends well."""
    assert command([*arguments, "--json"]) == 0
    return [orjson.loads(line) for line in capsys.readouterr().out.splitlines()]


@pytest.mark.parametrize("command", [status, networks, clients, tail])
def test_exit_codes_tell_silence_from_refusal(
    real_hub: RealHub, command: Command, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command(NOBODY) == 3
    assert "does not answer" in capsys.readouterr().err
    assert command(["--url", real_hub.url, "--token", "wrong"]) == 2
    assert "UNAUTHORIZED" in capsys.readouterr().err


def test_a_picture_of_nobody_is_told_by_its_exit_code(real_hub: RealHub, tmp_path: Path) -> None:
    drawing = ["--screenshot", str(tmp_path / "health.svg")]
    assert tui([*NOBODY, *drawing]) == 3
    assert tui(["--url", real_hub.url, "--token", "wrong", *drawing]) == 2
    assert tui([*reached(real_hub), "--screenshot", str(tmp_path / "no" / "health.svg")]) == 2


@pytest.mark.parametrize("screen", SCREENS)
def test_every_screen_is_drawn_without_a_terminal(real_hub: RealHub, tmp_path: Path, screen: str) -> None:
    file = tmp_path / f"{screen}.svg"
    drawing = ["--screen", screen, "--screenshot", str(file), "--size", "100x30", "--after", "0"]
    assert tui([*reached(real_hub), *drawing]) == 0
    assert screen.capitalize() in file.read_text()


def test_networks_clients_and_how_the_hub_is(real_hub: RealHub, capsys: pytest.CaptureFixture[str]) -> None:
    name = fresh("Greenhouse")

    async def prepared() -> str:
        async with Hub(real_hub.url, real_hub.token) as hub:
            home = await hub.create_network(name)
            await hub.register_client(home.network_id, "hose", "sensor")
            return home.network_id

    network_id = asyncio.run(prepared())
    (network,) = told(networks, [*reached(real_hub), "--search", name], capsys)
    assert (network["name"], network["counts"]["clients"]) == (name, 1)
    (client,) = told(clients, [*reached(real_hub), "--network", network_id], capsys)
    assert (client["client_id"], client["connected"]) == ("hose", False)
    assert told(clients, [*reached(real_hub), "--network", network_id, "--online"], capsys) == []
    assert status([*reached(real_hub), "--json"]) in {0, 1}
    found = orjson.loads(capsys.readouterr().out)
    assert found["services"]["database"] == "healthy"
    assert [one["name"] for one in found["instances"]] == [found["instance"]]


async def test_tail_tells_what_happens_as_json_and_ends_after_so_many(real_hub: RealHub) -> None:
    tailing = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "entrypoints.main", "tail", "--json", "--only", "fact", "--count", "2"),
        *reached(real_hub),
        stdout=asyncio.subprocess.PIPE,
    )
    async with Hub(real_hub.url, real_hub.token) as hub:
        while tailing.returncode is None:
            await hub.create_network(fresh("Tail"))
            await asyncio.wait([asyncio.ensure_future(tailing.wait())], timeout=0.5)
    assert tailing.returncode == 0
    assert tailing.stdout is not None
    lines = (await tailing.stdout.read()).splitlines()
    facts = [orjson.loads(line) for line in lines]
    assert [(fact["type"], fact["name"]) for fact in facts] == [("fact", "network_created")] * 2


@pytest.mark.parametrize("wrong", [["--count", "0"], ["--count", "many"]])
def test_a_count_is_at_least_one(wrong: list[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        tail(wrong)
    assert stopped.value.code == 2
