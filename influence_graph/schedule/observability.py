"""What `[logs]` and `[metrics]` of the configuration say: where a scheduler's log goes, and where it can be asked."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from influence_graph.errors import InputError
from influence_graph.text import did_you_mean

LEVELS = ("debug", "info", "warning", "error")
FORMATS = ("json", "console")
LAST_PORT = 65_535


@dataclass(frozen=True)
class LogSettings:
    """What is logged, and where.

    Attributes:
        level: The least level that is logged: ``"debug"``, ``"info"``, ``"warning"`` or ``"error"``.
        format: ``"json"``, an object per line, or ``"console"``; None: console on a terminal, else JSON.
        file: Where lines are added (made with mode 0600, opened anew after it was moved away); None: standard error.

    Raises:
        InputError: there is no such level or format.
    """

    level: str = "info"
    format: str | None = None
    file: Path | None = None

    def __post_init__(self) -> None:
        _require("level", self.level, LEVELS)
        if self.format is not None:
            _require("format", self.format, FORMATS)


@dataclass(frozen=True)
class MetricsSettings:
    """Where a scheduler answers ``/metrics`` (for Prometheus), ``/health`` and ``/ready``.

    Attributes:
        port: TCP port, 0 to 65535, 0: any free one; None: nothing is answered.
        address: Address of this machine to listen at; the default is reached from this machine alone.

    Raises:
        InputError: the port is out of these limits.
    """

    port: int | None = None
    address: str = "127.0.0.1"

    def __post_init__(self) -> None:
        if self.port is not None and not 0 <= self.port <= LAST_PORT:
            raise InputError(f"port is {self.port}, must be 0 to {LAST_PORT}", remedy="9464 is a usual one")


def _require(name: str, value: str, allowed: tuple[str, ...]) -> None:
    if value not in allowed:
        remedy = did_you_mean(value, allowed, f"use {' or '.join(allowed)}")
        raise InputError(f"{name} is {value!r}, must be one of {', '.join(allowed)}", remedy=remedy)
