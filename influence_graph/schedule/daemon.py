"""The scheduler: carries out each tick of a schedule once, whoever else runs and whatever ends it meanwhile.

The loop is ours, not APScheduler's: that keeps in the memory of one process what has run. Here a tick took effect when
the store has recorded it, in the one transaction that makes its results current. So a scheduler that is killed, frozen
or cut off leaves either all of a tick or nothing of it, and the next one that looks finds which.

All work is done under the lease ``RECALCULATION``, whose token the store checks in each transaction. A scheduler that
finds the lease held looks again later, whether it is free and whether the tick is still to be done: the lease of a
killed owner runs out, and its tick is taken over. A frozen owner that comes back late is refused by the store.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Protocol

from influence_graph.app.recompute.held import held
from influence_graph.app.recompute.recompute import recompute
from influence_graph.ending import check, is_ending
from influence_graph.errors import AuthenticationFailed, InfluenceGraphError, LockHeld, NotFound, StoreUnreachable
from influence_graph.model.parameters import RecomputeParameters, ScheduleParameters
from influence_graph.model.recalculations import Recalculation
from influence_graph.schedule.clock import Clock
from influence_graph.schedule.events import Event, Tell, unheard
from influence_graph.schedule.inbox import Inbox
from influence_graph.schedule.logs import why
from influence_graph.schedule.record import (
    BEAT_SECONDS,
    Became,
    Known,
    Runner,
    TickReport,
    keep,
    known,
    schedule_json,
)
from influence_graph.schedule.ticks import MOST_MISSED, Ticks
from influence_graph.stores.base import LEASE_SECONDS, Lease, Store
from influence_graph.stores.held import this_process
from influence_graph.text import count_text, one_line

_RECENT = 200  # recalculations among which the last tick is looked for first
_SKEWED = "skew"
_SKEW = timedelta(seconds=60)
_INSTANT = timedelta(microseconds=1)


class Calculate(Protocol):
    """What a tick is for."""

    def __call__(
        self, tick: str, covers: Sequence[str], lease: Lease, check: Callable[[], None]
    ) -> Recalculation | None:
        """Recalculate under *lease* and record *tick*; None where it took effect before.

        *check* raises LockHeld once the lease is lost: it is called between two steps.
        """


After = Callable[[Recalculation, Lease], None]
"""What is done after a recalculation, under the same lease: alerts, a file about the run."""


def recalculating(store: Store, parameters: RecomputeParameters) -> Calculate:
    """Return what recalculates the results of *store* by *parameters*."""

    def calculate(tick: str, covers: Sequence[str], lease: Lease, check: Callable[[], None]) -> Recalculation | None:
        return recompute(store, parameters, tick=tick, covers=covers, lease=lease, progress=lambda _: check())

    return calculate


@dataclass(frozen=True)
class Settings:
    """How a scheduler goes about it.

    Attributes:
        ttl: How long its lease lasts once nobody renews it, in seconds.
        look_seconds: How often it looks at the clock, the inbox and a lease that is held by another.
        clock: The clock on the wall.
        tell: Called with what happens.
        after: What is done after each recalculation; what fails of it is told, and the tick is done all the same.
        leased: Called with whether the lease is held, and whether it was lost, as that changes.
    """

    ttl: float = LEASE_SECONDS
    look_seconds: float = 5.0
    clock: Clock = field(default_factory=Clock)
    tell: Tell = unheard
    after: tuple[After, ...] = ()
    leased: Callable[[bool, bool], None] = lambda *_: None


@dataclass(frozen=True)
class _Due:
    """A tick to carry out, and the missed ones that it stands for, too."""

    tick: datetime
    covers: tuple[datetime, ...]


def run(schedulers: Sequence[Scheduler], clock: Clock, alive: Callable[[], None] = lambda: None) -> None:
    """Let *schedulers* carry out their ticks as they come due, until a signal ends this process.

    *alive* is called each time they have looked.

    Raises:
        StoreError: the store cannot be reached or read at the start; later that is told and tried again.
        AuthenticationFailed: the store refuses the password, at any time.
    """
    with ExitStack() as begun:
        for scheduler in schedulers:
            scheduler.begin()
            begun.callback(scheduler.end)
        while not is_ending():
            for scheduler in schedulers:
                scheduler.look()
            alive()
            clock.wait(min(scheduler.pause() for scheduler in schedulers))
    check()


class Scheduler:
    """One scheduler of one schedule.

    Args:
        store: Where results are, and where ticks are recorded.
        schedule: When it acts.
        calculate: What it does.
        inbox: The folder that it empties; None: none.
        settings: How it goes about it.

    Raises:
        InputError: the schedule is wrong.
        MissingExtra: APScheduler is not installed.
    """

    def __init__(
        self,
        store: Store,
        schedule: ScheduleParameters,
        calculate: Calculate,
        *,
        inbox: Inbox | None = None,
        settings: Settings = Settings(),
    ) -> None:
        self.name = schedule.name
        self._store = store
        self._schedule = schedule
        self._ticks = Ticks(schedule)
        self._calculate = calculate
        self._inbox = inbox
        self._settings = settings
        self._clock = settings.clock
        self._owner = this_process()
        self._since = self._beaten = self._clock.now()
        self._recorded = self._settled = self._since
        self._next: datetime | None = None
        self._told: dict[str, object] = {}

    @property
    def overdue(self) -> datetime | None:
        """The first tick until now that has not taken effect; None: there is none."""
        tick = self._ticks.after(self._recorded)
        return tick if tick is not None and tick <= self._clock.now() else None

    def begin(self) -> None:
        """Learn which ticks took effect before, and say that it runs.

        Raises:
            StoreError: the store cannot be reached or read.
        """
        self._begin(self._since)
        self._say()
        next_ = "none" if self._next is None else f"{self._next:%Y-%m-%d %H:%M:%S} UTC"
        self._tell("started", f"{self.name}: started; the next tick is {next_}")

    def end(self) -> None:
        """Say that it runs no more; a store that is away hears nothing of it."""
        with suppress(InfluenceGraphError):
            state = known(self._store, self.name)
            if state is not None:
                keep(self._store, state.without_runner(self._owner))
        self._tell("stopped", f"{self.name}: stopped")

    def once(self) -> TickReport | None:
        """Empty the inbox, carry out what is due, and return what became of the last tick, None where none was due.

        Without a record of the schedule the latest tick before now is due.

        Raises:
            LockHeld: another process holds the lease for longer than it lasts without being renewed.
        """
        first = self._ticks.missed(self._since - timedelta(days=366), self._since).ticks
        self._begin(first[-1] - _INSTANT if first else self._since)
        if self._inbox is not None:
            self._inbox.ready()
            self._clock.wait(self._inbox.settle)
            self._empty_inbox()
        begun, patience = self._clock.now(), timedelta(seconds=self._settings.ttl + self._settings.look_seconds)
        report = None
        while self._is_due(begun) and not is_ending() and _SKEWED not in self._told:
            try:
                report = self._attempt() or report
            except LockHeld:
                if self._clock.now() > begun + patience:
                    raise
            if self._is_due(begun):
                self._clock.wait(min(self._settings.look_seconds, self._settings.ttl))
        check()
        return report

    def look(self) -> None:
        """Do what is to be done now: say that it runs, empty the inbox, carry out a tick that is due.

        Raises:
            AuthenticationFailed: the store refuses the password. All other errors are told, and it goes on.
        """
        for act in (self._beat, self._empty_inbox, self._carry_out):
            try:
                act()
            except AuthenticationFailed:
                raise  # never tried again: that would lock the account for others, too
            except (InfluenceGraphError, OSError) as error:
                self._tell_once("error", str(error), f"{self.name}: {one_line(str(error))}", error=error)

    def _begin(self, begun: datetime) -> None:
        """Learn since when the schedule counts and which tick was the last; *begun* holds where nobody knows."""
        state = _if_there(lambda: known(self._store, self.name))
        if state is None:
            state = Known(self.name, begun)
        keep(self._store, replace(state, schedule=schedule_json(self._schedule)))
        self._recorded = self._settled = state.begun
        self._refresh()

    def _refresh(self) -> None:
        """Learn which tick took effect last."""
        recent = self._store.recalculations(_RECENT)
        ticks = [tick for each in recent if (tick := self._ticks.of(each.tick)) is not None]
        if not ticks and len(recent) == _RECENT:
            ticks = [tick for each in self._store.recalculations() if (tick := self._ticks.of(each.tick)) is not None]
        self._recorded = max([self._recorded, *ticks])
        self._settle(self._recorded)

    def _settle(self, tick: datetime) -> None:
        """Let *tick* and what was before it be no more to do for this scheduler."""
        self._settled = max(self._settled, tick)
        self._next = self._ticks.after(self._settled)

    def _is_due(self, by: datetime) -> bool:
        return self._next is not None and self._next <= by

    def _due(self) -> _Due | None:
        """Return what is to be carried out now: the latest tick, or with catching up the first one."""
        now = self._clock.now()
        missed = self._ticks.missed(self._recorded, now)
        ready = [
            tick for tick in missed.ticks if tick > self._settled and tick + self._ticks.delay(tick, self._owner) <= now
        ]
        if not ready:
            return None
        if missed.more:
            line = f"{self.name}: more than {MOST_MISSED:,} ticks were missed; the latest of them are named"
            self._tell_once("missed", missed.ticks[0], line)
        chosen = ready[0] if self._schedule.catch_up else ready[-1]
        return _Due(chosen, tuple(tick for tick in missed.ticks if tick < chosen))

    def _carry_out(self) -> None:
        """Carry out the tick that is due, if there is one; what fails is told, and the next one goes on."""
        try:
            while self._is_due(self._clock.now()) and self._attempt() is not None and not is_ending():
                pass  # the next one to catch up with
        except (LockHeld, StoreUnreachable) as error:  # it passes: the same tick is tried again
            self._tell_once("waiting", self._next, f"{self.name}: {error}", error=error)

    def _attempt(self) -> TickReport | None:
        """Carry out the tick that is due now, and return what became of it; None where it is not due after all.

        Raises:
            LockHeld: another process holds the lease, or took it over.
            StoreUnreachable: the store is away.
        """
        due = self._due()
        if due is None:
            return None
        lost = threading.Event()
        with held(self._store, self._settings.ttl, lost.set) as lease, self._leasing(lost):
            self._refresh()
            now_due = self._due()
            if now_due is None:
                report = self._report(due, self._clock.now(), Became.ELSEWHERE)
            elif self._is_ahead(now_due.tick, lease):
                return None
            else:
                report = self._calculated(now_due, lease, lost)
            self._settle((now_due or due).tick)
            self._keep(report, lease)
        return report

    @contextmanager
    def _leasing(self, lost: threading.Event) -> Iterator[None]:
        """Tell of the lease that is held for the ``with`` block."""
        self._settings.leased(True, False)
        try:
            yield
        finally:
            self._settings.leased(False, lost.is_set())

    def _calculated(self, due: _Due, lease: Lease, lost: threading.Event) -> TickReport:
        """Calculate for the tick *due*, and return what became of it.

        Raises:
            LockHeld: the lease was lost.
            StoreUnreachable: the store is away.
        """
        begun, id_ = self._clock.now(), self._ticks.id(due.tick)

        def check_lease() -> None:
            if lost.is_set():
                raise LockHeld(f"the lease was lost while {id_} was carried out", remedy="nothing: it is tried again")

        try:
            done = self._calculate(id_, [self._ticks.id(tick) for tick in due.covers], lease, check_lease)
        except (LockHeld, StoreUnreachable, AuthenticationFailed):
            raise
        except Exception as error:  # noqa: BLE001 - the next tick goes on, whatever was wrong with this one
            self._tell("error", one_line(f"{id_}: {error}"), error)
            return self._report(due, begun, Became.FAILED, error=why(error))
        self._recorded = max(self._recorded, due.tick)
        if done is None:
            return self._report(due, begun, Became.ELSEWHERE)
        self._follow_up(done, lease)
        return self._report(due, begun, Became.DONE, recalculation=done.id)

    def _follow_up(self, done: Recalculation, lease: Lease) -> None:
        for act in self._settings.after:
            try:
                act(done, lease)
            except Exception as error:  # noqa: BLE001 - the tick is done
                self._tell("error", one_line(f"{self.name}: after {done.tick}: {error}"), error)

    def _report(
        self, due: _Due, begun: datetime, became: Became, *, recalculation: str = "", error: str = ""
    ) -> TickReport:
        now = self._clock.now()
        seconds = max((now - begun).total_seconds(), 0.0)
        covers = len(due.covers) if became is Became.DONE else 0
        return TickReport(
            self._ticks.id(due.tick), became, now, round(seconds, 3), covers, self._owner, recalculation, error
        )

    def _keep(self, report: TickReport, lease: Lease) -> None:
        """Tell of *report*, and let the store know it."""
        self._told.clear()
        covers = f", which stands for {count_text(report.covers, 'missed tick')}, too" if report.covers else ""
        what = f"{report.tick}: {report.became}{covers}{f': {report.why}' if report.why else ''}"
        fields = {"tick": report.tick, "became": str(report.became), "seconds": report.seconds}
        fields |= {"covers": report.covers, "recalculation": report.recalculation, "why": report.why}
        self._settings.tell(Event("tick", what, report.became is Became.FAILED, fields))
        state = known(self._store, self.name) or Known(self.name, self._since)
        keep(self._store, state.with_tick(report), lease)

    def _is_ahead(self, tick: datetime, lease: Lease) -> bool:
        """Return whether by the store's clock *tick* is still to come: recorded, it would keep out all before it."""
        there = self._clock.now() + timedelta(seconds=lease.ahead)
        if tick <= there + _SKEW:
            return False
        line = f"{self._ticks.id(tick)}: this machine's clock is {-lease.ahead:.0f} s ahead of the store's; set it"
        self._tell_once(_SKEWED, tick, line)
        return True

    def _beat(self) -> None:
        """Say that it runs, now and then; also where the clock was set back."""
        if abs((self._clock.now() - self._beaten).total_seconds()) >= BEAT_SECONDS:
            self._say()

    def _say(self) -> None:
        self._beaten = self._clock.now()
        state = known(self._store, self.name) or Known(self.name, self._since)
        keep(self._store, state.with_runner(Runner(self._owner, self._since, self._beaten, self._next)))

    def _empty_inbox(self) -> None:
        files = [] if self._inbox is None else self._inbox.ready()
        if self._inbox is None or not files:
            return
        with suppress(LockHeld), held(self._store, self._settings.ttl):  # held by another: next time
            for file in files:
                taken = self._inbox.take(self._store, file)
                self._settings.tell(Event("inbox", taken.line, not taken.is_done, taken.fields))

    def pause(self) -> float:
        """Return how long to wait until the next look, in seconds."""
        left = self._settings.look_seconds
        if self._next is not None:
            until = (self._next - self._clock.now()).total_seconds()
            left = min(left, until) if until > 0 else left
        return left

    def _tell(self, name: str, line: str, error: Exception | None = None) -> None:
        fields = {"schedule": self.name, "why": "" if error is None else why(error)}
        is_error = error is not None and not isinstance(error, LockHeld)
        self._settings.tell(Event(name, line, is_error, fields))

    def _tell_once(self, name: str, about: object, line: str, error: Exception | None = None) -> None:
        """Tell *line*, unless *name* was told *about* this already, and no tick became anything since."""
        if self._told.get(name) != about:
            self._told[name] = about
            self._tell(name, line, error)


def _if_there(read: Callable[[], Known | None]) -> Known | None:
    """Return what *read* returns; None also where there is no store yet."""
    try:
        return read()
    except NotFound:
        return None
