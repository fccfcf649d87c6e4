"""Long writing and long reading leave the embedded store's file to whoever waits for it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from influence_graph.errors import StoreError
from influence_graph.model.records import INTERACTIONS, PEOPLE, Batch
from influence_graph.stores.embedded import copies
from influence_graph.stores.embedded.sharing import SharedReading
from influence_graph.stores.embedded.store import EmbeddedStore
from influence_graph.stores.embedded.turns import is_wanted
from tests.stores.given import batch, event, rows


@pytest.fixture
def store(tmp_path: Path) -> EmbeddedStore:
    store = EmbeddedStore(tmp_path / "store")
    store.append(PEOPLE, [batch(PEOPLE, *({"id": f"p{i}", "name": f"P {i}"} for i in range(20)))])
    return store


def test_others_read_and_write_while_an_import_waits_for_its_next_batch(store: EmbeddedStore) -> None:
    seen: list[int] = []

    def slow() -> Iterator[Batch]:
        for number in range(3):
            yield batch(INTERACTIONS, event(f"e{number}"))
            seen.append(store.counts()["interactions"])  # with the file open here, it would be refused
            store.append(PEOPLE, [batch(PEOPLE, {"id": f"new{number}"})])

    assert store.append(INTERACTIONS, slow()).inserted == 3
    assert seen == [1, 2, 3]
    assert store.counts()["people"] == 24


def test_an_import_whose_batches_come_fast_gives_way_too(store: EmbeddedStore) -> None:
    done = threading.Event()

    def endless() -> Iterator[Batch]:
        number = 0
        while not done.is_set():
            yield batch(INTERACTIONS, event(f"e{number}"))
            number += 1

    importing = threading.Thread(target=lambda: store.append(INTERACTIONS, endless()))
    importing.start()
    try:
        found = [EmbeddedStore(store.folder).counts()["interactions"] for _ in range(5)]
        EmbeddedStore(store.folder).append(PEOPLE, [batch(PEOPLE, {"id": "other"})])
    finally:
        done.set()
        importing.join()
    assert found == sorted(found)
    assert store.counts()["people"] == 22


def test_an_error_between_or_in_steps_closes_the_file_and_ends_the_thread(store: EmbeddedStore) -> None:
    def broken() -> Iterator[Batch]:
        yield batch(INTERACTIONS, event("e1"))
        raise ValueError("broken")

    before = threading.active_count()
    with pytest.raises(ValueError, match="broken"):
        store.append(INTERACTIONS, broken())
    with pytest.raises(AttributeError):
        store.append(INTERACTIONS, [batch(INTERACTIONS, event("e2")), None])  # type: ignore[list-item]
    assert threading.active_count() == before
    assert store.counts()["interactions"] == 2
    store.append(INTERACTIONS, [batch(INTERACTIONS, event("e3"))])


def test_a_half_read_answer_goes_on_from_the_copy(store: EmbeddedStore) -> None:
    expected = rows(store, PEOPLE)
    with store.snapshot() as view:
        tables = view.records(PEOPLE, batch_rows=3)
        found = next(tables).to_pylist()
        store.append(PEOPLE, [batch(PEOPLE, {"id": "a first"}, {"id": "p3", "name": "changed"})])
        found += [row for table in tables for row in table.to_pylist()]
        assert found == expected
    assert rows(store, PEOPLE)[0]["id"] == "a first"


def test_a_read_under_way_is_not_moved(store: EmbeddedStore) -> None:
    writing = threading.Thread(target=lambda: store.append(PEOPLE, [batch(PEOPLE, {"id": "new"})]))
    with SharedReading(store.path, store.url, store.opened) as shared:
        with shared.cursor() as cursor:
            writing.start()
            while not is_wanted(store.folder):
                pass
            threading.Event().wait(2.0)
            assert writing.is_alive()
            assert cursor.execute("SELECT count(*) FROM people").fetchall() == [(20,)]
        writing.join(timeout=60)
        assert not writing.is_alive()
        with shared.cursor() as cursor:
            assert cursor.execute("SELECT count(*) FROM people").fetchall() == [(20,)]
    assert store.counts()["people"] == 21


def test_a_copy_lies_beside_its_file_or_elsewhere_and_is_gone_afterwards(
    store: EmbeddedStore, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with copies.copied(store.path) as path:
        assert path.parent.parent == store.folder
        assert path.read_bytes() == store.path.read_bytes()
        assert path.parent.stat().st_mode & 0o777 == 0o700
    with pytest.raises(StoreError, match="cannot be copied"), copies.copied(tmp_path / "store" / "none"):
        pass
    assert [each.name for each in store.folder.iterdir()] == ["ledger.duckdb"]


def test_an_error_of_the_disk_inside_a_snapshot_is_one_of_the_store(store: EmbeddedStore) -> None:
    with pytest.raises(StoreError, match="check the disk"), store.snapshot():
        raise duckdb.IOException("Could not write to file")
    assert store.counts()["people"] == 20
