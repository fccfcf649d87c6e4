"""Figures of a scheduler for Prometheus, and the small server that gives them and says how the scheduler is.

Names, types and units follow https://prometheus.io/docs/practices/naming/. Labels are names of schedules, kinds of
results and fixed words: nothing that grows with the data, and nobody's id.
"""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Callable, Mapping
from datetime import datetime
from enum import StrEnum
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any

from influence_graph.errors import InputError, MissingExtra
from influence_graph.model.recalculations import Outcome, Recalculation
from influence_graph.schedule.health import Health
from influence_graph.schedule.observability import MetricsSettings
from influence_graph.schedule.retention import ERASED
from influence_graph.version import __version__

_PREFIX = "influence_graph"
_SECONDS = (0.1, 0.3, 1, 3, 10, 30, 100, 300, 1000, 3000, 10_000)
"""Bounds of the buckets of durations."""


class TickOutcome(StrEnum):
    """What became of a scheduled time."""

    DONE = "done"  # took effect here
    COVERED = "covered"  # missed, and taken along by a later one
    ELSEWHERE = "elsewhere"  # another scheduler had let it take effect
    FAILED = "failed"  # will be tried again, or taken along


class AlertOutcome(StrEnum):
    """What became of an alert."""

    RAISED = "raised"
    DELIVERED = "delivered"
    FAILED = "failed"  # an attempt that did not arrive


class Metrics:
    """Figures of one scheduler, in a registry of its own; every thread may count.

    Args:
        clock: Seconds since 1970, for what is measured from now: the lag.

    Raises:
        MissingExtra: prometheus_client is not installed.
    """

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        prometheus = _prometheus()
        self._prometheus, self._clock = prometheus, clock
        self.registry = prometheus.CollectorRegistry()
        self._due: dict[str, float | None] = {}
        with_registry = {"namespace": _PREFIX, "registry": self.registry}

        def counter(name: str, help_: str, *labels: str) -> Any:  # noqa: ANN401
            return prometheus.Counter(name, help_, labels, **with_registry)

        def gauge(name: str, help_: str, *labels: str) -> Any:  # noqa: ANN401
            return prometheus.Gauge(name, help_, labels, **with_registry)

        self._ticks = counter("ticks", "Scheduled times, by what became of them.", "schedule", "outcome")
        self._success = gauge("last_success_timestamp_seconds", "When a tick last took effect here.", "schedule")
        self._lag = gauge("lag_seconds", "Age of the oldest scheduled time without effect, else 0.", "schedule")
        self._steps = counter("steps", "Steps of recalculations, by what was done.", "step", "outcome", "method")
        self._seconds = prometheus.Histogram(
            "step_seconds", "Duration of calculated steps.", ("step",), buckets=_SECONDS, **with_registry
        )
        self._memory = gauge("step_memory_bytes", "Peak resident memory by the end of the last such step.", "step")
        self._rows = counter("ingested_rows", "Rows of the inbox that were stored or known.")
        self._rejects = counter("rejected_rows", "Rows of the inbox that were kept aside.")
        self._files = counter("inbox_files", "Files of the inbox, by where they went.", "outcome")
        self._alerts = counter("alerts", "Alerts raised, delivered, and attempts that failed.", "outcome")
        self._erased = counter("erased_records", "Records erased by their age.", "kind")
        self._undelivered = gauge("alerts_undelivered", "Alerts that wait for delivery.")
        self._lease = gauge("lease_held", "1 where this scheduler holds the lease, else 0.")
        self._losses = counter("lease_losses", "Leases that ended while they were held.")
        gauge("info", "1; the version of the program.", "version").labels(__version__).set(1)
        prometheus.ProcessCollector(registry=self.registry)
        self._prepare()

    def tick(self, schedule: str, outcome: TickOutcome, count: int = 1) -> None:
        """Count what became of *count* scheduled times of *schedule*."""
        self._ticks.labels(schedule, outcome).inc(count)
        if outcome is TickOutcome.DONE:
            self._success.labels(schedule).set(self._clock())

    def due(self, schedule: str, since: datetime | None) -> None:
        """Say which scheduled time of *schedule* is the oldest that has not taken effect; None: there is none."""
        if schedule not in self._due:
            self._lag.labels(schedule).set_function(lambda: self.lag(schedule))
            for outcome in TickOutcome:
                self._ticks.labels(schedule, outcome)
        self._due[schedule] = None if since is None else since.timestamp()

    def lag(self, schedule: str) -> float:
        """Return the age in seconds of the oldest scheduled time of *schedule* that has not taken effect, else 0."""
        since = self._due.get(schedule)
        return 0.0 if since is None else max(self._clock() - since, 0.0)

    def recalculated(self, recalculation: Recalculation) -> None:
        """Count the steps of *recalculation*, with their seconds and memory."""
        for step in recalculation.steps:
            self._steps.labels(step.kind, step.outcome, step.method).inc()
            if step.outcome is Outcome.CALCULATED:
                self._seconds.labels(step.kind).observe(step.seconds)
                self._memory.labels(step.kind).set(step.memory)

    def ingested(self, rows: int, rejects: int, *, failed: bool = False) -> None:
        """Count a file of the inbox with its good and bad rows, and whether it went to ``failed``."""
        self._rows.inc(rows)
        self._rejects.inc(rejects)
        self._files.labels("failed" if failed else "done").inc()

    def alert(self, outcome: AlertOutcome, count: int = 1) -> None:
        """Count *count* alerts, or attempts to deliver them."""
        self._alerts.labels(outcome).inc(count)

    def erased(self, records: Mapping[str, int]) -> None:
        """Count *records*, by kind, that were erased because they were too old."""
        for kind, number in records.items():
            self._erased.labels(kind).inc(number)

    def undelivered(self, count: int) -> None:
        """Say how many alerts wait for delivery."""
        self._undelivered.set(count)

    def lease(self, held: bool, lost: bool = False) -> None:
        """Say whether this scheduler holds the lease; *lost*: it ended while it was held."""
        self._lease.set(held)
        if lost:
            self._losses.inc()

    def text(self, accept: str = "") -> tuple[bytes, str]:
        """Return all figures in the format that the header *accept* asks for, and its content type."""
        encode, content_type = self._prometheus.exposition.choose_encoder(accept)
        return encode(self.registry), content_type

    def _prepare(self) -> None:
        """Let what has not happened yet be 0, not absent: rates and alerts of Prometheus need that."""
        for outcome in AlertOutcome:
            self._alerts.labels(outcome)
        for kind in ERASED:
            self._erased.labels(kind)
        for place in ("done", "failed"):
            self._files.labels(place)


