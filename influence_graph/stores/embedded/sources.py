"""Sources of records in the embedded store: their table, and what each record says of them (``model/sources.py``)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC
from typing import TYPE_CHECKING

from influence_graph.model.records import KINDS, RecordKind
from influence_graph.model.sources import NAMED_ONLY, SEVERAL, Brought, Source
from influence_graph.stores.embedded.connection import first_row

if TYPE_CHECKING:
    import duckdb

_GAVE = "(list_contains($sources, record.origin) OR list_contains($sources, record.also) IS TRUE)"
_ONLY = "(list_contains($sources, record.origin) AND coalesce(list_contains($sources, record.also), true))"
NOTED = f"""known.origin <> {{source}}
AND (known.origin = {NAMED_ONLY} OR coalesce(known.also NOT IN ({{source}}, {SEVERAL}), true))"""
"""The condition that a stored record is to note the source, too: never one whose origin is not on record."""
NOTE = f"""origin = CASE WHEN known.origin = {NAMED_ONLY} THEN {{source}} ELSE known.origin END,
also = CASE WHEN known.origin = {NAMED_ONLY} THEN NULL WHEN known.also IS NULL THEN {{source}} ELSE {SEVERAL} END"""
"""What it notes."""


def add(connection: duckdb.DuckDBPyConnection, name: str, digest: str) -> int:
    """Return the number of the source with this *digest*, added as *name*; the caller owns the transaction."""
    known = first_row(connection, "SELECT number FROM sources WHERE digest = ?", [digest])
    if known is not None:
        return int(known[0])
    row = first_row(
        connection,
        """INSERT INTO sources SELECT (SELECT coalesce(max(number), 0) + 1 FROM sources), ?, ?,
        now() AT TIME ZONE 'UTC', NULL RETURNING number""",
        [name, digest],
    )
    return int(row[0]) if row else 0


def count(connection: duckdb.DuckDBPyConnection, number: int, rows: int) -> None:
    """Note that the source *number* gave *rows* records; the caller owns the transaction."""
    connection.execute("UPDATE sources SET rows = ? WHERE number = ?", [rows, number])


def listed(connection: duckdb.DuckDBPyConnection) -> list[Source]:
    """Return all sources by number."""
    rows = connection.execute("SELECT number, name, digest, added_at, rows FROM sources ORDER BY number").fetchall()
    return [Source(number, name, digest, at.replace(tzinfo=UTC), rows_) for number, name, digest, at, rows_ in rows]


def brought_by(connection: duckdb.DuckDBPyConnection, kind: RecordKind, sources: Sequence[int]) -> Brought:
    """Return which records of *kind* only the *sources* gave, and how many others gave, too."""
    ends = {name: table for name, table in kind.endpoints.items() if name in kind.key}
    columns = ", ".join(f"{name}_node.id AS {name}" if name in ends else f"record.{name}" for name in kind.key)
    joins = " ".join(f"JOIN {table} {name}_node ON {name}_node.key = record.{name}" for name, table in ends.items())
    chosen = {"sources": list(sources)}
    only = f"SELECT {columns} FROM {kind.name} record {joins} WHERE {_ONLY} ORDER BY ALL"
    shared = f"SELECT count(*) FROM {kind.name} record WHERE {_GAVE} AND NOT {_ONLY}"
    (number,) = first_row(connection, shared, chosen) or (0,)
    return Brought(connection.sql(only, params=chosen).to_arrow_table(), number)


def drop(connection: duckdb.DuckDBPyConnection, sources: Sequence[int]) -> None:
    """Forget the *sources*: what others gave, too, is theirs alone; the caller owns the transaction."""
    chosen = {"sources": list(sources)}
    for name in KINDS:
        connection.execute(
            f"""UPDATE {name} record SET
              origin = CASE WHEN NOT list_contains($sources, origin) THEN origin
                WHEN also > {SEVERAL} AND NOT list_contains($sources, also) THEN also END,
              also = NULL
            WHERE {_GAVE}""",
            chosen,
        )
    connection.execute("DELETE FROM sources WHERE list_contains($sources, number)", chosen)
