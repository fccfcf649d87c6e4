"""Reading records, graphs and digests from the open embedded file."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from influence_graph.errors import InputError
from influence_graph.model.graph import Graph, GraphKind, Parallel
from influence_graph.model.names import BRAND, CONSUMER, NameTable
from influence_graph.model.records import (
    CAMPAIGN_DAY,
    DIRECTIONS,
    INTERACTIONS,
    KINDS,
    RETRACTION,
    Field,
    FieldType,
    RecordKind,
)
from influence_graph.model.touchpoints import TouchpointTable
from influence_graph.stores.base import InteractionFilter, LedgerMark
from influence_graph.stores.embedded.append import quoted
from influence_graph.stores.embedded.connection import first_row

if TYPE_CHECKING:
    from collections.abc import Sequence

    import duckdb
    from numpy.typing import NDArray

_TIES = """
SELECT source, target, coalesce(weight, 1.0) AS weight FROM ties
WHERE {known} UNION ALL
SELECT target, source, coalesce(weight, 1.0) FROM ties WHERE kind = 'friend' AND {known}
"""
_TIE_KNOWN = "($as_of IS NULL OR since IS NULL OR since <= $as_of)"
_HAPPENED = '($valid_at IS NULL OR "at" <= $valid_at)'
_KNOWN = '($as_of IS NULL OR coalesce(recorded_at, "at") <= $as_of)'
_RETRACTS = f"lower(trim(coalesce(kind, ''))) = '{RETRACTION}'"
_COUNTS = f"""{_HAPPENED} AND {_KNOWN} AND NOT {_RETRACTS}
AND event_id NOT IN (SELECT unnest($replaced::VARCHAR[]))"""
_CORRECTIONS = f"""SELECT event_id, epoch_us(coalesce(recorded_at, "at")) AS known, replaces, {_RETRACTS} AS retracts
FROM interactions WHERE replaces IS NOT NULL"""
_REPLACING = """event_id IN (
  WITH RECURSIVE corrections AS MATERIALIZED (SELECT event_id, replaces FROM interactions WHERE replaces IS NOT NULL),
  chain AS (
    SELECT event_id FROM corrections WHERE replaces IN (SELECT event_id FROM interactions WHERE {selected})
    UNION SELECT corrections.event_id FROM corrections JOIN chain ON corrections.replaces = chain.event_id)
  SELECT event_id FROM chain)"""
_ALL = "true"
_AROUND = """consumer IN (
  SELECT consumer FROM interactions WHERE brand IN (SELECT key FROM brands WHERE list_contains($around, id))
  OR list_has_any(string_split(with_brands, '|'), $around))
"""
_FIRST = quoted(field.name for field in INTERACTIONS.fields if not field.later)
_LATER = "".join(
    f" + coalesce(sum(hash(rowid, '{field.name}', {field.name})) FILTER (WHERE {field.name} IS NOT NULL), 0)"
    for field in INTERACTIONS.fields
    if field.later
)
_MARKS = f"""
SELECT $position IS NULL OR rowid < $position, max(rowid) + 1, count(*), sum(hash(rowid, {_FIRST})){_LATER},
  max(consumer), max(brand) FROM interactions GROUP BY 1
"""
_NO_ROWS = [0, 0, 0, -1, -1]  # as a row of _MARKS
_INTERACTIONS = f"""
SELECT consumer, brand,
  CASE WHEN direction IS NULL THEN coalesce(list_contains($giving::VARCHAR[], kind), $default)
    ELSE direction = 'to_brand' END AS to_brand,
  sum(coalesce(weight, 1.0)) AS weight
