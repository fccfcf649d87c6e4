"""Which runs are current: one property of one node says it, which changes at once.

Neo4j applies what a transaction has written one after the other, so a reader of several nodes may see part of it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from influence_graph.errors import LockHeld
from influence_graph.model.runs import Run
from influence_graph.stores.neo4j.database import Database, run, single

if TYPE_CHECKING:
    import neo4j

RUNNING, FINISHED, SUPERSEDED, ABANDONED = "running", "finished", "superseded", "abandoned"
"""What is noted of a run."""


@dataclass(frozen=True)
class Currents:
    """Which runs are current, as one property of one node says.

    Attributes:
        number: Number of the last change.
        together: Number of the last change that was a recalculation, 0: none was.
        ids: Ids of the current runs by kind.
    """

    number: int = 0
    together: int = 0
    ids: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, entries: Sequence[str]) -> Currents:
        """Return what *entries* say: both numbers, then kind and id of each run."""
        number, together, *runs = entries
        return cls(int(number), int(together), dict(entry.split(" ", 1) for entry in runs))

    def entries(self) -> list[str]:
        """Return what :meth:`of` reads."""
        return [str(self.number), str(self.together), *(f"{kind} {id_}" for kind, id_ in self.ids.items())]


def currents(database: Database) -> Currents:
    """Return which runs are current now."""
    former: list[str] = []
    for _ in range(2):  # at the moment when books are moved it is not there (books.py)
        (record,) = database.read("current-runs")
        if record["runs"] is not None:
            return Currents.of(record["runs"])
        former = record["former"]
    return Currents.of(["0", "0", *former])


def locked(tx: neo4j.ManagedTransaction) -> Currents:
    """Return which runs are current, locked until the end of the transaction."""
    return Currents.of((single(tx, "lock-runs") or single(tx, "open-runs"))["runs"])


def make_current(
    tx: neo4j.ManagedTransaction, before: Currents, new: Sequence[Run], *, together: bool = False
) -> Currents:
    """Make the prepared runs *new* the current ones of their kinds, all at once, and return the state after it.

    *together* says that it is a recalculation, which the caller records in the same transaction.

    Raises:
        LockHeld: another process took over.
    """
    number = before.number + 1
    for each in new:
        if not single(tx, "finish-run", id=each.id, kind=each.kind, number=number):
            raise taken_over(each)
    ids = {**before.ids, **{each.kind: each.id for each in new}}
    after = Currents(number, number if together else before.together, ids)
    run(tx, "set-runs", runs=after.entries())
    return after


def as_of(each: Run, of: Currents, number: int | None = None) -> Run:
    """Return a run with its status in the state *of*, whatever a transaction has already changed on others.

    *number* is that of the change that made it current, 0 where that is still to come.
    """
    if each.id in of.ids.values():
        return replace(each, status=FINISHED)
    if number == 0 and each.status in (FINISHED, SUPERSEDED):  # it is just becoming current
        return replace(each, status=RUNNING, finished_at=None)
    if each.status == FINISHED:
        return replace(each, status=SUPERSEDED)
    return each if each.status == SUPERSEDED else replace(each, finished_at=None)


def taken_over(new: Run) -> LockHeld:
    """Return the error of a run that another process has given up while it was writing."""
    return LockHeld(
        f"another process took over while the {new.kind} run {new.id} was writing; its results are not visible",
        remedy="run the command again, under a lease",
    )
