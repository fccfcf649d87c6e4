"""What is checked of a configuration before anything is run by it: schedules, alerts together, files of secrets."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from influence_graph.configuration.load import Loaded
from influence_graph.errors import InputError
from influence_graph.model.times import zone_named
from influence_graph.schedule.alerts.rules import check_rules
from influence_graph.schedule.ticks import Ticks
from influence_graph.secret_files import read_secret

_SECRETS = (
    ("neo4j", "password_file", "password"),
    ("delivery", "webhook_file", "webhook"),
    ("delivery", "secret_file", "webhook secret"),
)
"""Section and key of each file that holds a secret, and what that is."""


def check_whole(loaded: Loaded) -> None:
    """Check what no single value shows.

    Raises:
        InputError: a zone, or the times of a schedule, are none, two alerts are the same, or a file of a secret
            cannot be used.
        MissingExtra: there is a schedule, and APScheduler is not installed.
    """
    _told(loaded, ("timezone",), partial(zone_named, loaded.values.timezone))
    for name, schedule in loaded.values.schedule.items():
        _told(loaded, ("schedule", name), partial(Ticks, schedule))
    _told(loaded, ("alerts",), partial(check_rules, loaded.values.alerts))
    for section, key, what in _SECRETS:
        file: Path | None = getattr(getattr(loaded.values, section), key)
        if file is not None:
            _told(loaded, (section, key), partial(read_secret, file, what))


def _told(loaded: Loaded, path: tuple[str, ...], check: Callable[[], object]) -> None:
    """Call *check*, and tell of its error with the place of *path*."""
    try:
        check()
    except InputError as error:
        raise InputError(f"{loaded.place(path)}: {error.message}", remedy=error.remedy) from error
