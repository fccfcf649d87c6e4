"""Copying records between stores, and out of them into files."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from pathlib import Path

import pandas as pd
import pyarrow as pa

from influence_graph.app.formats import write_file
from influence_graph.app.ingest import OnProgress, append_all
from influence_graph.app.prefetch import prefetch
from influence_graph.model.records import KINDS, Batch, RecordKind
from influence_graph.stores.base import AppendReport, Store


def copy(source: Store, target: Store, on_progress: OnProgress | None = None) -> list[AppendReport]:
    """Append all records of *source* to *target*; a second copy changes nothing.

    What *target* holds beyond that stays. Results are not copied: they are recalculated.
    """
    target.migrate()
    return append_all(target, prefetch(_batches(source)), on_progress)


def _batches(source: Store) -> Iterator[Batch]:
    for kind in KINDS.values():
        first = 1
        for table in source.records(kind):
            lines = pa.array(range(first, first + table.num_rows), pa.int64())
            first += table.num_rows
            yield Batch(kind, table, lines, source.url)


def export(store: Store, kind: RecordKind, path: Path) -> int:
    """Write all records of *kind* to *path* (``.csv``, ``.json``, ``.jsonl``, ``.parquet``); return how many."""
    return write_file(frames(store, kind), path, kind.schema)


def frames(store: Store, kind: RecordKind) -> Iterator[pd.DataFrame]:
    """Yield all records of *kind* as frames, at least one; whole numbers stay whole beside nulls."""
    whole = {pa.int64(): pd.Int64Dtype()}
    tables = store.records(kind)
    for table in chain([next(tables, kind.schema.empty_table())], tables):
        yield table.to_pandas(types_mapper=whole.get)
