"""A scheduler over simulated days: every tick once, whatever clocks, stores and other schedulers do meanwhile.

SIMULATED_DAYS sets how many days of each zone are simulated (default 30).
"""

from __future__ import annotations

import os
import random
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from influence_graph import ending
from influence_graph.errors import AuthenticationFailed, InputError, LockHeld, StoreUnreachable
from influence_graph.model.parameters import ScheduleParameters
from influence_graph.schedule.daemon import Scheduler, Settings, run
from influence_graph.schedule.events import Event
from influence_graph.schedule.record import Became, known
from influence_graph.schedule.ticks import Ticks
from influence_graph.stores.base import RECALCULATION
from tests.schedule.memory import MemoryStore, Wall, recording

DAYS = int(os.environ.get("SIMULATED_DAYS", "30"))
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
START = datetime(2024, 3, 1, 0, 0, 30, tzinfo=UTC)


class Simulation:
    """A scheduler on a store in memory, both by the clock *wall*."""

    def __init__(self, wall: Wall, store: MemoryStore | None = None, look: float = 60.0, **schedule: Any) -> None:
        self.wall = wall
        self.store = MemoryStore(wall=wall) if store is None else store
        self.schedule = ScheduleParameters(**schedule)
        self.events: list[Event] = []
        self.during: Callable[[str], None] = lambda tick: None
        self.settings = Settings(look_seconds=look, clock=wall.clock(), tell=self.events.append)
        self.new()

    def new(self) -> Scheduler:
        """Start anew, as after a crash."""
        calculate = recording(self.store, self.wall.clock(), self._during)
        self.scheduler = Scheduler(self.store, self.schedule, calculate, settings=self.settings)
        self.scheduler._begin(self.wall.now())
        return self.scheduler

    def _during(self, tick: str) -> None:
        self.during(tick)

    def go(self, span: timedelta) -> None:
        """Let *span* pass, not counting clocks that are set meanwhile."""
        until = self.wall.passed + span.total_seconds()
        while self.wall.passed < until:
            self.scheduler.look()
            self.wall.wait(min(self.scheduler.pause(), until - self.wall.passed))
        self.scheduler.look()

    def ticks(self) -> list[datetime]:
        """Return the ticks that took effect, in the order of taking effect."""
        ticks = Ticks(self.schedule)
        found = [ticks.of(each.tick) for each in self.store.records]
        return [tick for tick in found if tick is not None]

    def accounted(self) -> Counter[str]:
        """Return how often each tick took effect or was stood for."""
        return Counter(tick for each in self.store.records for tick in (each.tick, *each.covers) if tick)

    def require_all(self, start: datetime, end: datetime) -> int:
        """Require that each tick of (start, end] was accounted for exactly once; return how many there are."""
        ticks = Ticks(self.schedule)
        expected = Counter(ticks.id(tick) for tick in ticks.between(start, end))
        assert self.accounted() == expected
        return len(expected)


@pytest.mark.parametrize(
    ("zone", "start", "forward", "back"),
    [
        ("Africa/Cairo", datetime(2010, 9, 5, 0, 0, 30, tzinfo=UTC), "2010-09-09T22:00", "2010-09-30T21:00"),
        ("Europe/Berlin", datetime(2024, 3, 15, 0, 0, 30, tzinfo=UTC), "2024-03-31T01:00", None),
        ("Europe/Berlin", datetime(2024, 10, 10, 0, 0, 30, tzinfo=UTC), None, "2024-10-27T01:00"),
    ],
)
@pytest.mark.parametrize("cron", ["7 */3 * * *", "30 0,2,3 * * *", "0 0 * * *"])
def test_every_tick_of_thirty_days_with_changes_is_accounted_for(
    zone: str, start: datetime, forward: str | None, back: str | None, cron: str
) -> None:
    """Cairo put its clocks forward and back within 21 days of 2010."""
    simulation = Simulation(Wall(start), look=1800, cron=cron, timezone=zone)
    rng = random.Random(zone + cron)
    set_back = DAYS * 0.6
    simulation.go(DAY * DAYS * 0.6)
    simulation.wall.set(-timedelta(hours=3, minutes=rng.randint(0, 59)))
    simulation.go(DAY * DAYS * 0.2)
    simulation.wall.set(timedelta(hours=5))
    simulation.new()
    simulation.go(DAY * (DAYS - set_back - DAYS * 0.2))
    end = simulation.wall.now()
    if DAYS >= 30:
        for change in (forward, back):
            assert change is None or start < datetime.fromisoformat(change).replace(tzinfo=UTC) < end
    count = simulation.require_all(start, end)
    print(f"{zone} {cron}: {count} ticks, {len(simulation.store.records)} recalculations")  # noqa: T201
    assert simulation.ticks() == sorted(simulation.ticks())


