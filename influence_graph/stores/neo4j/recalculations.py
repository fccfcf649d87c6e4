"""Recalculations, their ticks, and states.

The results of a recalculation are written as those of each run, and become current in one transaction, which records
the recalculation and its ticks, too. Where the answer to its commit was lost, the record tells that it has committed.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import UTC
from functools import partial
from typing import TYPE_CHECKING, Any

from influence_graph.ending import wait
from influence_graph.model.json_values import json_text
from influence_graph.model.recalculations import Recalculation
from influence_graph.stores.base import Lease, Written
from influence_graph.stores.kept import ticks_of, written_by
from influence_graph.stores.neo4j import results
from influence_graph.stores.neo4j.currents import Currents, locked, make_current
from influence_graph.stores.neo4j.database import Database, run, single
from influence_graph.stores.neo4j.leases import check

if TYPE_CHECKING:
    import neo4j

_ALL = 2**31 - 1
_TRIES, _SOON_SECONDS = 20, 0.02


def write(database: Database, new: Recalculation, written: Sequence[Written], lease: Lease | None) -> bool:
    """Write *written* and *new*, all current at once; return False where its tick took effect before.

    Raises:
        LockHeld: the lease has expired or passed on, or another process took over.
        NotFound: a result names a node that the store does not hold.
    """
    known = database.write(partial(_known, new, lease))
    if known is not None:
        return known
    for each in written:
        results.prepare(database, each, lease)
    if not database.write(partial(_take_effect, new, written, lease)):
        results.give_up(database, written)
        return False
    results.tidy(database, written)
    return True


def recalculations(database: Database, limit: int | None, of: Currents | None = None) -> list[Recalculation]:
    """Return the latest *limit* recalculations, None: all, as they were in the state *of*, None: now; newest first."""
    number, last = (_ALL, 0) if of is None else (of.number, of.together)
    for _ in range(_TRIES):
        records = database.read("recalculations", limit=_ALL if limit is None else limit, number=number)
        if limit == 0 or not last or (records and records[0]["number"] >= last):
            break
        wait(_SOON_SECONDS)  # a commit shows what it has written one after the other
    return [Recalculation.from_dict(json.loads(record["document"])) for record in records]


def state(database: Database, name: str) -> Mapping[str, Any] | None:
    """Return what is kept under *name*."""
    records = database.read("read-state", name=name)
    return json.loads(records[0]["value"]) if records else None


def set_state(database: Database, name: str, value: Mapping[str, Any] | None, lease: Lease | None) -> None:
    """Keep *value* under *name*, None: nothing.

    Raises:
        LockHeld: the lease has expired or passed on.
    """
    database.write(partial(_set_state, name, value, lease))


def _known(new: Recalculation, lease: Lease | None, tx: neo4j.ManagedTransaction) -> bool | None:
    """Return whether it was *new* that took effect for its tick before, None where nothing has."""
    check(tx, lease)
    found = single(tx, "tick-of", tick=new.tick, id=new.id)
    if found["recorded"]:
        return True
    return False if found["taken"] else None


def _take_effect(
    new: Recalculation, written: Sequence[Written], lease: Lease | None, tx: neo4j.ManagedTransaction
) -> bool:
    check(tx, lease)
    before = locked(tx)
    known = _known(new, None, tx)
    if known is not None:
        return known
    after = make_current(tx, before, [each.run for each in written], together=True)
    ticks = ticks_of(new)
    properties = {
        "id": new.id,
        "number": after.number,
        "startedAt": new.started_at.astimezone(UTC),
        "tick": new.tick,
        "ticks": ticks,
        "runs": written_by(new, written),
        "document": json_text(new.to_dict()),
    }
    run(tx, "record-recalculation", recalculation=properties, ticks=ticks)
    return True


def _set_state(name: str, value: Mapping[str, Any] | None, lease: Lease | None, tx: neo4j.ManagedTransaction) -> None:
    check(tx, lease)
    if value is None:
        run(tx, "delete-state", name=name)
    else:
        run(tx, "set-state", name=name, value=json_text(value))
