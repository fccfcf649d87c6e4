"""Recalculations, their ticks, and states in the open embedded file; the caller owns the transaction."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from influence_graph.model.json_values import json_text
from influence_graph.model.recalculations import Recalculation
from influence_graph.stores.base import Written
from influence_graph.stores.embedded import results
from influence_graph.stores.embedded.connection import first_row
from influence_graph.stores.kept import KEPT_TICKS, ticks_of, written_by

if TYPE_CHECKING:
    import duckdb

_TICK = "INSERT INTO ticks SELECT $tick, $id WHERE $tick NOT IN (SELECT tick FROM ticks)"
_PRUNE = f"""
DELETE FROM recalculations WHERE number < (SELECT max(number) FROM recalculations)
  AND id NOT IN (SELECT id FROM (SELECT id, unnest(runs) AS run FROM recalculations) WHERE run IN (SELECT id FROM runs))
  AND id NOT IN (SELECT id FROM recalculations WHERE tick IS NOT NULL ORDER BY number DESC LIMIT {KEPT_TICKS})
"""


def write(connection: duckdb.DuckDBPyConnection, new: Recalculation, written: Sequence[Written]) -> bool:
    """Write *new* and what it has *written*; return False, without a change, where its tick took effect before."""
    if first_row(connection, "SELECT 1 FROM recalculations WHERE id = ?", [new.id]):
        return True
    if first_row(connection, "SELECT 1 FROM ticks WHERE tick = ?", [new.tick]):
        return False
    for each in written:
        results.write(connection, each.run, each.table)
    connection.execute(
        "INSERT INTO recalculations SELECT coalesce(max(number), 0) + 1, ?, ?, ?, ? FROM recalculations",
        [new.id, new.tick, written_by(new, written), json_text(new.to_dict())],
    )
    for tick in ticks_of(new):
        connection.execute(
            "INSERT INTO ticks SELECT $tick, $id WHERE $tick NOT IN (SELECT tick FROM ticks)",
            {"tick": tick, "id": new.id},
        )
    return True


def recalculations(connection: duckdb.DuckDBPyConnection, limit: int | None) -> list[Recalculation]:
    """Return the latest *limit* recalculations, None: all, newest first."""
    rows = connection.execute("SELECT document FROM recalculations ORDER BY number DESC LIMIT ?", [limit]).fetchall()
    return [Recalculation.from_dict(json.loads(document)) for (document,) in rows]


def prune(connection: duckdb.DuckDBPyConnection) -> None:
    """Delete the recalculations whose runs are gone, except those of the latest ticks."""
    connection.execute(_PRUNE)
    connection.execute("DELETE FROM ticks WHERE recalculation NOT IN (SELECT id FROM recalculations)")


def state(connection: duckdb.DuckDBPyConnection, name: str) -> Mapping[str, Any] | None:
    """Return what is kept under *name*."""
    row = first_row(connection, "SELECT value FROM states WHERE name = ?", [name])
    return None if row is None else json.loads(row[0])


def set_state(connection: duckdb.DuckDBPyConnection, name: str, value: Mapping[str, Any] | None) -> None:
    """Keep *value* under *name*, None: nothing."""
    connection.execute("DELETE FROM states WHERE name = ?", [name])
    if value is not None:
        connection.execute("INSERT INTO states VALUES (?, ?)", [name, json_text(value)])
