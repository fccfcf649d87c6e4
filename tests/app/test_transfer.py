from __future__ import annotations

import threading
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from influence_graph.app.ingest import IngestOptions, ingest
from influence_graph.app.transfer import copy, export, frames
from influence_graph.errors import InputError, NotFound, StoreError
from influence_graph.model.records import INTERACTIONS, KINDS, PEOPLE, SALES, Batch, RecordKind
from influence_graph.stores.base import AppendReport
from influence_graph.stores.embedded.store import EmbeddedStore

RECORDS: dict[RecordKind, list[dict[str, Any]]] = {
    PEOPLE: [{"id": "ann", "followers": 2**60 + 1, "name": "Ann"}, {"id": "bob"}],
    INTERACTIONS: [
        {
            "event_id": "e1", "at": datetime(2026, 1, 1, 0, 0, 0, 123456, tzinfo=UTC), "consumer": "ann",
            "brand": "acme", "direction": "to_brand", "touchpoint": "engagement", "points": 0.1 + 0.2,
        }
    ],
    SALES: [{"brand": "acme", "date": date(2026, 1, 2), "value": 1 / 3, "segment": ""}],
}  # fmt: skip


def filled(folder: Path) -> EmbeddedStore:
    store = EmbeddedStore(folder)
    for kind, rows in RECORDS.items():
        table = pa.Table.from_pylist([{n: row.get(n) for n in kind.names} for row in rows], schema=kind.schema)
        store.append(kind, [Batch(kind, table, pa.array(range(len(rows)), pa.int64()))])
    return store


@pytest.mark.parametrize("suffix", ["csv", "jsonl", "parquet"])
def test_what_is_exported_is_ingested_again_to_the_same_digest(tmp_path: Path, suffix: str) -> None:
    store, again = filled(tmp_path / "store"), EmbeddedStore(tmp_path / "again")
    for kind in KINDS.values():
        path = tmp_path / f"{kind.name}.{suffix}"
        rows = export(store, kind, path)
        if rows:
            reports = ingest(again, [path], IngestOptions(kind=kind, rejects=tmp_path / "rejects.jsonl"))
            assert (reports[0].rows, reports[0].rejected) == (rows, 0)
    assert again.digest() == store.digest()


def test_an_empty_kind_leaves_a_file_with_its_columns(tmp_path: Path) -> None:
    store = EmbeddedStore(tmp_path / "empty")
    store.migrate()
    assert export(store, PEOPLE, tmp_path / "people.csv") == 0
    assert (tmp_path / "people.csv").read_text() == ",".join(PEOPLE.names) + "\n"
    export(store, PEOPLE, tmp_path / "people.parquet")
    assert pq.read_schema(tmp_path / "people.parquet") == PEOPLE.schema


def test_a_copy_is_equal_and_a_second_one_changes_nothing(tmp_path: Path) -> None:
    store, other = filled(tmp_path / "store"), EmbeddedStore(tmp_path / "other")
    reports = copy(store, other)
    assert {report.kind: report.inserted for report in reports} == {
        **{"people": 2, "interactions": 1, "sales": 1},
        "brands": 1,  # named by the interaction and declared nowhere
    }
    assert other.digest() == store.digest()
    assert all((report.inserted, report.updated, report.conflicts) == (0, 0, []) for report in copy(store, other))


def test_integers_stay_integers_beside_nulls(tmp_path: Path) -> None:
    (frame,) = frames(filled(tmp_path / "store"), "people")
    assert frame["followers"].tolist() == [2**60 + 1, pd.NA]


def test_a_kind_that_does_not_exist_is_refused_before_a_file_is_written(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match=r"'peopel'; did you mean 'people'\?"):
        export(EmbeddedStore(tmp_path / "store"), "peopel", tmp_path / "people.csv")
    assert not (tmp_path / "people.csv").exists()


def test_a_store_is_not_copied_to_itself_by_whatever_name(tmp_path: Path) -> None:
    store = filled(tmp_path / "store")
    (tmp_path / "link").symlink_to(tmp_path / "store")
    for name in ("store", "link", "other/../store"):
        with pytest.raises(InputError, match="would be copied to itself; name another store"):
            copy(store, EmbeddedStore(tmp_path / name))


def test_all_records_of_a_copy_are_of_one_state(tmp_path: Path) -> None:
    store, other = filled(tmp_path / "store"), EmbeddedStore(tmp_path / "other")
    opened: list[Path] = []

    class Counted(EmbeddedStore):
        def opened(self) -> AbstractContextManager[Any]:
            opened.append(self.path)
            return super().opened()

    copy(Counted(store.folder), other)
    assert opened == [store.path]
    assert other.digest() == store.digest()


def test_after_a_failed_copy_nothing_reads_on(tmp_path: Path) -> None:
    class Full(EmbeddedStore):
        def append(self, kind: RecordKind | str, batches: Any, **_: Any) -> AppendReport:
            next(iter(batches))
            raise StoreError("the disk is full")

    before = threading.active_count()
    with pytest.raises(StoreError, match="the disk is full"):
        copy(filled(tmp_path / "store"), Full(tmp_path / "other"))
    assert threading.active_count() == before