FROM interactions WHERE {_COUNTS} GROUP BY ALL
"""
_KINDS = f"""
SELECT coalesce(kind, ''), count(*) FROM interactions WHERE {_COUNTS} GROUP BY 1
ORDER BY 2 DESC, 1
"""
_TOUCHPOINTS = "touchpoints"  # name in ``meta`` of the store's own table, as JSON


def naive_utc(time: datetime | None) -> datetime | None:
    """Return *time* in UTC without its zone, as the file stores it."""
    return None if time is None else time.astimezone(UTC).replace(tzinfo=None)


def records(connection: duckdb.DuckDBPyConnection, kind: RecordKind, batch_rows: int) -> pa.RecordBatchReader:
    """Return a reader of all records of *kind*, ordered by key; the caller closes it."""
    endpoints = kind.endpoints
    columns = ", ".join(f"{n}_node.id AS {n}" if n in endpoints else f'record."{n}"' for n in kind.names)
    joins = " ".join(f"JOIN {table} {n}_node ON {n}_node.key = record.{n}" for n, table in endpoints.items())
    order = ", ".join(f"{n}_node.id" if n in endpoints else f"record.{n}" for n in kind.key)
    return connection.sql(f"SELECT {columns} FROM {kind.name} record {joins} ORDER BY {order}").to_arrow_reader(
        batch_rows
    )


def names(connection: duckdb.DuckDBPyConnection, kind: RecordKind, ids: Sequence[str] | pa.Array | None) -> NameTable:
    """Return the names that records of *kind* have, by id; of *ids* only, where they are given."""
    if "name" not in kind.by_name:
        raise InputError(f"{kind.name} have no names", remedy="name people or brands")
    statement = f"SELECT id, name FROM {kind.name} WHERE name <> ''"
    if ids is None:
        table = connection.sql(statement).to_arrow_table()
    else:
        connection.register("wanted", pa.table({"id": pa.array(ids, pa.large_string())}))
        table = connection.sql(f"{statement} AND id IN (FROM wanted)").to_arrow_table()
        connection.unregister("wanted")
    return NameTable(table["id"], table["name"])


def interactions(connection: duckdb.DuckDBPyConnection, where: InteractionFilter) -> pa.Table:
    """Return the interactions that *where* selects; ``consumer`` and ``brand`` are dictionaries."""
    selected, parameters = _conditions(where)
    parameters |= {"as_of": naive_utc(where.as_of), "valid_at": naive_utc(where.valid_at or where.as_of)}
    ignored: list[str] = []
    if where.history:
        replacing = "replaces IS NOT NULL" if selected == _ALL else _REPLACING.format(selected=selected)
        conditions = f"{_KNOWN} AND ({_HAPPENED} AND ({selected}) OR {replacing})"
    else:
        conditions = f"{_COUNTS} AND ({selected})"
        parameters["replaced"], ignored = _replaced(connection, where.as_of)
    if where.after:
        conditions += " AND rowid >= $after"
        parameters["after"] = where.after
    if where.upto is not None:
        conditions += " AND rowid < $upto"
        parameters["upto"] = where.upto
    statement = f'SELECT {quoted(INTERACTIONS.names)} FROM interactions WHERE {conditions} ORDER BY "at", event_id'
    table = connection.sql(statement, params=parameters).to_arrow_table()
    columns = {}
    for field, column in zip(INTERACTIONS.fields, table.columns, strict=True):
        if field.name in INTERACTIONS.endpoints:
            ids, index_of_key = _nodes(connection, INTERACTIONS.endpoints[field.name])
            codes = index_of_key[column.to_numpy()] if len(column) else np.empty(0, np.int32)
            columns[field.name] = pa.chunked_array([pa.DictionaryArray.from_arrays(pa.array(codes, pa.int32()), ids)])
        elif field.type is FieldType.TIME:
            columns[field.name] = column.cast(pa.timestamp("us", tz="UTC"))
        else:
            columns[field.name] = column
    if ignored:  # what is read is read as what it stands for: without the circle, it would replace
        in_circle = pc.is_in(columns["event_id"], value_set=pa.array(ignored))
        columns["replaces"] = pc.if_else(in_circle, None, columns["replaces"])
    return pa.table(columns)


def _replaced(connection: duckdb.DuckDBPyConnection, as_of: datetime | None) -> tuple[list[str], list[str]]:
    """Return the ids of what is replaced at *as_of*, and of the corrections ignored because they close a circle."""
    corrections = connection.sql(_CORRECTIONS).to_arrow_table()
    if not corrections.num_rows:
        return [], []
    from influence_graph.stores.embedded.corrections import replaced_and_ignored

    replaced, ignored = replaced_and_ignored(corrections, as_of)
    return replaced.to_pylist(), ignored.to_pylist()


def _conditions(where: InteractionFilter) -> tuple[str, dict[str, Any]]:
    """Return the condition on consumers, brands and ids that *where* makes, and its parameters."""
    parameters: dict[str, Any] = {}
    conditions = []
    for column, table, ids in (("consumer", "people", where.consumers), ("brand", "brands", where.brands)):
        if ids is not None:
            parameters[table] = list(ids)
            conditions.append(f"{column} IN (SELECT key FROM {table} WHERE id IN (SELECT unnest(${table}::VARCHAR[])))")
    if where.events is not None:
        parameters["events"] = list(where.events)
        conditions.append("event_id IN (SELECT unnest($events::VARCHAR[]))")
    if where.around is not None:
        parameters["around"] = list(where.around)
        conditions.append(_AROUND)
    return " AND ".join(conditions) or _ALL, parameters


def latest(connection: duckdb.DuckDBPyConnection) -> datetime | None:
    """Return the latest time at which an interaction happened or became known."""
    row = first_row(connection, 'SELECT max(greatest("at", coalesce(recorded_at, "at"))) FROM interactions')
    return row[0].replace(tzinfo=UTC) if row and row[0] else None


def touchpoints(connection: duckdb.DuckDBPyConnection, where: str) -> TouchpointTable:
    """Return the touchpoint table of the store *where*: its own, else the built-in one.

    Raises:
        InputError: the table was written by a newer version.
    """
    row = first_row(connection, "SELECT value FROM meta WHERE name = ?", [_TOUCHPOINTS])
    if row is None:
        return TouchpointTable.load()
    return TouchpointTable.from_dict(json.loads(row[0]), f"the touchpoint table of {where}")


def set_touchpoints(connection: duckdb.DuckDBPyConnection, table: TouchpointTable | None) -> None:
    """Make *table* the store's own, None: none; the caller owns the transaction."""
    connection.execute("DELETE FROM meta WHERE name = ?", [_TOUCHPOINTS])
    if table is not None:
        connection.execute("INSERT INTO meta VALUES (?, ?)", [_TOUCHPOINTS, json.dumps(table.to_dict())])


