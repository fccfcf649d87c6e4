"""Snapshots of the embedded store: one open, one mark per position, everything closed at the end."""

from __future__ import annotations

from pathlib import Path

import pytest

from influence_graph.errors import NotFound, StoreError
from influence_graph.model.records import INTERACTIONS, PEOPLE
from influence_graph.stores.base import LedgerMark
from influence_graph.stores.embedded.snapshot import EmbeddedSnapshot
from influence_graph.stores.embedded.store import EmbeddedStore
from tests.stores.given import batch, event


@pytest.fixture
def store(tmp_path: Path) -> EmbeddedStore:
    store = EmbeddedStore(tmp_path / "store", lock_wait=0.0)
    store.append(INTERACTIONS, [batch(INTERACTIONS, *(event(f"e{i}", day=i) for i in range(5)))])
    return store


def test_a_snapshot_shows_whose_state_it_is(store: EmbeddedStore) -> None:
    with store.snapshot() as view:
        assert repr(view) == f"<EmbeddedSnapshot of {store.url}>"
        assert view.cache == store.folder / "cache"
        assert not view.cache.exists()


def test_marks_of_positions_name_how_many_came_before(store: EmbeddedStore) -> None:
    with store.snapshot() as view:
        marks = [view.mark(position) for position in range(6)]
        assert [mark.position for mark in marks] == list(range(6))
        assert len({mark.proof for mark in marks}) == 6
        assert len({mark.ledger for mark in marks}) == 1
        assert view.mark() == marks[5]


def test_the_proof_of_a_beginning_stays_when_more_is_appended(store: EmbeddedStore) -> None:
    with store.snapshot() as view:
        before = view.mark()
    store.append(INTERACTIONS, [batch(INTERACTIONS, event("e9", day=9))])
    with store.snapshot() as view:
        assert view.mark(5) == before
        assert view.mark() != before


def test_another_ledger_of_the_same_records_has_the_same_proof_and_another_name(
    store: EmbeddedStore, tmp_path: Path
) -> None:
    other = EmbeddedStore(tmp_path / "other")
    other.append(INTERACTIONS, [batch(INTERACTIONS, *(event(f"e{i}", day=i) for i in range(5)))])
    with store.snapshot() as one, other.snapshot() as two:
        assert one.mark().proof == two.mark().proof
        assert one.mark().ledger != two.mark().ledger


def test_the_order_of_appending_changes_the_proof_and_not_the_digest(store: EmbeddedStore, tmp_path: Path) -> None:
    other = EmbeddedStore(tmp_path / "other")
    other.append(INTERACTIONS, [batch(INTERACTIONS, *(event(f"e{i}", day=i) for i in reversed(range(5))))])
    assert other.digest() == store.digest()
    with store.snapshot() as one, other.snapshot() as two:
        assert one.mark().proof != two.mark().proof


def test_a_new_store_is_empty(tmp_path: Path) -> None:
    store = EmbeddedStore(tmp_path / "new")
    store.migrate()
    with store.snapshot() as view:
        assert sum(view.counts().values()) == 0
        assert view.mark() == LedgerMark(view.mark().ledger, 0, view.mark().proof)
        assert view.latest() is None


def test_where_there_is_no_store_nothing_is_read_and_no_file_made(tmp_path: Path) -> None:
    store = EmbeddedStore(tmp_path / "none")
    with pytest.raises(NotFound, match=r"there is no store in .*none; check --store, or make one"), store.snapshot():
        pass
    assert not (tmp_path / "none").exists()
    (tmp_path / "none").mkdir()
    with pytest.raises(NotFound, match="there is no store"):
        store.counts()


READS = {
    "records": lambda view: next(view.records("people")),
    "graph": lambda view: view.graph("ties"),
    "interactions": lambda view: view.interactions(),
    "latest": lambda view: view.latest(),
    "results": lambda view: view.results("rank"),
    "runs": lambda view: view.runs(),
    "counts": lambda view: view.counts(),
    "digest": lambda view: view.digest(),
    "mark": lambda view: view.mark(),
}


@pytest.mark.parametrize("read", READS.values(), ids=READS)
def test_every_verb_of_an_ended_snapshot_says_so(store: EmbeddedStore, read: object) -> None:
    with store.snapshot() as view:
        pass
    assert callable(read)
    with pytest.raises(StoreError, match="has ended"):
        read(view)


@pytest.mark.parametrize("verb", ["append", "write", "migrate", "rehearsal", "lease"])
def test_every_verb_that_writes_is_refused(store: EmbeddedStore, verb: str) -> None:
    with store.snapshot() as view, pytest.raises(StoreError, match="read-only"):
        getattr(view, verb)()


def test_closing_the_store_ends_its_snapshots_and_lets_a_writer_in(store: EmbeddedStore) -> None:
    with store.snapshot() as view:
        left_over = view.records(PEOPLE)
        next(left_over, None)
        store.close()
        store.append(PEOPLE, [batch(PEOPLE, {"id": "new"})])
        with pytest.raises(StoreError, match="has ended"):
            view.counts()
    assert store.counts()["people"] == 2


def test_ending_twice_is_ending_once(store: EmbeddedStore) -> None:
    with store.snapshot() as view:
        assert isinstance(view, EmbeddedSnapshot)
        view.end()
        view.end()
    store.append(PEOPLE, [batch(PEOPLE, {"id": "new"})])
