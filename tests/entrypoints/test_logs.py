"""One line an event, which shows nothing that was said and no secret."""

import json
import logging
import subprocess
import sys
from pathlib import Path

import pytest

import domain
from tests.patience import PATIENCE

ROOT = Path(domain.__file__).parents[1]
TROUBLE = """
import logging, structlog, sys
from entrypoints.logs import set_up_logs
set_up_logs({level!r}, as_json={as_json})
log = structlog.get_logger("tests")
log.debug("debugging", code="D")
log.info("a plain event", code="OK", network="net_1")
def fail(transcript, token):
    held = transcript + token
    raise ZeroDivisionError("it broke")
try:
    fail("call the doctor", "tok_s3cret")
except ZeroDivisionError:
    log.exception("something broke", network="net_1")
logging.getLogger("a.library").info("chatter of a library")
logging.getLogger("a.library").warning("warning of a library")
"""


def logged(level: str, *, as_json: bool) -> list[str]:
    """What a process writes to its logs, by line."""
    code = TROUBLE.format(level=level, as_json=as_json)
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, check=True, capture_output=True, text=True, timeout=PATIENCE
    )
    assert done.stdout == ""
    return done.stderr.splitlines()


@pytest.mark.parametrize("as_json", [True, False])
def test_a_traceback_shows_where_and_never_what_was_said(as_json: bool) -> None:
    text = "\n".join(logged("info", as_json=as_json))
    assert "ZeroDivisionError" in text
    assert "it broke" in text
    assert "call the doctor" not in text.replace('fail("call the doctor", "tok_s3cret")', "")
    assert "s3cret" not in text.replace('fail("call the doctor", "tok_s3cret")', "")


def test_for_machines_every_event_is_one_line_of_json() -> None:
    lines = logged("info", as_json=True)
    events = [json.loads(line) for line in lines if line.startswith("{")]
    assert [event["event"] for event in events] == ["a plain event", "something broke"]
    assert events[0] | {"timestamp": ""} == {
        "code": "OK",
        "network": "net_1",
        "level": "info",
        "event": "a plain event",
        "timestamp": "",
    }
    assert events[0]["timestamp"].endswith("Z")
    assert events[1]["exception"][0]["exc_type"] == "ZeroDivisionError"


def test_for_people_an_event_is_a_line_with_its_fields() -> None:
    (line,) = [line for line in logged("info", as_json=False) if "a plain event" in line]
    assert "info" in line
    assert "net_1" in line
    assert "\x1b" not in line


@pytest.mark.parametrize(
    ("level", "shown"),
    [
        ("debug", {"debugging", "a plain event", "something broke", "warning of a library"}),
        ("info", {"a plain event", "something broke", "warning of a library"}),
        ("warning", {"something broke", "warning of a library"}),
        ("error", {"something broke"}),
    ],
)
def test_a_level_hides_what_is_below_it_and_libraries_only_warn(level: str, shown: set[str]) -> None:
    text = "\n".join(logged(level, as_json=True))
    everything = {
        "debugging",
        "a plain event",
        "something broke",
        "warning of a library",
        "chatter of a library",
    }
    assert {event for event in everything if event in text} == shown


def test_every_level_that_can_be_set_is_known_to_the_library() -> None:
    assert {"DEBUG", "INFO", "WARNING", "ERROR"} <= set(logging.getLevelNamesMapping())