def test_a_clock_set_back_repeats_nothing_and_one_set_forward_coalesces() -> None:
    simulation = Simulation(Wall(START), every=timedelta(minutes=15))
    simulation.go(HOUR)
    assert len(simulation.ticks()) == 4
    simulation.wall.set(-HOUR)
    simulation.go(HOUR)
    assert len(simulation.ticks()) == 4
    simulation.wall.set(2 * HOUR)
    simulation.go(timedelta(seconds=1))
    assert len(simulation.ticks()) == 5
    assert len(simulation.store.records[-1].covers) == 7
    simulation.require_all(START, simulation.wall.now())


def test_missed_ticks_coalesce_unless_they_are_caught_up_with() -> None:
    for catch_up, recalculations in ((False, 4 + 1), (True, 4 + 12)):
        simulation = Simulation(Wall(START), every=timedelta(minutes=15), catch_up=catch_up)
        simulation.go(HOUR)
        simulation.wall.wait(3 * 3600)
        simulation.new().look()
        assert len(simulation.ticks()) == recalculations
        simulation.require_all(START, simulation.wall.now())


def test_the_first_start_waits_for_the_next_tick() -> None:
    simulation = Simulation(Wall(START), cron="0 2 * * *")
    simulation.go(HOUR)
    assert simulation.ticks() == []
    simulation.go(2 * HOUR)
    assert simulation.ticks() == [datetime(2024, 3, 1, 2, tzinfo=UTC)]


def test_a_failed_tick_is_told_once_and_the_next_one_stands_for_it() -> None:
    simulation = Simulation(Wall(START), every=HOUR)

    def fail(tick: str) -> None:
        if "T02:00" in tick:
            raise ValueError("bad data")

    simulation.during = fail
    simulation.go(4 * HOUR)
    assert [len(each.covers) for each in simulation.store.records] == [0, 1, 0]
    simulation.require_all(START, simulation.wall.now())
    state = known(simulation.store, "default")
    assert state is not None
    assert state.counts == {Became.DONE: 3, Became.FAILED: 1}
    failed = [event for event in simulation.events if event.is_error]
    assert [event.name for event in failed] == ["error", "tick"]
    assert "default@2024-03-01T02:00:00+00:00: bad data" in failed[0].line
    assert failed[1].fields["why"] == "ValueError"


def test_a_store_that_is_away_is_tried_again_for_the_same_tick() -> None:
    simulation = Simulation(Wall(START), every=HOUR)
    simulation.go(timedelta(minutes=90))
    simulation.store.away = StoreUnreachable("nothing answers", remedy="start it")
    simulation.go(HOUR)
    assert len(simulation.ticks()) == 1
    simulation.store.away = None
    simulation.go(timedelta(minutes=5))
    assert len(simulation.ticks()) == 2
    simulation.require_all(START, simulation.wall.now())
    told = [event.line for event in simulation.events if "nothing answers" in event.line]
    assert 1 <= len(told) <= 3  # not once a minute


def test_a_password_that_is_refused_ends_it_at_once() -> None:
    simulation = Simulation(Wall(START), every=HOUR)
    refused = AuthenticationFailed("wrong password")
    simulation.wall.at.append((5400.0, lambda: setattr(simulation.store, "away", refused)))
    with pytest.raises(AuthenticationFailed):
        run([simulation.scheduler], simulation.wall.clock())
    assert simulation.wall.passed < 5400 + 120  # the first try that met it


def test_the_tick_of_a_killed_owner_is_taken_over_when_its_lease_ends() -> None:
    simulation = Simulation(Wall(START), every=HOUR)
    simulation.go(timedelta(minutes=59))
    killed = simulation.store.lease(RECALCULATION, 150)
    killed.__enter__()  # and never released
    simulation.go(timedelta(minutes=2))
    assert simulation.ticks() == []
    assert [event.name for event in simulation.events].count("waiting") == 1
    simulation.go(timedelta(minutes=2))
    assert simulation.ticks() == [datetime(2024, 3, 1, 1, tzinfo=UTC)]


def test_a_scheduler_that_waited_finds_the_tick_done() -> None:
    wall = Wall(START)
    ours = Simulation(wall, every=HOUR)
    theirs = Simulation(wall, ours.store, every=HOUR)
    ours.wall.wait(HOUR.total_seconds())
    theirs.scheduler.look()
    ours.scheduler.look()
    assert len(ours.store.records) == 1
    assert [event.fields["became"] for event in ours.events if event.name == "tick"] == ["elsewhere"]