def kinds(connection: duckdb.DuckDBPyConnection, as_of: datetime | None) -> dict[str, int]:
    """Return the number of interactions that count, as known at *as_of*, by the kind they state."""
    known = naive_utc(as_of)
    moment = {"as_of": known, "valid_at": known, "replaced": _replaced(connection, as_of)[0]}
    return dict(connection.execute(_KINDS, moment).fetchall())


def currency(connection: duckdb.DuckDBPyConnection) -> str | None:
    """Return the currency of the first value that states one."""
    stated = "SELECT currency FROM interactions WHERE value IS NOT NULL AND currency IS NOT NULL LIMIT 1"
    row = first_row(connection, stated)
    return row[0] if row else None


def graph(
    connection: duckdb.DuckDBPyConnection,
    kind: GraphKind,
    as_of: datetime | None,
    table: TouchpointTable,
    parallel: Parallel,
) -> Graph:
    """Return the graph of *kind*: people first, then brands, each ordered by id; weights of a pair as *parallel* says.

    The direction that an interaction does not state is that of its kind in *table*.
    """
    people, person = _nodes(connection, "people")
    brands, brand = _nodes(connection, "brands")
    ids: list[NDArray[Any]] = []
    edges: list[tuple[NDArray[Any], NDArray[Any], NDArray[Any]]] = []
    known = {"as_of": naive_utc(as_of)}
    if kind in (GraphKind.TIES, GraphKind.ALL):
        ties = connection.execute(_TIES.format(known=_TIE_KNOWN), known).fetchnumpy()
        edges.append((person[ties["source"]], person[ties["target"]], ties["weight"]))
    if kind in (GraphKind.INTERACTIONS, GraphKind.ALL):
        directions = _directions(connection, table)
        moment = {**known, "valid_at": known["as_of"], "replaced": _replaced(connection, as_of)[0]}
        bonds = connection.execute(_INTERACTIONS, moment | directions).fetchnumpy()
        consumer, other = person[bonds["consumer"]], len(people) + brand[bonds["brand"]]
        forward = np.asarray(bonds["to_brand"], dtype=bool)
        source, target = np.where(forward, consumer, other), np.where(forward, other, consumer)
        edges.append((source, target, bonds["weight"]))
    ids.append(people.to_numpy(zero_copy_only=False))
    node_labels = [CONSUMER] * len(people)
    if kind is not GraphKind.TIES:
        ids.append(brands.to_numpy(zero_copy_only=False))
        node_labels += [BRAND] * len(brands)
    source, target, weight = (np.concatenate(parts) for parts in zip(*edges, strict=True))
    return Graph.from_arrays(
        np.concatenate(ids),
        np.asarray(source, np.int64),
        np.asarray(target, np.int64),
        np.asarray(weight, np.float64),
        labels=np.array(node_labels, dtype=object),
        as_of=as_of,
        parallel=parallel,
    )


def _directions(connection: duckdb.DuckDBPyConnection, table: TouchpointTable) -> dict[str, Any]:
    """Return the kinds of interactions without a direction that give to the brand, and whether no kind does."""
    rows = connection.execute("SELECT DISTINCT kind FROM interactions WHERE direction IS NULL").fetchall()
    named = [kind for (kind,) in rows if kind is not None]
    giving = [kind for kind in named if table.rule(kind).direction == DIRECTIONS[0]]
    return {"giving": giving, "default": table.rule(None).direction == DIRECTIONS[0]}


