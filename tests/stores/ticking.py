"""A scheduler in little: ``python -m tests.stores.ticking URL NAME TICKS TTL`` does the ticks one by one under a lease.

It prints a line of JSON when it holds the lease for a tick, and one when it knows what became of it: taken, found
taken, or refused. Before it writes it waits a moment, in which it may be stopped.
"""

from __future__ import annotations

import json
import sys
import time
import uuid
from datetime import UTC, datetime

from influence_graph.errors import LockHeld
from influence_graph.model.recalculations import Recalculation
from influence_graph.model.runs import Run
from influence_graph.stores.base import RECALCULATION, Store, Written
from tests.stores.given import ranks, seeds
from tests.stores.neo4j.generations import opened

WAIT_SECONDS = 0.1


def say(name: str, tick: int, what: str) -> None:
    sys.stdout.write(json.dumps([name, tick, what]) + "\n")
    sys.stdout.flush()


def written(tick: int) -> list[Written]:
    """Return the results of a tick, whose scores and gains are its number, under runs of their own."""
    now, unique = datetime.now(UTC), uuid.uuid4().hex[:8]
    tables = {"rank": ranks(("Consumer", "ann", float(tick))), "seeds": seeds((1, "ann", float(tick)))}
    return [
        Written(Run(f"{kind}-{tick}-{unique}", kind, "finished", now, None, "d", "0", {"tick": tick}), table)
        for kind, table in tables.items()
    ]


def attempt(store: Store, name: str, tick: int, ttl: float) -> bool:
    """Do *tick* once; return whether it is known to have taken effect."""
    try:
        with store.lease(RECALCULATION, ttl) as lease:
            say(name, tick, "held")
            time.sleep(WAIT_SECONDS)
            results, now = written(tick), datetime.now(UTC)
            current = {each.run.kind: each.run.id for each in results}
            new = Recalculation(uuid.uuid4().hex, now, now, "ledger", 0, (), current, "0", f"every@{tick:05}")
            took = store.write_together(new, results, lease)
    except LockHeld as error:
        if "nothing was written" in str(error):
            say(name, tick, "refused")
        time.sleep(WAIT_SECONDS)
        return False
    say(name, tick, "taken" if took else "found taken")
    return True


def main(url: str, name: str, ticks: int, ttl: float) -> None:
    with opened(url) as store:
        for tick in range(1, ticks + 1):
            while not attempt(store, name, tick, ttl):
                pass


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]), float(sys.argv[4]))