class Endpoint(ThreadingHTTPServer):
    """Answers ``/metrics``, ``/health`` and ``/ready`` in a thread of its own from ``with`` on, until that ends.

    Args:
        settings: Where; a port must be stated.
        metrics: What ``/metrics`` gives.
        health: What ``/health`` and ``/ready`` give.

    Raises:
        InputError: the port is taken, or the address is not of this machine.
    """

    daemon_threads, block_on_close = True, False

    def __init__(self, settings: MetricsSettings, metrics: Metrics, health: Health) -> None:
        self.metrics, self.health = metrics, health
        self.address_family = socket.AF_INET6 if ":" in settings.address else socket.AF_INET
        try:
            super().__init__((settings.address, settings.port or 0), _Handler)
        except OSError as error:
            raise InputError(
                f"port {settings.port} of {settings.address} cannot be listened on: {error.strerror}",
                remedy="name another port or address in [metrics], or with --metrics-port",
            ) from error
        self._thread = threading.Thread(target=self.serve_forever, args=(0.1,), name="endpoint", daemon=True)

    @property
    def port(self) -> int:
        """The port that it listens at."""
        return int(self.server_address[1])

    def __enter__(self) -> Endpoint:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.shutdown()
        self.server_close()
        self._thread.join()

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing of whoever hung up."""


class _Handler(BaseHTTPRequestHandler):
    """Answers GET and HEAD of three paths."""

    server: Endpoint
    server_version, sys_version = "influence-graph", ""
    timeout = 10

    def do_GET(self) -> None:
        """Answer with figures, or with how the scheduler is."""
        answer = {"/metrics": self._metrics, "/health": self._health, "/ready": self._ready}.get(
            self.path.partition("?")[0]
        )
        status, content, content_type = answer() if answer else (HTTPStatus.NOT_FOUND, b"", "text/plain")
        self.send_response(status)
        for name, value in {
            "Content-Type": content_type,
            "Content-Length": str(len(content)),
            "Cache-Control": "no-store",
            "X-Content-Type-Options": "nosniff",
        }.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    do_HEAD = do_GET  # noqa: N815 - the name that http.server calls

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - as in http.server
        """Keep no log: whoever asks every few seconds would fill it."""

    def _metrics(self) -> tuple[HTTPStatus, bytes, str]:
        content, content_type = self.server.metrics.text(self.headers.get("Accept", ""))
        return HTTPStatus.OK, content, content_type

    def _health(self) -> tuple[HTTPStatus, bytes, str]:
        reasons = [
            {"part": each.part, "why": each.why, "since": each.since.isoformat(timespec="seconds")}
            for each in self.server.health.reasons()
        ]
        status = HTTPStatus.SERVICE_UNAVAILABLE if reasons else HTTPStatus.OK
        return _json(status, {"status": "degraded" if reasons else "ok", "reasons": reasons, "version": __version__})

    def _ready(self) -> tuple[HTTPStatus, bytes, str]:
        is_ready = self.server.health.is_ready
        return _json(HTTPStatus.OK if is_ready else HTTPStatus.SERVICE_UNAVAILABLE, {"ready": is_ready})


def _json(status: HTTPStatus, content: dict[str, Any]) -> tuple[HTTPStatus, bytes, str]:
    return status, json.dumps(content, ensure_ascii=False).encode() + b"\n", "application/json"


def _prometheus() -> Any:  # noqa: ANN401 - a module
    try:
        import prometheus_client
    except ImportError as error:
        raise MissingExtra(
            "figures are kept by prometheus-client, which is not installed",
            remedy='pip install "influence-graph[schedule]"',
        ) from error
    return prometheus_client
