"""Figures and health of a scheduler, as who asks for them gets them."""

from __future__ import annotations

import json
import socket
import sys
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from prometheus_client.parser import text_string_to_metric_families

from influence_graph.errors import InputError, MissingExtra
from influence_graph.model.recalculations import Outcome, Recalculation, Step
from influence_graph.schedule.health import Health
from influence_graph.schedule.metrics import AlertOutcome, Endpoint, Metrics, TickOutcome
from influence_graph.schedule.observability import MetricsSettings

NOW = datetime(2026, 11, 29, 2, 0, tzinfo=UTC)


class Clock:
    def __init__(self) -> None:
        self.seconds = NOW.timestamp()

    def __call__(self) -> float:
        return self.seconds

    def now(self) -> datetime:
        return datetime.fromtimestamp(self.seconds, UTC)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def metrics(clock: Clock) -> Metrics:
    return Metrics(clock)


@pytest.fixture
def health(clock: Clock) -> Health:
    return Health(clock, clock.now)


@pytest.fixture
def endpoint(metrics: Metrics, health: Health) -> Iterator[Endpoint]:
    with Endpoint(MetricsSettings(port=0), metrics, health) as opened:
        yield opened


def ask(endpoint: Endpoint, path: str, method: str = "GET") -> tuple[int, str, str]:
    request = urllib.request.Request(f"http://127.0.0.1:{endpoint.port}{path}", method=method)
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return answer.status, answer.read().decode(), answer.headers["Content-Type"]
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode(), error.headers["Content-Type"]


def samples(metrics: Metrics) -> dict[tuple[str, ...], float]:
    """Return all figures by name and the values of their labels, these in the order of the labels' names."""
    found = {}
    for family in text_string_to_metric_families(metrics.text()[0].decode()):
        for sample in family.samples:
            labels = (value for _, value in sorted(sample.labels.items()))
            found[sample.name.removeprefix("influence_graph_"), *labels] = sample.value
    return found


def recalculation() -> Recalculation:
    steps = (
        Step("rank", Outcome.CALCULATED, "incremental", "1 % new", "d", "run-1", 2.5, 100_000_000),
        Step("score", Outcome.UNCHANGED, run="run-2"),
        Step("reach", Outcome.SKIPPED, why="no ties"),
    )
    return Recalculation("r1", NOW, NOW, "ledger", 10, steps, {"rank": "run-1"}, "0.1.0")


def test_what_happened_is_counted(metrics: Metrics, clock: Clock) -> None:
    metrics.due("nightly", NOW - timedelta(hours=1))
    assert samples(metrics)["lag_seconds", "nightly"] == 3600
    clock.seconds += 60
    assert samples(metrics)["lag_seconds", "nightly"] == 3660
    metrics.tick("nightly", TickOutcome.DONE)
    metrics.tick("nightly", TickOutcome.COVERED, 3)
    metrics.due("nightly", None)
    metrics.recalculated(recalculation())
    metrics.recalculated(recalculation())
    metrics.ingested(100, 2)
    metrics.ingested(0, 5, failed=True)
    metrics.alert(AlertOutcome.RAISED, 2)
    metrics.undelivered(2)
    found = samples(metrics)
    assert found["ticks_total", "done", "nightly"] == 1
    assert found["ticks_total", "covered", "nightly"] == 3
    assert found["ticks_total", "failed", "nightly"] == 0
    assert found["last_success_timestamp_seconds", "nightly"] == clock.seconds
    assert found["lag_seconds", "nightly"] == 0
    assert found["steps_total", "incremental", "calculated", "rank"] == 2
    assert found["steps_total", "", "skipped", "reach"] == 2
    assert found["step_seconds_sum", "rank"] == 5
    assert found["step_seconds_bucket", "3.0", "rank"] == 2
    assert ("step_seconds_count", "score") not in found
    assert found["step_memory_bytes", "rank"] == 100_000_000
    assert (found["ingested_rows_total",], found["rejected_rows_total",]) == (100, 7)
    assert (found["inbox_files_total", "done"], found["inbox_files_total", "failed"]) == (1, 1)
    assert (found["alerts_total", "raised"], found["alerts_total", "delivered"]) == (2, 0)
    assert found["alerts_undelivered",] == 2
    assert found["process_resident_memory_bytes",] > 1e6


def test_the_lease_is_held_or_not_and_its_losses_are_counted(metrics: Metrics) -> None:
    for held, lost, expected in ((False, False, (0, 0)), (True, False, (1, 0)), (False, True, (0, 1))):
        metrics.lease(held, lost)
        assert (samples(metrics)["lease_held",], samples(metrics)["lease_losses_total",]) == expected


