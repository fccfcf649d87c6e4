"""The clock on the wall, and waiting: what the tests of days and of changing clocks replace."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from influence_graph.ending import wait


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True)
class Clock:
    """A clock that may be set, and a way to wait.

    Attributes:
        now: Returns the time on the wall, in UTC.
        wait: Waits for so many seconds, or until this process is to end.
    """

    now: Callable[[], datetime] = _now
    wait: Callable[[float], None] = wait
