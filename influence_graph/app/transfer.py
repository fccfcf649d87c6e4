"""Copies of records from one store to another, and exports to files."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from itertools import chain
from pathlib import Path

import pandas as pd
import pyarrow as pa

from influence_graph.app.door import Given, Guarded, Privacy, digest_of_texts, door_between
from influence_graph.app.formats import write_file
from influence_graph.app.ingest import OnProgress, append_all
from influence_graph.app.prefetch import prefetch
from influence_graph.errors import InputError
from influence_graph.model.records import KINDS, Batch, RecordKind, record_kind
from influence_graph.stores.base import AppendReport, Reader, Store


def copy(
    source: Store,
    target: Store,
    on_progress: OnProgress | None = None,
    privacy: Privacy = Privacy(),  # noqa: B008 - frozen
) -> list[AppendReport]:
    """Append all records of *source* to *target*; a second copy changes nothing.

    Other records of *target* are kept. Results are not copied: they are recalculated. All records are of one state
    of *source*. The touchpoint table goes with them where *target* has none of its own. For *target* the other store is
    their source; who was forgotten there stays out, which ``privacy.note`` is told.

    Raises:
        InputError: both are the same store, or as :func:`door_between`.
        NotFound: there is no store at the address of *source*.
    """
    if _address(source) == _address(target):
        raise InputError(f"the store {source.url} would be copied to itself", remedy="name another store")
    with source.snapshot() as view:
        target.migrate()
        door = door_between(view, target, privacy)
        digest = digest_of_texts(view.mark().ledger)
        with closing(prefetch(door.admitted(_batches(view)))) as ahead:
            given = Given(target, source.url, lambda: digest, ahead)
            reports = append_all(Guarded(target, door), given, on_progress)
        table = view.touchpoints()
    given.count(reports)
    for line in door.said:
        privacy.note(line)
    if table.changes() and not target.touchpoints().changes():
        target.set_touchpoints(table)
    return reports


def _address(store: Store) -> str | Path:
    """Return what two names of one store have in common."""
    return store.url if "://" in store.url else Path(store.url).resolve()


def _batches(source: Reader) -> Iterator[Batch]:
    for kind in KINDS.values():
        line = 1
        for table in source.records(kind):
            lines = pa.array(range(line, line + table.num_rows), pa.int64())
            line += table.num_rows
            yield Batch(kind, table, lines, source.url)


def export(store: Store, kind: RecordKind | str, path: Path) -> int:
    """Write all records of *kind* to *path* (``.csv``, ``.json``, ``.jsonl``, ``.parquet``); return their number.

    Raises:
        NotFound: there is no such kind.
        InputError: the suffix is unknown, or the folder cannot be written.
    """
    return write_file(frames(store, kind), path, record_kind(kind).schema)


def frames(store: Store, kind: RecordKind | str) -> Iterator[pd.DataFrame]:
    """Yield all records of *kind* as frames, at least one; integers stay integers beside nulls.

    Raises:
        NotFound: there is no such kind.
    """
    integers = {pa.int64(): pd.Int64Dtype()}
    kind = record_kind(kind)
    tables = store.records(kind)
    for table in chain([next(tables, kind.schema.empty_table())], tables):
        yield table.to_pandas(types_mapper=integers.get)
