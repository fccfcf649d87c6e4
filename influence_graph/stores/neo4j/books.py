"""Nodes that keep books (migrations, the ledger and its pages, leases, runs, measures) stay behind the records.

Neo4j gives nodes in the order of their internal ids, and so does the Browser's first ``MATCH (n) RETURN n``. A new
book is therefore created after 1,024 nodes that are deleted again in its transaction, whose ids the records get; in a
database from which much was deleted, ids are given in another order, so the first nodes are looked at before a run
becomes the current one. What readers of results follow stays, because a move takes it away for a moment; only a
migration moves all.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from influence_graph.stores.neo4j.database import Database, run

if TYPE_CHECKING:
    import neo4j

SHOWN = 300
"""How many nodes the Browser draws at first (its setting ``initialNodeDisplay``)."""
_LEFT = (1 << 10, 1 << 15, 1 << 18)


def keep_behind(database: Database, run_id: str | None = None) -> bool:
    """Move the books behind the records where one is in front among the first nodes; return whether none is there now.

    Where ids of deleted nodes come first, more are left to the records, up to 262,144.

    Args:
        database: Where they are.
        run_id: A run that is not yet current: what readers of other runs follow stays; None: all move.
    """
    for left in _LEFT:
        if not _is_in_front(database, run_id):
            return True
        database.write(partial(_move, run_id, left))
    return not _is_in_front(database, run_id)


def _is_in_front(database: Database, run_id: str | None) -> bool:
    """Return whether a record comes after a book."""
    records = database.read("first-books", runId=run_id, limit=SHOWN)
    kept = [record["keepsBooks"] for record in records if record["keepsBooks"] is not None]
    return kept != sorted(kept)


def _move(run_id: str | None, left: int, tx: neo4j.ManagedTransaction) -> None:
    run(tx, "lock-books")
    run(tx, "move-books", runId=run_id, left=left)
