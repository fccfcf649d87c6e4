"""Sources of records on a server: books of them, and what each record says of them (``model/sources.py``)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

import pyarrow as pa

from influence_graph.model.records import RecordKind
from influence_graph.model.sources import NAMED_ONLY, SEVERAL, Brought, Source
from influence_graph.stores.neo4j.database import Database, run, single
from influence_graph.stores.neo4j.rows import Row, normalized, time_of, to_table

if TYPE_CHECKING:
    import neo4j

_AT_ONCE = 10_000
_RELATIONSHIPS = ("ties", "interactions")


class Noted(NamedTuple):
    """What a stored record, the *element* of the graph, says of its sources."""

    element: str
    origin: int | None
    also: int | None

    def with_source(self, source: int) -> Noted:
        """Return what it is to say once *source* gave it, too: the same where its origin is not on record."""
        if self.origin in (None, source):
            return self
        if self.origin == NAMED_ONLY:
            return self._replace(origin=source)
        if self.also is None:
            return self._replace(also=source)
        return self if self.also == source else self._replace(also=SEVERAL)


def note(
    tx: neo4j.ManagedTransaction, kind: RecordKind, source: int, stored: Mapping[Row, Noted], keys: Iterable[Row]
) -> None:
    """Let the *stored* records with these *keys* note that *source* gave them, too."""
    known = [stored[key] for key in dict.fromkeys(keys) if key in stored]
    rows = [list(new) for old in known if (new := old.with_source(source)) != old]
    if rows:
        run(tx, "note-relationships" if kind.name in _RELATIONSHIPS else "note-nodes", rows=rows)


def add(database: Database, name: str, digest: str) -> int:
    """Return the number of the source with this *digest*, added as *name* where it is new."""
    number: int = database.write(partial(_add, name, digest))
    return number


def count(database: Database, number: int, rows: int) -> None:
    """Note that the source *number* gave *rows* records."""
    database.write(partial(_count, number, rows))


def listed(database: Database) -> list[Source]:
    """Return all sources by number."""
    return [
        Source(row["number"], row["name"], row["digest"], time_of(row["addedAt"]), row["rows"])
        for row in database.read("read-sources")
    ]


def brought_by(database: Database, kind: RecordKind, sources: Sequence[int]) -> Brought:
    """Return which records of *kind* only the *sources* gave, and how many others gave, too."""
    rows = database.read(f"{kind.name}-of-sources", sources=list(sources))
    schema = pa.schema([kind.schema.field(name) for name in kind.key])
    only = [normalized(row["key"], kind) for row in rows if row["only"]]
    return Brought(to_table(sorted(only), schema), len(rows) - len(only))


def drop(database: Database, sources: Sequence[int]) -> None:
    """Forget the *sources*, some thousand records at a time: what others gave, too, is theirs alone."""
    for statement in ("drop-sources-of-nodes", "drop-sources-of-relationships"):
        while database.write(partial(_drop, statement, list(sources))):
            pass
    database.write(partial(_delete, list(sources)))


def _add(name: str, digest: str, tx: neo4j.ManagedTransaction) -> int:
    run(tx, "open-ledger")  # what is locked
    run(tx, "lock-books")
    return int(single(tx, "add-source", name=name, digest=digest)["number"])


def _count(number: int, rows: int, tx: neo4j.ManagedTransaction) -> None:
    run(tx, "count-source", number=number, rows=rows)


def _drop(statement: str, sources: list[int], tx: neo4j.ManagedTransaction) -> int:
    run(tx, "lock-books")
    return int(single(tx, statement, sources=sources, limit=_AT_ONCE)["dropped"])


def _delete(sources: list[int], tx: neo4j.ManagedTransaction) -> None:
    run(tx, "delete-sources", sources=sources)
