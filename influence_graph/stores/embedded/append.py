"""Writing one batch of records, in SQL on the open transaction.

Two rules cover all kinds. *Upsert* (people, brands, ties, sales): rows of one key are merged, the
last value that is not null wins, and only real differences are written. *Immutable* (interactions,
campaigns): the first row of an ``event_id`` is kept; later ones are unchanged or conflicts. Of interactions from
before V0005 it is not known whether they state touchpoint and direction: there a null is no difference. A campaign
without a day, or with that of ``at`` in UTC, takes another one of a later row.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from typing import Any

import duckdb
import pyarrow as pa

from influence_graph.model.records import CAMPAIGNS, INTERACTIONS, Batch, FieldType, RecordKind, Reject
from influence_graph.model.sources import NAMED_ONLY
from influence_graph.stores.base import AppendReport, conflict
from influence_graph.stores.embedded import sources
from influence_graph.stores.embedded.connection import first_row
from influence_graph.stores.embedded.schema import FROZEN
from influence_graph.stores.frozen_meaning import FIELDS


def quoted(names: Iterable[str]) -> str:
    """Return *names* as a comma-separated list of quoted identifiers."""
    return ", ".join(f'"{name}"' for name in names)


def append_batch(connection: duckdb.DuckDBPyConnection, batch: Batch) -> AppendReport:
    """Append *batch* and return exact counts; the caller owns the transaction."""
    report = AppendReport(batch.kind.name)
    connection.register("batch", _with_position(batch))
    try:
        report.placeholders = sum(
            _add_placeholders(connection, batch, table, column) for column, table in batch.kind.endpoints.items()
        )
        connection.execute(_stage(batch.kind))
        if batch.kind.immutable:
            _append_immutable(connection, batch, report)
        else:
            _upsert(connection, batch, report)
    finally:
        with suppress(duckdb.TransactionException):  # it is aborted: its cause is what is told
            connection.unregister("batch")
            connection.execute("DROP VIEW IF EXISTS staged")
    return report


def _with_position(batch: Batch) -> pa.Table:
    """Return the batch with times without zone, and the columns ``line`` and ``position``."""
    columns = {
        name: column.cast(pa.timestamp("us")) if pa.types.is_timestamp(column.type) else column
        for name, column in zip(batch.table.column_names, batch.table.columns, strict=True)
    }
    rows = batch.table.num_rows
    return pa.table({**columns, "line": batch.lines, "position": pa.array(range(rows), pa.int32())})


def _add_placeholders(connection: duckdb.DuckDBPyConnection, batch: Batch, table: str, column: str) -> int:
    """Create the nodes that *column* names and *table* lacks; return how many."""
    return _count(
        connection,
        f"""INSERT INTO {table} (key, id, origin)
        SELECT (SELECT coalesce(max(key) + 1, 0) FROM {table}) + row_number() OVER (ORDER BY id) - 1, id,
          {_number(None if batch.source is None else NAMED_ONLY)}
        FROM (SELECT DISTINCT {column} AS id FROM batch) named
        WHERE NOT EXISTS (SELECT 1 FROM {table} known WHERE known.id = named.id)""",
    )


def _stage(kind: RecordKind) -> str:
    """Return the statement that shows the batch with surrogate keys in place of endpoint ids."""
    endpoints = kind.endpoints
    columns = ", ".join(f"{name}_node.key AS {name}" if name in endpoints else f'batch."{name}"' for name in kind.names)
    joins = " ".join(f"JOIN {table} {name}_node ON {name}_node.id = batch.{name}" for name, table in endpoints.items())
    return f"CREATE OR REPLACE TEMP VIEW staged AS SELECT {columns}, line, position FROM batch {joins}"


def _append_immutable(connection: duckdb.DuckDBPyConnection, batch: Batch, report: AppendReport) -> None:
    target, names = batch.kind.name, quoted(batch.kind.names)
    report.inserted = _count(
        connection,
        f"""INSERT INTO {target} ({names}, origin) SELECT {names}, {_number(batch.source)} FROM staged
        WHERE NOT EXISTS (SELECT 1 FROM {target} known WHERE known.event_id = staged.event_id)
        {_first_of_each_id(connection)}""",
    )
    if report.inserted == batch.table.num_rows:
        return
    payload = [name for name in batch.kind.names if name != "event_id"]
    each = [_differs(name, batch.kind) for name in payload]
    if batch.kind is CAMPAIGNS:
        report.updated = _take_days(connection, each)
    rows = connection.execute(
        f"""SELECT staged.line, staged.event_id, {", ".join(each)} FROM staged JOIN {target} known USING (event_id)
        WHERE {" OR ".join(each)} ORDER BY staged.position"""
    ).fetchall()
    report.conflicts = [_conflict(batch, payload, row) for row in rows]
    same = batch.table.num_rows - report.inserted - len(rows)
    report.unchanged = same - report.updated
    if same:
        refused = [f"{each.line}" for each in report.conflicts]
        others = f"line NOT IN ({', '.join(refused)})" if refused else "true"
        _note_source(connection, batch, f"known.event_id = staged.event_id AND {others}")


def _take_days(connection: duckdb.DuckDBPyConnection, differences: Iterable[str]) -> int:
    """Let stored campaigns take the days of staged ones with none of the *differences*; return how many did."""
    return _count(
        connection,
        f"""UPDATE campaigns stored SET day = given.day FROM (
          SELECT event_id, staged.day FROM staged JOIN campaigns known USING (event_id)
          WHERE {_is_own_day("staged")} AND NOT {_is_own_day("known")} AND NOT ({" OR ".join(differences)})
          QUALIFY row_number() OVER (PARTITION BY event_id ORDER BY staged.position) = 1
        ) given WHERE stored.event_id = given.event_id""",
    )


def _is_own_day(record: str) -> str:
    """Return the condition that a campaign states another day than that of ``at`` in UTC."""
    return f"""coalesce({record}.day <> {record}."at"::DATE, false)"""


def _note_source(connection: duckdb.DuckDBPyConnection, batch: Batch, same: str) -> None:
    """Let the stored records that are the *same* as one of *batch* note that its source gave them, too."""
    if batch.source is None:
        return
    note, noted = (text.format(source=batch.source) for text in (sources.NOTE, sources.NOTED))
    table = "batch staged" if batch.kind.endpoints.keys().isdisjoint(batch.kind.key) else "staged"
    connection.execute(f"UPDATE {batch.kind.name} known SET {note} FROM {table} WHERE {same} AND {noted}")


def _differs(name: str, kind: RecordKind) -> str:
    """Return the condition that the field *name* of a staged record differs from the stored one."""
    differs = f'staged."{name}" IS DISTINCT FROM known."{name}"'
    if kind is CAMPAIGNS and name == "day":
        return f"({_is_own_day('staged')} AND {_is_own_day('known')} AND {differs})"
    if kind is not INTERACTIONS or name not in FIELDS:
        return differs
    frozen = f"coalesce((SELECT value::BIGINT FROM meta WHERE name = '{FROZEN}'), 0)"
    return f"CASE WHEN known.rowid < {frozen} THEN staged.{name} <> known.{name} IS TRUE ELSE {differs} END"


def _first_of_each_id(connection: duckdb.DuckDBPyConnection) -> str:
    """Return the clause that keeps the first row of each repeated id, or nothing where none repeats."""
    row = first_row(connection, "SELECT count(*) - count(DISTINCT event_id) FROM batch")
    repeats = row is not None and row[0] > 0
    return "QUALIFY row_number() OVER (PARTITION BY event_id ORDER BY position) = 1" if repeats else ""


def _conflict(batch: Batch, payload: list[str], row: tuple[Any, ...]) -> Reject:
    line, event_id, *different = row
    names = [name for name, is_different in zip(payload, different, strict=True) if is_different]
    return conflict(batch.file, line, batch.kind, event_id, names)


def _upsert(connection: duckdb.DuckDBPyConnection, batch: Batch, report: AppendReport) -> None:
    kind = batch.kind
    target, keys = kind.name, kind.key
    values = [name for name in kind.names if name not in keys]
    merged = ", ".join(f"last({v} ORDER BY position) FILTER (WHERE {v} IS NOT NULL) AS {v}" for v in values)
    by_key = ", ".join(keys)
    is_node = kind.by_name[keys[0]].type is FieldType.ID and keys == ("id",)
    # New ids are numbered first: the numbers that known ids get here are not used, so keys have no gaps.
    order = f"ORDER BY id IN (SELECT id FROM {target}), id"
    new_key = f", (SELECT coalesce(max(key) + 1, 0) FROM {target}) + row_number() OVER ({order}) - 1 AS key"
    insert = [*kind.names, *(["key"] if is_node else [])]
    source = _number(batch.source)
    changed = " OR ".join(f"(new.{v} IS NOT NULL AND new.{v} IS DISTINCT FROM known.{v})" for v in values)
    actions = connection.execute(
        f"""MERGE INTO {target} known USING (
          SELECT *{new_key if is_node else ""} FROM (SELECT {by_key}, {merged} FROM staged GROUP BY {by_key})
        ) new ON ({" AND ".join(f"known.{k} = new.{k}" for k in keys)})
        WHEN MATCHED AND ({changed}) THEN UPDATE SET {", ".join(f"{v} = coalesce(new.{v}, known.{v})" for v in values)}
        WHEN NOT MATCHED THEN INSERT ({", ".join(insert)}, origin)
          VALUES ({", ".join(f"new.{n}" for n in insert)}, {source})
        RETURNING merge_action"""
    ).fetchall()
    report.inserted = sum(action == "INSERT" for (action,) in actions)
    report.updated = len(actions) - report.inserted
    report.unchanged = batch.table.num_rows - len(actions)
    if report.inserted < batch.table.num_rows:
        _note_source(connection, batch, " AND ".join(f"known.{k} = staged.{k}" for k in keys))


def _number(source: int | None) -> str:
    return "NULL" if source is None else str(int(source))


def _count(connection: duckdb.DuckDBPyConnection, statement: str) -> int:
    row = first_row(connection, statement)
    return int(row[0]) if row else 0
