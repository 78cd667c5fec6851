"""What is inside a refusal, after a look at the envelope of its dialect."""

from datetime import UTC, datetime, timedelta


def as_mira(document) -> dict:
    """The inside of a refusal in the networks API, after a look at its envelope."""
    assert set(document) == {"error"}
    error = document["error"]
    assert set(error) == {"code", "message", "details", "request_id"}
    moment = datetime.fromisoformat(error["details"]["timestamp"])
    assert error["details"]["timestamp"].endswith("Z")
    assert datetime.now(UTC) - moment < timedelta(minutes=5)
    return error


def as_companion(document) -> dict:
    """A refusal in the companion API, after a look at its envelope."""
    assert set(document) == {"error_code", "message", "details", "request_id"}
    assert isinstance(document["details"], dict)
    return document
