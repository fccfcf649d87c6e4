"""Nodes that keep books (migrations, the ledger, leases, runs) stay behind the records.

Neo4j gives nodes in the order of their internal ids, and so does the Browser's first ``MATCH (n) RETURN n``. A new
book is therefore created after 1,024 nodes that are deleted again in its transaction, whose ids the records get; in a
database from which much was deleted, ids are given in another order, so the first nodes are looked at after each run.
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


def keep_behind(database: Database) -> bool:
    """Move the books behind the records where one is in front among the first nodes; return whether none is there now.

    Where ids of deleted nodes come first, more are left to the records, up to 262,144.
    """
    for left in _LEFT:
        if not _is_in_front(database):
            return True
        database.write(partial(_move, left))
    return not _is_in_front(database)


def _is_in_front(database: Database) -> bool:
    """Return whether a record comes after a book."""
    kept = [record["keepsBooks"] for record in database.read("first-books", limit=SHOWN)]
    return kept != sorted(kept)


def _move(left: int, tx: neo4j.ManagedTransaction) -> None:
    run(tx, "move-books", left=left)
