"""A store of a schedule in memory, its clock and its simulated schedulers; written against ``stores/base.py`` alone."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from influence_graph.errors import LockHeld
from influence_graph.model.recalculations import Recalculation
from influence_graph.schedule.clock import Clock
from influence_graph.schedule.daemon import Calculate
from influence_graph.stores.base import Lease


class Wall:
    """A clock on the wall that goes on while somebody waits, and that may be set."""

    def __init__(self, start: datetime) -> None:
        self.time = start
        self.passed = 0.0
        self.at: list[tuple[float, Callable[[], None]]] = []

    def now(self) -> datetime:
        return self.time

    def wait(self, seconds: float) -> None:
        self.time += timedelta(seconds=seconds)
        self.passed += seconds
        for due in [each for each in self.at if each[0] <= self.passed]:
            self.at.remove(due)
            due[1]()

    def set(self, by: timedelta) -> None:
        self.time += by

    def clock(self) -> Clock:
        return Clock(self.now, self.wait)


@dataclass
class MemoryStore:
    """One store for all who hold it; its own clock never changes."""

    url: str = "memory"
    wall: Wall | None = None
    records: list[Recalculation] = field(default_factory=list)
    states: dict[str, str] = field(default_factory=dict)
    leases: dict[str, Lease] = field(default_factory=dict)
    refused: int = 0
    away: Exception | None = None
    ahead: float = 0.0

    def _now(self) -> datetime:
        return (
            datetime.now(UTC)
            if self.wall is None
            else datetime(2000, 1, 1, tzinfo=UTC) + timedelta(seconds=self.wall.passed)
        )

    def _here(self) -> None:
        if self.away is not None:
            raise self.away

    def _check(self, lease: Lease | None) -> None:
        self._here()
        if lease is None:
            return
        held = self.leases.get(lease.name)
        if held is None or held.token != lease.token or held.expires_at <= self._now():
            self.refused += 1
            raise LockHeld(f"the lease {lease.name!r} has expired or passed to another process", remedy="run it again")

    @contextmanager
    def lease(self, name: str, ttl: float = 60.0) -> Iterator[Lease]:
        self._here()
        held = self.leases.get(name)
        if held is not None and held.expires_at > self._now():
            raise LockHeld(f"the lease {name!r} is held by {held.owner}", remedy="wait")
        lease = Lease(name, "somebody:1", 1 if held is None else held.token + 1, self._now() + timedelta(seconds=ttl))
        lease = replace(lease, ahead=self.ahead)
        self.leases[name] = lease
        try:
            yield lease
        finally:
            if self.leases[name].token == lease.token:
                self.leases[name] = replace(lease, expires_at=datetime.min.replace(tzinfo=UTC))

    def renew(self, lease: Lease, ttl: float = 60.0) -> Lease:
        self._check(lease)
        self.leases[lease.name] = replace(lease, expires_at=self._now() + timedelta(seconds=ttl))
        return self.leases[lease.name]

    def recalculations(self, limit: int | None = None) -> list[Recalculation]:
        self._here()
        return sorted(self.records, key=lambda each: (each.started_at, each.id), reverse=True)[:limit]

    def write_together(self, recalculation: Recalculation, results: Sequence[Any], lease: Lease | None = None) -> bool:
        self._check(lease)
        ticks = {tick for each in self.records for tick in (each.tick, *each.covers)}
        if recalculation.tick in ticks:
            return False
        self.records.append(recalculation)
        return True

    def state(self, name: str) -> Mapping[str, Any] | None:
        self._here()
        return json.loads(self.states[name]) if name in self.states else None

    def set_state(self, name: str, value: Mapping[str, Any] | None, lease: Lease | None = None) -> None:
        self._check(lease)
        if value is None:
            self.states.pop(name, None)
        else:
            self.states[name] = json.dumps(value)


def recording(store: Any, clock: Clock, during: Callable[[str], None] = lambda tick: None) -> Calculate:
    """Return a calculation that takes no time, calculates nothing and records its tick; *during* is called inside."""

    def calculate(tick: str, covers: Sequence[str], lease: Lease, check: Callable[[], None]) -> Recalculation | None:
        during(tick)
        check()
        now = clock.now()
        done = Recalculation(f"r-{now:%Y%m%dT%H%M%S%f}-{tick}", now, now, "", 0, (), {}, "0", tick, tuple(covers))
        return done if store.write_together(done, [], lease) else None

    return calculate
