"""The demo from its command line to its exit code: 0 only if all of it happened."""

import argparse
import asyncio
import tempfile
from collections.abc import Sequence
from itertools import count
from pathlib import Path
from typing import Final

from attrs import frozen

from adapters.hub.client import Hub
from adapters.hub.errors import HubError, HubUnreachable
from adapters.soundfiles.files import decode
from domain.audio.pcm import Samples
from domain.errors import MiraError
from entrypoints.configuration import WrongSetting, exit_wrong, read_settings
from entrypoints.demo.household import Household, open_household
from entrypoints.demo.hub_process import HubDidNotStart, hub_process
from entrypoints.demo.requests import Outcome, say
from entrypoints.demo.timeline import Timeline

SOUNDS: Final = Path(__file__).parents[1] / "demo_sounds"
WARM_SECONDS: Final = 180.0
POLL_SECONDS: Final = 0.2
SOON: Final = 15
"""After so many polls one is told what is waited for."""
EXAMPLES: Final = """\
examples:
  mira demo                             two shipped requests: a reminder and a calendar event
  mira demo --audio my-request.wav      your own recording, as three microphones would hear it
  mira demo --out answers               leave the spoken answers there
"""


@frozen(kw_only=True)
class Request:
    """A recording to be said to the household, and the action that it must lead to, if that is known."""

    name: str
    speech: Samples
    action: str | None


def demo(arguments: Sequence[str]) -> int:
    """Run the demo and answer the exit code."""
    parser = argparse.ArgumentParser(
        prog="mira demo",
        description="One sentence, three microphones: the main job of a hub, live.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--audio", metavar="FILE", help="a recording of your own: WAV, FLAC, OGG or MP3")
    parser.add_argument("--out", metavar="FOLDER", default="demo-output", help="where the answers are left")
    parser.add_argument("--picture", metavar="FILE.svg", help="also draw what was shown")
    chosen = parser.parse_args(list(arguments))
    show = Timeline()
    try:
        requests = [_own(Path(chosen.audio))] if chosen.audio else _shipped()
        good = asyncio.run(_run(show, requests, Path(chosen.out)))
    except (HubDidNotStart, HubUnreachable, HubError, WrongSetting, TimeoutError) as error:
        show.outcome(False, f"The demo broke off: {str(error) or 'something took too long'}")
        good = False
    except (OSError, MiraError) as error:
        return exit_wrong(WrongSetting(str(error)))
    if chosen.picture:
        show.save_picture(Path(chosen.picture))
    return 0 if good else 1


def _shipped() -> list[Request]:
    return [
        Request(name=path.name, speech=decode(path.read_bytes()).samples, action=action)
        for path, action in (
            (SOUNDS / "reminder.flac", "create_reminder"),
            (SOUNDS / "calendar.flac", "create_calendar_event"),
        )
    ]


def _own(path: Path) -> Request:
    return Request(name=path.name, speech=decode(path.read_bytes()).samples, action=None)


async def _run(show: Timeline, requests: Sequence[Request], out: Path) -> bool:
    show.title("Mira: one sentence, three microphones")
    cache = str(read_settings([]).settings.cache_folder)
    with tempfile.TemporaryDirectory(prefix="mira-demo-") as folder:
        async with hub_process(Path(folder), "--cache-dir", cache, "--log-level", "warning") as process:
            show.fact("hub", f"{process.url}, process {process.pid}, store {process.data_dir}/mira.db")
            async with Hub(process.url) as hub:
                await _warm(hub, show)
                async with open_household(hub, show) as household:
                    outcomes = [await say(show, household, each.name, each.speech) for each in requests]
                    good = await _read_back(show, household, requests, outcomes)
                    await _keep_answers(show, outcomes, out)
    show.outcome(good, "All of it happened." if good else "Not all of it happened: see above.")
    return good


async def _warm(hub: Hub, show: Timeline) -> None:
    """Wait until the hub has loaded its kernels and models."""
    async with asyncio.timeout(WARM_SECONDS):
        for polls in count():
            health = await hub.health()
            if health.status == "healthy":
                return
            if polls == SOON:
                missing = ", ".join(name for name, state in health.services.items() if state != "healthy")
                show.fact("waiting", f"for {missing}; after an update the kernels are compiled once")
            await asyncio.sleep(POLL_SECONDS)


async def _read_back(
    show: Timeline, household: Household, requests: Sequence[Request], outcomes: Sequence[Outcome]
) -> bool:
    """Read the store back through the REST API, and compare it with what the clients were told."""
    reminders = await household.owner.reminders(household.network_id)
    events = await household.owner.calendar(household.network_id)
    kept = await household.owner.interactions(household.network_id)
    show.request("read back through the REST API")
    rows = [("reminder", one.title, f"due {one.due_time:%A %d %B %Y, %H:%M} UTC") for one in reminders.items]
    rows += [("event", one.title, f"from {one.start_time:%A %d %B %Y, %H:%M} UTC") for one in events.items]
    rows += [("turn", one.text, one.processing_status) for one in reversed(kept.items)]
    show.table(("", "what", ""), rows)
    stored = {one.reminder_id for one in reminders.items} | {one.event_id for one in events.items}
    return kept.total == len(requests) and all(
        outcome.complete
        and (request.action is None or request.action in outcome.actions)
        and outcome.results <= stored
        for request, outcome in zip(requests, outcomes, strict=True)
    )


async def _keep_answers(show: Timeline, outcomes: Sequence[Outcome], out: Path) -> None:
    """Leave the spoken answers as WAV files."""
    for number, outcome in enumerate(outcomes, 1):
        if outcome.answer is not None:
            path = out / f"answer-{number}.wav"
            await asyncio.to_thread(_write, path, outcome.answer)
            show.fact("spoken", f"{path}")


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
