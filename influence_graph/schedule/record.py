"""What a store knows of its schedulers: who runs which schedule, what is next, and what became of the last ticks.

It is kept by ``set_state`` under ``scheduler/NAME``, the names under ``schedulers``. That a tick took effect is not
read here but from the recalculations, which are written in one transaction with it.
"""

from __future__ import annotations

import os
import socket
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

from influence_graph.model.parameters import ScheduleParameters, recorded
from influence_graph.stores.base import Lease, Reader, Store

NAMES = "schedulers"
BEAT_SECONDS = 60.0
"""How often a scheduler says that it runs."""
SILENT_SECONDS = 3 * BEAT_SECONDS
"""After how long without a word a scheduler is taken for one that does not run."""
_KEPT_TICKS = 50
_KEPT_OWNERS = timedelta(days=7)


class Became(StrEnum):
    """What became of a tick."""

    DONE = "done"
    ELSEWHERE = "elsewhere"  # another scheduler has carried it out
    FAILED = "failed"  # the next one stands for it, too


@dataclass(frozen=True)
class TickReport:
    """What became of one tick.

    Attributes:
        tick: Its identity, ``NAME@TIME``.
        became: Done, done elsewhere or failed.
        at: When that was.
        seconds: How long it took, ≥ 0.
        covers: How many missed ticks it stands for, too.
        owner: Who reports it, as ``HOST:PID``.
        recalculation: Id of the recalculation; "" without one.
        why: The error, without what may be the id of a person; "" without one.
    """

    tick: str
    became: Became
    at: datetime
    seconds: float
    covers: int
    owner: str
    recalculation: str = ""
    why: str = ""


@dataclass(frozen=True)
class Runner:
    """A scheduler as it last said of itself.

    Attributes:
        owner: Who it is, as ``HOST:PID``.
        since: When it started.
        seen: When it last said that it runs.
        next: The tick it waits for; None where there is none.
    """

    owner: str
    since: datetime
    seen: datetime
    next: datetime | None

    def runs(self, now: datetime) -> bool:
        """Return whether it runs, as far as can be told here: its process, on this machine; else its last word."""
        host, _, process = self.owner.rpartition(":")
        if host == socket.gethostname() and not _exists(int(process)):
            return False
        return (now - self.seen).total_seconds() <= SILENT_SECONDS


@dataclass(frozen=True)
class Known:
    """What a store knows of one schedule.

    Attributes:
        name: Its name.
        begun: When a scheduler of it first started: earlier ticks are none.
        schedule: Its parameters as JSON values.
        runners: The schedulers that have not said that they ended.
        ticks: What became of the last ticks, latest first.
        counts: How often ticks became what, by :class:`Became`.
    """

    name: str
    begun: datetime
    schedule: Mapping[str, Any] = field(default_factory=dict)
    runners: tuple[Runner, ...] = ()
    ticks: tuple[TickReport, ...] = ()
    counts: Mapping[str, int] = field(default_factory=dict)

    def with_runner(self, runner: Runner) -> Known:
        """Return this with what *runner* says, without those that were silent for a week."""
        others = [
            each for each in self.runners if each.owner != runner.owner and runner.seen - each.seen < _KEPT_OWNERS
        ]
        return replace(self, runners=(*others, runner))

    def without_runner(self, owner: str) -> Known:
        """Return this without the scheduler *owner*."""
        return replace(self, runners=tuple(each for each in self.runners if each.owner != owner))

    def with_tick(self, report: TickReport) -> Known:
        """Return this with *report*."""
        counts = {**self.counts, report.became: self.counts.get(report.became, 0) + 1}
        return replace(self, ticks=(report, *self.ticks)[:_KEPT_TICKS], counts=counts)


def known(view: Reader, name: str) -> Known | None:
    """Return what the store knows of the schedule *name*; None: nothing."""
    state = view.state(_key(name))
    return None if state is None else _known(name, state)


def known_names(view: Reader) -> list[str]:
    """Return the names of the schedules that the store knows."""
    return sorted((view.state(NAMES) or {}).get("names", []))


def keep(store: Store, what: Known, lease: Lease | None = None) -> None:
    """Let the store know *what*; with *lease* only while that is held.

    Two schedulers that do so at once may lose what one says of itself; it says it again.

    Raises:
        LockHeld: the lease has expired or was granted to another.
    """
    store.set_state(_key(what.name), _json(what), lease)
    names = known_names(store)
    if what.name not in names:
        store.set_state(NAMES, {"names": sorted({*names, what.name})}, lease)


def schedule_json(schedule: ScheduleParameters) -> dict[str, Any]:
    """Return *schedule* as JSON values, without what is not given."""
    return {name: value for name, value in recorded(schedule).items() if value not in (None, [], 0.0, False)}


def _key(name: str) -> str:
    return f"scheduler/{name}"


def _exists(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _json(what: Known) -> dict[str, Any]:
    return {
        "begun": _text(what.begun),
        "schedule": dict(what.schedule),
        "runners": [_row(each) for each in what.runners],
        "ticks": [_row(each) for each in what.ticks],
        "counts": {str(became): count for became, count in what.counts.items()},
    }


def _row(what: Runner | TickReport) -> dict[str, Any]:
    return {name: _text(value) if isinstance(value, datetime) else value for name, value in vars(what).items()}


def _text(time: datetime) -> str:
    return time.astimezone(UTC).isoformat()


def _known(name: str, state: Mapping[str, Any]) -> Known:
    return Known(
        name,
        datetime.fromisoformat(state["begun"]),
        state["schedule"],
        tuple(Runner(**_with_times(each, ("since", "seen", "next"))) for each in state["runners"]),
        tuple(_reports(state["ticks"])),
        state["counts"],
    )


def _reports(rows: Iterable[Mapping[str, Any]]) -> Iterable[TickReport]:
    for row in rows:
        yield TickReport(**_with_times({**row, "became": Became(row["became"])}, ("at",)))


def _with_times(row: Mapping[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    times = {name: datetime.fromisoformat(row[name]) for name in names if row[name] is not None}
    return {**row, **times}
