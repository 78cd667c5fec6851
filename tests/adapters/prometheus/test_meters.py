"""Figures, as a reader of Prometheus' format sees them."""

from hypothesis import given
from hypothesis import strategies as st
from prometheus_client.parser import text_string_to_metric_families

from adapters.prometheus.meters import PrometheusMeters


def figures(meters: PrometheusMeters) -> dict[tuple[str, ...], float]:
    """Every sample by its name and the values of its labels, in the order of their names."""
    readings = meters.read()
    assert readings.media_type.startswith("text/plain; version=")
    return {
        (sample.name, *(value for _, value in sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(readings.content.decode())
        for sample in family.samples
    }


def test_requests_are_counted_and_timed() -> None:
    meters = PrometheusMeters()
    for seconds in (0.001, 0.3):
        meters.request(dialect="mira", route="/a", method="GET", status=200, seconds=seconds)
    meters.request(dialect="mira", route="/a", method="GET", status=404, seconds=0.1)
    found = figures(meters)
    assert found["mira_requests_total", "mira", "GET", "/a", "200"] == 2
    assert found["mira_requests_total", "mira", "GET", "/a", "404"] == 1
    assert found["mira_request_seconds_count", "mira", "/a"] == 3
    assert found["mira_request_seconds_bucket", "mira", "0.002", "/a"] == 1
    assert found["mira_request_seconds_bucket", "mira", "0.5", "/a"] == 3


def test_sound_choices_turns_and_refusals_are_counted() -> None:
    meters = PrometheusMeters()
    meters.sound_taken(0.25)
    meters.sound_taken(0.5)
    meters.sound_dropped()
    meters.selection("only_stream", changed=False)
    meters.selection("better_stream", changed=True)
    meters.turn("completed", {"total": 400.0, "reply": 40.0})
    meters.refusal("api_requests_per_hour")
    found = figures(meters)
    assert found["mira_audio_seconds_total",] == 0.75
    assert found["mira_audio_frames_dropped_total",] == 1
    assert found["mira_arbitration_selections_total", "only_stream"] == 1
    assert found["mira_arbitration_changes_total",] == 1
    assert found["mira_turns_total", "completed"] == 1
    assert found["mira_turn_stage_seconds_sum", "total"] == 0.4
    assert found["mira_limited_total", "api_requests_per_hour"] == 1


def test_counters_are_there_before_anything_happens() -> None:
    found = figures(PrometheusMeters())
    assert found["mira_audio_frames_dropped_total",] == 0
    assert found["mira_audio_seconds_total",] == 0
    assert found["mira_arbitration_changes_total",] == 0


def test_depths_are_asked_for_when_figures_are_read() -> None:
    meters, waiting = PrometheusMeters(), [1]
    meters.watch("typed_turns", lambda: len(waiting))
    assert figures(meters)["mira_queue_depth", "typed_turns"] == 1
    waiting.clear()
    assert figures(meters)["mira_queue_depth", "typed_turns"] == 0


@given(changes=st.lists(st.sampled_from(["mira", "companion"]), max_size=20))
def test_open_sockets_are_those_that_opened_and_did_not_end(changes: list[str]) -> None:
    meters = PrometheusMeters()
    for protocol in changes:
        meters.socket(protocol, 1)
    for protocol in changes[::2]:
        meters.socket(protocol, -1)
    found = figures(meters)
    for protocol in set(changes):
        left = changes.count(protocol) - changes[::2].count(protocol)
        assert found["mira_sockets", protocol] == left
        assert found["mira_sockets_opened_total", protocol] == changes.count(protocol)


def test_two_hubs_in_a_process_do_not_mix() -> None:
    first, second = PrometheusMeters(), PrometheusMeters()
    first.sound_dropped()
    assert figures(second)["mira_audio_frames_dropped_total",] == 0
