"""Whether a scheduler is well: what is amiss since when, and whether it has begun."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from influence_graph.text import one_line, without_credentials


@dataclass(frozen=True)
class Reason:
    """Why a scheduler is not well.

    Attributes:
        part: What is amiss, such as ``"store"``.
        why: In a sentence without ids of people: anybody who reaches the endpoint reads it.
        since: Since when, in UTC.
    """

    part: str
    why: str
    since: datetime


class Health:
    """What is amiss in one scheduler; every thread may tell and ask.

    Args:
        monotonic: Seconds that never go back, for signs of life.
        now: The time in UTC.
    """

    def __init__(
        self,
        monotonic: Callable[[], float] = time.monotonic,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._monotonic, self._now = monotonic, now
        self._lock = threading.Lock()
        self._reasons: dict[str, Reason] = {}
        self._alive_until: float | None = None
        self._is_ready = False

    def degrade(self, part: str, why: str) -> None:
        """Say that *part* is amiss; the time since when stays that of the first call."""
        with self._lock:
            since = self._reasons[part].since if part in self._reasons else self._now()
            self._reasons[part] = Reason(part, one_line(without_credentials(why)), since)

    def recover(self, part: str) -> None:
        """Say that *part* is well again, or as before."""
        with self._lock:
            self._reasons.pop(part, None)

    def beat(self, within: float) -> None:
        """Give a sign of life; the next one must come *within* so many seconds, or the loop is taken for stuck."""
        with self._lock:
            self._alive_until = self._monotonic() + within

    def begin(self) -> None:
        """Say that the scheduler has begun: from now on it is ready."""
        self._is_ready = True

    def stop(self) -> None:
        """Say that the scheduler stops: it is ready no more."""
        self._is_ready = False

    @property
    def is_ready(self) -> bool:
        """Whether the scheduler has begun and does not stop."""
        return self._is_ready

    def reasons(self) -> tuple[Reason, ...]:
        """Return what is amiss, by part; nothing: all is well."""
        with self._lock:
            found = dict(self._reasons)
            late = 0.0 if self._alive_until is None else self._monotonic() - self._alive_until
        if late > 0:
            found["loop"] = Reason("loop", f"no sign of life for {late:.0f} s beyond its time", self._now())
        return tuple(found[part] for part in sorted(found))
