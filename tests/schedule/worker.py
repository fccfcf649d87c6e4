"""``python -m tests.schedule.worker URL LOG SEED``: a scheduler with a tick a second and a short lease.

What it does about a tick is a line of LOG: ``begin``, then ``wrote``, ``elsewhere`` or ``refused``, and the tick.
"""

from __future__ import annotations

import signal
import sys
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from types import FrameType

import pyarrow as pa

from influence_graph import ending
from influence_graph.app.open import open_store
from influence_graph.errors import LockHeld
from influence_graph.model.parameters import ScheduleParameters
from influence_graph.model.recalculations import Recalculation
from influence_graph.model.results import kind_of
from influence_graph.model.runs import Run
from influence_graph.schedule.clock import Clock
from influence_graph.schedule.daemon import Scheduler, Settings, run
from influence_graph.schedule.events import Event
from influence_graph.stores.base import Lease, Written

TTL, LOOK = 6.0, 0.2
SCHEDULE = ScheduleParameters(every=timedelta(seconds=1))


def main(url: str, log: str, seed: int) -> None:
    signal.signal(signal.SIGTERM, stop)
    store, rng = open_store(url), Random(seed)

    def say(what: str, about: str) -> None:
        with Path(log).open("a") as file:
            file.write(f"{what} {about}\n")

    def calculate(tick: str, covers: Sequence[str], lease: Lease, check: Callable[[], None]) -> Recalculation | None:
        begun = datetime.now(UTC)
        say("begin", tick)
        time.sleep(rng.uniform(0.1, 0.4))
        id_ = f"rank-{tick.rpartition('@')[2]}-{rng.randrange(10**9)}"
        result = Written(Run(id_, "rank", "finished", begun, datetime.now(UTC), "x", "0", {}), ranks(tick))
        done = Recalculation(f"r{id_}", begun, datetime.now(UTC), "", 0, (), {"rank": id_}, "0", tick, tuple(covers))
        try:
            is_done = store.write_together(done, [result], lease)
        except LockHeld:
            say("refused", tick)
            raise
        say("wrote" if is_done else "elsewhere", tick)
        return done if is_done else None

    def tell(event: Event) -> None:
        if event.name != "tick":
            say(event.name, event.line)

    schedule = ScheduleParameters(every=SCHEDULE.every, catch_up=seed % 2 == 0)
    settings = Settings(ttl=TTL, look_seconds=LOOK, tell=tell)
    run([Scheduler(store, schedule, calculate, settings=settings)], Clock())


def stop(number: int, frame: FrameType | None) -> None:
    """End as commands do: the interrupt may get lost on its way."""
    del number, frame
    ending.mark()
    raise KeyboardInterrupt


def ranks(tick: str) -> pa.Table:
    """Return a result that tells its tick."""
    value = datetime.fromisoformat(tick.rpartition("@")[2]).timestamp()
    row = {"label": ["Consumer"], "id": ["ann"], "score": [value]}
    return pa.table({name: row.get(name, [None]) for name in kind_of("rank").schema.names}, kind_of("rank").schema)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
