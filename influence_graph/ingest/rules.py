"""What holds across the fields of one record, and the defaults that belong to its identity."""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from influence_graph.ingest.faults import Fault
from influence_graph.model.records import RecordKind
from influence_graph.model.touchpoints import TouchpointTable


def broken_rules(kind: RecordKind, table: pa.Table) -> dict[int, tuple[str, Fault]]:
    """Return the rows of *table* that break a rule across fields, with the column to blame."""
    if kind.name != "ties":
        return {}
    loops = pc.equal(table.column("source"), table.column("target")).fill_null(False)
    rows = np.flatnonzero(loops.to_numpy())
    ids = table.column("target").take(pa.array(rows)).to_pylist()
    remedy = "remove the row: nobody influences themselves"
    return {
        int(row): ("target", Fault.of(id_, "source and target are the same", remedy))
        for row, id_ in zip(rows, ids, strict=True)
    }


def fill_defaults(kind: RecordKind, table: pa.Table, meanings: TouchpointTable) -> tuple[pa.Table, Counter[str]]:
    """Return *table* with the defaults of *kind* filled in, and how often each unknown kind occurs."""
    if kind.name == "ties":
        return _fill_ties(table), Counter()
    if kind.name == "sales":
        return _fill(table, "segment", pa.scalar("")), Counter()
    if kind.name == "interactions":
        return _fill_interactions(table, meanings)
    return table, Counter()


def _fill(table: pa.Table, name: str, default: Any) -> pa.Table:  # noqa: ANN401 - scalar or array
    column = table.column(name)
    if column.null_count == 0:
        return table
    return table.set_column(table.schema.get_field_index(name), name, pc.coalesce(column, default))


def _fill_ties(table: pa.Table) -> pa.Table:
    """Ties follow by default; a friendship is stored once, its ends in order."""
    table = _fill(table, "kind", pa.scalar("follows"))
    source, target = table.column("source"), table.column("target")
    swapped = pc.and_(pc.equal(table.column("kind"), "friend"), pc.greater(source, target))
    if not pc.any(swapped).as_py():
        return table
    table = table.set_column(0, "source", pc.if_else(swapped, target, source))
    return table.set_column(1, "target", pc.if_else(swapped, source, target))


def _fill_interactions(table: pa.Table, meanings: TouchpointTable) -> tuple[pa.Table, Counter[str]]:
    """Direction and touchpoint that are not stated follow from the kind."""
    kinds = table.column("kind").combine_chunks().dictionary_encode(null_encoding="encode")
    if isinstance(kinds, pa.ChunkedArray):
        kinds = pa.concat_arrays(kinds.chunks)
    names = kinds.dictionary.to_pylist()
    rules = [meanings.rule(name) for name in names]
    for column in ("direction", "touchpoint"):
        implied = pa.array([getattr(rule, column) for rule in rules], pa.string()).take(kinds.indices)
        table = _fill(table, column, implied)
    unknown = {name for name in names if name is not None and not meanings.knows(name)}
    if not unknown:
        return table, Counter()
    counts = np.bincount(kinds.indices.to_numpy(), minlength=len(names))
    return table, Counter({name: int(count) for name, count in zip(names, counts, strict=True) if name in unknown})
