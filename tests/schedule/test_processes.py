"""Two schedulers as processes on one store, killed and frozen at random: each tick once, and no late write.

SCHEDULED_TICKS sets how many ticks take effect per store (default 8; the full size is 200), SERVER_KILLS how
often the server is killed under them (default 1).
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from itertools import count
from pathlib import Path

import pytest

from influence_graph.model.records import PEOPLE
from influence_graph.schedule.ticks import Ticks
from influence_graph.stores.base import Store
from influence_graph.stores.embedded.store import EmbeddedStore
from tests.schedule.worker import SCHEDULE
from tests.stores.given import batch
from tests.stores.neo4j.kills import come_back, home_of, kill

SERVER_KILLS = int(os.environ.get("SERVER_KILLS", "1"))
TICKS = int(os.environ.get("SCHEDULED_TICKS", "8"))
PATIENCE = 180.0


class Worker:
    """A scheduler process, and what it says."""

    def __init__(self, url: str, log: Path, seed: int) -> None:
        self.log = log
        command = [sys.executable, "-m", "tests.schedule.worker", url, str(log), str(seed)]
        self.process = subprocess.Popen(command, stderr=subprocess.PIPE)

    def lines(self) -> list[tuple[str, str]]:
        if not self.log.exists():
            return []
        split = [line.split(" ", 1) for line in self.log.read_text().splitlines() if " " in line]
        return [(what, about) for what, about in split]

    def send(self, number: int) -> None:
        self.process.send_signal(number)

    def end(self, number: int) -> None:
        self.send(signal.SIGCONT)
        self.send(number)
        self.process.communicate(timeout=PATIENCE)


class Schedulers:
    """The processes that run, and those that ran."""

    def __init__(self, url: str, folder: Path) -> None:
        self._url, self._folder, self._number = url, folder, count()
        self.all: list[Worker] = []
        self.running = [self.new(), self.new()]
        self.kills = 0

    def new(self) -> Worker:
        number = next(self._number)
        worker = Worker(self._url, self._folder / f"log{number}", number)
        self.all.append(worker)
        return worker

    def kill(self, place: int) -> None:
        self.running[place].end(signal.SIGKILL)
        self.running[place] = self.new()
        self.kills += 1
        assert until(lambda: bool(self.running[place].lines())), "it does not start"

    def said(self, what: str) -> list[str]:
        return [about for worker in self.all for said, about in worker.lines() if said == what]

    def go_on(self) -> None:
        """Wait until one more tick was written."""
        before = len(self.said("wrote"))
        assert until(lambda: len(self.said("wrote")) > before), [each.lines() for each in self.all]

    def stop(self) -> None:
        for worker in self.running:
            if worker.process.poll() is None:
                worker.end(signal.SIGTERM)


@contextmanager
def two_schedulers(url: str, folder: Path) -> Iterator[Schedulers]:
    schedulers = Schedulers(url, folder)
    try:
        yield schedulers
    finally:
        schedulers.stop()


def until(is_so: Callable[[], bool], seconds: float = PATIENCE) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if is_so():
            return True
        time.sleep(0.01)
    return False


def freeze(schedulers: Schedulers) -> bool:
    """Stop a process in the middle of a tick until another has done that; return whether its late write was refused."""
    found: list[tuple[Worker, str]] = []

    def is_in_a_tick() -> bool:
        for worker in schedulers.running:
            lines = worker.lines()
            if lines and lines[-1][0] == "begin":
                worker.send(signal.SIGSTOP)
                if worker.lines()[-1] == lines[-1]:
                    found.append((worker, lines[-1][1]))
                    return True
                worker.send(signal.SIGCONT)
        return False

    assert until(is_in_a_tick), [worker.lines() for worker in schedulers.all]
    worker, tick = found[0]
    moment = datetime.fromisoformat(tick.rpartition("@")[2])

    def is_done_by_another() -> bool:
        return any(datetime.fromisoformat(each.rpartition("@")[2]) >= moment for each in schedulers.said("wrote"))

    is_taken_over = until(is_done_by_another, 60.0)
    worker.send(signal.SIGCONT)
    return is_taken_over and until(lambda: ("refused", tick) in worker.lines(), 60.0)


def require_each_tick_once(store: Store, schedulers: Schedulers) -> int:
    """Require that each tick from the first to the last was accounted for once; return how many there are."""
    kept = store.recalculations()
    accounted = Counter(tick for each in kept for tick in (each.tick, *each.covers) if tick)
    ticks = Ticks(SCHEDULE)
    moments = sorted(time for tick in accounted if (time := ticks.of(tick)) is not None)
    before = moments[0] - (moments[1] - moments[0])
    assert accounted == Counter(ticks.id(tick) for tick in ticks.between(before, moments[-1]))
    assert {each.tick for each in kept} >= set(schedulers.said("wrote"))
    current = store.results("rank")
    assert current is not None
    last = max(kept, key=lambda each: each.tick or "")
    assert current[0].id == last.current["rank"]
    return len(accounted)


def trial(store: Store, folder: Path, seed: int) -> None:
    store.append(PEOPLE, [batch(PEOPLE, {"id": "ann"})])
    rng = random.Random(seed)
    refused = 0
    with two_schedulers(store.url, folder) as schedulers:
        schedulers.go_on()
        while len(schedulers.said("wrote")) < TICKS or not refused:
            time.sleep(rng.uniform(0.5, 3.0))
            if rng.random() < 0.6 or len(schedulers.said("wrote")) < TICKS / 2:
                schedulers.kill(rng.randrange(2))
            else:
                refused += freeze(schedulers)
    ticks = require_each_tick_once(store, schedulers)
    recalculations = len(store.recalculations())
    print(  # noqa: T201 - shown with -s
        f"{store.url}: {ticks} ticks in {recalculations} recalculations, each once; {schedulers.kills} kills;"
        f" {refused} late writes refused"
    )


@pytest.mark.timeout(3600)
def test_two_schedulers_share_an_embedded_store(tmp_path: Path) -> None:
    trial(EmbeddedStore(tmp_path / "store"), tmp_path, 1)


@pytest.mark.neo4j
@pytest.mark.timeout(3600)
def test_two_schedulers_share_a_neo4j(neo4j_store: Store, tmp_path: Path) -> None:
    trial(neo4j_store, tmp_path, 2)


@pytest.mark.neo4j
@pytest.mark.timeout(3600)
def test_a_server_that_is_killed_under_a_scheduler_costs_no_tick(neo4j_store: Store, tmp_path: Path) -> None:
    home = home_of(neo4j_store.url)
    neo4j_store.append(PEOPLE, [batch(PEOPLE, {"id": "ann"})])
    with two_schedulers(neo4j_store.url, tmp_path) as schedulers:
        for _ in range(SERVER_KILLS):
            schedulers.go_on()
            kill(home)
            come_back(home, PATIENCE)
            schedulers.go_on()
            assert all(worker.process.poll() is None for worker in schedulers.running), "one has ended"
    ticks = require_each_tick_once(neo4j_store, schedulers)
    print(f"{SERVER_KILLS} kills of the server: {ticks} ticks, each once")  # noqa: T201 - shown with -s
