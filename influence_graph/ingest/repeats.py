"""Ties that one file states several times: their weights are added."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from influence_graph.errors import UnreadableFile
from influence_graph.model.records import TIES, Batch

WEIGHTS_ADDED = "their weights were added, 1 for each without one"
_KEY = list(TIES.key)


@dataclass(frozen=True)
class Repeats:
    """The ties that a file states more than once.

    Attributes:
        hashes: Sorted hashes of their keys.
        totals: Their key, the sum of their weights, of which an absent one counts 1, and the earliest of their times.
        rows: Rows that repeat one of them.
    """

    hashes: npt.NDArray[np.uint64]
    totals: pa.Table
    rows: int

    def resolve(self, batch: Batch) -> Batch:
        """Return *batch* with the total weight and the earliest time of each tie in all of its rows.

        No row is left out: the store takes the first one, and finds the others unchanged.
        """
        table = batch.table
        places = np.flatnonzero(_among(_hashes(table), self.hashes))
        if not len(places):
            return batch
        rows = table.select(_KEY).take(pa.array(places)).append_column("place", pa.array(places))
        found = rows.join(self.totals, _KEY, join_type="inner", use_threads=False).sort_by("place")
        mask = np.zeros(len(table), bool)
        mask[found["place"].to_numpy()] = True
        for name in ("weight", "since"):
            at = table.schema.get_field_index(name)
            column = pc.replace_with_mask(table[name].combine_chunks(), pa.array(mask), found[name].combine_chunks())
            table = table.set_column(at, table.schema.field(at), column)
        return Batch(batch.kind, table, batch.lines, batch.file)


def find_repeats(batches: Callable[[], Iterable[Batch]]) -> Repeats | None:
    """Return the ties that are in *batches* more than once, None where there are none.

    Args:
        batches: Reads the ties of one file, each time anew: once, and once more where something repeats. Kept are 8
            bytes per tie, and the ties that repeat. Of a damaged file the ties before the damage are read.
    """
    repeated = _repeated(batch.table for batch in _undamaged(batches()))
    if not len(repeated):
        return None
    parts = [_summed(batch.table, repeated) for batch in _undamaged(batches())]
    by = [("weight", "sum"), ("since", "min"), ("rows", "sum")]
    found = pa.concat_tables(parts).group_by(_KEY, use_threads=False).aggregate(by)
    found = found.filter(pc.greater(found["rows_sum"], 1))
    totals = found.select([*_KEY, "weight_sum", "since_min"]).rename_columns([*_KEY, "weight", "since"])
    return Repeats(repeated, totals, (pc.sum(found["rows_sum"]).as_py() or 0) - len(found))


def _undamaged(batches: Iterable[Batch]) -> Iterator[Batch]:
    with suppress(UnreadableFile):  # the reading that follows says so
        yield from batches


def _repeated(tables: Iterable[pa.Table]) -> npt.NDArray[np.uint64]:
    """Return, sorted, the hashes that ties of *tables* have in common."""
    once: list[npt.NDArray[np.uint64]] = []
    often: list[npt.NDArray[np.uint64]] = []
    for table in tables:
        distinct, counts = np.unique(_hashes(table), return_counts=True)
        once.append(distinct)
        often.append(distinct[counts > 1])
    if not once:
        return np.array([], np.uint64)
    hashes = np.concatenate(once)
    once.clear()
    hashes.sort()
    return np.unique(np.concatenate([hashes[1:][hashes[1:] == hashes[:-1]], *often]))


def _summed(table: pa.Table, repeated: npt.NDArray[np.uint64]) -> pa.Table:
    """Return each tie of *table* that has one of the hashes *repeated*, with sums over its rows."""
    table = table.filter(pa.array(_among(_hashes(table), repeated))).select([*_KEY, "weight", "since"])
    table = table.set_column(3, "weight", table["weight"].fill_null(1.0))
    by = [("weight", "sum"), ("since", "min"), ([], "count_all")]
    names = [*_KEY, "weight", "since", "rows"]
    return table.group_by(_KEY, use_threads=False).aggregate(by).rename_columns(names)


def _among(hashes: npt.NDArray[np.uint64], repeated: npt.NDArray[np.uint64]) -> npt.NDArray[np.bool_]:
    """Return which *hashes* are in *repeated*, which is sorted and not empty."""
    places = np.searchsorted(repeated, hashes)
    found: npt.NDArray[np.bool_] = repeated[np.minimum(places, len(repeated) - 1)] == hashes
    return found


def _hashes(table: pa.Table) -> npt.NDArray[np.uint64]:
    """Return a hash of the key of each tie; different ties may have one, equal ones do."""
    total = np.zeros(len(table), np.uint64)
    for name in _KEY:
        values = table[name].combine_chunks().dictionary_encode()
        distinct = pd.util.hash_array(values.dictionary.to_numpy(zero_copy_only=False), categorize=False)
        total = total * np.uint64(0x9E3779B97F4A7C15) + distinct[values.indices.to_numpy()]
    return total
