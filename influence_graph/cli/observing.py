"""The options that say what a scheduler logs and where it is asked how it is; else the configuration says so."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import replace
from typing import Any

import click

from influence_graph.cli.configured import configuration
from influence_graph.cli.options import FILE, several
from influence_graph.cli.output import note
from influence_graph.schedule.health import Health
from influence_graph.schedule.logs import logging_to
from influence_graph.schedule.metrics import Endpoint, Metrics
from influence_graph.schedule.observability import FORMATS, LAST_PORT, LEVELS, LogSettings, MetricsSettings
from influence_graph.schedule.observed import Observers

_LOGS, _METRICS = "log_", "metrics_"
observing_options = several(
    click.option("--log-format", type=click.Choice(FORMATS), help="Log as JSON, or for people."),
    click.option("--log-level", type=click.Choice(LEVELS), help=f"Least level.  [default: {LogSettings.level}]"),
    click.option("--log-file", type=FILE, metavar="FILE", help="Log there.  [default: standard error]"),
    click.option(
        "--metrics-port",
        type=click.IntRange(0, LAST_PORT),
        help="Answer /metrics, /health and /ready there, 0: any free port.  [default: none]",
    ),
    click.option(
        "--metrics-address",
        metavar="ADDRESS",
        help=f"At this address of the machine.  [default: {MetricsSettings.address}]",
    ),
)


def taken(options: dict[str, Any]) -> dict[str, Any]:
    """Take the options of :data:`observing_options` out of *options*; return those that are given."""
    names = [name for name in options if name.startswith((_LOGS, _METRICS))]
    values = {name: options.pop(name) for name in names}
    return {name: value for name, value in values.items() if value is not None}


def observers_of(inside: ExitStack, given: dict[str, Any]) -> Observers:
    """Return who hears of the events of a scheduler until *inside* ends.

    *given* is what :func:`taken` returned and goes before the configuration. Without any setting of logs, lines for
    people take the place of a log.

    Raises:
        InputError: the port or the file cannot be used.
        MissingExtra: the extra ``schedule`` is not installed.
    """
    values = configuration().values
    logs = replace(values.logs, **_of(_LOGS, given))
    metrics = replace(values.metrics, **_of(_METRICS, given))
    log = None if logs == LogSettings() else inside.enter_context(logging_to(logs))
    if metrics.port is None:
        return Observers(log, None, None)
    figures, health = Metrics(), Health()
    endpoint = inside.enter_context(Endpoint(metrics, figures, health))
    note(f"figures and health: http://{metrics.address}:{endpoint.port}/metrics and /health")
    return Observers(log, figures, health)


def _of(prefix: str, given: dict[str, Any]) -> dict[str, Any]:
    return {name.removeprefix(prefix): value for name, value in given.items() if name.startswith(prefix)}