def test_a_lease_that_was_lost_writes_nothing_and_the_tick_is_tried_again() -> None:
    simulation = Simulation(Wall(START), every=HOUR)

    def freeze(tick: str) -> None:
        simulation.during = lambda tick: None
        simulation.wall.wait(3600.0 - 60)  # the simulated lease is not renewed in simulated time

    simulation.during = freeze
    simulation.go(timedelta(minutes=61))
    assert simulation.store.refused >= 1
    simulation.go(timedelta(minutes=61))
    simulation.require_all(START, simulation.wall.now())


def test_a_tick_that_the_store_has_not_reached_is_left_alone() -> None:
    simulation = Simulation(Wall(START), every=HOUR)
    simulation.store.ahead = -7200.0
    simulation.go(timedelta(hours=1, minutes=30))
    assert simulation.ticks() == []
    (told,) = [event.line for event in simulation.events if event.name == "skew"]
    assert "7200 s ahead of the store's" in told


def test_jitter_puts_off_the_work_and_not_the_tick() -> None:
    simulation = Simulation(Wall(START), every=HOUR, jitter=timedelta(minutes=30), look=10)
    simulation.go(12 * HOUR)
    late = [each.started_at - tick for each, tick in zip(simulation.store.records, simulation.ticks(), strict=True)]
    assert all(tick.minute == 0 for tick in simulation.ticks())
    assert max(late) < timedelta(minutes=31)
    assert max(late) - min(late) > timedelta(minutes=5)


def test_what_follows_a_recalculation_does_not_undo_it_where_it_fails() -> None:
    simulation = Simulation(Wall(START), every=HOUR)
    seen = []

    def after(done: Any, lease: Any) -> None:
        seen.append(done.tick)
        raise RuntimeError("no webhook")

    simulation.settings = Settings(clock=simulation.wall.clock(), tell=simulation.events.append, after=(after,))
    simulation.new()
    simulation.go(2 * HOUR)
    assert len(seen) == len(simulation.ticks()) == 2
    assert sum("no webhook" in event.line for event in simulation.events) == 2


def test_once_carries_out_what_is_due_and_nothing_else() -> None:
    wall = Wall(START)
    simulation = Simulation(wall, cron="0 2 * * *", name="other")
    calculate = recording(simulation.store, wall.clock())

    def once() -> Any:
        schedule = ScheduleParameters(cron="0 2 * * *")
        return Scheduler(simulation.store, schedule, calculate, settings=simulation.settings).once()

    report = once()
    assert report.tick == "default@2024-02-29T02:00:00+00:00"
    assert once() is None
    wall.wait(3 * 86_400)
    report = once()
    assert (report.became, report.covers) == (Became.DONE, 2)


def test_once_gives_up_on_a_lease_that_somebody_keeps() -> None:
    wall = Wall(START)
    store = MemoryStore(wall=wall)
    with store.lease(RECALCULATION, 1e6):
        scheduler = Scheduler(
            store, ScheduleParameters(every=HOUR), recording(store, wall.clock()), settings=Settings(clock=wall.clock())
        )
        with pytest.raises(LockHeld, match="held by somebody"):
            scheduler.once()
    assert 60 < wall.passed < 90


def test_two_schedules_on_one_store_know_their_own_ticks() -> None:
    wall = Wall(START)
    hourly = Simulation(wall, name="hourly", every=HOUR)
    nightly = Simulation(wall, hourly.store, name="nightly", cron="30 2 * * *")
    for _ in range(24 * 4):
        hourly.scheduler.look()
        nightly.scheduler.look()
        wall.wait(900)
    assert len(hourly.ticks()) == 23
    assert len(nightly.ticks()) == 1


def test_run_ends_with_its_process_and_takes_leave() -> None:
    wall = Wall(START)
    simulation = Simulation(wall, every=HOUR)
    wall.at.append((7500.0, ending.mark))
    try:
        with pytest.raises(KeyboardInterrupt):
            run([simulation.scheduler], wall.clock())
    finally:
        ending.go_on()
    assert len(simulation.ticks()) == 2
    state = known(simulation.store, "default")
    assert state is not None
    assert state.runners == ()
    assert [simulation.events[0].name, simulation.events[-1].name] == ["started", "stopped"]


def test_a_running_scheduler_is_known_by_name_start_and_next_tick() -> None:
    simulation = Simulation(Wall(START), every=HOUR)
    simulation.go(timedelta(minutes=90))
    state = known(simulation.store, "default")
    assert state is not None
    (runner,) = state.runners
    assert runner.since == START
    assert runner.next == datetime(2024, 3, 1, 2, tzinfo=UTC)
    assert runner.runs(simulation.wall.now())
    assert not runner.runs(simulation.wall.now() + HOUR)
    assert state.ticks[0].tick == "default@2024-03-01T01:00:00+00:00"


def test_a_schedule_that_is_none_is_refused() -> None:
    with pytest.raises(InputError, match="neither --cron nor --every"):
        Simulation(Wall(START))