def test_two_schedulers_of_one_process_count_apart(metrics: Metrics) -> None:
    other = Metrics()
    other.ingested(5, 0)
    assert samples(metrics)["ingested_rows_total",] == 0


def test_prometheus_is_answered_in_the_format_that_it_asks_for(endpoint: Endpoint) -> None:
    status, text, content_type = ask(endpoint, "/metrics")
    assert (status, content_type.partition(";")[0]) == (200, "text/plain")
    assert "influence_graph_lease_held 0.0" in text
    request = urllib.request.Request(
        f"http://127.0.0.1:{endpoint.port}/metrics", headers={"Accept": "application/openmetrics-text; version=1.0.0"}
    )
    with urllib.request.urlopen(request, timeout=10) as answer:
        assert answer.read().endswith(b"# EOF\n")


def test_health_is_ok_or_says_what_is_amiss_since_when(endpoint: Endpoint, health: Health, clock: Clock) -> None:
    status, text, _ = ask(endpoint, "/health")
    assert (status, json.loads(text)["status"], json.loads(text)["reasons"]) == (200, "ok", [])
    health.degrade("store", "no answer at bolt://ann:secret@host:1\n")
    clock.seconds += 60
    health.degrade("store", "no answer at bolt://ann:secret@host:1 for a minute")
    health.degrade("inbox", "2 files failed")
    status, text, _ = ask(endpoint, "/health")
    found = json.loads(text)
    assert (status, found["status"]) == (503, "degraded")
    assert found["reasons"] == [
        {"part": "inbox", "why": "2 files failed", "since": "2026-11-29T02:01:00+00:00"},
        {"part": "store", "why": "no answer at bolt://…@host:1 for a minute", "since": "2026-11-29T02:00:00+00:00"},
    ]
    health.recover("store")
    health.recover("inbox")
    health.recover("never amiss")
    assert ask(endpoint, "/health")[0] == 200


def test_a_loop_that_gives_no_sign_of_life_is_not_well(health: Health, clock: Clock) -> None:
    health.beat(within=30)
    clock.seconds += 29
    assert health.reasons() == ()
    clock.seconds += 11
    assert [(each.part, each.why) for each in health.reasons()] == [
        ("loop", "no sign of life for 10 s beyond its time")
    ]
    health.beat(within=30)
    assert health.reasons() == ()


def test_ready_from_the_beginning_to_the_stop(endpoint: Endpoint, health: Health) -> None:
    assert ask(endpoint, "/ready")[0] == 503
    health.begin()
    assert ask(endpoint, "/ready")[:2] == (200, '{"ready": true}\n')
    health.stop()
    assert ask(endpoint, "/ready")[0] == 503


def test_other_paths_and_methods_change_nothing(endpoint: Endpoint) -> None:
    assert ask(endpoint, "/")[0] == 404
    assert ask(endpoint, "/../etc/passwd")[0] == 404
    assert ask(endpoint, "/metrics?name[]=x")[0] == 200
    assert ask(endpoint, "/health", "HEAD")[:2] == (200, "")
    assert ask(endpoint, "/health", "POST")[0] == 501


def test_it_stops_while_somebody_holds_a_connection_and_leaves_no_thread(metrics: Metrics, health: Health) -> None:
    before = threading.active_count()
    with (
        Endpoint(MetricsSettings(port=0), metrics, health) as endpoint,
        socket.create_connection(("127.0.0.1", endpoint.port)) as idle,
    ):
        idle.sendall(b"GET /health")
        port = endpoint.port
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port), timeout=5)
    assert "endpoint" not in {thread.name for thread in threading.enumerate()}
    assert threading.active_count() <= before + 1  # the thread of that connection ends with its time


def test_a_port_that_is_taken_or_an_address_of_others_is_one_line(
    endpoint: Endpoint, metrics: Metrics, health: Health
) -> None:
    with pytest.raises(InputError, match=r"port \d+ of 127.0.0.1 cannot be listened on: Address already in use; name"):
        Endpoint(MetricsSettings(port=endpoint.port), metrics, health)
    with pytest.raises(InputError, match="cannot be listened on"):
        Endpoint(MetricsSettings(port=0, address="192.0.2.1"), metrics, health)
    with pytest.raises(InputError, match="port is 65536, must be 0 to 65535; 9464 is a usual one"):
        MetricsSettings(port=65536)


def test_without_prometheus_client_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "prometheus_client", None)
    with pytest.raises(MissingExtra, match=r"influence-graph\[schedule\]"):
        Metrics()