def counts(connection: duckdb.DuckDBPyConnection) -> dict[str, int]:
    """Return the number of records per kind."""
    return {name: _scalar(connection, f"SELECT count(*) FROM {name}") for name in KINDS}


def tombstones(connection: duckdb.DuckDBPyConnection) -> frozenset[str]:
    """Return the keyed hashes of those who were forgotten."""
    return frozenset(hash_ for (hash_,) in connection.execute("SELECT hash FROM tombstones").fetchall())


def digest(connection: duckdb.DuckDBPyConnection) -> str:
    """Return a digest of all records that does not depend on their order."""
    total = hashlib.blake2b(digest_size=16)
    for kind in KINDS.values():
        endpoints = kind.endpoints
        texts = ", ".join(_as_text(field, field.name in endpoints) for field in kind.fields)
        joins = " ".join(f"JOIN {table} {n}_node ON {n}_node.key = record.{n}" for n, table in endpoints.items())
        row = first_row(
            connection,
            f"""SELECT count(*), coalesce(sum(md5_number_lower(concat_ws(chr(31), {texts}))::HUGEINT), 0)
            FROM {kind.name} record {joins}""",
        )
        total.update(f"{kind.name} {row}".encode())
    return total.hexdigest()


def marks(connection: duckdb.DuckDBPyConnection, position: int | None) -> dict[int | None, LedgerMark]:
    """Return the mark of the first *position* interactions and, by None, that of the open ledger, in one pass.

    Interactions are only ever appended, so their order is DuckDB's ``rowid``. The proof hashes the sum of a 64-bit
    hash of each row with its ``rowid``, and of the people and brands that the rows name by key: some tens of
    milliseconds per million rows. It finds accidents (a restored or edited file), not forgeries.
    """
    ledger = first_row(connection, "SELECT value FROM meta WHERE name = 'ledger'")
    token = ledger[0] if ledger else ""
    parts = {is_first: row for is_first, *row in connection.execute(_MARKS, {"position": position}).fetchall()}
    first, rest = parts.get(True, _NO_ROWS), parts.get(False, _NO_ROWS)
    whole = [max(first[0], rest[0]), first[1] + rest[1], first[2] + rest[2], *map(max, first[3:], rest[3:])]
    return {size: _mark_of(connection, token, rows) for size, rows in ((position, first), (None, whole))}


def _mark_of(connection: duckdb.DuckDBPyConnection, token: str, rows: list[int]) -> LedgerMark:
    """Return the mark of rows: their end, number, sum of hashes, and highest key of consumers and of brands."""
    end, count, hashes, *keys = rows
    nodes = [
        _scalar(connection, f"SELECT coalesce(sum(hash(key, id)), 0) FROM {table} WHERE key <= {key}")
        for table, key in zip(INTERACTIONS.endpoints.values(), keys, strict=True)
    ]
    proof = hashlib.blake2b(repr((count, hashes, nodes)).encode(), digest_size=16).hexdigest()
    return LedgerMark(token, end, proof)


def _as_text(field: Field, is_endpoint: bool) -> str:
    """Return the text of *field* in a digest.

    That of a later field without a value is null, and left out; so is the day of a campaign that is that of ``at``.
    """
    column = f"{field.name}_node.id" if is_endpoint else f'record."{field.name}"'
    if field is CAMPAIGN_DAY:
        column = f'nullif({column}, record."at"::DATE)'
    text = f"epoch_us({column})" if field.type is FieldType.TIME else column
    return f"'{field.name}=' || {text}::VARCHAR" if field.later else f"coalesce({text}::VARCHAR, chr(30))"


def _nodes(connection: duckdb.DuckDBPyConnection, table: str) -> tuple[pa.Array, NDArray[np.int32]]:
    """Return the ids of *table* in order, and for each surrogate key the position of its id."""
    nodes = connection.sql(f"SELECT key, id FROM {table} ORDER BY id").to_arrow_table()
    keys = nodes["key"].to_numpy()
    position = np.empty(int(keys.max(initial=-1)) + 1, np.int32)
    position[keys] = np.arange(len(keys), dtype=np.int32)
    return nodes["id"].combine_chunks(), position


def _scalar(connection: duckdb.DuckDBPyConnection, statement: str) -> int:
    row = first_row(connection, statement)
    return int(row[0]) if row else 0
